package io.fusewire.filesystems.passthrough;

import io.fusewire.linux.sys.At;
import io.fusewire.linux.sys.Fcntl;
import io.fusewire.linux.sys.FileCalls;
import io.fusewire.linux.sys.FlockBuffer;
import io.fusewire.linux.sys.Lock;
import io.fusewire.linux.sys.NameCalls;
import io.fusewire.linux.sys.Open;
import io.fusewire.raw.EmptyReply;
import io.fusewire.raw.FuseException;
import io.fusewire.raw.Getlk;
import io.fusewire.raw.LockReply;
import io.fusewire.raw.Setlk;
import io.fusewire.wire.Errno;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Locks of the mount's users, taken on the backing files.
 *
 * <p>POSIX locks belong to a process, but every caller is one process to the backing file system.
 * So each owner gets an open file of its own for each node, and its locks are open file description
 * locks (fcntl(2)). A lock that must wait holds no thread: one thread tries all of them again after
 * each release, and every {@value #RETRY_MILLIS} ms for releases by others.
 */
final class BackingLocks {
  private static final long RETRY_MILLIS = 20;
  private static final int WAITERS_MAX = 10_000;

  /** One owner's file of one node. */
  private record Owner(long nodeId, long owner) {}

  /** What a lock call asks for. */
  private record Wanted(int descriptor, boolean flock, int type, long start, long end) {}

  /** A SETLKW that is not answered yet. */
  private record Waiter(Wanted wanted, EmptyReply reply) {}

  private final Descriptors descriptors;
  private final Map<Owner, Integer> files = new HashMap<>();
  private final Map<Long, Waiter> waiters = new LinkedHashMap<>();
  private @Nullable Thread retrier;
  private boolean closed;

  BackingLocks(Descriptors descriptors) {
    this.descriptors = descriptors;
  }

  /** Answers GETLK. */
  void test(BackingNode node, Getlk.Request request, LockReply reply) {
    Owner owner = new Owner(node.nodeId(), request.owner());
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment lock = arena.allocate(FlockBuffer.BYTES, Long.BYTES);
      fill(lock, request.type(), request.start(), request.end());
      int result = FileCalls.fcntl(file(owner, node), Fcntl.OFD_GETLK, lock.address());
      if (result < 0) {
        throw new FuseException(-result);
      }
      int type = FlockBuffer.TYPE.get(lock, 0);
      if (type == Lock.F_UNLCK) {
        reply.free();
        return;
      }
      long start = FlockBuffer.START.get(lock, 0);
      long length = FlockBuffer.LENGTH.get(lock, 0);
      long end = length == 0 ? Long.MAX_VALUE : start + length - 1;
      reply.conflict(start, end, type, Math.max(FlockBuffer.PID.get(lock, 0), 0));
    }
  }

  /** Answers SETLK now, and SETLKW when the lock is free. */
  void set(BackingNode node, Setlk.Request request, EmptyReply reply) {
    boolean flock = request.isFlock();
    int descriptor =
        flock ? (int) request.fileHandle() : file(new Owner(node.nodeId(), request.owner()), node);
    Wanted wanted = new Wanted(descriptor, flock, request.type(), request.start(), request.end());
    int result = attempt(wanted);
    if (result == -Errno.EAGAIN && request.waits()) {
      await(request.unique(), wanted, reply);
      return;
    }
    if (result < 0) {
      throw new FuseException(-result);
    }
    reply.ok();
    if (request.type() == Lock.F_UNLCK) {
      released();
    }
  }

  private static int attempt(Wanted wanted) {
    if (wanted.flock()) {
      int operation =
          switch (wanted.type()) {
            case Lock.F_RDLCK -> Lock.LOCK_SH;
            case Lock.F_WRLCK -> Lock.LOCK_EX;
            default -> Lock.LOCK_UN;
          };
      return FileCalls.flock(wanted.descriptor(), operation | Lock.LOCK_NB);
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment lock = arena.allocate(FlockBuffer.BYTES, Long.BYTES);
      fill(lock, wanted.type(), wanted.start(), wanted.end());
      int result = FileCalls.fcntl(wanted.descriptor(), Fcntl.OFD_SETLK, lock.address());
      return result == -Errno.EACCES ? -Errno.EAGAIN : result;
    }
  }

  private static void fill(MemorySegment lock, int type, long start, long end) {
    FlockBuffer.TYPE.set(lock, 0, type);
    FlockBuffer.START.set(lock, 0, start);
    FlockBuffer.LENGTH.set(lock, 0, end == Long.MAX_VALUE ? 0 : end - start + 1);
  }

  /** The owner's open file of a node. */
  private synchronized int file(Owner owner, BackingNode node) {
    Integer known = files.get(owner);
    if (known != null) {
      return known;
    }
    int pinned = descriptors.pin(node);
    try {
      Scratch scratch = Scratch.current();
      scratch.identity.server();
      long path = scratch.names.putDescriptor(pinned);
      int opened = NameCalls.openat(At.FDCWD, path, Open.RDWR | Open.CLOEXEC, 0);
      if (opened == -Errno.EACCES || opened == -Errno.EROFS) {
        opened = NameCalls.openat(At.FDCWD, path, Open.RDONLY | Open.CLOEXEC, 0);
      }
      if (opened < 0) {
        throw new FuseException(-opened);
      }
      files.put(owner, opened);
      return opened;
    } finally {
      descriptors.unpin(node);
    }
  }

  private synchronized void await(long unique, Wanted wanted, EmptyReply reply) {
    if (waiters.size() >= WAITERS_MAX || closed) {
      throw new FuseException(Errno.ENOLCK);
    }
    waiters.put(unique, new Waiter(wanted, reply.later()));
    if (retrier == null) {
      retrier =
          Thread.ofPlatform().name("fusewire-passthrough-locks").daemon(true).start(this::retry);
    }
    notifyAll();
  }

  private synchronized void released() {
    notifyAll();
  }

  /** The one thread that tries waiting locks again. */
  private synchronized void retry() {
    while (!closed) {
      Iterator<Waiter> all = waiters.values().iterator();
      while (all.hasNext()) {
        Waiter waiter = all.next();
        int result = attempt(waiter.wanted());
        if (result != -Errno.EAGAIN) {
          all.remove();
          answer(waiter.reply(), -result);
        }
      }
      try {
        if (waiters.isEmpty()) {
          wait();
        } else {
          wait(RETRY_MILLIS);
        }
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private static void answer(EmptyReply reply, int errno) {
    if (errno == 0) {
      reply.ok();
    } else {
      reply.error(errno);
    }
  }

  /** The caller of a waiting lock got a signal. */
  synchronized void interrupt(long unique) {
    Waiter waiter = waiters.remove(unique);
    if (waiter != null) {
      answer(waiter.reply(), Errno.EINTR);
    }
  }

  /** An owner closed the file: its locks end. */
  void releaseOwner(long nodeId, long owner) {
    synchronized (this) {
      Integer file = files.remove(new Owner(nodeId, owner));
      if (file == null) {
        return;
      }
      FileCalls.close(file);
    }
    released();
  }

  /** Ends all locks and the thread; waiting callers get ENOLCK. */
  void close() {
    Thread ending;
    synchronized (this) {
      closed = true;
      waiters.values().forEach(waiter -> answer(waiter.reply(), Errno.ENOLCK));
      waiters.clear();
      files.values().forEach(FileCalls::close);
      files.clear();
      ending = retrier;
      notifyAll();
    }
    if (ending != null) {
      try {
        ending.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
