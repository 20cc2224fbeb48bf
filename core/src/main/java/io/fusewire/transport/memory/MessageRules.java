package io.fusewire.transport.memory;

import io.fusewire.wire.Errno;
import io.fusewire.wire.Opcode;
import io.fusewire.wire.struct.InHeader;
import io.fusewire.wire.struct.OutHeader;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.LongPredicate;

/**
 * The kernel's side of the connection: which requests wait for an answer, and what an answer must
 * look like to be taken ({@code fuse_dev_do_write} of fs/fuse/dev.c). Safe for all threads.
 */
final class MessageRules {
  /** How many messages may wait to be looked at. */
  private static final int MESSAGES_MAX = 65_536;

  private static final int VIOLATIONS_MAX = 100;

  /** Marks the id of an INTERRUPT. */
  static final long INTERRUPT_BIT = 1;

  private record Waiting(String name, ReplyShape shape) {}

  // Bounded by the slots, and the one INIT.
  private final Map<Long, Waiting> pending = new ConcurrentHashMap<>();

  // Those whose caller went away; an answer to one of them is refused, and rightly sent.
  private final Set<Long> abandoned = ConcurrentHashMap.newKeySet();
  private final LinkedBlockingQueue<Message> taken = new LinkedBlockingQueue<>(MESSAGES_MAX);
  private final List<String> violations = new CopyOnWriteArrayList<>();
  private volatile LongPredicate knownNodes = node -> true;

  /** Notes a request that goes to the server, unless it wants no answer. */
  void sent(MemorySegment request) {
    if (request.byteSize() < InHeader.SIZE) {
      return;
    }
    int number = InHeader.OPCODE.get(request, 0);
    Opcode opcode = Opcode.of(number);
    if (opcode == null || !opcode.hasNoReply()) {
      pending.put(
          InHeader.UNIQUE.get(request, 0),
          new Waiting(Opcode.describe(number), ReplyShape.of(request)));
    }
  }

  /** The caller of this request no longer waits; false when it was answered already. */
  boolean abandon(long unique) {
    if (pending.remove(unique) == null) {
      return false;
    }
    abandoned.add(unique);
    return true;
  }

  int pending() {
    return pending.size();
  }

  LinkedBlockingQueue<Message> taken() {
    return taken;
  }

  List<String> violations() {
    return violations;
  }

  void knownNodes(LongPredicate known) {
    knownNodes = known;
  }

  /** Takes a message from the server: its length, or a negative errno when it is refused. */
  long take(MemorySegment message) {
    long bytes = message.byteSize();
    if (bytes < OutHeader.SIZE || OutHeader.LEN.get(message, 0) != bytes) {
      return violation(Errno.EINVAL, "a message of " + bytes + " bytes has a wrong length");
    }
    long unique = OutHeader.UNIQUE.get(message, 0);
    int error = OutHeader.ERROR.get(message, 0);
    MemorySegment body = message.asSlice(OutHeader.SIZE).asReadOnly();
    int refused =
        unique == 0 ? refusesNotification(error, body) : refusesReply(unique, error, body);
    if (refused != 0) {
      return -refused;
    }
    return taken.offer(new Message(unique, error, body)) ? bytes : -Errno.ENOMEM;
  }

  private int refusesNotification(int code, MemorySegment body) {
    int refused = NotificationRules.refuses(code, body, knownNodes);
    if (refused == Errno.EINVAL) {
      violation(refused, "a notification " + code + " of " + body.byteSize() + " bytes");
    }
    return refused;
  }

  private int refusesReply(long unique, int error, MemorySegment body) {
    if (error > 0 || error <= -Errno.LIMIT) {
      return (int) -violation(Errno.EINVAL, "an answer to " + unique + " has error " + error);
    }
    if ((unique & INTERRUPT_BIT) != 0) {
      return refusesInterruptReply(unique, body);
    }
    Waiting waiting = pending.remove(unique);
    if (waiting == null) {
      if (!abandoned.remove(unique)) {
        violation(Errno.ENOENT, "nobody waits for an answer to " + Long.toUnsignedString(unique));
      }
      return Errno.ENOENT;
    }
    long bytes = body.byteSize();
    if (error == 0 ? waiting.shape.takes(bytes) : bytes == 0) {
      return 0;
    }
    violation(
        Errno.EINVAL,
        "an answer to " + waiting.name + " with error " + error + " has " + bytes + " bytes");
    // The request is over nevertheless: its caller gets EIO.
    boolean told = taken.offer(new Message(unique, -Errno.EIO, MemorySegment.NULL));
    return told ? Errno.EINVAL : Errno.ENOMEM;
  }

  private int refusesInterruptReply(long unique, MemorySegment body) {
    if (body.byteSize() > 0) {
      return (int) -violation(Errno.EINVAL, "an answer to INTERRUPT has a body");
    }
    return pending.containsKey(unique ^ INTERRUPT_BIT) ? 0 : Errno.ENOENT;
  }

  private long violation(int errno, String what) {
    if (violations.size() < VIOLATIONS_MAX) {
      violations.add(Errno.name(errno) + ": " + what);
    }
    return -errno;
  }
}
