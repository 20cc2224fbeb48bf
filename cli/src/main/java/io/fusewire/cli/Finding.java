package io.fusewire.cli;

/**
 * One thing that {@code fusewire doctor} has looked at.
 *
 * @param level how it is
 * @param text what was found, and what it means
 * @param change the command that changes it; empty when there is nothing to change
 */
record Finding(Level level, String text, String change) {
  /** How a thing is. */
  enum Level {
    /** As it should be. */
    GOOD("ok"),
    /** It works; it can be better for some uses. */
    HINT("hint"),
    /** Mounts, or this one, do not work so. */
    BAD("BAD");

    private final String word;

    Level(String word) {
      this.word = word;
    }
  }

  static Finding good(String text) {
    return new Finding(Level.GOOD, text, "");
  }

  static Finding hint(String text, String change) {
    return new Finding(Level.HINT, text, change);
  }

  static Finding bad(String text, String change) {
    return new Finding(Level.BAD, text, change);
  }

  @Override
  public String toString() {
    String first = "%-5s %s".formatted(level.word, text);
    return change.isEmpty() ? first : first + System.lineSeparator() + "        " + change;
  }
}
