package io.fusewire.schedule;

import io.fusewire.metrics.RequestEvent;
import io.fusewire.metrics.RequestTracer;
import io.fusewire.metrics.SessionMetrics;
import io.fusewire.raw.RawRequest;
import io.fusewire.transport.RequestSlot;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells metrics, recordings and traces what becomes of requests. Inline requests are timed one in
 * {@value SessionMetrics#SAMPLE_EVERY}: reading the clock twice would cost as much as some of them.
 */
final class Recorder {
  private final SessionMetrics metrics;
  private final LongSupplier clock;
  private final @Nullable RequestTracer tracer;

  Recorder(Environment environment) {
    metrics = environment.metrics();
    clock = environment.clock();
    tracer = environment.tracer();
  }

  /** A request came that may have to wait. */
  void arrived(Ticket ticket) {
    if (tracer != null) {
      beginSpan(tracer, ticket);
    }
  }

  /** A request came and is served at once. */
  void inline(Ticket ticket) {
    ticket.samples++;
    boolean timed = isSample(ticket) || RequestEvent.enabled();
    ticket.startedNanos = timed ? clock.getAsLong() : 0;
    if (tracer != null) {
      beginSpan(tracer, ticket);
    }
  }

  private static boolean isSample(Ticket ticket) {
    return ticket.samples % SessionMetrics.SAMPLE_EVERY == 0;
  }

  private static void beginSpan(RequestTracer with, Ticket ticket) {
    RequestSlot slot = ticket.slot;
    RawRequest request = slot.request();
    ticket.span =
        with.begin(
            request.opcode(),
            slot.tag().unique(),
            slot.tag().nodeId(),
            request.uid(),
            slot.tag().pid());
  }

  /** A request that gets no answer was served. */
  void unanswered(Ticket ticket) {
    RequestSlot slot = ticket.slot;
    metrics.completedUntimed(slot.operation().opcode().number(), 0, slot.receivedBytes(), 0);
    endSpan(ticket, 0);
  }

  /** An answer was written; gives the time, or 0 when it was not taken. */
  long answered(Ticket ticket, int errno, long bytes) {
    RequestSlot slot = ticket.slot;
    int opcode = slot.operation().opcode().number();
    long in = slot.receivedBytes();
    long now = 0;
    if (ticket.counted) {
      now = clock.getAsLong();
      long started = ticket.isStarted() ? ticket.startedNanos : now;
      long queued = Math.max(0, started - ticket.arrivedNanos);
      metrics.completed(opcode, queued, now - started, errno, in, bytes);
      record(ticket, queued, now - started, errno, bytes);
    } else if (ticket.startedNanos != 0) {
      now = clock.getAsLong();
      if (isSample(ticket)) {
        metrics.sampled(opcode, 0, now - ticket.startedNanos, errno, in, bytes);
      } else { // timed for the recording alone
        metrics.completedUntimed(opcode, errno, in, bytes);
      }
      record(ticket, 0, now - ticket.startedNanos, errno, bytes);
    } else {
      metrics.completedUntimed(opcode, errno, in, bytes);
    }
    endSpan(ticket, errno);
    return now;
  }

  private static void record(Ticket ticket, long queued, long service, int errno, long bytes) {
    RequestEvent event = RequestEvent.start();
    if (event != null) {
      RequestSlot slot = ticket.slot;
      event.request(
          slot.operation().opcode().number(),
          slot.tag().unique(),
          slot.tag().nodeId(),
          slot.tag().pid());
      event.times(queued, service).answer(errno, slot.receivedBytes(), bytes).commit();
    }
  }

  private void endSpan(Ticket ticket, int errno) {
    Object span = ticket.span;
    if (span != null && tracer != null) {
      ticket.span = null;
      tracer.end(span, errno);
    }
  }
}
