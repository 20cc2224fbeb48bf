package io.fusewire.filesystems.passthrough;

import io.fusewire.linux.sys.FileCalls;
import io.fusewire.raw.FuseException;
import io.fusewire.raw.Ioctl;
import io.fusewire.raw.IoctlReply;
import io.fusewire.wire.Errno;
import java.lang.foreign.MemorySegment;

/**
 * The commands of ioctl(2) that read and change what chattr(1) shows, such as the immutable flag.
 * The kernel has checked who may change what. Other commands mean nothing to a mirror, or take
 * addresses of the caller.
 */
final class InodeFlags {
  private static final int GETFLAGS = 0x8008_6601;
  private static final int SETFLAGS = 0x4008_6602;
  private static final int FSGETXATTR = 0x801c_581f;
  private static final int FSSETXATTR = 0x401c_5820;

  private InodeFlags() {}

  /** Does the command on an open file or directory. */
  static void serve(Ioctl.Request request, int descriptor, IoctlReply reply) {
    int command = request.command();
    boolean known =
        command == GETFLAGS
            || command == SETFLAGS
            || command == FSGETXATTR
            || command == FSSETXATTR;
    Scratch scratch = Scratch.current();
    MemorySegment memory = scratch.small;
    long input = Integer.toUnsignedLong(request.inputBytes());
    long output = Integer.toUnsignedLong(request.outputBytes());
    if (!known || input > memory.byteSize() || output > memory.byteSize()) {
      throw new FuseException(Errno.ENOTTY);
    }
    memory.fill((byte) 0);
    MemorySegment.copy(request.input(), request.inputOffset(), memory, 0, input);
    scratch.identity.server();
    int result = FileCalls.ioctl(descriptor, Integer.toUnsignedLong(command), memory.address());
    if (result < 0) {
      throw new FuseException(-result);
    }
    reply.result(result, memory, 0, output);
  }
}
