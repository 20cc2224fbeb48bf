package io.fusewire.schedule;

import io.fusewire.wire.Opcode;
import java.time.Duration;
import java.util.Map;

/**
 * How long handlers may go on after an interrupt.
 *
 * @param usual for every opcode that is not named
 * @param special for the opcodes named
 */
public record Grace(Duration usual, Map<Opcode, Duration> special) {
  /** Checks the ranges. */
  public Grace {
    special = Map.copyOf(special);
    check(usual);
    special.values().forEach(Grace::check);
  }

  private static void check(Duration time) {
    if (time.isNegative()) {
      throw new IllegalArgumentException("interrupt_grace is " + time + ": write 0 or more");
    }
  }

  /** How long the handler of this opcode may go on. */
  public Duration of(Opcode opcode) {
    return special.getOrDefault(opcode, usual);
  }

  /** The shortest of all. */
  public Duration shortest() {
    return special.values().stream().reduce(usual, (a, b) -> a.compareTo(b) <= 0 ? a : b);
  }
}
