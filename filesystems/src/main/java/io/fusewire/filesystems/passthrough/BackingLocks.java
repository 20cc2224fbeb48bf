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
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Locks of the mount's users, taken on the backing files.
 *
 * <p>POSIX locks belong to a process, but every caller is one process to the backing file system.
 * So each owner gets an open file of its own for each node, and its locks are open file description
 * locks (fcntl(2)); {@link HeldLocks} knows whose they are. A lock that must wait holds no thread:
 * one thread tries all of them again after each release, and every {@value #RETRY_MILLIS} ms for
 * releases by others.
 *
 * <p>Locks of an open file (flock(2), F_OFD_SETLK) end with RELEASE, and those of a process that
 * exits with FLUSH; the kernel sends both without waiting for them. Whoever saw the close and locks
 * next may be served first, so a lock that must not wait is tried for {@value #GRACE_MILLIS} ms.
 */
final class BackingLocks {
  private static final long RETRY_MILLIS = 20;
  private static final long GRACE_MILLIS = 50;
  private static final int WAITERS_MAX = 10_000;
  private static final int EARLY_INTERRUPTS_MAX = 1_000;

  /** One owner's locks of one node. */
  private record Owner(BackingNode node, long owner) {}

  /** The file that holds an owner's locks. */
  private record OwnedFile(int descriptor, HeldLocks held) {}

  /**
   * What a lock call asks for.
   *
   * @param flock the open file of flock(2), or null for a POSIX lock
   */
  private record Wanted(
      Owner owner, HeldLocks.Range range, int pid, long fileHandle, @Nullable OpenFile flock) {}

  /**
   * A request that is not answered yet.
   *
   * @param end when a SETLK is given up, by the clock; a SETLKW has none
   */
  private record Waiter(Wanted wanted, EmptyReply reply, OptionalLong end) {
    /** What is answered when a signal comes: a SETLK would not be done again after EINTR. */
    int interrupted() {
      return end.isPresent() ? Errno.EAGAIN : Errno.EINTR;
    }

    boolean isOver(long now) {
      return end.isPresent() && now - end.getAsLong() >= 0;
    }
  }

  private final Descriptors descriptors;
  private final OpenFiles openFiles;
  private final Map<Owner, OwnedFile> files = new HashMap<>();
  private final Map<Long, Waiter> waiters = new LinkedHashMap<>();

  /** Interrupted requests that did not wait yet: another thread is about to serve them. */
  private final Set<Long> earlyInterrupts = new LinkedHashSet<>();

  /** Nanoseconds; tests put their own in before the mount. */
  LongSupplier clock = System::nanoTime;

  private @Nullable Thread retrier;
  private boolean closed;

  BackingLocks(Descriptors descriptors, OpenFiles openFiles) {
    this.descriptors = descriptors;
    this.openFiles = openFiles;
  }

  /** Answers GETLK. */
  synchronized void test(BackingNode node, Getlk.Request request, LockReply reply) {
    Owner owner = new Owner(node, request.owner());
    var wanted = new HeldLocks.Range(request.type(), request.start(), request.end());
    for (Map.Entry<Owner, OwnedFile> other : files.entrySet()) {
      HeldLocks.Range found = conflict(other, owner, wanted);
      if (found != null) {
        reply.conflict(found.start(), found.end(), found.type(), other.getValue().held().pid);
        return;
      }
    }
    testBacking(owner, wanted, reply);
  }

  private static HeldLocks.@Nullable Range conflict(
      Map.Entry<Owner, OwnedFile> other, Owner owner, HeldLocks.Range wanted) {
    boolean isOther = other.getKey().node().equals(owner.node()) && !other.getKey().equals(owner);
    return isOther ? other.getValue().held().conflict(wanted) : null;
  }

  /** Asks for locks of others than the mount's users. */
  private void testBacking(Owner owner, HeldLocks.Range wanted, LockReply reply) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment lock = arena.allocate(FlockBuffer.BYTES, Long.BYTES);
      fill(lock, wanted);
      int result = FileCalls.fcntl(file(owner).descriptor(), Fcntl.OFD_GETLK, lock.address());
      closeUnused(owner);
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

  /** Answers a free lock now, others when they become free or are given up. */
  synchronized void set(BackingNode node, Setlk.Request request, EmptyReply reply) {
    Wanted wanted =
        new Wanted(
            new Owner(node, request.owner()),
            new HeldLocks.Range(request.type(), request.start(), request.end()),
            request.lockPid(),
            request.fileHandle(),
            request.isFlock() ? flocked(request.fileHandle()) : null);
    int result = attempt(wanted);
    if (result == -Errno.EAGAIN && (request.waits() || mayBeReleased(wanted))) {
      await(request, wanted, reply);
      return;
    }
    if (result < 0) {
      throw new FuseException(-result);
    }
    reply.ok();
    if (request.type() != Lock.F_WRLCK) {
      notifyAll(); // an unlock, or perhaps a write lock that became a read lock
    }
  }

  /** An open file that is not parked from now on; the caller has it open, so nobody closes it. */
  private OpenFile flocked(long fileHandle) {
    OpenFile file = openFiles.use(fileHandle);
    file.keepsOpen = true;
    file.endUse();
    return file;
  }

  /** Takes a lock without waiting; 0 or a negative errno, -EAGAIN when another is in the way. */
  private int attempt(Wanted wanted) {
    OpenFile flock = wanted.flock();
    if (flock != null) {
      int operation =
          switch (wanted.range().type()) {
            case Lock.F_RDLCK -> Lock.LOCK_SH;
            case Lock.F_WRLCK -> Lock.LOCK_EX;
            default -> Lock.LOCK_UN;
          };
      return FileCalls.flock(flock.descriptor, operation | Lock.LOCK_NB);
    }
    if (wanted.range().type() == Lock.F_UNLCK && !files.containsKey(wanted.owner())) {
      return 0;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment lock = arena.allocate(FlockBuffer.BYTES, Long.BYTES);
      fill(lock, wanted.range());
      OwnedFile file = file(wanted.owner());
      int result = FileCalls.fcntl(file.descriptor(), Fcntl.OFD_SETLK, lock.address());
      if (result >= 0) {
        file.held().set(wanted.range());
        if (wanted.range().type() != Lock.F_UNLCK) {
          file.held().pid = wanted.pid();
          file.held().fileHandle = wanted.fileHandle();
        }
      }
      closeUnused(wanted.owner());
      return result == -Errno.EACCES ? -Errno.EAGAIN : result;
    } catch (FuseException e) {
      return -e.errno();
    }
  }

  private static void fill(MemorySegment lock, HeldLocks.Range range) {
    FlockBuffer.TYPE.set(lock, 0, range.type());
    FlockBuffer.START.set(lock, 0, range.start());
    long length = range.end() == Long.MAX_VALUE ? 0 : range.end() - range.start() + 1;
    FlockBuffer.LENGTH.set(lock, 0, length);
  }

  /** The owner's open file of a node. */
  private OwnedFile file(Owner owner) {
    OwnedFile known = files.get(owner);
    if (known != null) {
      return known;
    }
    int pinned = descriptors.pin(owner.node());
    try {
      Scratch scratch = Scratch.current();
      scratch.identity.server();
      int opened = open(pinned, Open.RDWR);
      if (opened == -Errno.EACCES
          || opened == -Errno.EROFS
          || opened == -Errno.ETXTBSY
          || opened == -Errno.EPERM) {
        opened = open(pinned, Open.RDONLY);
      }
      if (opened < 0) {
        throw new FuseException(-opened);
      }
      OwnedFile made = new OwnedFile(opened, new HeldLocks());
      files.put(owner, made);
      return made;
    } finally {
      descriptors.unpin(owner.node());
    }
  }

  private int open(int pinned, int mode) {
    long path = Scratch.current().names.putDescriptor(pinned);
    return descriptors.openFor(() -> NameCalls.openat(At.FDCWD, path, mode | Open.CLOEXEC, 0));
  }

  /** Closes an owner's file that holds nothing. */
  private void closeUnused(Owner owner) {
    OwnedFile file = files.get(owner);
    if (file != null && file.held().isEmpty()) {
      files.remove(owner);
      FileCalls.close(file.descriptor());
    }
  }

  /** True when users of the mount are in the way; who holds a flock(2) is not known here. */
  private boolean mayBeReleased(Wanted wanted) {
    return wanted.flock() != null
        || files.entrySet().stream()
            .anyMatch(other -> conflict(other, wanted.owner(), wanted.range()) != null);
  }

  private void await(Setlk.Request request, Wanted wanted, EmptyReply reply) {
    boolean isTry = !request.waits();
    if (earlyInterrupts.remove(request.unique())) {
      throw new FuseException(isTry ? Errno.EAGAIN : Errno.EINTR);
    }
    if (waiters.size() >= WAITERS_MAX || closed) {
      throw new FuseException(isTry ? Errno.EAGAIN : Errno.ENOLCK);
    }
    if (!isTry && wanted.flock() == null && waitsForItself(wanted)) {
      throw new FuseException(Errno.EDEADLK);
    }
    OptionalLong end = OptionalLong.empty();
    if (isTry) {
      reply.waits(); // the RELEASE that it waits for finds a place
      end = OptionalLong.of(clock.getAsLong() + GRACE_MILLIS * 1_000_000);
    }
    waiters.put(request.unique(), new Waiter(wanted, reply.later(), end));
    if (retrier == null) {
      retrier =
          Thread.ofPlatform().name("fusewire-passthrough-locks").daemon(true).start(this::retry);
    }
    notifyAll();
  }

  /** True when those in the way of a lock wait, perhaps through others, for its owner. */
  private boolean waitsForItself(Wanted wanted) {
    Set<Long> seen = new HashSet<>();
    return reaches(wanted, wanted.owner().owner(), seen);
  }

  private boolean reaches(Wanted wanted, long goal, Set<Long> seen) {
    for (Map.Entry<Owner, OwnedFile> other : files.entrySet()) {
      if (conflict(other, wanted.owner(), wanted.range()) == null) {
        continue;
      }
      long holder = other.getKey().owner();
      if (holder == goal) {
        return true;
      }
      if (!seen.add(holder)) {
        continue;
      }
      for (Waiter waiter : waiters.values()) {
        Wanted next = waiter.wanted();
        if (waiter.end().isEmpty()
            && next.flock() == null
            && next.owner().owner() == holder
            && reaches(next, goal, seen)) {
          return true;
        }
      }
    }
    return false;
  }

  /** The one thread that tries waiting locks again. */
  private synchronized void retry() {
    while (!closed) {
      Iterator<Waiter> all = waiters.values().iterator();
      while (all.hasNext()) {
        Waiter waiter = all.next();
        int result = attempt(waiter.wanted());
        if (result != -Errno.EAGAIN || waiter.isOver(clock.getAsLong())) {
          all.remove();
          boolean delivered = answer(waiter.reply(), -result);
          if (result == 0 && !delivered) {
            giveBack(waiter.wanted()); // the library had answered: nobody knows of this lock
          }
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

  private static boolean answer(EmptyReply reply, int errno) {
    return errno == 0 ? reply.ok() : reply.error(errno);
  }

  private void giveBack(Wanted taken) {
    var range = new HeldLocks.Range(Lock.F_UNLCK, taken.range().start(), taken.range().end());
    var _ =
        attempt(new Wanted(taken.owner(), range, taken.pid(), taken.fileHandle(), taken.flock()));
  }

  /** The caller of a lock got a signal; that may be known here before the lock is. */
  synchronized void interrupt(long unique) {
    Waiter waiter = waiters.remove(unique);
    if (waiter != null) {
      var _ = answer(waiter.reply(), waiter.interrupted());
      return;
    }
    if (earlyInterrupts.size() >= EARLY_INTERRUPTS_MAX) {
      Iterator<Long> eldest = earlyInterrupts.iterator();
      eldest.next();
      eldest.remove();
    }
    earlyInterrupts.add(unique);
  }

  /** An owner closed the file: its locks end. */
  synchronized void releaseOwner(BackingNode node, long owner) {
    OwnedFile file = files.remove(new Owner(node, owner));
    if (file != null) {
      FileCalls.close(file.descriptor());
      notifyAll();
    }
  }

  /** An open file was closed: its flock(2) has ended, and what was locked through it ends. */
  synchronized void released(long fileHandle) {
    Iterator<OwnedFile> all = files.values().iterator();
    while (all.hasNext()) {
      OwnedFile file = all.next();
      if (file.held().fileHandle == fileHandle) {
        all.remove();
        FileCalls.close(file.descriptor());
      }
    }
    giveUpWaiters(fileHandle);
    notifyAll();
  }

  /** The kernel closes no file with a call under way: the library has answered these. */
  private void giveUpWaiters(long fileHandle) {
    Iterator<Waiter> all = waiters.values().iterator();
    while (all.hasNext()) {
      Waiter waiter = all.next();
      if (waiter.wanted().fileHandle() == fileHandle) {
        all.remove();
        giveUp(waiter);
      }
    }
  }

  private static void giveUp(Waiter waiter) {
    var _ = answer(waiter.reply(), Errno.ENOLCK);
  }

  /** Ends all locks and the thread; waiting callers get ENOLCK. */
  void close() {
    Thread ending;
    synchronized (this) {
      closed = true;
      waiters.values().forEach(BackingLocks::giveUp);
      waiters.clear();
      files.values().forEach(file -> FileCalls.close(file.descriptor()));
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
