package io.fusewire.filesystems.passthrough;

import io.fusewire.filesystems.Needs;
import io.fusewire.session.MountOptions;
import io.fusewire.testkit.MountFixture;
import io.fusewire.testkit.PosixSuite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A passthrough mount for one test: a backing directory, what mirrors it, and where. */
record PassthroughMount(Path backing, PassthroughFileSystem fileSystem, MountFixture fixture)
    implements AutoCloseable {
  /** Mounts for everybody, as root; skips the test when it is not root. */
  static PassthroughMount mount(PassthroughOptions options) throws IOException {
    return mount(options, MountOptions.create());
  }

  /** The same with other options of the mount. */
  static PassthroughMount mount(PassthroughOptions options, MountOptions mount) throws IOException {
    Needs.fuse();
    Needs.root();
    Path backing = Files.createTempDirectory("fusewire-backing").toRealPath();
    PassthroughFileSystem fileSystem = new PassthroughFileSystem(backing, options);
    MountOptions all = mount.fsName("passthrough-test").allowOther();
    PassthroughMount made =
        new PassthroughMount(backing, fileSystem, MountFixture.mount(fileSystem, all));
    made.script("chmod 755 .");
    return made;
  }

  /** The mount point. */
  Path directory() {
    return fixture.directory();
  }

  /** Runs a script in the mount; what it printed. */
  String script(String text) throws IOException {
    try {
      return Needs.run(directory(), text);
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    fixture.close();
    delete(backing);
  }

  /** Removes a directory and all in it. */
  static void delete(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  /**
   * The command that runs a class of these tests in a JVM of its own.
   *
   * @param classes a copy of the classes that everybody may read
   */
  static List<String> java(Path classes, Class<?> main, Object... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-cp", classes.toString()));
    command.add(main.getName());
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    return command;
  }

  /** Copies what the tests are made of to where other users can read it. */
  static Path copyOfClasses() throws IOException {
    Path copy = Files.createTempDirectory("fusewire-classes");
    for (Class<?> one :
        List.of(Needs.class, PassthroughFileSystem.class, MountOptions.class, PosixSuite.class)) {
      String location = one.getProtectionDomain().getCodeSource().getLocation().getPath();
      String unpack = location.endsWith(".jar") ? "jar xf '%s'" : "cp -r '%s/.' .";
      try {
        Needs.run(
            copy,
            "PATH="
                + System.getProperty("java.home")
                + "/bin:$PATH; "
                + unpack.formatted(location)
                + "; rm -f module-info.class");
      } catch (Exception e) {
        throw new IOException(e);
      }
    }
    try {
      Needs.run(copy, "chmod -R a+rX .");
    } catch (Exception e) {
      throw new IOException(e);
    }
    return copy;
  }
}
