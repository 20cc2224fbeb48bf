package io.fusewire.testkit;

import java.util.Arrays;

/** Expectations of POSIX cases; the messages name the values. */
final class Check {
  private Check() {}

  static void that(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError("does not hold: " + what);
    }
  }

  static void equal(long expected, long actual, String what) {
    if (expected != actual) {
      throw new AssertionError(what + ": expected " + expected + " but was " + actual);
    }
  }

  /** The result of a call must be this errno. */
  static void fails(int errno, long result, String what) {
    equal(-errno, result, what);
  }

  static void bytes(byte[] expected, byte[] actual, String what) {
    int mismatch = Arrays.mismatch(expected, actual);
    if (mismatch >= 0) {
      throw new AssertionError(
          what
              + ": "
              + expected.length
              + " and "
              + actual.length
              + " bytes, differ at "
              + mismatch);
    }
  }

  /** The result of a call that must succeed. */
  static int succeeds(long result, String what) {
    if (result < 0) {
      throw new AssertionError(what + ": errno " + -result);
    }
    return Math.toIntExact(result);
  }
}
