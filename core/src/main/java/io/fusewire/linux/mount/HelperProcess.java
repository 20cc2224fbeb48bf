package io.fusewire.linux.mount;

import io.fusewire.linux.ffi.LinuxException;
import io.fusewire.linux.sys.At;
import io.fusewire.linux.sys.CString;
import io.fusewire.linux.sys.ChannelCalls;
import io.fusewire.linux.sys.FileCalls;
import io.fusewire.linux.sys.IovecBuffer;
import io.fusewire.linux.sys.MessageBuffer;
import io.fusewire.linux.sys.NameCalls;
import io.fusewire.linux.sys.Open;
import io.fusewire.linux.sys.PollBuffer;
import io.fusewire.linux.sys.ProcessCalls;
import io.fusewire.linux.sys.SpawnCalls;
import io.fusewire.wire.Errno;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A child process that may pass a descriptor back, started with posix_spawn(3): a {@link
 * ProcessBuilder} passes no sockets on. Every wait for it is timed. Used by one thread.
 */
final class HelperProcess implements AutoCloseable {
  private static final int AF_UNIX = 1;
  private static final int SOCK_SEQPACKET_CLOEXEC = 5 | Open.CLOEXEC;
  private static final int SOL_SOCKET = 1;
  private static final int SCM_RIGHTS = 1;
  private static final int MSG_CMSG_CLOEXEC = 0x40000000;
  private static final int SIGKILL = 9;

  /** Of posix_spawn_file_actions_t; glibc takes 80, musl less. */
  private static final int SPAWN_ACTIONS_BYTES = 256;

  private static final int CONTROL_BYTES = 24;
  private static final int CONTROL_LEVEL = 8;
  private static final int CONTROL_TYPE = 12;
  private static final int CONTROL_DATA = 16;
  private static final int CHILD_SOCKET = 3;
  private static final int ERROR_TEXT_BYTES = 4096;
  private static final int ERROR_MILLIS = 1_000;
  private static final int END_MILLIS = 2_000;

  private final int pid;
  private final int socket;
  private final int errors;
  private boolean ended;
  private int status;

  private HelperProcess(int pid, int socket, int errors) {
    this.pid = pid;
    this.socket = socket;
    this.errors = errors;
  }

