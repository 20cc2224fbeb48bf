package io.fusewire.linux.ffi;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/** The memory into which a native call's errno is captured; one for each thread. */
public final class ErrnoState {
  private static final VarHandle ERRNO =
      Linker.Option.captureStateLayout().varHandle(MemoryLayout.PathElement.groupElement("errno"));

  // An automatic arena: as cheap in a call as the global one, and gone with the thread.
  private static final ThreadLocal<MemorySegment> CURRENT =
      ThreadLocal.withInitial(() -> allocate(Arena.ofAuto()));

  private ErrnoState() {}

  /** Makes a capture segment for callers that keep their own. */
  public static MemorySegment allocate(Arena arena) {
    return arena.allocate(
        Linker.Option.captureStateLayout().byteSize(), ValueLayout.JAVA_LONG.byteAlignment());
  }

  /** This thread's segment. */
  public static MemorySegment current() {
    return CURRENT.get();
  }

  /** The captured errno, negated. */
  public static int negative(MemorySegment state) {
    return -(int) ERRNO.get(state, 0L);
  }
}
