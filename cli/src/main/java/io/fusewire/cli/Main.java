package io.fusewire.cli;

/**
 * The first class of the JAR, compiled for Java 8, so that an older Java can say which one is
 * needed instead of printing a stack trace.
 */
public final class Main {
  private static final int NEEDED = 25;

  private Main() {}

  /** Checks the Java version and goes on with the real command line. */
  public static void main(String[] arguments) throws Exception {
    String version = System.getProperty("java.specification.version", "?");
    int major;
    try {
      major = Integer.parseInt(version);
    } catch (NumberFormatException e) {
      major = 8; // "1.8" and before
    }
    if (major < NEEDED) {
      System.err.println(
          "fusewire needs Java "
              + NEEDED
              + " or later; this is Java "
              + version
              + " ("
              + System.getProperty("java.home")
              + "). Set JAVA_HOME to a JDK "
              + NEEDED
              + " or put its java first in PATH.");
      System.exit(1);
    }
    Class.forName("io.fusewire.cli.FusewireCommand")
        .getMethod("main", String[].class)
        .invoke(null, new Object[] {arguments});
  }
}
