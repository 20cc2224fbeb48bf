package io.fusewire.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the command line says, without a mount: in a JVM of its own where output is looked at. */
class CommandLineTest {
  private static final int LINES_MAX = 3;

  private static CommandProcess.Result refused(String... arguments) throws Exception {
    CommandProcess.Result result = CommandProcess.run(arguments);
    assertThat(result.out()).isEmpty();
    assertThat(result.err().lines())
        .as("short, and no stack trace: %s", result.err())
        .hasSizeLessThanOrEqualTo(LINES_MAX)
        .noneMatch(line -> line.contains("\tat ") || line.contains("Exception"));
    return result;
  }

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
    assertThat(result.out())
        .contains(
            "size=",
            "--background",
            "allow_other",
            "workers=N",
            "max_in_flight=N",
            "log_metrics=S");
    assertThat(result.out().lines()).allMatch(line -> line.length() <= 80);
  }

  @Test
  void versionNamesProtocolAndJava() throws Exception {
    CommandProcess.Result result = CommandProcess.run("--version");
    assertThat(result.status()).isZero();
    assertThat(result.out()).contains("fusewire ", "FUSE protocol 7.", "Java 25");
  }

  @ParameterizedTest
  @CsvSource({
    "mount memory %s -o no_such_option, unknown mount option: no_such_option",
    "mount memory %s -o allow_othr, did you mean allow_other?",
    "mount memory %s -o siz=5m, did you mean size?",
    "mount memory %s -o size=many, 'option size needs a number such as 4096, 512m or 2g'",
    "mount memory %s -o uid=-1, option uid needs a number",
    "mount memory %s --nonsense, there is no option --nonsense",
    "mount memory, missing required parameter: 'MNT'",
    "mount memry %s, there is no file system \"memry\"; there are memory and passthrough",
    "mount, which file system? There are memory and passthrough",
    "mont memory %s, there is no command \"mont\"; there are mount and umount",
    "umount %s extra, one argument too many: extra",
    "mount memory %s/mnt -o workers=-1, 'write 0 for inline, or 2 to 1024'",
    "mount memory %s -o log_metrics=0, 'log_metrics needs a number from 1 on, not 0'",
    "mount passthrough %s %s/below, lies in the source"
  })
  void whatIsWrongIsNamedInALine(String command, String expected, @TempDir Path directory)
      throws Exception {
    String line = command.replace("%s", directory.toString());
    CommandProcess.Result result = refused(line.split(" ", -1));
    assertThat(result.status()).isEqualTo(2);
    assertThat(result.err()).contains(expected).contains("See: ");
    assertThat(directory).as("nothing was made").isEmptyDirectory();
  }

  /** Commas separate options here, so these stand apart. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "max_in_flight=10,soft_in_flight=11 | soft_in_flight (11) is above max_in_flight (10)",
        "max_in_flight=10,workers=11 | write max_in_flight=11 or more",
        "order=nodes,dispatch=inline | write workers=2 or more",
        "soft_deadline=9,hard_deadline=8 | write the smaller one as soft_deadline",
        "class_weights=metadata:0 | a number from 1 to 1000"
      })
  void settingsThatDoNotGoTogetherFailBeforeTheMount(
      String options, String expected, @TempDir Path directory) throws Exception {
    CommandProcess.Result result = refused("mount", "memory", directory + "/mnt", "-o", options);
    assertThat(result.status()).isEqualTo(2);
    assertThat(result.err()).contains(expected).contains("See: ");
    assertThat(directory).as("nothing was made").isEmptyDirectory();
  }

  @Test
  void aMirrorDoesNotRunOnVirtualThreads(@TempDir Path directory) throws Exception {
    Path source = Files.createDirectory(directory.resolve("source"));
    CommandProcess.Result result =
        refused(
            "mount",
            "passthrough",
            source.toString(),
            directory + "/mnt",
            "-o",
            "dispatch=virtual");
    assertThat(result.status()).isEqualTo(2);
    assertThat(result.err()).contains("write workers=8 or dispatch=hybrid");
  }

  @Test
  void aMissingSourceIsNamed(@TempDir Path directory) throws Exception {
    CommandProcess.Result result =
        refused("mount", "passthrough", directory + "/none", directory + "/mnt");
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.err()).contains(directory + "/none", "ENOENT", "an existing directory");
  }

  @Test
  void aMountPointThatCannotBeMadeIsNamed(@TempDir Path directory) throws Exception {
    Path file = Files.createFile(directory.resolve("file"));
    CommandProcess.Result result = refused("mount", "memory", file + "/mnt");
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.err()).contains("mkdir(\"" + file + "/mnt\")");
  }

  @Test
  void unmountingWhatIsNotMountedSaysSo(@TempDir Path directory) throws Exception {
    CommandProcess.Result result = refused("umount", directory.toString());
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.err()).contains("nothing of FUSE is mounted on " + directory.toRealPath());
  }

  @Test
  void sizesHaveUnits() {
    assertThat(OptionValue.bytes("size=17")).isEqualTo(17);
    assertThat(OptionValue.bytes("size=2k")).isEqualTo(2048);
    assertThat(OptionValue.bytes("size=3G")).isEqualTo(3L << 30);
    for (String wrong : List.of("size", "size=", "size=k", "size=0", "size=-1", "size=9999999t")) {
      assertThatThrownBy(() -> OptionValue.bytes(wrong)).hasMessageContaining("option size needs");
    }
    assertThat(OptionValue.octal("mode=755")).isEqualTo(0755);
    assertThatThrownBy(() -> OptionValue.octal("mode=10000")).hasMessageContaining("7777");
  }

  @Test
  void wordsAreShownAsAShellNeedsThem() {
    assertThat(Invocation.quoted("/tmp/mnt")).isEqualTo("/tmp/mnt");
    assertThat(Invocation.quoted("/tmp/a b")).isEqualTo("'/tmp/a b'");
    assertThat(Invocation.quoted("it's")).isEqualTo("'it'\\''s'");
  }

  @ParameterizedTest
  @CsvSource({
    "memory /m -o size=1g,   mount memory /m -o size=1g --background",
    "/src /m -o ro,          mount passthrough /src /m -o ro --background",
    "passthrough#/s /m,      mount passthrough /s /m --background",
    "memory# /m -f,          mount memory /m -f",
    "/src /m --debug,        mount passthrough /src /m --debug",
    "mount-helper memory /m -s -n -v -o rw -t fuse.x, mount memory /m -o rw --background",
    "mount-helper memory /m -N /proc/1/ns/mnt -o rw, mount memory /m -o rw --background",
    "mount-helper zfs /m,    mount zfs /m --background",
    "mount memory /m,        mount memory /m",
    "mont memory /m,         mont memory /m"
  })
  void theFormsOfMountAreUnderstood(String given, String expected) {
    assertThat(String.join(" ", MountHelperArguments.of(given.split(" ", -1)).translated()))
        .isEqualTo(expected);
  }

  @Test
  void aFakeMountOfTheHelperMountsNothing() {
    assertThat(MountHelperArguments.of("mount-helper", "memory", "/m", "-f").isFake()).isTrue();
    assertThat(MountHelperArguments.of("memory", "/m", "-f").isFake()).isFalse();
  }
}