  /**
   * Starts a program.
   *
   * @param arguments with the program's absolute path as the first
   * @param passes whether the program is to pass a descriptor back
   */
  static HelperProcess start(List<String> arguments, boolean passes) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      int nothing = openNothing(arena);
      int[] pipe = {-1, -1};
      int[] pair = {-1, -1};
      int pid = -1;
      try {
        MemorySegment two = arena.allocate(2L * Integer.BYTES, Integer.BYTES);
        LinuxException.check(ChannelCalls.pipe(two.address(), Open.CLOEXEC), "pipe()", "");
        pipe = two.toArray(ValueLayout.JAVA_INT);
        if (passes) {
          int made = ChannelCalls.socketpair(AF_UNIX, SOCK_SEQPACKET_CLOEXEC, 0, two.address());
          LinuxException.check(made, "socketpair()", "");
          pair = two.toArray(ValueLayout.JAVA_INT);
        }
        pid = spawn(arena, arguments, new int[] {nothing, nothing, pipe[1], pair[1]});
        LinuxException.check(pid, "exec(\"" + arguments.getFirst() + "\")", "");
        return new HelperProcess(pid, pair[0], pipe[0]);
      } finally {
        FileCalls.close(nothing);
        // Without our copies a helper that dies ends our wait.
        closeIfOpen(pipe[1]);
        closeIfOpen(pair[1]);
        if (pid < 0) {
          closeIfOpen(pipe[0]);
          closeIfOpen(pair[0]);
        }
      }
    }
  }

  private static int openNothing(Arena arena) throws LinuxException {
    long path = CString.of(arena, "/dev/null").address();
    return LinuxException.check(
        NameCalls.openat(At.FDCWD, path, Open.RDWR | Open.CLOEXEC, 0), "open(\"/dev/null\")", "");
  }

  private static void closeIfOpen(int fd) {
    if (fd >= 0) {
      FileCalls.close(fd);
    }
  }

  /** Gives the child these descriptors as 0, 1, 2, ...; its pid or a negative errno. */
  private static int spawn(Arena arena, List<String> arguments, int[] descriptors) {
    MemorySegment actions = arena.allocate(SPAWN_ACTIONS_BYTES, Long.BYTES);
    SpawnCalls.actionsInit(actions.address());
    try {
      int count = 0;
      for (int fd : descriptors) {
        if (fd >= 0) {
          SpawnCalls.actionsDup(actions.address(), fd, count);
          count++;
        }
      }
      SpawnCalls.actionsCloseFrom(actions.address(), count);
      MemorySegment pid = arena.allocate(ValueLayout.JAVA_INT);
      int failed =
          SpawnCalls.spawn(
              pid.address(),
              CString.of(arena, arguments.getFirst()).address(),
              actions.address(),
              0,
              strings(arena, arguments),
              strings(arena, List.of("PATH=/usr/bin:/bin", "_FUSE_COMMFD=" + CHILD_SOCKET)));
      return failed != 0 ? -failed : pid.get(ValueLayout.JAVA_INT, 0);
    } finally {
      SpawnCalls.actionsDestroy(actions.address());
    }
  }

  private static long strings(Arena arena, List<String> texts) {
    MemorySegment array = arena.allocate((texts.size() + 1L) * Long.BYTES, Long.BYTES);
    for (int i = 0; i < texts.size(); i++) {
      array.setAtIndex(ValueLayout.JAVA_LONG, i, CString.of(arena, texts.get(i)).address());
    }
    return array.address();
  }

  /** Waits for the descriptor; -ETIMEDOUT when the child is silent, -EPIPE when it just ends. */
  int receiveDescriptor(int millis) {
    int ready = awaitReadable(socket, millis);
    if (ready < 0) {
      return ready;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment data = arena.allocate(Long.BYTES, Long.BYTES);
      MemorySegment vector = arena.allocate(IovecBuffer.BYTES, Long.BYTES);
      IovecBuffer.BASE.set(vector, 0, data.address());
      IovecBuffer.LENGTH.set(vector, 0, data.byteSize());
      MemorySegment control = arena.allocate(CONTROL_BYTES, Long.BYTES);
      MemorySegment message = arena.allocate(MessageBuffer.BYTES, Long.BYTES);
      MessageBuffer.VECTORS.set(message, 0, vector.address());
      MessageBuffer.VECTOR_COUNT.set(message, 0, 1);
      MessageBuffer.CONTROL.set(message, 0, control.address());
      MessageBuffer.CONTROL_LENGTH.set(message, 0, CONTROL_BYTES);
      long bytes = ChannelCalls.recvmsg(socket, message.address(), MSG_CMSG_CLOEXEC);
      boolean passed =
          bytes > 0
              && MessageBuffer.CONTROL_LENGTH.get(message, 0) > CONTROL_DATA
              && control.get(ValueLayout.JAVA_INT, CONTROL_LEVEL) == SOL_SOCKET
              && control.get(ValueLayout.JAVA_INT, CONTROL_TYPE) == SCM_RIGHTS;
      return passed ? control.get(ValueLayout.JAVA_INT, CONTROL_DATA) : -Errno.EPIPE;
    }
  }

  /** What the child wrote to its standard error, without line ends around it. */
  String errors() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(ERROR_TEXT_BYTES);
      long length = 0;
      while (length < ERROR_TEXT_BYTES && awaitReadable(errors, ERROR_MILLIS) >= 0) {
        long bytes = FileCalls.read(errors, buffer.address() + length, ERROR_TEXT_BYTES - length);
        if (bytes <= 0) {
          break;
        }
        length += bytes;
      }
      byte[] text = buffer.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
      return new String(text, StandardCharsets.UTF_8).strip();
    }
  }

  /** The wait status, 0 after success, or -ETIMEDOUT. */
  int awaitExit(int millis) {
    if (ended) {
      return status;
    }
    int pidfd = SpawnCalls.pidfdOpen(pid);
    if (pidfd >= 0) {
      int ready = awaitReadable(pidfd, millis);
      FileCalls.close(pidfd);
      if (ready < 0) {
        return ready;
      }
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment word = arena.allocate(ValueLayout.JAVA_INT);
      int result = SpawnCalls.waitpid(pid, word.address(), 0);
      while (result == -Errno.EINTR) {
        result = SpawnCalls.waitpid(pid, word.address(), 0);
      }
      ended = true;
      status = result < 0 ? result : word.get(ValueLayout.JAVA_INT, 0);
      return status;
    }
  }

  /** Ends the child at once. */
  void kill() {
    if (!ended) {
      ProcessCalls.kill(pid, SIGKILL);
    }
  }

  /** Closes our ends, which tells the child to end, and takes its status. */
  @Override
  public void close() {
    closeIfOpen(socket);
    if (awaitExit(END_MILLIS) == -Errno.ETIMEDOUT) {
      kill();
      awaitExit(END_MILLIS);
    }
    closeIfOpen(errors);
  }

  /** 0 when there is something to read or the other end is closed, -ETIMEDOUT otherwise. */
  private static int awaitReadable(int fd, int millis) {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment poll = arena.allocate(PollBuffer.BYTES, Integer.BYTES);
      PollBuffer.FD.set(poll, 0, fd);
      PollBuffer.EVENTS.set(poll, 0, PollBuffer.POLLIN);
      while (true) {
        long left = Math.max(TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime()), 0);
        int ready = FileCalls.poll(poll.address(), 1, (int) left);
        if (ready > 0) {
          return 0;
        }
        if (ready != -Errno.EINTR) {
          return ready == 0 ? -Errno.ETIMEDOUT : ready;
        }
      }
    }
  }
}
