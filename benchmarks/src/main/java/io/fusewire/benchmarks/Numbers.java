package io.fusewire.benchmarks;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The numbers of a flat JSON object, as the client and the servers print them. */
record Numbers(Map<String, Double> values) {
  private static final Pattern MEMBER = Pattern.compile("\"(\\w+)\":(-?[0-9.]+)");

  /** Takes the numbers out of one line; strings are skipped. */
  static Numbers parse(String line) {
    Map<String, Double> values = new HashMap<>();
    Matcher members = MEMBER.matcher(line);
    while (members.find()) {
      values.put(members.group(1), Double.valueOf(members.group(2)));
    }
    return new Numbers(Map.copyOf(values));
  }

  /** The number with this name, or this other one. */
  double get(String name, double otherwise) {
    return values.getOrDefault(name, otherwise);
  }

  /** One line that {@link #parse} reads. */
  String text() {
    return new TreeMap<>(values)
        .entrySet().stream()
            .map(entry -> "\"" + entry.getKey() + "\":" + plain(entry.getValue()))
            .collect(Collectors.joining(",", "{", "}"));
  }

  private static String plain(double value) {
    return BigDecimal.valueOf(value).toPlainString();
  }

  /** The number with this name, which must be there. */
  double get(String name) {
    Double value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException("no " + name + " in " + values);
    }
    return value;
  }
}
