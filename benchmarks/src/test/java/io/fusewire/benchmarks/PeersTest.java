package io.fusewire.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class PeersTest {
  @Test
  void namesAreUnique() {
    assertThat(Peers.all()).extracting(Variant::name).doesNotHaveDuplicates();
    assertThat(Peers.all()).extracting(Variant::label).doesNotHaveDuplicates();
  }

  @Test
  void whatIsBuiltIsKnownToTheBuildScript() throws Exception {
    String script = Files.readString(Path.of("peers/build"));
    assertThat(Peers.all())
        .allSatisfy(variant -> assertThat(script).containsPattern("[ |]" + variant.peer() + "\\b"));
  }

  @Test
  void theChartHasABarForEachServerAndEscapesNames() {
    BarChart chart = new BarChart("a & b", "unit");
    chart.bar("<first>", new double[] {1, 3, 2}, BarChart.OURS);
    chart.bar("second", new double[] {10}, BarChart.OTHER);
    String svg = chart.svg();
    assertThat(svg).contains("a &amp; b", "&lt;first&gt;", "width=\"102.0\"", "width=\"510.0\"");
    assertThat(Arrays.stream(svg.split("\n", -1)).filter(line -> line.startsWith("<line ")))
        .hasSize(2);
  }
}
