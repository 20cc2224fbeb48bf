package io.fusewire.metrics;

/**
 * The requests of one opcode. Counts are exact. The times are those of the requests that were
 * timed: all, or a sample.
 *
 * @param opcode the number, or {@link #OTHER}
 * @param name the kernel's name
 * @param count how many were answered
 * @param errors how many of them with an errno
 * @param bytes of their messages
 * @param times their histograms
 */
public record OpcodeMetrics(
    int opcode, String name, long count, long errors, Bytes bytes, Times times) {

  /** The number that stands for all opcodes the protocol does not know. */
  public static final int OTHER = 0;

  /** Bytes of requests and of replies. */
  public record Bytes(long in, long out) {
    Bytes minus(Bytes earlier) {
      return new Bytes(in - earlier.in, out - earlier.out);
    }
  }

  /** From arrival to handler, from handler to answer, and both together for each request. */
  public record Times(HistogramSnapshot queue, HistogramSnapshot service, HistogramSnapshot total) {
    /** Nothing was timed. */
    public static final Times NONE =
        new Times(HistogramSnapshot.EMPTY, HistogramSnapshot.EMPTY, HistogramSnapshot.EMPTY);

    Times minus(Times earlier) {
      return new Times(
          queue.minus(earlier.queue), service.minus(earlier.service), total.minus(earlier.total));
    }

    Times plus(Times other) {
      return new Times(
          queue.plus(other.queue), service.plus(other.service), total.plus(other.total));
    }
  }

  OpcodeMetrics minus(OpcodeMetrics earlier) {
    return new OpcodeMetrics(
        opcode,
        name,
        count - earlier.count,
        errors - earlier.errors,
        bytes.minus(earlier.bytes),
        times.minus(earlier.times));
  }

  /**
   * All requests' total time in nanoseconds, those not timed estimated by the mean of the timed.
   */
  public double totalNanos() {
    return count * times.total.mean();
  }
}
