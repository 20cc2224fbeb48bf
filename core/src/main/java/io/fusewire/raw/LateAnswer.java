package io.fusewire.raw;

import io.fusewire.wire.Frame;
import io.fusewire.wire.Opcode;
import io.fusewire.wire.struct.Dirent;
import io.fusewire.wire.struct.EntryOut;
import io.fusewire.wire.struct.InHeader;
import io.fusewire.wire.struct.OpenOut;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Takes back what an answer gave that never reached the kernel, by the FORGET and RELEASE the
 * kernel would have sent. Runs on the answering thread; allocates, for it is rare.
 */
public final class LateAnswer {
  private final RawFileSystem fileSystem;
  private final RawRequest request;

  private LateAnswer(RawFileSystem fileSystem, RawRequest request) {
    this.fileSystem = fileSystem;
    this.request = request;
  }

  /**
   * Takes back what the answer in this sink gave.
   *
   * @return true when there was something to take back
   */
  public static boolean takeBack(
      RawFileSystem fileSystem, Operation operation, RawRequest request, ReplySink sink) {
    LateAnswer late = new LateAnswer(fileSystem, request);
    MemorySegment result = sink.result();
    long at = sink.resultOffset();
    return switch (operation.undo()) {
      case NOTHING -> false;
      case LOOKUP -> late.forget(EntryOut.NODEID.get(result, at));
      case OPEN -> late.release(request.nodeId(), result, at);
      case LOOKUP_AND_OPEN -> {
        long node = EntryOut.NODEID.get(result, at);
        yield late.release(node, result, at + EntryOut.SIZE) && late.forget(node);
      }
      case LOOKUPS -> late.forgetAll(sink);
    };
  }

  private boolean forgetAll(ReplySink sink) {
    MemorySegment room = sink.room();
    long at = sink.roomOffset();
    long end = at + sink.roomUsed();
    while (at < end) {
      forget(EntryOut.NODEID.get(room, at));
      int name = Dirent.NAMELEN.get(room, at + EntryOut.SIZE);
      at += DirectoryWriter.paddedBytes(DirectoryPlusReply.PLUS_BYTES, name);
    }
    return sink.roomUsed() > 0;
  }

  private boolean forget(long nodeId) {
    if (nodeId == 0) { // a negative entry, or a name without a node
      return false;
    }
    try (Arena arena = Arena.ofConfined()) {
      Frame frame = frame(arena, Forget.OPERATION, nodeId);
      Forget.setLookups(frame, 1);
      fileSystem.forget(new Forget.Request(frame));
      return true;
    }
  }

  private boolean release(long nodeId, MemorySegment result, long at) {
    long fileHandle = OpenOut.FH.get(result, at);
    boolean directory = request.opcode() == Opcode.OPENDIR.number();
    Operation operation = directory ? Releasedir.OPERATION : Release.OPERATION;
    try (Arena arena = Arena.ofConfined()) {
      Frame frame = frame(arena, operation, nodeId);
      Release.setFileHandle(frame, fileHandle);
      Release.setOpenFlags(frame, Open.flags(request.frame));
      RawRequest release = operation.newRequest(frame);
      operation.serve(fileSystem, release, operation.newReply(new Nowhere(frame)));
      return true;
    }
  }

  /** A request as the kernel would send it, in the name of the caller of the late one. */
  private Frame frame(Arena arena, Operation operation, long nodeId) {
    long bytes = operation.argumentBytes(0);
    MemorySegment memory = arena.allocate(InHeader.SIZE + bytes, Long.BYTES);
    InHeader.LEN.set(memory, 0, (int) memory.byteSize());
    InHeader.OPCODE.set(memory, 0, operation.opcode().number());
    InHeader.NODEID.set(memory, 0, nodeId);
    InHeader.UID.set(memory, 0, request.uid());
    InHeader.GID.set(memory, 0, request.gid());
    InHeader.PID.set(memory, 0, request.pid());
    Frame frame = new Frame(memory, 0, InHeader.SIZE, memory);
    frame.setParts(bytes, memory.byteSize(), 0);
    return frame;
  }
}
