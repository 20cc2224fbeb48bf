package io.fusewire.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** A chart of horizontal bars with a line from the smallest to the largest value, as SVG. */
final class BarChart {
  static final String OURS = "#1f6feb";
  static final String FLOOR = "#6e7781";
  static final String OTHER = "#d4a72c";

  private static final int WIDTH = 860;
  private static final int LEFT = 260;
  private static final int RIGHT = 90;
  private static final int TOP = 52;
  private static final int STEP = 22;
  private static final int BAR = 14;
  private static final double PLOT_WIDTH = (double) WIDTH - LEFT - RIGHT;

  private final String title;
  private final String unit;
  private final List<Bar> bars = new ArrayList<>();

  private record Bar(String label, double low, double middle, double high, String color) {}

  BarChart(String title, String unit) {
    this.title = title;
    this.unit = unit;
  }

  /** Adds a bar below the others. */
  void bar(String label, double[] values, String color) {
    double low = Arrays.stream(values).min().orElseThrow();
    double high = Arrays.stream(values).max().orElseThrow();
    bars.add(new Bar(label, low, Statistics.median(values), high, color));
  }

  /** The whole document. */
  String svg() {
    int height = TOP + STEP * bars.size() + BAR;
    double largest = bars.stream().mapToDouble(Bar::high).max().orElse(1);
    StringBuilder svg = new StringBuilder();
    add(
        svg,
        String.format(
            Locale.ROOT,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\""
                + " font-family=\"sans-serif\" font-size=\"12\">",
            WIDTH,
            height));
    add(svg, "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>");
    add(
        svg,
        String.format(
            Locale.ROOT, "<text x=\"10\" y=\"20\" font-size=\"15\">%s</text>", escaped(title)));
    add(
        svg,
        String.format(
            Locale.ROOT, "<text x=\"10\" y=\"38\" fill=\"#57606a\">%s</text>", escaped(unit)));
    int y = TOP;
    for (Bar bar : bars) {
      draw(svg, bar, y, PLOT_WIDTH / largest);
      y += STEP;
    }
    add(svg, "</svg>");
    return svg.toString();
  }

  private static void draw(StringBuilder svg, Bar bar, int y, double scale) {
    int middle = y + BAR / 2;
    add(
        svg,
        String.format(
            Locale.ROOT,
            "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>",
            LEFT - 6,
            y + BAR - 3,
            escaped(bar.label())));
    add(
        svg,
        String.format(
            Locale.ROOT,
            "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>",
            LEFT,
            y,
            bar.middle() * scale,
            BAR,
            bar.color()));
    add(
        svg,
        String.format(
            Locale.ROOT,
            "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"black\"/>",
            LEFT + bar.low() * scale,
            middle,
            LEFT + bar.high() * scale,
            middle));
    add(
        svg,
        String.format(
            Locale.ROOT,
            "<text x=\"%.1f\" y=\"%d\">%s</text>",
            LEFT + bar.high() * scale + 6,
            y + BAR - 3,
            Markdown.count(bar.middle())));
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private static void add(StringBuilder svg, String line) {
    svg.append(line).append('\n');
  }
}
