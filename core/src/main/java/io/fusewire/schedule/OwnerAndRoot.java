package io.fusewire.schedule;

import io.fusewire.transport.RequestSlot;
import io.fusewire.wire.Errno;
import io.fusewire.wire.Opcode;
import java.util.EnumSet;
import java.util.Set;

/**
 * The option allow_root: only the mount's owner and root are served. The kernel no longer knows it,
 * so each request is checked, except those on files that are open already.
 */
public final class OwnerAndRoot implements Admission {
  private static final Set<Opcode> UNCHECKED =
      EnumSet.of(
          Opcode.READ,
          Opcode.WRITE,
          Opcode.FSYNC,
          Opcode.FLUSH,
          Opcode.RELEASE,
          Opcode.READDIR,
          Opcode.READDIRPLUS,
          Opcode.FSYNCDIR,
          Opcode.RELEASEDIR,
          Opcode.FORGET,
          Opcode.BATCH_FORGET,
          Opcode.INTERRUPT,
          Opcode.NOTIFY_REPLY);

  private final int owner;

  /** Serves this user id and 0. */
  public OwnerAndRoot(int owner) {
    this.owner = owner;
  }

  @Override
  public int refuses(RequestSlot slot) {
    int uid = slot.request().uid();
    boolean allowed = uid == 0 || uid == owner || UNCHECKED.contains(slot.operation().opcode());
    return allowed ? 0 : Errno.EACCES;
  }
}
