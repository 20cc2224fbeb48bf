package io.fusewire.wire.flag;

import java.util.LinkedHashMap;
import java.util.Map;

/** The names of a set of flags, so that a value can be printed. Declared once, read-only later. */
public final class FlagSet {
  private final String name;
  private final Map<String, Long> flags = new LinkedHashMap<>();

  private FlagSet(String name) {
    this.name = name;
  }

  static FlagSet named(String name) {
    return new FlagSet(name);
  }

  int flag(String flag, int value) {
    flags.put(flag, Integer.toUnsignedLong(value));
    return value;
  }

  long bit(String flag, int bit) {
    flags.put(flag, 1L << bit);
    return 1L << bit;
  }

  /** The prefix that the flags' C names share, such as {@code FOPEN_}. */
  public String name() {
    return name;
  }

  /** The flags and their values, in declaration order. */
  public Map<String, Long> flags() {
    return Map.copyOf(flags);
  }

  /** The names of the flags that are set, joined by {@code |}; unknown bits in hexadecimal. */
  public String describe(long value) {
    StringBuilder text = new StringBuilder();
    long rest = value;
    for (Map.Entry<String, Long> flag : flags.entrySet()) {
      if ((rest & flag.getValue()) != 0) {
        text.append(text.isEmpty() ? "" : "|").append(flag.getKey());
        rest &= ~flag.getValue();
      }
    }
    if (rest != 0 || text.isEmpty()) {
      text.append(text.isEmpty() ? "" : "|").append("0x").append(Long.toHexString(rest));
    }
    return text.toString();
  }
}
