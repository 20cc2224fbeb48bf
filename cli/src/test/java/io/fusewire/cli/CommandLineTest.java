package io.fusewire.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the command line says, in a JVM of its own, without a mount. */
class CommandLineTest {
  @Test
  void helpNamesTheCommands() throws Exception {
    CommandProcess.Result result = CommandProcess.run("--help");
    assertThat(result.status()).isZero();
    assertThat(result.out()).contains("mount", "umount", "Examples:");
    assertThat(result.err()).isEmpty();
  }

  @Test
  void helpOfAFileSystemNamesItsOptions() throws Exception {
    CommandProcess.Result result = CommandProcess.run("mount", "memory", "--help");
    assertThat(result.status()).isZero();
    assertThat(result.out()).contains("size=", "--background", "allow_other");
  }

  @Test
  void versionNamesProtocolAndJava() throws Exception {
    CommandProcess.Result result = CommandProcess.run("--version");
    assertThat(result.status()).isZero();
    assertThat(result.out()).contains("fusewire ", "FUSE protocol 7.", "Java 25");
  }

  @Test
  void unknownOptionsAreNamed(@TempDir Path directory) throws Exception {
    CommandProcess.Result result =
        CommandProcess.run("mount", "memory", directory.toString(), "-o", "no_such_option");
    assertThat(result.status()).isNotZero();
    assertThat(result.err()).contains("no_such_option").doesNotContain("\tat ");
    result = CommandProcess.run("mount", "memory", directory.toString(), "--nonsense");
    assertThat(result.status()).isEqualTo(2);
    assertThat(result.err()).contains("--nonsense");
  }

  @Test
  void wrongSizesAreNamed(@TempDir Path directory) throws Exception {
    CommandProcess.Result result =
        CommandProcess.run("mount", "memory", directory.toString(), "-o", "size=many");
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.err()).contains("many").doesNotContain("\tat ");
  }

  @Test
  void unmountingWhatIsNotMountedSaysSo(@TempDir Path directory) throws Exception {
    CommandProcess.Result result = CommandProcess.run("umount", directory.toString());
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.err()).contains("nothing of FUSE is mounted on " + directory.toRealPath());
  }

  @Test
  void sizesHaveUnits() {
    assertThat(MountMemoryCommand.bytes("17")).isEqualTo(17);
    assertThat(MountMemoryCommand.bytes("2k")).isEqualTo(2048);
    assertThat(MountMemoryCommand.bytes("3G")).isEqualTo(3L << 30);
  }
}
