package io.fusewire.schedule;

import io.fusewire.dispatch.InFlightRequest;
import io.fusewire.dispatch.InFlightRequest.Stage;
import io.fusewire.dispatch.Ordering;
import io.fusewire.metrics.PeriodicLine;
import io.fusewire.metrics.SessionMetrics;
import io.fusewire.raw.Execution;
import io.fusewire.raw.Operation;
import io.fusewire.schedule.ScheduleSettings.Times;
import io.fusewire.transport.RequestSlot;
import io.fusewire.wire.Errno;
import io.fusewire.wire.Opcode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Looks after the requests that take too long: ends those whose caller was interrupted and those
 * over the hard deadline, reports those over the soft one, and handlers that block a reading
 * thread. {@link #tick} is called by one thread, at every {@link #interval}; ages are as exact as
 * that. The request path does nothing for it.
 */
public final class Watchdog {
  private static final System.Logger LOG = System.getLogger("io.fusewire");
  private static final Duration INTERVAL_MIN = Duration.ofMillis(5);
  private static final Duration INTERVAL_MAX = Duration.ofMillis(100);
  private static final int PARTS = 5;

  /** Where a handler that hangs keeps others from its node, this is reported unasked. */
  private static final Duration ORDERED_SOFT = Duration.ofMinutes(1);

  private final Scheduler scheduler;
  private final SessionMetrics metrics;
  private final Times times;
  private final @Nullable Duration soft;
  private final @Nullable PeriodicLine line;

  /**
   * A watchdog of one scheduler.
   *
   * @param line written when it is due, or null
   */
  public Watchdog(Scheduler scheduler, SessionMetrics metrics, @Nullable PeriodicLine line) {
    this.scheduler = scheduler;
    this.metrics = metrics;
    this.times = scheduler.settings().times();
    this.line = line;
    boolean unasked = times.soft() == null && scheduler.settings().ordering() != Ordering.NONE;
    this.soft = unasked ? ORDERED_SOFT : times.soft();
  }

  /** How often to look, given when the library is to step in. */
  public static Duration interval(Times times) {
    Duration shortest = min(times.grace().shortest(), times.inline());
    shortest = min(shortest, times.soft());
    shortest = min(shortest, times.hard());
    Duration part = shortest.dividedBy(PARTS);
    return part.compareTo(INTERVAL_MIN) < 0 ? INTERVAL_MIN : min(part, INTERVAL_MAX);
  }

  private static Duration min(Duration a, @Nullable Duration b) {
    return b == null || a.compareTo(b) <= 0 ? a : b;
  }

  /** Looks at every request in flight. */
  public void tick(long now) {
    for (RequestSlot slot : scheduler.slots()) {
      slot.press();
      long sequence = slot.openSequence();
      if (sequence != RequestSlot.NONE) {
        look(slot, Scheduler.ticket(slot), sequence, now);
      }
    }
    scheduler.tick();
    if (line != null) {
      line.tick(now);
    }
  }

  private void look(RequestSlot slot, Ticket ticket, long sequence, long now) {
    if (ticket.watched != sequence) {
      ticket.watched = sequence;
      ticket.seenNanos = now;
      ticket.interruptedNanos = 0;
      ticket.reported = false;
    }
    Operation operation = slot.operationSeen();
    if (operation == null) {
      return; // answered this very moment
    }
    Opcode opcode = operation.opcode();
    if (slot.wasInterrupted(sequence)) {
      if (ticket.interruptedNanos == 0) {
        ticket.interruptedNanos = now;
      }
      long since = now - ticket.interruptedNanos;
      if (since >= times.grace().of(opcode).toNanos()
          && scheduler.expire(slot, sequence, Errno.EINTR)) {
        metrics.abandoned();
        return;
      }
    }
    long age = now - ticket.seenNanos;
    Duration hard = times.hard();
    if (hard != null && !ticket.waits && age >= hard.toNanos()) {
      String report = describe(slot, sequence, now).toString();
      if (scheduler.expire(slot, sequence, Errno.ETIMEDOUT)) {
        metrics.deadlineHard();
        LOG.log(System.Logger.Level.WARNING, "answered ETIMEDOUT in the place of {0}", report);
      }
      return;
    }
    report(slot, ticket, sequence, now);
  }

  private void report(RequestSlot slot, Ticket ticket, long sequence, long now) {
    long age = now - ticket.seenNanos;
    boolean late = soft != null && !ticket.waits && age >= soft.toNanos();
    boolean blocks =
        ticket.execution == Execution.INLINE
            && slot.runner().thread() != null
            && age >= times.inline().toNanos();
    if (ticket.reported || (!late && !blocks)) {
      return;
    }
    ticket.reported = true;
    if (blocks) {
      metrics.inlineOverrun();
    }
    if (late) {
      metrics.deadlineSoft();
    }
    LOG.log(
        System.Logger.Level.WARNING,
        blocks
            ? "an inline handler keeps its reading thread from reading; declare the operation"
                + " VIRTUAL or PLATFORM if it may block: {0}"
            : "a request takes long: {0}",
        describe(slot, sequence, now));
  }

  /** The requests in flight that are at least this old, the oldest first. For any thread. */
  public List<InFlightRequest> inFlight(Duration olderThan, long now) {
    List<InFlightRequest> found = new ArrayList<>();
    for (RequestSlot slot : scheduler.slots()) {
      long sequence = slot.openSequence();
      if (sequence != RequestSlot.NONE) {
        InFlightRequest request = describe(slot, sequence, now);
        if (slot.openSequence() == sequence && request.age().compareTo(olderThan) >= 0) {
          found.add(request);
        }
      }
    }
    found.sort(Comparator.comparing(InFlightRequest::age).reversed());
    return found;
  }

  private InFlightRequest describe(RequestSlot slot, long sequence, long now) {
    Ticket ticket = Scheduler.ticket(slot);
    Operation operation = slot.operationSeen();
    Thread runner = slot.runner().thread();
    boolean waits =
        ticket.counted
            && (ticket.stage == Ticket.Stage.QUEUED || ticket.stage == Ticket.Stage.ORDERED);
    Stage stage = waits ? Stage.QUEUED : runner != null ? Stage.RUNNING : Stage.ANSWER_LATER;
    long since =
        ticket.counted
            ? ticket.arrivedNanos
            : ticket.watched == sequence ? ticket.seenNanos : now; // inline: when first seen
    return new InFlightRequest(
        operation == null ? "" : operation.toString(),
        slot.tag().unique(),
        slot.tag().nodeId(),
        slot.tag().pid(),
        command(slot.tag().pid()),
        Duration.ofNanos(Math.max(0, now - since)),
        stage,
        waits ? waitsFor(ticket) : "",
        slot.wasInterrupted(sequence),
        runner == null ? List.of() : List.of(runner.getStackTrace()));
  }

  private String waitsFor(Ticket ticket) {
    for (RequestSlot other : scheduler.slots()) {
      if (scheduler.blocks(other, ticket)) {
        String how = other.isAbandoned() ? ", which was answered and whose handler hangs" : "";
        return other.operationSeen() + " unique=" + other.tag().unique() + how;
      }
    }
    return "";
  }

  private static String command(int pid) {
    try {
      return pid == 0 ? "" : Files.readString(Path.of("/proc/" + pid + "/comm")).strip();
    } catch (IOException e) {
      return ""; // it is gone, or in another pid namespace
    }
  }
}
