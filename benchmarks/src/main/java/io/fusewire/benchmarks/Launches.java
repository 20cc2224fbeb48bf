package io.fusewire.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Command lines of servers. */
final class Launches {
  /** What the JVM of our server gets; its heap is small because requests need none of it. */
  static final List<String> JVM_OPTIONS =
      List.of("-Xmx64m", "-XX:+UseSerialGC", "--illegal-native-access=deny");

  /** What the JVMs of others get: their requests do need heap. */
  static final List<String> PEER_JVM_OPTIONS =
      List.of(
          "-Xmx512m",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow");

  private Launches() {}

  /** A program that takes options and then the mount point. */
  static Variant.Command program(Path binary, String first, String... more) {
    List<String> command = new ArrayList<>(List.of(binary.toString()));
    if (!first.isEmpty()) {
      command.add(first);
    }
    command.addAll(List.of(more));
    return new Variant.Command(command, List.of());
  }

  /** Our server with these mount options. */
  static Variant.Command fusewire(Settings settings, String... options) {
    List<String> command = new ArrayList<>();
    command.add(java());
    command.addAll(JVM_OPTIONS);
    command.addAll(settings.javaOptions);
    command.addAll(
        List.of(
            "--enable-native-access=io.fusewire",
            "--module-path",
            System.getProperty("jdk.module.path", ""),
            "--module",
            "io.fusewire.benchmarks/" + NullServer.class.getName()));
    List<String> after = new ArrayList<>(List.of(Integer.toString(settings.readers)));
    after.addAll(List.of(options));
    return new Variant.Command(command, after);
  }

  /** A server of another library in a JVM, from the folder that the build made for it. */
  static Variant.Command peerInJvm(Path folder, String main, String... options) {
    List<String> command = new ArrayList<>();
    command.add(java());
    command.addAll(PEER_JVM_OPTIONS);
    command.add("-Dlibfuse=" + folder.resolve("libfuse3.so"));
    command.addAll(List.of("-cp", folder.resolve("classes") + ":" + folder.resolve("lib") + "/*"));
    command.add(main);
    command.addAll(List.of(options));
    return new Variant.Command(command, List.of());
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }
}
