package io.fusewire.metrics;

import io.fusewire.wire.Errno;
import io.fusewire.wire.Opcode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Counts what a mount does. Every method but {@link #snapshot} may be called on the request path,
 * from any thread: all memory (about 1 MB) is allocated here at the start, and nothing is locked.
 *
 * <p>Each answered request is one call of {@link #completed}, {@link #sampled} or {@link
 * #completedUntimed}: counts are exact, and histograms hold the requests that were timed.
 */
public final class SessionMetrics {
  /** {@link #sampled} is called for one request in so many. */
  public static final int SAMPLE_EVERY = 8;

  /** For the handful of threads that answer at the same time. */
  private static final int STRIPES_MAX = 8;

  private static final int ROWS = 1 + highestOpcode();
  private static final int ERRNOS = 1 + Errno.EHWPOISON;

  // The cells of an opcode lie together: mostly one cache line for each request.
  private static final int COUNT = 0;
  private static final int ERRORS = 1;
  private static final int BYTES_IN = 2;
  private static final int BYTES_OUT = 3;
  private static final int ROW = 4;

  private static final int ERRNO = ROWS * ROW;
  private static final int COUNTER = ERRNO + ERRNOS;
  private static final int CELLS = COUNTER + Counter.values().length;

  private static final class Histograms {
    final LatencyHistogram queue = new LatencyHistogram();
    final LatencyHistogram service = new LatencyHistogram();
    final LatencyHistogram total = new LatencyHistogram();
  }

  private final LongSupplier nanoClock;
  private final long started;
  private final List<String> classNames;
  private final Cells cells = new Cells(CELLS, STRIPES_MAX);
  private final Histograms[] histograms =
      Stream.generate(Histograms::new).limit(ROWS).toArray(Histograms[]::new);
  private volatile @Nullable Gauges gauges;

  /**
   * Metrics that start now.
   *
   * @param nanoClock such as {@code System::nanoTime}
   * @param classNames of the classes of requests that queues are told apart by
   */
  public SessionMetrics(LongSupplier nanoClock, List<String> classNames) {
    this.nanoClock = nanoClock;
    this.classNames = List.copyOf(classNames);
    this.started = nanoClock.getAsLong();
  }

  private static int highestOpcode() {
    int highest = 0;
    for (Opcode opcode : Opcode.values()) {
      if (opcode != Opcode.CUSE_INIT) { // 4096, and never on a mount
        highest = Math.max(highest, opcode.number());
      }
    }
    return highest;
  }

  /** Says who knows the present state; until then it is all 0. */
  public void gauges(Gauges source) {
    gauges = source;
  }

  // ---- answered requests -------------------------------------------------------------------

  /**
   * A request was answered, and this call's times were taken as those of every request like it.
   *
   * @param queueNanos from its arrival to the call of its handler
   * @param serviceNanos from there to its answer
   * @param errno 0 or positive
   * @param bytesIn of the request
   * @param bytesOut of the reply
   */
  public void completed(
      int opcode, long queueNanos, long serviceNanos, int errno, long bytesIn, long bytesOut) {
    completedUntimed(opcode, errno, bytesIn, bytesOut);
    times(opcode, queueNanos, serviceNanos, 1);
  }

  /**
   * A request was answered that is timed for {@link #SAMPLE_EVERY} like it: as {@link #completed},
   * but its times weigh so much more, so that requests of one opcode that are always timed and
   * those that are seldom timed have their true shares in one histogram.
   */
  public void sampled(
      int opcode, long queueNanos, long serviceNanos, int errno, long bytesIn, long bytesOut) {
    completedUntimed(opcode, errno, bytesIn, bytesOut);
    times(opcode, queueNanos, serviceNanos, SAMPLE_EVERY);
  }

  /** A request was answered whose times were not taken; arguments as in {@link #completed}. */
  public void completedUntimed(int opcode, int errno, long bytesIn, long bytesOut) {
    long[] mine = cells.mine();
    int row = row(opcode) * ROW;
    Cells.add(mine, row + COUNT, 1);
    if (bytesIn != 0) {
      Cells.add(mine, row + BYTES_IN, bytesIn);
    }
    if (bytesOut != 0) {
      Cells.add(mine, row + BYTES_OUT, bytesOut);
    }
    if (errno != 0) {
      Cells.add(mine, row + ERRORS, 1);
      Cells.add(mine, ERRNO + (errno > 0 && errno < ERRNOS ? errno : 0), 1);
    }
  }

  private void times(int opcode, long queueNanos, long serviceNanos, int weight) {
    Histograms of = histograms[row(opcode)];
    of.queue.record(queueNanos, weight);
    of.service.record(serviceNanos, weight);
    of.total.record(queueNanos + serviceNanos, weight);
  }

  private static int row(int opcode) {
    return opcode > 0 && opcode < ROWS ? opcode : OpcodeMetrics.OTHER;
  }

  // ---- everything else ---------------------------------------------------------------------

  /** The kernel sent an INTERRUPT. */
  public void interruptReceived() {
    count(Counter.INTERRUPT_RECEIVED);
  }

  /** An INTERRUPT came before the request it is meant for. */
  public void interruptEarly() {
    count(Counter.INTERRUPT_EARLY);
  }

  /** An INTERRUPT came after its request was answered. */
  public void interruptLate() {
    count(Counter.INTERRUPT_LATE);
  }

  /** The hook of an interrupted request was called. */
  public void cancelled() {
    count(Counter.CANCELLED);
  }

  /** The library answered EINTR because the handler did not. */
  public void abandoned() {
    count(Counter.ABANDONED);
  }

  /** A request took longer than it should. */
  public void deadlineSoft() {
    count(Counter.DEADLINE_SOFT);
  }

  /** A request took longer than it may. */
  public void deadlineHard() {
    count(Counter.DEADLINE_HARD);
  }

  /** An answer came after the library's own, and what it had made was undone. */
  public void lateAnswerUndone() {
    count(Counter.LATE_ANSWER_UNDONE);
  }

  /** The kernel answered a reply with ENOENT: nobody waited any more. */
  public void replyUnwanted() {
    count(Counter.REPLY_UNWANTED);
  }

  /** The gate opens again. */
  public void gateClosed(long nanos) {
    count(Counter.GATE_CLOSED);
    Cells.add(cells.mine(), cell(Counter.GATE_CLOSED_NANOS), nanos);
  }

  /** Requests are read again after nobody read them. */
  public void readingStopped(long nanos) {
    count(Counter.READING_STOPPED);
    Cells.add(cells.mine(), cell(Counter.READING_STOPPED_NANOS), nanos);
  }

  /** A request has to wait for an earlier one that touches the same node or name. */
  public void keyConflict() {
    count(Counter.KEY_CONFLICT);
  }

  /** A request was refused because too many handlers hang whose requests are answered. */
  public void overrun() {
    count(Counter.OVERRUN);
  }

  /** A handler on the reading thread took longer than such handlers may. */
  public void inlineOverrun() {
    count(Counter.INLINE_OVERRUN);
  }

  /** A handler ended and nobody can answer its request any more. */
  public void lostAnswer() {
    count(Counter.LOST_ANSWER);
  }

  /** A request was answered without a handler: malformed, unknown, or not allowed. */
  public void rejected() {
    count(Counter.REJECTED);
  }

  @SuppressWarnings("EnumOrdinal") // the number is of this process and goes nowhere
  private static int cell(Counter counter) {
    return COUNTER + counter.ordinal();
  }

  private void count(Counter counter) {
    Cells.add(cells.mine(), cell(counter), 1);
  }

  // ---- reading -----------------------------------------------------------------------------

  /** All of it now. Allocates; what happens meanwhile may be in it in part. */
  public MetricsSnapshot snapshot() {
    List<OpcodeMetrics> opcodes = new ArrayList<>();
    for (int opcode = 0; opcode < ROWS; opcode++) {
      if (cells.sum(opcode * ROW + COUNT) > 0) {
        opcodes.add(row(opcode, histograms[opcode]));
      }
    }
    Map<String, Long> errors = new LinkedHashMap<>();
    for (int errno = 0; errno < ERRNOS; errno++) {
      long count = cells.sum(ERRNO + errno);
      if (count > 0) {
        errors.put(errno == 0 ? "OTHER" : Errno.name(errno), count);
      }
    }
    Map<Counter, Long> counters = new EnumMap<>(Counter.class);
    for (Counter counter : Counter.values()) {
      counters.put(counter, cells.sum(cell(counter)));
    }
    return new MetricsSnapshot(
        nanoClock.getAsLong() - started,
        opcodes,
        errors,
        counters,
        GaugeValues.of(gauges, classNames));
  }

  private OpcodeMetrics row(int opcode, Histograms of) {
    int row = opcode * ROW;
    return new OpcodeMetrics(
        opcode,
        opcode == OpcodeMetrics.OTHER ? "OTHER" : Opcode.describe(opcode),
        cells.sum(row + COUNT),
        cells.sum(row + ERRORS),
        new OpcodeMetrics.Bytes(cells.sum(row + BYTES_IN), cells.sum(row + BYTES_OUT)),
        new OpcodeMetrics.Times(of.queue.snapshot(), of.service.snapshot(), of.total.snapshot()));
  }
}
