package io.fusewire.linux.mount;

import io.fusewire.linux.ffi.ErrnoState;
import io.fusewire.linux.ffi.LinuxException;
import io.fusewire.linux.sys.CString;
import io.fusewire.linux.sys.ChannelCalls;
import io.fusewire.linux.sys.FileCalls;
import io.fusewire.linux.sys.SpawnCalls;
import io.fusewire.wire.Errno;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The set-uid helper fusermount3 of Debian's fuse3 (fusermount3(1)): it mounts for ordinary users
 * and passes the descriptor back through a socket.
 */
final class Fusermount {
  private static final int AF_UNIX = 1;
  private static final int SOCK_SEQPACKET_CLOEXEC = 5 | 02000000;
  private static final int MSG_CMSG_CLOEXEC = 0x40000000;
  private static final int O_CLOEXEC = 02000000;
  private static final int SPAWN_ACTIONS_BYTES = 256;
  private static final int CHILD_SOCKET = 3;
  private static final int POLLFD_BYTES = 8;
  private static final short POLLIN = 1;
  private static final int WAIT_MILLIS = 20_000;
  private static final int ERROR_TEXT_BYTES = 4096;

  private Fusermount() {}

  /** What the helper gave us: the device, and the socket that keeps it waiting for our death. */
  record Mounted(int fd, int socket) {}

  /** Mounts; the message of a failure is the helper's own plus the way out. */
  static Mounted mount(MountRequest request, List<String> options) throws LinuxException {
    Path helper = find();
    if (helper == null) {
      throw new LinuxException(
          "fusermount3 is not installed, and only root can mount without it. Install it (Debian:"
              + " apt-get install fuse3), or run as root.");
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment pair = arena.allocate(2L * Integer.BYTES, Integer.BYTES);
      LinuxException.check(
          ChannelCalls.socketpair(AF_UNIX, SOCK_SEQPACKET_CLOEXEC, 0, pair.address()),
          "socketpair",
          "");
      int ours = pair.get(ValueLayout.JAVA_INT, 0);
      int childs = pair.get(ValueLayout.JAVA_INT, Integer.BYTES);
      MemorySegment pipe = arena.allocate(2L * Integer.BYTES, Integer.BYTES);
      int piped = ChannelCalls.pipe(pipe.address(), O_CLOEXEC);
      int errorsIn = piped < 0 ? -1 : pipe.get(ValueLayout.JAVA_INT, 0);
      int errorsOut = piped < 0 ? -1 : pipe.get(ValueLayout.JAVA_INT, Integer.BYTES);
      int pid;
      try {
        List<String> arguments = new ArrayList<>(List.of(helper.toString()));
        arguments.addAll(List.of("-o", String.join(",", options), "--", request.mountPoint()));
        pid = spawn(arena, helper, arguments, childs, errorsOut);
      } finally {
        // Without our copies a helper that dies ends the wait.
        FileCalls.close(childs);
        FileCalls.close(errorsOut);
      }
      int fd = pid < 0 ? -1 : receive(arena, ours);
      if (fd >= 0 && request.autoUnmount()) {
        FileCalls.close(errorsIn);
        return new Mounted(fd, ours);
      }
      FileCalls.close(ours);
      String errors = pid < 0 ? Errno.describe(-pid) : readAll(arena, errorsIn);
      FileCalls.close(errorsIn);
      if (pid > 0) {
        SpawnCalls.waitpid(pid, 0, 0);
      }
      if (fd < 0) {
        throw new LinuxException(explain(request, errors));
      }
      return new Mounted(fd, -1);
    }
  }

  private static String explain(MountRequest request, String errors) {
    String said = errors.isBlank() ? "it said nothing and passed no descriptor" : errors.strip();
    String advice = "";
    if (said.contains("user_allow_other")) {
      advice = " Add the line user_allow_other to /etc/fuse.conf, or mount without allow_other.";
    } else if (said.contains("not permitted")) {
      advice = " Is fusermount3 set-uid root, and may you use /dev/fuse?";
    }
    return "fusermount3 could not mount \"" + request.mountPoint() + "\": " + said + "." + advice;
  }

  /** Unmounts as fusermount3 -u does; 0 or a negative errno. */
  static int unmount(String mountPoint, boolean lazy) {
    Path helper = find();
    if (helper == null) {
      return -Errno.ENOENT;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment pipe = arena.allocate(2L * Integer.BYTES, Integer.BYTES);
      if (ChannelCalls.pipe(pipe.address(), O_CLOEXEC) < 0) {
        return -Errno.EMFILE;
      }
      int errorsIn = pipe.get(ValueLayout.JAVA_INT, 0);
      int errorsOut = pipe.get(ValueLayout.JAVA_INT, Integer.BYTES);
      List<String> arguments = new ArrayList<>(List.of(helper.toString(), "-u"));
      if (lazy) {
        arguments.add("-z");
      }
      arguments.addAll(List.of("--", mountPoint));
      int pid = spawn(arena, helper, arguments, -1, errorsOut);
      FileCalls.close(errorsOut);
      if (pid < 0) {
        FileCalls.close(errorsIn);
        return pid;
      }
      String errors = readAll(arena, errorsIn);
      FileCalls.close(errorsIn);
      MemorySegment status = arena.allocate(ValueLayout.JAVA_INT);
      SpawnCalls.waitpid(pid, status.address(), 0);
      if (status.get(ValueLayout.JAVA_INT, 0) == 0) {
        return 0;
      }
      return errors.contains("busy") ? -Errno.EBUSY : -Errno.EPERM;
    }
  }

