package io.fusewire.benchmarks;

/** The servers that are compared: C in three shapes, of which the best is the floor, and ours. */
enum Variant {
  /** One thread in C. */
  ONE_READER("C, 1 reader"),

  /** Two threads in C, both reading. */
  TWO_READERS("C, 2 readers"),

  /** Two threads in C, of which one reads while requests are cheap. */
  READING_DUTY("C, reading duty"),

  /** The null file system on the raw API. */
  FUSEWIRE("Fusewire");

  private final String label;

  Variant(String label) {
    this.label = label;
  }

  /** What the table calls it. */
  String label() {
    return label;
  }

  boolean isFloor() {
    return this != FUSEWIRE;
  }
}
