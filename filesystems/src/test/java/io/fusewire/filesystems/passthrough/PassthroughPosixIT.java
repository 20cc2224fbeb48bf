package io.fusewire.filesystems.passthrough;

import static org.assertj.core.api.Assertions.assertThat;

import io.fusewire.filesystems.Needs;
import io.fusewire.testkit.PosixSuite;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The POSIX suite on real mounts of the passthrough: root's with all options, and nobody's. */
class PassthroughPosixIT {
  @TestFactory
  Stream<DynamicTest> suite() {
    return suite(PassthroughOptions.defaults());
  }

  @TestFactory
  Stream<DynamicTest> suiteWithForwardedLocks() {
    return suite(PassthroughOptions.defaults().withForwardLocks(true).withDescriptorsMax(16));
  }

  @TestFactory
  Stream<DynamicTest> suiteWithBackingFiles() {
    return suite(PassthroughBackingIT.BACKING);
  }

  @TestFactory
  Stream<DynamicTest> suiteWithBackingFilesAndForwardedLocks() {
    return suite(PassthroughBackingIT.BACKING.withForwardLocks(true).withXattrs(true));
  }

  private static Stream<DynamicTest> suite(PassthroughOptions options) {
    return Stream.of(
        DynamicTest.dynamicTest(
            "all cases",
            () -> {
              try (PassthroughMount mount = PassthroughMount.mount(options)) {
                List<String> failed = new ArrayList<>();
                PosixSuite.ALL.forEach(
                    (name, expectation) -> {
                      try {
                        expectation.run(Files.createTempDirectory(mount.directory(), "case"));
                      } catch (Exception | AssertionError e) {
                        failed.add(name + ": " + e.getMessage());
                      }
                    });
                assertThat(failed).isEmpty();
              }
            }));
  }

  /** What passes on the plain directory passes on the mount, without any rights. */
  @Test
  void suiteAsNobodyThroughFusermount() throws Exception {
    Needs.fuse();
    Needs.root(); // who becomes nobody
    Needs.program("fusermount3");
    Needs.program("setpriv");
    Path classes = PassthroughMount.copyOfClasses();
    Path source = Files.createTempDirectory("fusewire-nobody");
    Path point = Files.createTempDirectory("fusewire-nobody-mount");
    try {
      String printed = Needs.run(source, asNobody(source, point, classes));
      assertThat(printed).contains("state\tSERVING");
      List<String> worse = new ArrayList<>();
      int passed = 0;
      for (String line : printed.lines().toList()) {
        String[] fields = line.split("\t", -1);
        if (fields.length == 3 && fields[1].equals("ok")) {
          passed++;
          if (!fields[2].equals("ok")) {
            worse.add(fields[0] + ": " + fields[2]);
          }
        }
      }
      assertThat(worse).isEmpty();
      assertThat(passed).isGreaterThan(PosixSuite.ALL.size() / 2);
    } finally {
      for (Path path : List.of(classes, source, point)) {
        PassthroughMount.delete(path);
      }
    }
  }

  /** In mounts of its own, where everybody may open /dev/fuse as on most machines. */
  private static String asNobody(Path source, Path point, Path classes) {
    List<String> java = PassthroughMount.java(classes, PosixSuiteMain.class, source, point);
    String script =
        """
        mknod -m 666 fuse c 10 229; mount --bind fuse /dev/fuse; rm fuse
        chown 65534:65534 . %s
        exec setpriv --reuid=65534 --regid=65534 --clear-groups %s
        """
            .formatted(point, String.join(" ", java));
    return "exec unshare -m sh -euc '" + script + "'";
  }
}