  private static @Nullable Path find() {
    String path = System.getenv().getOrDefault("PATH", "") + ":/usr/bin:/bin:/usr/local/bin";
    for (String directory : path.split(":", -1)) {
      Path candidate = Path.of(directory.isEmpty() ? "." : directory, "fusermount3");
      if (Files.isExecutable(candidate)) {
        return candidate;
      }
    }
    return null;
  }

  /** Starts the helper; its pid or a negative errno. Negative descriptors are not passed. */
  private static int spawn(
      Arena arena, Path program, List<String> arguments, int socket, int errors) {
    MemorySegment actions = arena.allocate(SPAWN_ACTIONS_BYTES, Long.BYTES);
    SpawnCalls.actionsInit(actions.address());
    try {
      if (socket >= 0) {
        SpawnCalls.actionsDup(actions.address(), socket, CHILD_SOCKET);
      }
      if (errors >= 0) {
        SpawnCalls.actionsDup(actions.address(), errors, 2);
      }
      List<String> environment = new ArrayList<>();
      for (Map.Entry<String, String> variable : System.getenv().entrySet()) {
        environment.add(variable.getKey() + "=" + variable.getValue());
      }
      environment.add("_FUSE_COMMFD=" + CHILD_SOCKET);
      environment.add("LC_ALL=C");
      MemorySegment pid = arena.allocate(ValueLayout.JAVA_INT);
      int failed =
          SpawnCalls.spawn(
              pid.address(),
              CString.of(arena, program.toString()).address(),
              actions.address(),
              0,
              strings(arena, arguments),
              strings(arena, environment));
      return failed != 0 ? -failed : pid.get(ValueLayout.JAVA_INT, 0);
    } finally {
      SpawnCalls.actionsDestroy(actions.address());
    }
  }

  private static long strings(Arena arena, List<String> texts) {
    MemorySegment array = arena.allocate((texts.size() + 1L) * Long.BYTES, Long.BYTES);
    for (int i = 0; i < texts.size(); i++) {
      array.set(
          ValueLayout.JAVA_LONG, (long) i * Long.BYTES, CString.of(arena, texts.get(i)).address());
    }
    return array.address();
  }

  /** Waits for the descriptor; -1 when the helper ends or stays silent. */
  private static int receive(Arena arena, int socket) {
    MemorySegment pollfd = arena.allocate(POLLFD_BYTES, Integer.BYTES);
    pollfd.set(ValueLayout.JAVA_INT, 0, socket);
    pollfd.set(ValueLayout.JAVA_SHORT, Integer.BYTES, POLLIN);
    if (FileCalls.poll(pollfd.address(), 1, WAIT_MILLIS) <= 0) {
      return -1;
    }
    MemorySegment data = arena.allocate(8, 8);
    MemorySegment vector = arena.allocate(16, 8);
    vector.set(ValueLayout.JAVA_LONG, 0, data.address());
    vector.set(ValueLayout.JAVA_LONG, 8, data.byteSize());
    MemorySegment control = arena.allocate(24, 8);
    MemorySegment message = arena.allocate(56, 8); // struct msghdr
    message.set(ValueLayout.JAVA_LONG, 16, vector.address());
    message.set(ValueLayout.JAVA_LONG, 24, 1);
    message.set(ValueLayout.JAVA_LONG, 32, control.address());
    message.set(ValueLayout.JAVA_LONG, 40, control.byteSize());
    long bytes = ChannelCalls.recvmsg(socket, message.address(), MSG_CMSG_CLOEXEC);
    boolean passed = bytes > 0 && message.get(ValueLayout.JAVA_LONG, 40) >= 20;
    return passed ? control.get(ValueLayout.JAVA_INT, 16) : -1;
  }

  private static String readAll(Arena arena, int fd) {
    MemorySegment buffer = arena.allocate(ERROR_TEXT_BYTES);
    MemorySegment errno = ErrnoState.current();
    long length = 0;
    while (length < ERROR_TEXT_BYTES) {
      long bytes = FileCalls.read(errno, fd, buffer.address() + length, ERROR_TEXT_BYTES - length);
      if (bytes <= 0) {
        break;
      }
      length += bytes;
    }
    byte[] text = buffer.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
    return new String(text, StandardCharsets.UTF_8);
  }
}
