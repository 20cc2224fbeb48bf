package io.fusewire.transport;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Whether the request of a slot was interrupted, and whom to tell. Each side publishes its part
 * before it looks for the other's, so that hook and interrupt find each other in any order, and the
 * hook is called once. Safe for all threads.
 */
final class Cancellation {
  private static final VarHandle HOOK;

  static {
    try {
      HOOK = MethodHandles.lookup().findVarHandle(Cancellation.class, "hook", Hook.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** What is to be called when the request with this sequence is interrupted. */
  private record Hook(long sequence, Runnable action) {}

  private final Consumer<Runnable> caller;
  private volatile long interrupted;
  private volatile @Nullable Hook hook;

  /** Nothing is interrupted; sequences start at 1. */
  Cancellation(Consumer<Runnable> caller) {
    this.caller = caller;
  }

  void interrupt(long sequence) {
    interrupted = sequence;
    call(sequence);
  }

  boolean isInterrupted(long sequence) {
    return interrupted == sequence;
  }

  void hook(long sequence, Runnable action) {
    hook = new Hook(sequence, action);
    if (interrupted == sequence) {
      call(sequence);
    }
  }

  private void call(long sequence) {
    Hook present = hook;
    if (present != null
        && present.sequence() == sequence
        && HOOK.compareAndSet(this, present, (Hook) null)) {
      caller.accept(present.action());
    }
  }
}
