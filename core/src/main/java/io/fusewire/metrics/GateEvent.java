package io.fusewire.metrics;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** The gate was closed for a while and opens again; in recordings that want it, off by default. */
@Name(GateEvent.NAME)
@Label("FUSE Gate Closed")
@Category("Fusewire")
@Description("So many requests were in flight that new ones had to wait")
@Enabled(false)
@StackTrace(false)
public final class GateEvent extends Event {
  /** What a recording's settings call it. */
  public static final String NAME = "io.fusewire.Gate";

  private static final GateEvent PROBE = new GateEvent();

  @Label("Closed Time")
  @Timespan(Timespan.NANOSECONDS)
  long closedTime;

  @Label("In Flight")
  long inFlight;

  @Label("Limit")
  long limit;

  private GateEvent() {}

  /** Records it when a recording wants it; else it does and allocates nothing. */
  public static void emit(long closedNanos, long inFlightThen, long limitThen) {
    if (PROBE.isEnabled()) {
      GateEvent event = new GateEvent();
      event.closedTime = closedNanos;
      event.inFlight = inFlightThen;
      event.limit = limitThen;
      event.commit();
    }
  }
}
