package io.fusewire.transport.memory;

import io.fusewire.wire.Opcode;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A request as the one who waits for it sees it. Belongs to the kernel's thread. */
public final class Call {
  /** How far a request has come. */
  public enum State {
    /** Not among the background requests yet: there are as many as may be. */
    BLOCKED,
    /** A background request that is not active yet. */
    BACKGROUND,
    /** Among those that the server may read. */
    PENDING,
    /** The server has it. */
    SENT,
    /** Answered, or given up. */
    ENDED
  }

  /** Whom a request is for. */
  enum Kind {
    FOREGROUND,
    BACKGROUND,
    /** Background, but never waits for its turn to be one (RELEASE, writeback). */
    FORCED_BACKGROUND
  }

  final RequestFrame frame;
  final Kind kind;
  final byte @Nullable [] raw;
  final long started;
  long unique;
  State state = State.BLOCKED;
  boolean interrupted;
  boolean interruptQueued;
  boolean countedAsBackground;
  private int errno;
  private MemorySegment body = MemorySegment.NULL;
  private final List<Consumer<Call>> actions = new ArrayList<>();

  Call(RequestFrame frame, Kind kind, byte @Nullable [] raw, long started) {
    this.frame = frame;
    this.kind = kind;
    this.raw = raw;
    this.started = started;
  }

  /** The opcode; the nearest one for a frame of raw bytes. */
  public Opcode opcode() {
    return frame.opcode();
  }

  /** The request without its identity. */
  public RequestFrame frame() {
    return frame;
  }

  /** The id on the wire; 0 before there is one. Changes when the kernel sends it again. */
  public long unique() {
    return unique;
  }

  /** How far it has come. */
  public State state() {
    return state;
  }

  /** True when the result can be looked at. */
  public boolean isEnded() {
    return state == State.ENDED;
  }

  /** The result: 0 for success, or a positive errno. */
  public int errno() {
    return errno;
  }

  /** What the answer carried behind its header. */
  public MemorySegment body() {
    return body;
  }

  /** When it was made, in virtual nanoseconds. */
  public long started() {
    return started;
  }

  /** Does this once the result is there, on the kernel's thread; at once when it is. */
  public Call then(Consumer<Call> action) {
    if (isEnded()) {
      action.accept(this);
    } else {
      actions.add(action);
    }
    return this;
  }

  void end(int error, MemorySegment result) {
    state = State.ENDED;
    errno = error;
    body = result;
    List<Consumer<Call>> due = List.copyOf(actions);
    actions.clear();
    due.forEach(action -> action.accept(this));
  }

  @Override
  public String toString() {
    return frame + " unique=" + Long.toUnsignedString(unique) + " " + state + " errno=" + errno;
  }
}
