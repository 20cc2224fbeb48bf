package io.fusewire.transport.memory;

import io.fusewire.wire.Errno;
import io.fusewire.wire.Opcode;
import io.fusewire.wire.flag.WriteFlags;
import io.fusewire.wire.struct.AttrStruct;
import io.fusewire.wire.struct.EntryOut;
import io.fusewire.wire.struct.InHeader;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Virtual CPUs that make random calls, each one at a time: names, data, locks, read-ahead and
 * writeback, with signals, kills, forgets and malformed frames in between. Everything follows from
 * the seed and from the answers.
 */
public final class RandomCalls {
  private static final int S_IFMT = 0170000;
  private static final int S_IFDIR = 0040000;
  private static final int MODE = 0100644;
  private static final int PERCENT = 100;
  private static final int NAMES = 12;
  private static final int DATA_MAX = 3000;
  private static final int OPEN_FILES_MAX = 64;
  private static final int UNKNOWN_OPCODE = 63;
  private static final int O_RDWR = 2;
  private static final int WRITE_LOCK = 1;
  private static final int UNLOCK = 2;

  /**
   * How much of what.
   *
   * @param cpus how many make calls at once
   * @param callsEach how many calls each makes
   * @param thinkNanosMax the longest pause between two calls
   * @param signalPercent how many callers get a signal, and a tenth of them is killed
   * @param signalNanosMax the latest time for a signal, from the call on
   * @param backgroundPercent how many calls also cause background requests
   * @param forgetPercent after how many calls a node is forgotten
   * @param malformedPercent how many calls are malformed
   */
  public record Mix(
      int cpus,
      int callsEach,
      long thinkNanosMax,
      int signalPercent,
      long signalNanosMax,
      int backgroundPercent,
      int forgetPercent,
      int malformedPercent) {}

  private final FakeKernel kernel;
  private final Mix mix;
  private final SplittableRandom random;
  private final List<Long> directories = new ArrayList<>();
  private final List<Long> others = new ArrayList<>();
  private final Map<OpenFile, Integer> busy = new HashMap<>();
  private final List<String> problems = new ArrayList<>();
  private long longestNanos;
  private int cpusDone;

  /** Calls on a connection that {@link FakeKernel#connect} has opened. */
  public RandomCalls(FakeKernel kernel, Mix mix, long seed) {
    this.kernel = kernel;
    this.mix = mix;
    this.random = new SplittableRandom(seed);
    directories.add(KernelNodes.ROOT);
  }

  /** Sets all CPUs going; {@link FakeKernel#run} does the work. */
  public void start() {
    for (int cpu = 0; cpu < mix.cpus; cpu++) {
      pause(mix.callsEach);
    }
  }

  /** True when every CPU has made its calls and got its answers. */
  public boolean isDone() {
    return cpusDone == mix.cpus;
  }

  /** The longest time that a call took, in virtual nanoseconds. */
  public long longestNanos() {
    return longestNanos;
  }

  /** Answers that were wrong whatever the file system is; empty for a correct server. */
  public List<String> problems() {
    return List.copyOf(problems);
  }

  private void pause(int callsLeft) {
    kernel.executor().after(random.nextLong(mix.thinkNanosMax + 1), () -> next(callsLeft));
  }

  private void next(int callsLeft) {
    if (callsLeft == 0) {
      cpusDone++;
      return;
    }
    Call call = happens(mix.malformedPercent) ? malformed() : wellFormed();
    if (happens(mix.signalPercent)) {
      boolean deadly = random.nextInt(10) == 0;
      kernel
          .executor()
          .after(
              random.nextLong(mix.signalNanosMax + 1),
              deadly ? () -> kernel.kill(call) : () -> kernel.signal(call));
    }
    if (happens(mix.backgroundPercent)) {
      inBackground();
    }
    call.then(
        ended -> {
          longestNanos = Math.max(longestNanos, kernel.executor().nanos() - ended.started());
          learn(ended);
          if (happens(mix.forgetPercent)) {
            forget();
          }
          pause(callsLeft - 1);
        });
  }

  private boolean happens(int percent) {
    return random.nextInt(PERCENT) < percent;
  }

  // ---- calls -------------------------------------------------------------------------------

  private Call wellFormed() {
    OpenFile file = anyOpen();
    int choice = random.nextInt(PERCENT);
    if (file == null || choice < 50) {
      return kernel.call(byName());
    }
    if (choice < 60 && !busy.containsKey(file)) {
      return kernel.close(file);
    }
    return onOpen(file, kernel.call(file.isDirectory() ? listing(file) : io(file)));
  }

  private Call onOpen(OpenFile file, Call call) {
    busy.merge(file, 1, Integer::sum);
    return call.then(
        ended -> busy.computeIfPresent(file, (f, n) -> n == 1 ? null : Integer.valueOf(n - 1)));
  }

  private RequestFrame byName() {
    long directory = any(directories);
    long node = random.nextBoolean() || others.isEmpty() ? directory : any(others);
    return switch (random.nextInt(19)) {
      case 0, 1, 2, 3 -> Requests.lookup(directory, name());
      case 4 -> Requests.getattr(node);
      case 5 -> Requests.setattr(node, 0);
      case 6, 7 -> creation(directory);
      case 8 -> Requests.mkdir(directory, name(), MODE);
      case 9 -> Requests.mknod(directory, name(), MODE);
      case 10 -> Requests.unlink(directory, name());
      case 11 -> Requests.rmdir(directory, name());
      case 12 -> Requests.rename(directory, name(), any(directories), name(), 0);
      case 13 -> Requests.statfs(directory);
      case 14 -> Requests.getxattr(node, "user." + name(), random.nextInt(2) * DATA_MAX);
      case 15 -> Requests.setxattr(node, "user." + name(), data(), 0);
      case 16 -> Requests.listxattr(node, random.nextInt(2) * DATA_MAX);
      case 17 -> Requests.link(node, directory, name());
      default -> opening(node);
    };
  }

