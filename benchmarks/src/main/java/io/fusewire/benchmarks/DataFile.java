package io.fusewire.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Measurements on disk, a line each, so that a long comparison can be made in several runs. Fields
 * are separated by tabs: {@code sample}, point, round, row, server, figures; or {@code requests},
 * server, workload, number; or {@code run}, when it began, its command line.
 */
final class DataFile {
  private static final String SAMPLE = "sample";
  private static final String REQUESTS = "requests";
  private static final String RUN = "run";
  private static final int SAMPLE_FIELDS = 6;

  private final @Nullable Path file;
  private final Results results;
  private final Map<String, Variant> variants = new HashMap<>();
  private int rows;

  private DataFile(@Nullable Path file, Results results, List<Variant> known) {
    this.file = file;
    this.results = results;
    known.forEach(variant -> variants.put(variant.name(), variant));
  }

  /** Adds what the file holds to the results; of servers that are known and points asked for. */
  static DataFile open(@Nullable Path file, Results results, List<Variant> known)
      throws IOException {
    DataFile data = new DataFile(file, results, known);
    if (file != null && Files.exists(file)) {
      data.load(Files.readAllLines(file));
    }
    return data;
  }

  private void load(List<String> lines) {
    Map<String, Map<Variant, Sample>> byRow = new LinkedHashMap<>();
    for (String line : lines) {
      List<String> fields = List.of(line.split("\t", -1));
      if (fields.getFirst().equals(SAMPLE) && fields.size() == SAMPLE_FIELDS) {
        rows = Math.max(rows, Integer.parseInt(fields.get(3)) + 1);
        Variant variant = variants.get(fields.get(4));
        if (variant != null) {
          byRow
              .computeIfAbsent(String.join("\t", fields.subList(1, 4)), row -> new HashMap<>())
              .put(variant, Sample.parse(Numbers.parse(fields.get(5))));
        }
      } else if (fields.getFirst().equals(RUN)) {
        results.run(fields.get(1), fields.get(2));
      } else if (fields.getFirst().equals(REQUESTS)) {
        Variant variant = variants.get(fields.get(1));
        if (variant != null) {
          results.requests(variant, fields.get(2), Double.parseDouble(fields.get(3)));
        }
      }
    }
    byRow.forEach(this::load);
  }

  private void load(String row, Map<Variant, Sample> samples) {
    List<String> fields = List.of(row.split("\t", -1));
    results.addIfWanted(Point.parse(fields.getFirst()), Integer.parseInt(fields.get(1)), samples);
  }

  /** Says that measurements begin. */
  void run(String when, String commandLine) throws IOException {
    results.run(when, commandLine);
    append(RUN, when, commandLine);
  }

  /** Adds a row. */
  void add(Point point, int round, Map<Variant, Sample> samples) throws IOException {
    results.add(point, round, samples);
    int row = rows++;
    for (Map.Entry<Variant, Sample> sample : samples.entrySet()) {
      append(
          SAMPLE,
          point.toString(),
          Integer.toString(round),
          Integer.toString(row),
          sample.getKey().name(),
          sample.getValue().figures().text());
    }
  }

  /** Adds how many requests an operation takes. */
  void requests(Variant variant, String workload, double number) throws IOException {
    results.requests(variant, workload, number);
    append(REQUESTS, variant.name(), workload, Double.toString(number));
  }

  private void append(String... fields) throws IOException {
    if (file != null) {
      Files.writeString(
          file,
          String.join("\t", fields) + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    }
  }
}
