package io.fusewire.benchmarks;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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

  /** The number with this name, which must be there. */
  double get(String name) {
    Double value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException("no " + name + " in " + values);
    }
    return value;
  }
}
