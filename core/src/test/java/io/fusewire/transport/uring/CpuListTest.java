package io.fusewire.transport.uring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class CpuListTest {
  @Test
  void rangesAndSingleNumbers() {
    assertThat(CpuList.parse("0\n")).containsExactly(0);
    assertThat(CpuList.parse("0-3")).containsExactly(0, 1, 2, 3);
    assertThat(CpuList.parse("0-1,4,6-7\n")).containsExactly(0, 1, 4, 6, 7);
  }

  @Test
  void thisMachineHasItsCpus() throws IOException {
    CpuList cpus = CpuList.ofThisMachine();
    assertThat(cpus.online()).isNotEmpty();
    assertThat(cpus.possible()).containsAll(cpus.online());
    assertThat(cpus.possible())
        .hasSizeGreaterThanOrEqualTo(Runtime.getRuntime().availableProcessors());
  }
}
