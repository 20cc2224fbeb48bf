package io.fusewire.testkit;

import io.fusewire.raw.FuseException;
import io.fusewire.raw.RawFileSystem;
import io.fusewire.session.Fusewire;
import io.fusewire.session.Mount;
import io.fusewire.session.MountOptions;
import io.fusewire.transport.memory.Call;
import io.fusewire.transport.memory.FakeKernel;
import io.fusewire.transport.memory.KernelSettings;
import io.fusewire.transport.memory.OpenFile;
import io.fusewire.transport.memory.RandomCalls;
import io.fusewire.transport.memory.RequestFrame;
import io.fusewire.transport.memory.Requests;
import io.fusewire.transport.memory.SimExecutor;
import io.fusewire.wire.Errno;
import io.fusewire.wire.flag.InitFlags;
import io.fusewire.wire.flag.SetattrFlags;
import io.fusewire.wire.struct.AttrStruct;
import io.fusewire.wire.struct.Dirent;
import io.fusewire.wire.struct.EntryOut;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * A file system under test behind a kernel that this process plays: no root, no mount, no threads.
 * It resolves paths, makes the requests that Linux makes and checks what Linux checks. Handlers run
 * on the caller's thread in an order that follows from the seed.
 *
 * <p>For one thread. Closing it unmounts and throws an {@link AssertionError} for everything that a
 * real kernel would have refused, and for lookups, files and requests that were lost.
 */
