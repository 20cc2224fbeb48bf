package io.fusewire.transport;

import io.fusewire.linux.sys.NativeMemory;
import io.fusewire.raw.Reply;
import io.fusewire.wire.Frame;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner;

/** Notices what handlers that answer later have let go of: their replies, and their requests. */
final class DroppedReplies {
  private static final Cleaner CLEANER =
      Cleaner.create(
          task ->
              Thread.ofPlatform().name("fusewire-dropped-replies").daemon(true).unstarted(task));

  private DroppedReplies() {}

  /** Runs the action once nobody has the reply any more; the action must not have it either. */
  static void watch(Reply reply, Runnable action) {
    var _ = CLEANER.register(reply, action);
  }

  /** Unmaps memory once nobody can look at the request in it any more. */
  static void freeAfter(Frame frame, MemorySegment memory) {
    var _ = CLEANER.register(frame, () -> NativeMemory.free(memory));
  }
}
