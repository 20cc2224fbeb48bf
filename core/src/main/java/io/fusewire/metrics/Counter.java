package io.fusewire.metrics;

/** What happens to a mount besides answering; each is counted by the method it is named after. */
public enum Counter {
  /** {@link SessionMetrics#interruptReceived} */
  INTERRUPT_RECEIVED("interrupts received"),

  /** {@link SessionMetrics#interruptEarly} */
  INTERRUPT_EARLY("interrupts before their request"),

  /** {@link SessionMetrics#interruptLate} */
  INTERRUPT_LATE("interrupts after the answer"),

  /** {@link SessionMetrics#cancelled} */
  CANCELLED("cancels"),

  /** {@link SessionMetrics#abandoned} */
  ABANDONED("abandoned handlers"),

  /** {@link SessionMetrics#deadlineSoft} */
  DEADLINE_SOFT("soft deadlines"),

  /** {@link SessionMetrics#deadlineHard} */
  DEADLINE_HARD("hard deadlines"),

  /** {@link SessionMetrics#lateAnswerUndone} */
  LATE_ANSWER_UNDONE("late answers undone"),

  /** {@link SessionMetrics#replyUnwanted} */
  REPLY_UNWANTED("replies nobody waited for"),

  /** {@link SessionMetrics#gateClosed} */
  GATE_CLOSED("gate closed"),

  /** Nanoseconds of {@link #GATE_CLOSED}. */
  GATE_CLOSED_NANOS("ns gate closed"),

  /** {@link SessionMetrics#readingStopped} */
  READING_STOPPED("reading stopped"),

  /** Nanoseconds of {@link #READING_STOPPED}. */
  READING_STOPPED_NANOS("ns reading stopped"),

  /** {@link SessionMetrics#keyConflict} */
  KEY_CONFLICT("waits for the order of a node or name"),

  /** {@link SessionMetrics#inlineOverrun} */
  INLINE_OVERRUN("inline handlers too slow"),

  /** {@link SessionMetrics#lostAnswer} */
  LOST_ANSWER("lost answers"),

  /** {@link SessionMetrics#rejected} */
  REJECTED("rejected"),

  /** {@link SessionMetrics#overrun} */
  OVERRUN("refused because handlers hang");

  private final String text;

  Counter(String text) {
    this.text = text;
  }

  /** For people. */
  public String text() {
    return text;
  }

  /** True for those that count time instead of events. */
  public boolean isNanos() {
    return this == GATE_CLOSED_NANOS || this == READING_STOPPED_NANOS;
  }
}