public final class FakeMount implements FileTarget, AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final long TASKS_MAX = 10_000_000;
  private static final int RESCUES_MAX = 100;
  private static final int S_IFMT = 0170000;
  private static final int S_IFDIR = 0040000;
  private static final int S_IFREG = 0100000;
  private static final int O_RDWR = 2;
  private static final int LIST_BYTES = 1000;
  private static final int XATTR_BYTES = 1000;
  private static final long SIGNAL_NANOS_MAX = 200_000;

  private final FakeKernel kernel;
  private final Mount mount;
  private final long seed;
  private boolean hasOpen = true;
  private boolean hasOpendir = true;
  private boolean hasCreate = true;

  private FakeMount(RawFileSystem fileSystem, MountOptions options, long seed) throws IOException {
    this.seed = seed;
    SimExecutor executor = new SimExecutor(seed);
    kernel = new FakeKernel(KernelSettings.newest(), executor, seed);
    MountOptions ours = options.executor(executor).noShutdownHook();
    mount = Fusewire.serve(fileSystem, kernel.transport(), ours);
    kernel.connect();
  }

  /** Serves a file system with default options. */
  public static FakeMount serve(RawFileSystem fileSystem, long seed) throws IOException {
    return serve(fileSystem, MountOptions.create(), seed);
  }

  /** Serves a file system; the executor in the options becomes the one of this mount. */
  public static FakeMount serve(RawFileSystem fileSystem, MountOptions options, long seed)
      throws IOException {
    return new FakeMount(fileSystem, options, seed);
  }

  /**
   * Lets many virtual CPUs make random calls at once, with signals, kills, read-ahead, writeback,
   * forgets and malformed frames between them.
   *
   * @throws AssertionError when a CPU does not get through, or an answer is wrong
   */
  public void randomCalls(int cpus, int callsEach) {
    RandomCalls.Mix mix =
        new RandomCalls.Mix(cpus, callsEach, 50_000, 10, SIGNAL_NANOS_MAX, 10, 20, 5);
    RandomCalls calls = new RandomCalls(kernel, mix, seed);
    calls.start();
    kernel.run(TASKS_MAX);
    for (int i = 0; i < RESCUES_MAX && !calls.isDone(); i++) {
      kernel.processing().forEach(kernel::signal); // a lock that waits ends with its caller
      kernel.run(TASKS_MAX);
    }
    Check.that(calls.isDone(), "every call was answered, but not " + kernel.processing());
    Check.that(calls.problems().isEmpty(), "every answer was right: " + calls.problems());
  }

  /** Drops all nodes that are not in use, as when memory is short. */
  public void forgetAll() {
    kernel.forgetAll();
    kernel.run(TASKS_MAX);
  }

  @Override
  public void close() {
    kernel.unmount(TASKS_MAX);
    mount.close();
    Check.that(kernel.violations().isEmpty(), "the kernel took everything: " + kernel.violations());
    Check.equal(0, kernel.callsOpen(), "calls without an answer");
    Check.equal(0, kernel.transport().slotsInUse(), "requests in the server's hands");
  }

  // ---- requests ----------------------------------------------------------------------------

  private record Found(long node, boolean isDirectory, long size, int names) {}

  private Call ask(RequestFrame frame) {
    return await(kernel.call(frame));
  }

  private Call await(Call call) {
    try {
      kernel.await(call, PATIENCE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    if (call.errno() != 0) {
      throw new FuseException(call.errno());
    }
    return call;
  }

  private String attempt(Supplier<String> operation) {
    try {
      return operation.get();
    } catch (FuseException e) {
      return FileTarget.failure(e.errno());
    } finally {
      forgetAll();
    }
  }

  private static String parent(String path) {
    return path.substring(0, path.lastIndexOf('/'));
  }

  private static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private Found find(String path) {
    if (path.isEmpty() || path.equals("/")) {
      return new Found(RawFileSystem.ROOT, true, 0, 1);
    }
    Call call = ask(Requests.lookup(directory(parent(path)), name(path)));
    MemorySegment body = call.body();
    long attributes = EntryOut.ATTR.offset();
    if (EntryOut.NODEID.get(body, 0) == 0) {
      throw new FuseException(Errno.ENOENT);
    }
    return new Found(
        EntryOut.NODEID.get(body, 0),
        (AttrStruct.MODE.get(body, attributes) & S_IFMT) == S_IFDIR,
        AttrStruct.SIZE.get(body, attributes),
        AttrStruct.NLINK.get(body, attributes));
  }

  private long directory(String path) {
    Found found = find(path);
    if (!found.isDirectory) {
      throw new FuseException(Errno.ENOTDIR);
    }
    return found.node;
  }

  private long file(String path) {
    Found found = find(path);
    if (found.isDirectory) {
      throw new FuseException(Errno.EISDIR);
    }
    return found.node;
  }

  private boolean exists(String path) {
    try {
      find(path);
      return true;
    } catch (FuseException e) {
      if (e.errno() == Errno.ENOENT) {
        directory(parent(path)); // its parent must be there
        return false;
      }
      throw e;
    }
  }

  /** Opens a file or directory: its handle, 0 for a server that needs no OPEN. */
  private long open(long node, boolean isDirectory) {
    if (isDirectory ? !hasOpendir : !hasOpen) {
      return 0;
    }
    try {
      ask(isDirectory ? Requests.opendir(node) : Requests.open(node, O_RDWR));
    } catch (FuseException e) {
      long flag = isDirectory ? InitFlags.NO_OPENDIR_SUPPORT : InitFlags.NO_OPEN_SUPPORT;
      if (e.errno() != Errno.ENOSYS || (kernel.initFlags() & flag) == 0) {
        throw e;
      }
      hasOpen &= isDirectory;
      hasOpendir &= !isDirectory;
      return 0;
    }
    return kernel.openFiles().iterator().next().handle();
  }

  private void closeAll() {
    for (OpenFile open : kernel.openFiles()) {
      ignoringEnosys(() -> await(kernel.close(open)));
    }
    kernel.run(TASKS_MAX);
  }

  /** Some requests may be unknown to the server; the kernel then does without. */
  private static boolean ignoringEnosys(Runnable operation) {
    try {
      operation.run();
      return true;
    } catch (FuseException e) {
      if (e.errno() != Errno.ENOSYS) {
        throw e;
      }
      return false;
    }
  }

  /** With CREATE, or for a server without it with MKNOD and OPEN. */
  private void createNew(long parent, String name) {
    int mode = S_IFREG | 0644;
    hasCreate = hasCreate && ignoringEnosys(() -> ask(Requests.create(parent, name, mode, O_RDWR)));
    if (!hasCreate) {
      Call call = ask(Requests.mknod(parent, name, mode));
      open(EntryOut.NODEID.get(call.body(), 0), false);
    }
  }

  // ---- system calls ------------------------------------------------------------------------

  @Override
  public String create(String path) {
    return attempt(
        () -> {
          if (exists(path)) {
            open(file(path), false);
          } else {
            createNew(directory(parent(path)), name(path));
          }
          closeAll();
          return "0";
        });
  }

  @Override
  public String mkdir(String path) {
    return attempt(
        () -> {
          if (exists(path)) {
            throw new FuseException(Errno.EEXIST);
          }
          ask(Requests.mkdir(directory(parent(path)), name(path), S_IFDIR | 0755));
          return "0";
        });
  }

  @Override
  public String unlink(String path) {
    return attempt(
        () -> {
          file(path);
          ask(Requests.unlink(directory(parent(path)), name(path)));
          return "0";
        });
  }

  @Override
  public String rmdir(String path) {
    return attempt(
        () -> {
          directory(path);
          ask(Requests.rmdir(directory(parent(path)), name(path)));
          return "0";
        });
  }

  @Override
  public String rename(String from, String to) {
    return attempt(
        () -> {
          long parent = directory(parent(from));
          long newParent = directory(parent(to));
          Found moved = find(from);
          boolean isReplacing = exists(to);
          if (to.startsWith(from + "/")) {
            throw new FuseException(Errno.EINVAL);
          }
          if (from.startsWith(to + "/")) {
            throw new FuseException(Errno.ENOTEMPTY);
          }
          if (isReplacing) {
            Found replaced = find(to);
            if (replaced.node == moved.node) {
              return "0";
            }
            if (moved.isDirectory != replaced.isDirectory) {
              throw new FuseException(moved.isDirectory ? Errno.ENOTDIR : Errno.EISDIR);
            }
          }
          ask(Requests.rename(parent, name(from), newParent, name(to), 0));
          return "0";
        });
  }

  @Override
  public String link(String from, String to) {
    return attempt(
        () -> {
          Found found = find(from);
          if (exists(to)) {
            throw new FuseException(Errno.EEXIST);
          }
          if (found.isDirectory) {
            throw new FuseException(Errno.EPERM);
          }
          ask(Requests.link(found.node, directory(parent(to)), name(to)));
          return "0";
        });
  }

  @Override
  public String truncate(String path, long size) {
    return attempt(
        () -> {
          ask(Requests.setattr(file(path), SetattrFlags.SIZE).set("size", size));
          return "0";
        });
  }

  @Override
  public String write(String path, long offset, int length, byte value) {
    return attempt(
        () -> {
          long node = file(path);
          long handle = open(node, false);
          byte[] data = new byte[length];
          Arrays.fill(data, value);
          Call call = ask(Requests.write(node, handle, offset, data));
          closeAll();
          return Integer.toString(call.body().get(ValueLayout.JAVA_INT_UNALIGNED, 0));
        });
  }

  @Override
  public String read(String path, long offset, int length) {
    return attempt(
        () -> {
          long node = file(path);
          long handle = open(node, false);
          Call call = ask(Requests.read(node, handle, offset, length));
          closeAll();
          return FileTarget.sum(call.body().toArray(ValueLayout.JAVA_BYTE));
        });
  }

  @Override
  public String list(String path) {
    return attempt(
        () -> {
          long node = directory(path);
          long handle = open(node, true);
          Set<String> names = new TreeSet<>();
          long next = 0;
          MemorySegment page;
          do {
            page = ask(Requests.readdir(node, handle, next, LIST_BYTES)).body();
            next = collect(page, names, next);
          } while (page.byteSize() > 0);
          closeAll();
          return names.toString();
        });
  }

  /** Takes the names out of one answer; gives where the next one starts. */
  private static long collect(MemorySegment page, Set<String> names, long start) {
    long next = start;
    long position = 0;
    while (position < page.byteSize()) {
      int length = Dirent.NAMELEN.get(page, position);
      byte[] bytes = page.asSlice(position + Dirent.SIZE, length).toArray(ValueLayout.JAVA_BYTE);
      String name = new String(bytes, StandardCharsets.UTF_8);
      if (!name.equals(".") && !name.equals("..") && !names.add(name)) {
        throw new AssertionError(name + " is listed twice");
      }
      next = Dirent.OFF.get(page, position);
      position += (Dirent.SIZE + length + Long.BYTES - 1L) & -Long.BYTES;
    }
    return next;
  }

  @Override
  public String stat(String path) {
    return attempt(
        () -> {
          Found found = find(path);
          ask(Requests.getattr(found.node));
          return FileTarget.stat(found.isDirectory, found.size, found.names);
        });
  }

  @Override
  public String setxattr(String path, String name, byte value) {
    return attempt(
        () -> {
          ask(Requests.setxattr(find(path).node, name, new byte[] {value}, 0));
          return "0";
        });
  }

  @Override
  public String getxattr(String path, String name) {
    return attempt(
        () -> {
          Call call = ask(Requests.getxattr(find(path).node, name, XATTR_BYTES));
          return FileTarget.sum(call.body().toArray(ValueLayout.JAVA_BYTE));
        });
  }

  @Override
  public String removexattr(String path, String name) {
    return attempt(
        () -> {
          ask(Requests.removexattr(find(path).node, name));
          return "0";
        });
  }
}
