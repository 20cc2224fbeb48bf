package io.fusewire.cli;

import java.util.Locale;

/** Reads the values of options such as {@code size=512m}; its errors name the option. */
final class OptionValue {
  private OptionValue() {}

  static String name(String option) {
    int equals = option.indexOf('=');
    return equals < 0 ? option : option.substring(0, equals);
  }

  /** What stands behind the equals sign; empty without one. */
  static String value(String option) {
    int equals = option.indexOf('=');
    return equals < 0 ? "" : option.substring(equals + 1);
  }

  /** A positive number with an optional unit, k to t. */
  static long bytes(String option) {
    String text = value(option).toLowerCase(Locale.ROOT);
    int shift =
        switch (text.isEmpty() ? ' ' : text.charAt(text.length() - 1)) {
          case 'k' -> 10;
          case 'm' -> 20;
          case 'g' -> 30;
          case 't' -> 40;
          default -> 0;
        };
    try {
      long number = Long.parseLong(shift == 0 ? text : text.substring(0, text.length() - 1));
      if (number > 0 && number <= Long.MAX_VALUE >> shift) {
        return number << shift;
      }
    } catch (NumberFormatException e) {
      throw wrong(option, "a number such as 4096, 512m or 2g");
    }
    throw wrong(option, "a number from 1 on that fits into 63 bits");
  }

  /** Permission bits. */
  static int octal(String option) {
    try {
      int mode = Integer.parseInt(value(option), 8);
      if ((mode & ~07777) == 0) {
        return mode;
      }
    } catch (NumberFormatException e) {
      throw wrong(option, "octal digits such as 755");
    }
    throw wrong(option, "octal digits from 0 to 7777");
  }

  static IllegalArgumentException wrong(String option, String needed) {
    String given = option.indexOf('=') < 0 ? "nothing" : "\"" + value(option) + "\"";
    return new IllegalArgumentException(
        "the option " + name(option) + " needs " + needed + ", not " + given);
  }
}
