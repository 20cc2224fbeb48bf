package io.fusewire.session;

import io.fusewire.linux.ffi.LinuxException;
import io.fusewire.linux.sys.NativeMemory;
import io.fusewire.raw.Negotiation;
import io.fusewire.raw.RawFileSystem;
import io.fusewire.transport.Transport;
import io.fusewire.wire.Errno;
import io.fusewire.wire.Opcode;
import io.fusewire.wire.ProtocolVersion;
import io.fusewire.wire.flag.InitFlags;
import io.fusewire.wire.struct.InHeader;
import io.fusewire.wire.struct.InitStructs;
import io.fusewire.wire.struct.OutHeader;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/** The exchange of INIT on a fresh connection. One use, on the mounting thread. */
final class Handshake {
  private static final System.Logger LOG = System.getLogger("io.fusewire");
  private static final String FALL_BACK = "requests come on /dev/fuse, not on io_uring: {0}";
  private static final long BUFFER_BYTES = 64 * 1024;

  private final Transport transport;
  private final MountOptions options;
  private final MemorySegment buffer = NativeMemory.allocate(BUFFER_BYTES);

  private Handshake(Transport transport, MountOptions options) {
    this.transport = transport;
    this.options = options;
  }

  /** Answers INIT; afterwards the kernel sends requests. */
  static Negotiation perform(Transport transport, MountOptions options, RawFileSystem fileSystem)
      throws IOException {
    Handshake handshake = new Handshake(transport, options);
    try {
      return handshake.run(fileSystem);
    } finally {
      NativeMemory.free(handshake.buffer);
    }
  }

  private Negotiation run(RawFileSystem fileSystem) throws IOException {
    receive();
    if (major() > ProtocolVersion.OURS.major()) {
      answerMajor(); // the kernel then asks again with our major
      receive();
    }
    ProtocolVersion kernel =
        new ProtocolVersion(major(), InitStructs.IN_MINOR.get(buffer, InHeader.SIZE));
    if (kernel.major() != ProtocolVersion.OURS.major()
        || kernel.minor() < ProtocolVersion.MINOR_MIN) {
      answerError(Errno.EPROTO);
      throw new LinuxException(
          "the kernel speaks FUSE "
              + kernel
              + "; needed is 7."
              + ProtocolVersion.MINOR_MIN
              + " (Linux 3.15) or later");
    }
    Negotiation negotiation =
        new Negotiation(
            kernel, offered(kernel), InitStructs.IN_MAX_READAHEAD.get(buffer, InHeader.SIZE));
    options.propose(negotiation);
    if (transport.wantsRings()) {
      negotiation.want(InitFlags.OVER_IO_URING);
    }
    try {
      fileSystem.init(negotiation);
      options.insist(negotiation);
    } catch (RuntimeException e) {
      answerError(Errno.EIO);
      throw new IOException("the file system's init failed: " + e, e);
    }
    if (negotiation.missing() != 0) {
      answerError(Errno.EPROTO);
      throw new LinuxException(refusal(negotiation));
    }
    if (negotiation.asks(InitFlags.PASSTHROUGH | InitFlags.WRITEBACK_CACHE)) {
      answerError(Errno.EPROTO);
      throw new LinuxException(
          "passthrough and the writeback cache exclude each other: the kernel cannot hold back"
              + " writes that it does itself; leave one of them out (-o passthrough, -o"
              + " writeback_cache)");
    }
    prepareRings(negotiation);
    answer(negotiation);
    openRings(negotiation);
    return negotiation;
  }

  /** The kernel waits for rings once they were promised: so whatever can fail comes before. */
  private void prepareRings(Negotiation negotiation) throws IOException {
    if (!negotiation.grants(InitFlags.OVER_IO_URING)) {
      return;
    }
    String reason = transport.prepareRings(negotiation.payloadBytesMax());
    if (reason != null) {
      if (negotiation.requires(InitFlags.OVER_IO_URING)) {
        answerError(Errno.EPROTO);
        throw withoutRings(reason);
      }
      LOG.log(System.Logger.Level.INFO, FALL_BACK, reason);
      negotiation.refuse(InitFlags.OVER_IO_URING);
    }
  }

  private void openRings(Negotiation negotiation) throws IOException {
    if (!negotiation.grants(InitFlags.OVER_IO_URING)) {
      return;
    }
    String reason = transport.openRings();
    if (reason != null) {
      if (negotiation.requires(InitFlags.OVER_IO_URING)) {
        throw withoutRings(reason);
      }
      LOG.log(System.Logger.Level.INFO, FALL_BACK, reason);
    }
  }

  private static LinuxException withoutRings(String reason) {
    return new LinuxException(
        "this mount requires io_uring, which cannot be had: "
            + reason
            + " Write transport=auto to do without where it must be.");
  }

