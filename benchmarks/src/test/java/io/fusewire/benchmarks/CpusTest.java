package io.fusewire.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(20)
class CpusTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"0|0", "0-1|0", "12-15|12", "3,5-7|3"})
  void theFirstIsTheFirstOfTheList(String list, String first) {
    assertThat(Cpus.parse(list)).isEqualTo(new Cpus(list, first));
  }

  @Test
  void theKernelTells() throws IOException {
    assertThat(Cpus.ofThisProcess().all()).matches("[0-9,-]+");
  }
}
