package io.fusewire.cli;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.regex.Pattern;

/** How messages name this command: as it was called, so that it can be typed as it is shown. */
final class Invocation {
  private static final String NAME = "fusewire";

  /** What a shell takes as it stands. */
  private static final Pattern PLAIN = Pattern.compile("[\\w/.+:@%^~,=-]+");

  private Invocation() {}

  /** The command: what the launcher says, or the JAR, or just the name. */
  static String command() {
    String called = System.getProperty("fusewire.command", "");
    if (!called.isEmpty()) {
      return quoted(called);
    }
    CodeSource source = Invocation.class.getProtectionDomain().getCodeSource();
    try {
      String from = source == null ? "" : Path.of(source.getLocation().toURI()).toString();
      return from.endsWith(".jar") ? "java -jar " + quoted(from) : NAME;
    } catch (URISyntaxException e) {
      return NAME;
    }
  }

  /** The command that ends a mount. */
  static String umount(String mountPoint) {
    boolean byMount =
        Boolean.getBoolean("fusewire.helper"); // then umount(8) is what its user knows
    return (byMount ? "umount " : command() + " umount ") + quoted(mountPoint);
  }

  /** A word as a shell needs it. */
  static String quoted(String word) {
    return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
