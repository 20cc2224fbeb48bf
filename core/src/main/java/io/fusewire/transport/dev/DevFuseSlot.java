package io.fusewire.transport.dev;

import io.fusewire.linux.ffi.ErrnoState;
import io.fusewire.linux.sys.DeviceCalls;
import io.fusewire.linux.sys.IovecBuffer;
import io.fusewire.transport.RequestSlot;
import io.fusewire.transport.SlotPool;
import io.fusewire.wire.Errno;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A slot whose request came from {@code /dev/fuse} and whose reply is one write. */
final class DevFuseSlot extends RequestSlot {
  /** How often a reply is tried. The kernel takes one at once or never: this is for signals. */
  private static final int TRIES_MAX = 100;

  private final int fd;
  // The slot's own: replies come from virtual threads too, which should not keep one each.
  private final MemorySegment errno = ErrnoState.allocate(Arena.ofAuto());

  DevFuseSlot(SlotPool pool, int fd) {
    super(pool);
    this.fd = fd;
  }

  /** Reads one request into this slot; the number of bytes or a negative errno. */
  long read() {
    return DeviceCalls.read(errno, fd, memory.address() + REQUEST, requestBytesMax());
  }

  @Override
  protected long transmit(long vectorsAddress, int count) {
    long sent = write(vectorsAddress, count);
    for (int i = 1; i < TRIES_MAX && (sent == -Errno.EINTR || sent == -Errno.EAGAIN); i++) {
      Thread.onSpinWait();
      sent = write(vectorsAddress, count);
    }
    return sent;
  }

  private long write(long vectorsAddress, int count) {
    if (count > 1) {
      return DeviceCalls.writev(errno, fd, vectorsAddress, count);
    }
    long vector = vectorsAddress - memory.address();
    return DeviceCalls.write(
        errno, fd, IovecBuffer.BASE.get(memory, vector), IovecBuffer.LENGTH.get(memory, vector));
  }
}
