package io.fusewire.transport.memory;

import io.fusewire.wire.Errno;
import io.fusewire.wire.Opcode;
import io.fusewire.wire.struct.InHeader;
import io.fusewire.wire.struct.OutHeader;
import java.lang.foreign.MemorySegment;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * The kernel's side of the connection: which requests wait for an answer, and what an answer must
 * look like to be taken ({@code fuse_dev_do_write} of fs/fuse/dev.c). Safe for all threads.
 */
final class MessageRules {
  /** How many messages may wait to be looked at. */
  private static final int MESSAGES_MAX = 65_536;

  // Bounded by the slots, and the one INIT.
  private final Set<Long> pending = ConcurrentHashMap.newKeySet();
  private final LinkedBlockingQueue<Message> taken = new LinkedBlockingQueue<>(MESSAGES_MAX);

  /** Notes a request that goes to the server, unless it wants no answer. */
  void sent(MemorySegment request) {
    if (request.byteSize() < InHeader.SIZE) {
      return;
    }
    Opcode opcode = Opcode.of(InHeader.OPCODE.get(request, 0));
    if (opcode == null || !opcode.hasNoReply()) {
      pending.add(InHeader.UNIQUE.get(request, 0));
    }
  }

  /** The caller of this request no longer waits; false when it was answered already. */
  boolean abandon(long unique) {
    return pending.remove(unique);
  }

  int pending() {
    return pending.size();
  }

  LinkedBlockingQueue<Message> taken() {
    return taken;
  }

  /** Takes a message from the server: its length, or a negative errno when it is refused. */
  long take(MemorySegment message) {
    long bytes = message.byteSize();
    if (bytes < OutHeader.SIZE || OutHeader.LEN.get(message, 0) != bytes) {
      return -Errno.EINVAL;
    }
    long unique = OutHeader.UNIQUE.get(message, 0);
    int error = OutHeader.ERROR.get(message, 0);
    if (unique != 0) {
      if (error > 0 || error <= -Errno.LIMIT) {
        return -Errno.EINVAL;
      }
      if (!pending.remove(unique)) {
        return -Errno.ENOENT;
      }
      if (error != 0 && bytes > OutHeader.SIZE) {
        return -Errno.EINVAL;
      }
    }
    MemorySegment body = message.asSlice(OutHeader.SIZE).asReadOnly();
    return taken.offer(new Message(unique, error, body)) ? bytes : -Errno.ENOMEM;
  }
}