  private static String refusal(Negotiation negotiation) {
    if (negotiation.unsupported() != 0) {
      return "this mount requires "
          + InitFlags.SET.describe(negotiation.unsupported())
          + ", which Fusewire does not support; leave the option out";
    }
    String advice =
        (negotiation.missing() & InitFlags.OVER_IO_URING) == 0
            ? "leave the option out or use a newer kernel"
            : "Linux 6.14 or later has it once it is switched on:"
                + " echo Y > /sys/module/fuse/parameters/enable_uring";
    return "the kernel (FUSE "
        + negotiation.kernel()
        + ") does not offer "
        + InitFlags.SET.describe(negotiation.missing())
        + ", which this mount requires; "
        + advice;
  }

  private void receive() throws IOException {
    long bytes = transport.receiveFirst(buffer, options.handshakeTimeout().toNanos());
    buffer.asSlice(bytes).fill((byte) 0); // a short offer has no flags2
    boolean complete = bytes >= InHeader.SIZE + InitStructs.IN_BYTES_SHORT;
    if (!complete || InHeader.OPCODE.get(buffer, 0) != Opcode.INIT.number()) {
      if (bytes >= InHeader.SIZE) {
        answerError(Errno.EINVAL);
      }
      throw new LinuxException(
          "the connection began with "
              + (bytes >= 8 ? Opcode.describe(InHeader.OPCODE.get(buffer, 0)) : "nothing")
              + " of "
              + bytes
              + " bytes instead of INIT");
    }
  }

  private int major() {
    return InitStructs.IN_MAJOR.get(buffer, InHeader.SIZE);
  }

  private long offered(ProtocolVersion kernel) {
    long flags = Integer.toUnsignedLong(InitStructs.IN_FLAGS.get(buffer, InHeader.SIZE));
    boolean extended =
        kernel.minor() >= ProtocolVersion.MINOR_INIT_EXT && (flags & InitFlags.INIT_EXT) != 0;
    return extended ? flags | (long) InitStructs.IN_FLAGS2.get(buffer, InHeader.SIZE) << 32 : flags;
  }

  private void answer(Negotiation negotiation) throws IOException {
    long flags = negotiation.granted();
    long out = outBase();
    InitStructs.OUT_MAJOR.set(buffer, out, ProtocolVersion.OURS.major());
    InitStructs.OUT_MINOR.set(
        buffer, out, negotiation.kernel().common(ProtocolVersion.OURS).minor());
    InitStructs.OUT_MAX_READAHEAD.set(buffer, out, negotiation.maxReadahead());
    InitStructs.OUT_FLAGS.set(buffer, out, (int) flags);
    InitStructs.OUT_FLAGS2.set(buffer, out, (int) (flags >>> 32));
    InitStructs.OUT_MAX_BACKGROUND.set(buffer, out, negotiation.maxBackground());
    InitStructs.OUT_CONGESTION_THRESHOLD.set(buffer, out, negotiation.congestionThreshold());
    InitStructs.OUT_MAX_WRITE.set(buffer, out, negotiation.maxWrite());
    InitStructs.OUT_TIME_GRAN.set(buffer, out, negotiation.timeGranularityNanos());
    InitStructs.OUT_MAX_PAGES.set(buffer, out, negotiation.maxPages());
    if (negotiation.grants(InitFlags.PASSTHROUGH)) {
      InitStructs.OUT_MAX_STACK_DEPTH.set(buffer, out, negotiation.maxStackDepth());
    }
    send(0, InitStructs.OUT.size());
  }

  private void answerMajor() throws IOException {
    InitStructs.OUT_MAJOR.set(buffer, outBase(), ProtocolVersion.OURS.major());
    send(0, InitStructs.OUT.size());
  }

  private void answerError(int errno) throws IOException {
    outBase();
    send(-errno, 0);
  }

  /** Where the result goes: zeroed space behind the request, with room for the header before it. */
  private long outBase() {
    buffer.asSlice(BUFFER_BYTES / 2).fill((byte) 0);
    return BUFFER_BYTES / 2 + OutHeader.SIZE;
  }

  private void send(int error, long resultBytes) throws IOException {
    MemorySegment message = buffer.asSlice(BUFFER_BYTES / 2);
    long bytes = OutHeader.SIZE + resultBytes;
    OutHeader.LEN.set(message, 0, (int) bytes);
    OutHeader.ERROR.set(message, 0, error);
    OutHeader.UNIQUE.set(message, 0, InHeader.UNIQUE.get(buffer, 0));
    long sent = transport.send(message, bytes);
    if (sent != bytes && error == 0) {
      throw new LinuxException("write(/dev/fuse) of the reply to INIT", (int) sent, "");
    }
  }
}
