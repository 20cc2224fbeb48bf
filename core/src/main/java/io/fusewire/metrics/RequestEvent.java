package io.fusewire.metrics;

import io.fusewire.wire.Opcode;
import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/**
 * An answered request in a recording of the JDK Flight Recorder, off by default. While it is off
 * {@link #start} reads a field or two and allocates nothing:
 *
 * <pre>{@code
 * RequestEvent event = RequestEvent.start();
 * if (event != null) {
 *   event.request(opcode, unique, nodeId, pid).times(queue, service).answer(errno, in, out).commit();
 * }
 * }</pre>
 */
@Name(RequestEvent.NAME)
@Label("FUSE Request")
@Category("Fusewire")
@Description("A request that was answered")
@Enabled(false)
@StackTrace(false)
public final class RequestEvent extends Event {
  /** What a recording's settings call it. */
  public static final String NAME = "io.fusewire.Request";

  /** Asked whether the event is on; looking at an instance starts no part of the recorder. */
  private static final RequestEvent PROBE = new RequestEvent();

  @Label("Opcode")
  String opcode = "";

  @Label("Unique")
  long unique;

  @Label("Node Id")
  long node;

  @Label("Process Id")
  int pid;

  @Label("Queue Time")
  @Timespan(Timespan.NANOSECONDS)
  long queueTime;

  @Label("Service Time")
  @Timespan(Timespan.NANOSECONDS)
  long serviceTime;

  @Label("Errno")
  int errno;

  @Label("Bytes In")
  @DataAmount
  long bytesIn;

  @Label("Bytes Out")
  @DataAmount
  long bytesOut;

  private RequestEvent() {}

  /** Whether a recording wants this event: worth asking before times are taken for it alone. */
  public static boolean enabled() {
    return PROBE.isEnabled();
  }

  /** An event to fill in and to commit, or null when no recording wants it. */
  public static @Nullable RequestEvent start() {
    return PROBE.isEnabled() ? new RequestEvent() : null;
  }

  /** Which request it was. */
  public RequestEvent request(int number, long requestUnique, long nodeId, int processId) {
    opcode = Opcode.describe(number);
    unique = requestUnique;
    node = nodeId;
    pid = processId;
    return this;
  }

  /** How long it waited and how long it was served, in nanoseconds. */
  public RequestEvent times(long queueNanos, long serviceNanos) {
    queueTime = queueNanos;
    serviceTime = serviceNanos;
    return this;
  }

  /** How it was answered: 0 or a positive errno, and the bytes of both messages. */
  public RequestEvent answer(int answeredErrno, long requestBytes, long replyBytes) {
    errno = answeredErrno;
    bytesIn = requestBytes;
    bytesOut = replyBytes;
    return this;
  }
}
