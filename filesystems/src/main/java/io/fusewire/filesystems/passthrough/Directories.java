package io.fusewire.filesystems.passthrough;

import io.fusewire.linux.sys.DirentBuffer;
import io.fusewire.linux.sys.FileCalls;
import io.fusewire.linux.sys.Seek;
import io.fusewire.raw.DirectoryPlusReply;
import io.fusewire.raw.DirectoryReply;
import io.fusewire.raw.FuseException;
import io.fusewire.raw.Timeouts;
import io.fusewire.wire.Errno;
import io.fusewire.wire.Name;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** The open directories of a passthrough, and how they are listed. Cookies are the backing ones. */
final class Directories {
  private static final int DT_SHIFT = 12;

  /** Finds the node of a name and counts a lookup; null when the name is gone. */
  @FunctionalInterface
  interface Lookup {
    BackingNode find(BackingNode parent, int directory, Name name);
  }

  private final ConcurrentHashMap<Long, DirectoryHandle> handles = new ConcurrentHashMap<>();
  private final AtomicLong numbers = new AtomicLong();

  /** Takes an open directory in; its file handle. */
  long add(int descriptor) {
    long number = numbers.incrementAndGet();
    handles.put(number, new DirectoryHandle(descriptor));
    return number;
  }

  /** The open directory. */
  DirectoryHandle get(long fileHandle) {
    DirectoryHandle handle = handles.get(fileHandle);
    if (handle == null) {
      throw new FuseException(Errno.EBADF);
    }
    return handle;
  }

  /** Closes an open directory. */
  void close(long fileHandle) {
    DirectoryHandle handle = handles.remove(fileHandle);
    if (handle != null) {
      FileCalls.close(handle.descriptor());
    }
  }

  /** Closes all. */
  void closeAll() {
    handles.keySet().forEach(this::close);
  }

  /** Answers READDIR from a cookie on. */
  void names(long fileHandle, long cookie, DirectoryReply reply) {
    DirectoryHandle handle = get(fileHandle);
    Name name = new Name();
    synchronized (handle) {
      MemorySegment dirents = Scratch.current().dirents;
      long length = fill(handle, cookie, dirents);
      for (long at = 0; at < length; at += DirentBuffer.RECORD_LENGTH.get(dirents, at)) {
        view(name, dirents, at);
        int mode = DirentBuffer.TYPE.get(dirents, at) << DT_SHIFT;
        long next = DirentBuffer.OFFSET.get(dirents, at);
        if (!reply.add(name, DirentBuffer.INO.get(dirents, at), mode, next)) {
          break;
        }
      }
    }
    reply.send();
  }

  /**
   * Answers READDIRPLUS from a cookie on.
   *
   * @return the nodes that were given, to be taken back by the caller; empty when all went well
   */
  List<BackingNode> namesWithNodes(
      BackingNode node, PlusRequest request, Lookup lookup, DirectoryPlusReply reply) {
    DirectoryHandle handle = get(request.fileHandle());
    List<BackingNode> given = new ArrayList<>();
    Name name = new Name();
    synchronized (handle) {
      Scratch scratch = Scratch.current();
      MemorySegment dirents = scratch.dirents;
      long length = fill(handle, request.cookie(), dirents);
      for (long at = 0; at < length; at += DirentBuffer.RECORD_LENGTH.get(dirents, at)) {
        view(name, dirents, at);
        long next = DirentBuffer.OFFSET.get(dirents, at);
        int mode = DirentBuffer.TYPE.get(dirents, at) << DT_SHIFT;
        boolean dots = name.contentEquals(".") || name.contentEquals("..");
        boolean gone =
            !dots && scratch.stat(handle.descriptor(), name.memory().address() + name.offset()) < 0;
        if (dots || gone) {
          if (!reply.addName(name, DirentBuffer.INO.get(dirents, at), mode, next)) {
            break;
          }
          continue;
        }
        BackingNode found = lookup.find(node, handle.descriptor(), name);
        given.add(found);
        if (!reply.add(name, found.nodeId(), scratch, request.timeouts(), next)) {
          return finish(given, given.size() - 1, reply);
        }
      }
    }
    return finish(given, given.size(), reply);
  }

  /** Sends; gives back the nodes whose lookups the kernel does not hold. */
  private static List<BackingNode> finish(
      List<BackingNode> given, int added, DirectoryPlusReply reply) {
    boolean delivered = reply.send();
    return delivered ? given.subList(added, given.size()) : given;
  }

  /** What READDIRPLUS asks. */
  record PlusRequest(long fileHandle, long cookie, Timeouts timeouts) {}

  private static long fill(DirectoryHandle handle, long cookie, MemorySegment dirents) {
    long result = FileCalls.lseek(handle.descriptor(), cookie, Seek.SET);
    if (result >= 0) {
      result = FileCalls.getdents(handle.descriptor(), dirents.address(), Scratch.DIRENTS_BYTES);
    }
    if (result < 0) {
      throw new FuseException((int) -result);
    }
    return result;
  }

  private static void view(Name name, MemorySegment dirents, long entry) {
    long start = entry + DirentBuffer.NAME;
    int length = 0;
    while (dirents.get(ValueLayout.JAVA_BYTE, start + length) != 0) {
      length++;
    }
    name.view(dirents, start, length);
  }
}
