package io.fusewire.wire.struct;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.fusewire.wire.layout.Struct;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every declared struct against what a C compiler makes of linux/fuse.h. */
@Timeout(60)
class StructAbiTest {
  private static final Path PROGRAM = Path.of("src/test/c/abi.c");
  private static final Path HEADER = Path.of("/usr/include/linux/fuse.h");
  private static final List<Path> COMPILERS = List.of(Path.of("/usr/bin/cc"), Path.of("/bin/cc"));

  @Test
  void everyDeclarationHasTheSizesAndOffsetsOfTheHeader() throws IOException {
    Set<String> golden = Abi.golden();
    for (Struct struct : Abi.declared()) {
      assertThat(golden).containsAll(Abi.lines(struct));
    }
  }

  @Test
  void everyFieldOfTheHeaderIsDeclared() throws IOException {
    Set<String> declared = new TreeSet<>();
    for (Struct struct : Abi.declared()) {
      declared.addAll(Abi.lines(struct));
    }
    Set<String> expected = Abi.golden();
    expected.removeIf(line -> !line.startsWith("struct ") && !line.startsWith("field "));
    assertThat(declared).isEqualTo(expected);
  }

  @Test
  void theHeaderOfThisMachineAgrees(@TempDir Path directory) throws Exception {
    boolean possible = COMPILERS.stream().anyMatch(Files::exists) && Files.exists(HEADER);
    if ("1".equals(System.getenv("FUSEWIRE_REQUIRE_MOUNT"))) {
      assertThat(possible).as("cc and linux/fuse.h are there").isTrue();
    }
    assumeThat(possible).as("cc and linux/fuse.h are there").isTrue();
    Path binary = directory.resolve("abi");
    String source = PROGRAM.toAbsolutePath().toString();
    run(List.of("cc", "-std=c11", "-DHEADER=<linux/fuse.h>", "-o", binary.toString(), source));
    List<String> printed = run(List.of(binary.toString())).lines().toList();
    assertThat(printed).hasSizeGreaterThan(400);
    assertThat(Abi.golden()).containsAll(printed);
  }

  private static String run(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
    return output;
  }
}