  private RequestFrame creation(long directory) {
    boolean mayOpen = kernel.openFiles().size() < OPEN_FILES_MAX;
    return mayOpen
        ? Requests.create(directory, name(), MODE, O_RDWR)
        : Requests.mknod(directory, name(), MODE);
  }

  private RequestFrame opening(long node) {
    if (kernel.openFiles().size() >= OPEN_FILES_MAX) {
      return Requests.access(node, 0);
    }
    return directories.contains(node) ? Requests.opendir(node) : Requests.open(node, O_RDWR);
  }

  private RequestFrame listing(OpenFile file) {
    int size = 200 + random.nextInt(DATA_MAX);
    return random.nextBoolean()
        ? Requests.readdir(file.node(), file.handle(), random.nextInt(4), size)
        : Requests.readdirplus(file.node(), file.handle(), random.nextInt(4), size);
  }

  private RequestFrame io(OpenFile file) {
    long offset = random.nextInt(DATA_MAX);
    long owner = 1L + random.nextInt(3);
    return switch (random.nextInt(8)) {
      case 0, 1 -> Requests.read(file.node(), file.handle(), offset, 1 + random.nextInt(DATA_MAX));
      case 2, 3 -> Requests.write(file.node(), file.handle(), offset, data());
      case 4 -> Requests.fsync(file.node(), file.handle());
      case 5 -> Requests.lock(file.node(), file.handle(), owner, WRITE_LOCK, random.nextBoolean());
      case 6 -> Requests.lock(file.node(), file.handle(), owner, UNLOCK, false);
      default -> Requests.flush(file.node(), file.handle(), owner);
    };
  }

  /** A burst of read-ahead, or of writeback as the cache sends it. */
  private void inBackground() {
    OpenFile file = anyOpen();
    if (file == null || file.isDirectory()) {
      return;
    }
    boolean reads = random.nextBoolean();
    for (int i = 1 + random.nextInt(8); i > 0; i--) {
      long offset = random.nextInt(DATA_MAX);
      RequestFrame frame =
          reads
              ? Requests.read(file.node(), file.handle(), offset, DATA_MAX)
              : Requests.write(file.node(), file.handle(), offset, data())
                  .set("write_flags", WriteFlags.CACHE);
      onOpen(file, kernel.background(frame));
    }
  }

  /** Frames that a kernel never sends; none of them may reach a handler. */
  private Call malformed() {
    RequestFrame good = byName();
    byte[] bytes = good.bytes(0, kernel.initFlags());
    MemorySegment head = MemorySegment.ofArray(bytes);
    return switch (random.nextInt(4)) {
      case 0 -> {
        byte[] cut = Arrays.copyOf(bytes, random.nextInt(bytes.length));
        if (cut.length >= InHeader.SIZE) {
          InHeader.LEN.set(MemorySegment.ofArray(cut), 0, cut.length);
        }
        yield kernel.raw(good, cut).then(call -> expect(call, Errno.EINVAL));
      }
      case 1 -> {
        InHeader.OPCODE.set(head, 0, UNKNOWN_OPCODE);
        yield kernel.raw(good, bytes).then(call -> expect(call, Errno.ENOSYS));
      }
      case 2 -> {
        InHeader.TOTAL_EXTLEN.set(head, 0, 1 + bytes.length);
        yield kernel.raw(good, bytes).then(call -> expect(call, Errno.EINVAL));
      }
      default -> {
        RequestFrame batch = RequestFrame.of(Opcode.BATCH_FORGET).set("count", -1);
        yield kernel.raw(batch, batch.data(new byte[16]).bytes(0, 0));
      }
    };
  }

  /** EIO and EINTR are the kernel's own: dropped, or killed before it was read. */
  private void expect(Call call, int errno) {
    int found = call.errno();
    boolean ours = found == Errno.EIO || found == Errno.EINTR || found == Errno.ECONNABORTED;
    if (found != errno && !ours && found != Errno.ENOTCONN) {
      problems.add(Errno.name(found) + " instead of " + Errno.name(errno) + " for " + call);
    }
  }

  // ---- what is known -----------------------------------------------------------------------

  private void learn(Call call) {
    if (call.errno() != 0) {
      return;
    }
    switch (call.opcode()) {
      case LOOKUP, MKNOD, MKDIR, LINK, CREATE -> {
        long node = EntryOut.NODEID.get(call.body(), 0);
        int mode = AttrStruct.MODE.get(call.body(), EntryOut.ATTR.offset());
        List<Long> kind = (mode & S_IFMT) == S_IFDIR ? directories : others;
        if (node != 0 && !kind.contains(node)) {
          kind.add(node);
        }
      }
      default -> {}
    }
  }

  private void forget() {
    List<Long> known = kernel.nodes();
    if (!known.isEmpty()) {
      Long node = any(known);
      if (kernel.forget(node)) {
        directories.remove(node);
        others.remove(node);
      }
    }
  }

  private @Nullable OpenFile anyOpen() {
    List<OpenFile> files = List.copyOf(kernel.openFiles());
    return files.isEmpty() ? null : any(files);
  }

  private <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  private String name() {
    return "n" + random.nextInt(NAMES);
  }

  private byte[] data() {
    byte[] data = new byte[1 + random.nextInt(DATA_MAX)];
    random.nextBytes(data);
    return data;
  }
}
