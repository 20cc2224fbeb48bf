package io.fusewire.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is said of a real mount. */
@Timeout(120)
class DoctorIT {
  @TempDir Path temporary;

  @BeforeEach
  void prepare() {
    Mounts.require();
  }

  @Test
  void aMountIsLookedAt() throws Exception {
    Path directory = temporary.toRealPath().resolve("mnt");
    File errors = temporary.resolve("errors").toFile();
    Process server = CommandProcess.mount(errors, "mount", "memory", directory.toString());
    try {
      CommandProcess.Result result = CommandProcess.run("doctor", directory.toString());
      assertThat(result.status()).as(result.out()).isZero();
      assertThat(result.out())
          .contains("memory (fuse.fusewire) is mounted on " + directory)
          .contains("0 requests wait for an answer")
          .contains("the kernel reads ahead")
          .contains("of the page cache")
          .doesNotContain("BAD");
    } finally {
      CommandProcess.run("umount", directory.toString());
      server.waitFor();
    }
    assertThat(CommandProcess.run("doctor", directory.toString()).status()).isEqualTo(1);
  }
}
