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
import java.util.function.Supplier;

/** The open directories of a passthrough, and how they are listed. Cookies are the backing ones. */
final class Directories {
  private static final int DT_SHIFT = 12;
  private static final int PLUS_BYTES = 152;
  private static final int DIRENT_MAX = 280;

  /** Finds the node of a name whose attributes were just read, and counts a lookup. */
  @FunctionalInterface
  interface Lookup {
    BackingNode find(Name name);
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

  /**
   * What READDIR asks.
   *
   * @param bytes how much the answer may have
   */
  record Part(long fileHandle, long cookie, int bytes) {}

  /** Answers READDIR from a cookie on. */
  void names(Part part, DirectoryReply reply) {
    DirectoryHandle handle = get(part.fileHandle());
    Name name = new Name();
    synchronized (handle) {
      MemorySegment dirents = Scratch.current().dirents;
      long length = fill(handle, part, dirents);
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
   * @return the nodes that were looked up and not given, to be taken back by the caller
   */
  List<BackingNode> namesWithNodes(
      Part part, Supplier<Timeouts> timeouts, Lookup lookup, DirectoryPlusReply reply) {
    DirectoryHandle handle = get(part.fileHandle());
    List<BackingNode> given = new ArrayList<>();
    int added = 0;
    try {
      synchronized (handle) {
        Scratch scratch = Scratch.current();
        MemorySegment dirents = scratch.dirents;
        long length = fill(handle, part, dirents);
        long used = 0;
        Name name = new Name();
        for (long at = 0; at < length; at += DirentBuffer.RECORD_LENGTH.get(dirents, at)) {
          view(name, dirents, at);
          used += plusBytes(name);
          if (used > Integer.toUnsignedLong(part.bytes())) {
            break; // before its lookup is counted
          }
          long next = DirentBuffer.OFFSET.get(dirents, at);
          long start = name.memory().address() + name.offset();
          if (isDots(name) || scratch.stat(handle.descriptor(), start) < 0) {
            int mode = DirentBuffer.TYPE.get(dirents, at) << DT_SHIFT;
            if (!reply.addName(name, DirentBuffer.INO.get(dirents, at), mode, next)) {
              break;
            }
            continue;
          }
          BackingNode found = lookup.find(name);
          given.add(found);
          if (!reply.add(name, found.nodeId(), scratch, timeouts.get(), next)) {
            break;
          }
          added++;
        }
      }
    } catch (FuseException e) {
      if (added == 0) {
        throw e; // with entries in the answer, the next call meets the error again
      }
    }
    reply.send();
    return given.subList(added, given.size());
  }

  private static boolean isDots(Name name) {
    return name.contentEquals(".") || name.contentEquals("..");
  }

  /** Bytes that a name takes in an answer to READDIRPLUS: fuse_direntplus, padded. */
  private static long plusBytes(Name name) {
    return (PLUS_BYTES + name.length() + 7) & ~7L;
  }

  private static long fill(DirectoryHandle handle, Part part, MemorySegment dirents) {
    // No entry is larger than its answer, so more than the answer's size would be read in vain.
    long bytes =
        Math.clamp(Integer.toUnsignedLong(part.bytes()), DIRENT_MAX, Scratch.DIRENTS_BYTES);
    long result = FileCalls.lseek(handle.descriptor(), part.cookie(), Seek.SET);
    if (result >= 0) {
      result = FileCalls.getdents(handle.descriptor(), dirents.address(), bytes);
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
