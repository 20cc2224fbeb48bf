package io.fusewire.transport.memory;

import io.fusewire.wire.Errno;
import io.fusewire.wire.NotifyCode;
import io.fusewire.wire.layout.Struct;
import io.fusewire.wire.struct.NotifyStructs;
import java.lang.foreign.MemorySegment;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/** What the kernel makes of a message that the server sends unasked ({@code fuse_notify}). */
final class NotificationRules {
  private NotificationRules() {}

  static @Nullable NotifyCode code(int number) {
    for (NotifyCode code : NotifyCode.values()) {
      if (code.number() == number) {
        return code;
      }
    }
    return null;
  }

  /** 0, or the positive errno with which the message is refused. */
  static int refuses(int number, MemorySegment body, LongPredicate isKnown) {
    NotifyCode code = code(number);
    if (code == null) {
      return Errno.EINVAL;
    }
    Struct struct =
        switch (code) {
          case POLL -> NotifyStructs.POLL;
          case INVAL_INODE -> NotifyStructs.INVAL_INODE;
          case INVAL_ENTRY -> NotifyStructs.INVAL_ENTRY;
          case STORE -> NotifyStructs.STORE;
          case RETRIEVE -> NotifyStructs.RETRIEVE;
          case DELETE -> NotifyStructs.DELETE;
          case PRUNE -> NotifyStructs.PRUNE;
          case RESEND, INC_EPOCH -> null;
        };
    long fixed = struct == null ? 0 : struct.size();
    if (body.byteSize() < fixed || body.byteSize() != fixed + behind(code, body)) {
      return Errno.EINVAL;
    }
    long node =
        switch (code) {
          case INVAL_INODE -> NotifyStructs.INVAL_INODE_INO.get(body, 0);
          case INVAL_ENTRY -> NotifyStructs.INVAL_ENTRY_PARENT.get(body, 0);
          case DELETE -> NotifyStructs.DELETE_PARENT.get(body, 0);
          case STORE -> NotifyStructs.STORE_NODEID.get(body, 0);
          case RETRIEVE -> NotifyStructs.RETRIEVE_NODEID.get(body, 0);
          default -> 0;
        };
    return node == 0 || isKnown.test(node) ? 0 : Errno.ENOENT;
  }

  /** How many bytes follow the struct; a name with its NUL. */
  private static long behind(NotifyCode code, MemorySegment body) {
    return switch (code) {
      case INVAL_ENTRY -> unsigned(NotifyStructs.INVAL_ENTRY_NAMELEN.get(body, 0)) + 1;
      case DELETE -> unsigned(NotifyStructs.DELETE_NAMELEN.get(body, 0)) + 1;
      case STORE -> unsigned(NotifyStructs.STORE_SIZE.get(body, 0));
      case PRUNE -> unsigned(NotifyStructs.PRUNE_COUNT.get(body, 0)) * Long.BYTES;
      default -> 0;
    };
  }

  private static long unsigned(int value) {
    return Integer.toUnsignedLong(value);
  }
}
