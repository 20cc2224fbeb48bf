package io.fusewire.transport;

import io.fusewire.linux.sys.NativeMemory;
import io.fusewire.raw.Reply;
import io.fusewire.wire.Frame;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner;
import java.lang.ref.WeakReference;

/** Notices what handlers that answer later have let go of: their replies, and their requests. */
final class DroppedReplies {
  private static final Cleaner CLEANER =
      Cleaner.create(
          task ->
              Thread.ofPlatform().name("fusewire-dropped-replies").daemon(true).unstarted(task));

  private DroppedReplies() {}

  /**
   * Tells the slot once nobody has the reply any more. The slot is not kept for that: it leads to
   * the file system, which may lead to the reply, and a closed session would never be collected.
   */
  static void watch(Reply reply, RequestSlot slot, long generation) {
    WeakReference<RequestSlot> weak = new WeakReference<>(slot);
    var _ =
        CLEANER.register(
            reply,
            () -> {
              RequestSlot alive = weak.get();
              if (alive != null) {
                alive.dropped(generation);
              }
            });
  }

  /** Unmaps memory once nobody can look at the request in it any more. */
  static void freeAfter(Frame frame, MemorySegment memory) {
    var _ = CLEANER.register(frame, () -> NativeMemory.free(memory));
  }
}
