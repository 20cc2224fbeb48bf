package io.fusewire.session;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A mount option that does not exist. The message names the one that was probably meant. */
public final class UnknownOptionException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /** How many letters may differ in a name that is suggested. */
  private static final int DISTANCE_MAX = 2;

  private final String option;
  private final String[] known;

  private final String suggestion;

  UnknownOptionException(String option, List<String> known) {
    this(option, known, closest(option, known));
  }

  private UnknownOptionException(String option, List<String> known, String suggestion) {
    super(
        "unknown mount option: "
            + option
            + (suggestion.isEmpty()
                ? ". There are " + String.join(", ", known)
                : "; did you mean " + suggestion + "?"));
    this.option = option;
    this.known = known.toArray(String[]::new);
    this.suggestion = suggestion;
  }

  /** The same where the file system has options of its own. */
  public UnknownOptionException among(List<String> more) {
    List<String> all = new ArrayList<>(more);
    all.addAll(List.of(known));
    return new UnknownOptionException(option, all);
  }

  /** The option as it was written. */
  public String option() {
    return option;
  }

  /** The name that was probably meant; empty when none is close. */
  public String suggestion() {
    return suggestion;
  }

  private static String closest(String option, List<String> known) {
    String name = option.replaceAll("=.*", "").strip().toLowerCase(Locale.ROOT);
    int best = Math.min(DISTANCE_MAX, name.length() / 2) + 1;
    String found = "";
    for (String candidate : known) {
      int distance = distance(name, candidate);
      if (distance < best) {
        best = distance;
        found = candidate;
      }
    }
    return found;
  }

  /** How many letters must be put in, left out or changed. */
  private static int distance(String one, String other) {
    int[] row = new int[other.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= one.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int changed = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(changed, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[other.length()];
  }
}
