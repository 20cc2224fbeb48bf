package io.fusewire.session;

import io.fusewire.linux.mount.MountFlags;
import io.fusewire.linux.mount.MountRequest;
import io.fusewire.raw.Execution;
import io.fusewire.raw.Negotiation;
import io.fusewire.raw.RawFileSystem;
import io.fusewire.raw.ReplyPolicy;
import io.fusewire.schedule.ScheduleSettings;
import io.fusewire.transport.uring.UringTransport;
import io.fusewire.wire.flag.InitFlags;
import io.fusewire.wire.flag.OpenFlags;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * How a file system is mounted. Set before the mount, by one thread; a mount keeps what it was
 * given. {@link #option} takes the same things as text, as {@code -o} of a command line.
 */
public final class MountOptions extends SchedulingOptions<MountOptions> {
  /** The largest WRITE unless said otherwise: what the kernel takes by default, in bytes. */
  public static final int MAX_WRITE_DEFAULT = 1 << 20;

  /** The kernel's background requests unless said otherwise. */
  public static final int MAX_BACKGROUND_DEFAULT = 64;

  private static final long DEFAULT_CAPABILITIES =
      InitFlags.ASYNC_READ
          | InitFlags.BIG_WRITES
          | InitFlags.ATOMIC_O_TRUNC
          | InitFlags.MAX_PAGES
          | InitFlags.INIT_EXT
          | InitFlags.PARALLEL_DIROPS
          | InitFlags.ASYNC_DIO
          | InitFlags.SETXATTR_EXT
          | InitFlags.DIRECT_IO_ALLOW_MMAP;

  static final int READERS_MAX = 64;

  String fsName = "fusewire";
  @Nullable String subtype = "fusewire";
  long flags = MountFlags.NOSUID | MountFlags.NODEV;
  boolean allowOther;
  boolean allowRoot;
  boolean defaultPermissions;
  boolean nonEmpty;
  boolean autoUnmount;
  boolean replaceStale;
  boolean shutdownHook = true;
  int uid = ReplyPolicy.UNCHANGED;
  int gid = ReplyPolicy.UNCHANGED;
  int maxRead;
  int maxWrite = MAX_WRITE_DEFAULT;
  int maxPages;
  int maxReadahead = Integer.MAX_VALUE;
  int maxBackground = MAX_BACKGROUND_DEFAULT;
  int congestionThreshold = -1;
  int timeGranularityNanos = 1;
  TransportKind transport = TransportKind.standard();
  int ringDepth;
  int maxStackDepth = 1;
  int readers = Math.clamp(Runtime.getRuntime().availableProcessors(), 2, 4);
  int platformThreads = 8;
  int openFlags;
  long required;
  long refused;
  boolean readdirplusOnly;
  Duration handshakeTimeout = Duration.ofSeconds(20);
  Duration closeTimeout = Duration.ofSeconds(5);
  @Nullable Executor executor;
  @Nullable Appendable trace;
  final List<String> customOptions = new ArrayList<>();

  private MountOptions() {}

  @Override
  MountOptions self() {
    return this;
  }

  /** The defaults: for the mounting user alone, writable, nosuid, nodev. */
  public static MountOptions create() {
    return new MountOptions();
  }

  /** The source shown in the mount table. */
  public MountOptions fsName(String name) {
    fsName = name;
    return this;
  }

  /** The type shown in the mount table behind {@code fuse.}; empty for plain {@code fuse}. */
  public MountOptions subtype(String type) {
    subtype = type.isEmpty() ? null : type;
    return this;
  }

  /** Refuses all changes. */
  public MountOptions readOnly() {
    flags |= MountFlags.RDONLY;
    return this;
  }

  /** Lets all users in, not only the one who mounts. */
  public MountOptions allowOther() {
    allowOther = true;
    return this;
  }

  /** Lets root in beside the user who mounts; everybody else gets EACCES. */
  public MountOptions allowRoot() {
    allowRoot = true;
    return this;
  }

  /** Has the kernel check permissions by mode and owner. */
  public MountOptions defaultPermissions() {
    defaultPermissions = true;
    return this;
  }

  /** Mounts over a directory that is not empty. */
  public MountOptions nonEmpty() {
    nonEmpty = true;
    return this;
  }

  /**
   * Has a helper process unmount when this process dies; needs fusermount3. Requests come on {@code
   * /dev/fuse} then, unless io_uring is asked for, with which it may fail.
   */
  public MountOptions autoUnmount() {
    autoUnmount = true;
    return this;
  }

  /** Removes the mount of a dead process from the mount point first. */
  public MountOptions replaceStale() {
    replaceStale = true;
    return this;
  }

  /** Shows this user as the owner of everything. */
  public MountOptions uid(int user) {
    uid = user;
    return this;
  }

  /** Shows this group as the group of everything. */
  public MountOptions gid(int group) {
    gid = group;
    return this;
  }

  /** The largest READ in bytes; 0 leaves it to the kernel. */
  public MountOptions maxRead(int bytes) {
    maxRead = notNegative("max_read", bytes);
    return this;
  }

  /** The largest WRITE in bytes, at least 4096; the kernel's page limit may lower it. */
  public MountOptions maxWrite(int bytes) {
    maxWrite = notNegative("max_write", bytes);
    return this;
  }

  /** The most pages of one READ or WRITE; 0, the default, takes it from max_write. */
  public MountOptions maxPages(int pages) {
    maxPages = notNegative("max_pages", pages);
    return this;
  }

  /** The largest read-ahead in bytes; the kernel's own value is the upper limit. */
  public MountOptions maxReadahead(int bytes) {
    maxReadahead = notNegative("max_readahead", bytes);
    return this;
  }

  /** How many background requests (read-ahead, writeback) the kernel sends at once. */
  public MountOptions maxBackground(int requests) {
    maxBackground = notNegative("max_background", requests);
    return this;
  }

  /** From how many background requests on the kernel holds back; three quarters by default. */
  public MountOptions congestionThreshold(int requests) {
    congestionThreshold = notNegative("congestion_threshold", requests);
    return this;
  }

  /** The resolution of the file system's time stamps in nanoseconds. */
  public MountOptions timeGranularityNanos(int nanos) {
    timeGranularityNanos = notNegative("time_gran", nanos);
    return this;
  }

  /**
   * How requests come in; {@link TransportKind#AUTO} unless this or the system property {@value
   * TransportKind#PROPERTY} says otherwise.
   */
  public MountOptions transport(TransportKind kind) {
    transport = kind;
    return this;
  }

  /**
   * How many requests each CPU may have in flight on io_uring, 1 to {@value
   * UringTransport#DEPTH_MAX}; by default its share of those in flight, 16 to 128. Each that was
   * ever used at the same time takes as much memory as the largest request it carried.
   */
  public MountOptions ringDepth(int requests) {
    if (requests < 1 || requests > UringTransport.DEPTH_MAX) {
      throw new IllegalArgumentException(
          "ring_depth is " + requests + ": write 1 to " + UringTransport.DEPTH_MAX);
    }
    ringDepth = requests;
    return this;
  }

  /** How deep file systems may be stacked for backing files: {@link Negotiation#maxStackDepth}. */
  public MountOptions maxStackDepth(int depth) {
    maxStackDepth = Math.clamp(depth, 1, Negotiation.MAX_STACK_DEPTH_MAX);
    return this;
  }

  /** How many threads read requests, 1 to {@value #READERS_MAX}. */
  public MountOptions readers(int threads) {
    readers = Math.clamp(threads, 1, READERS_MAX);
    return this;
  }

  /** How many platform threads more serve a file system that sits in system calls. */
  public MountOptions platformThreads(int threads) {
    platformThreads = Math.clamp(threads, 1, READERS_MAX);
    return this;
  }

  /** Runs the handlers declared VIRTUAL instead of a virtual thread for each. */
  public MountOptions executor(Executor runner) {
    executor = runner;
    return this;
  }

  /** Requires these INIT capabilities; without them there is no mount. */
  public MountOptions require(long initFlags) {
    required |= initFlags;
    refused &= ~initFlags;
    return this;
  }

  /** Does without these INIT capabilities, whatever the file system wants. */
  public MountOptions refuse(long initFlags) {
    refused |= initFlags;
    required &= ~initFlags;
    return this;
  }

  /** Opens every file with these {@link OpenFlags} besides the file system's own. */
  public MountOptions openFlags(int flags) {
    openFlags |= flags;
    return this;
  }

  /** Reads and writes all files past the page cache; directories are not meant. */
  public MountOptions directIo() {
    return openFlags(OpenFlags.DIRECT_IO);
  }

  /** Keeps the cached pages of all files from one open to the next. */
  public MountOptions kernelCache() {
    return openFlags(OpenFlags.KEEP_CACHE);
  }

  /** Has the kernel collect writes and send them later. */
  public MountOptions writebackCache() {
    return require(InitFlags.WRITEBACK_CACHE);
  }

  /** Leaves umask to the file system: modes come as the caller gave them, with the umask beside. */
  public MountOptions dontMask() {
    return require(InitFlags.DONT_MASK);
  }

  /** Has the kernel send no OPEN once one was answered with ENOSYS. */
  public MountOptions noOpenSupport() {
    return require(InitFlags.NO_OPEN_SUPPORT);
  }

  /** Has the kernel send no OPENDIR once one was answered with ENOSYS. */
  public MountOptions noOpendirSupport() {
    return require(InitFlags.NO_OPENDIR_SUPPORT);
  }

  /** Leaves it to the file system to clear set-uid and set-gid on write, chown and truncate. */
  public MountOptions handleKillpriv() {
    return require(InitFlags.HANDLE_KILLPRIV);
  }

  /** Mounts for this user id instead of one's own; only where this process may mount itself. */
  public MountOptions userId(int user) {
    return custom("user_id=" + Integer.toUnsignedString(user));
  }

  /** Mounts for this group id instead of one's own; only where this process may mount itself. */
  public MountOptions groupId(int group) {
    return custom("group_id=" + Integer.toUnsignedString(group));
  }

  /** The root's file type and permissions until the file system is first asked for them. */
  public MountOptions rootMode(int mode) {
    return custom("rootmode=" + Integer.toOctalString(mode));
  }

  /** Lists directories with READDIRPLUS only; READDIR is answered with ENOSYS. */
  public MountOptions forceReaddirplus() {
    readdirplusOnly = true;
    return require(InitFlags.DO_READDIRPLUS).refuse(InitFlags.READDIRPLUS_AUTO);
  }

  /** Writes one line for each request and each reply here. */
  public MountOptions trace(Appendable out) {
    trace = out;
    return this;
  }

  /** How long each step of closing may take. */
  public MountOptions closeTimeout(Duration time) {
    closeTimeout = time;
    return this;
  }

  /** How long the kernel may take to begin. */
  public MountOptions handshakeTimeout(Duration time) {
    handshakeTimeout = time;
    return this;
  }

  /** Leaves unmounting at the end of the process to the caller. */
  public MountOptions noShutdownHook() {
    shutdownHook = false;
    return this;
  }

  /** Adds an option of the kernel's FUSE as it stands. */
  public MountOptions custom(String option) {
    customOptions.add(option);
    return this;
  }

  /**
   * Takes options as text, separated by commas: {@code ro,allow_other,max_read=65536}. A comma
   * within a value is written {@code \,}.
   *
   * @throws IllegalArgumentException naming an option that is unknown or has a wrong value
   */
  public MountOptions option(String text) {
    if (!text.isEmpty()) { // a hundred small classes that a plain mount needs none of
      OptionParser.parse(this, text);
    }
    return this;
  }

  /**
   * Checks that these options go together and suit a file system; every mount begins with it.
   *
   * @throws IllegalArgumentException naming what does not fit, and what to write instead
   */
  public void check(RawFileSystem fileSystem) {
    schedule(null, null).needsPlatformThreads(fileSystem);
  }

  Duration handshakeTimeout() {
    return handshakeTimeout;
  }

  /** How long each step of closing may take. */
  public Duration closeTimeout() {
    return closeTimeout;
  }

  private static int notNegative(String option, int value) {
    if (value < 0) {
      throw new IllegalArgumentException(option + " is negative: " + value);
    }
    return value;
  }

  /** What the mount asks before the file system adjusts it. */
  void propose(Negotiation negotiation) {
    negotiation
        .want(DEFAULT_CAPABILITIES)
        .maxWrite(maxWrite)
        .maxPages(maxPages)
        .maxReadahead(maxReadahead)
        .maxBackground(maxBackground)
        .congestionThreshold(congestionThreshold < 0 ? maxBackground * 3 / 4 : congestionThreshold)
        .timeGranularityNanos(timeGranularityNanos)
        .maxStackDepth(maxStackDepth);
    proposeConcurrency(negotiation);
    insist(negotiation);
  }

  /** What the user said counts more than what the file system wants. */
  void insist(Negotiation negotiation) {
    negotiation.require(required).refuse(refused);
    if (transport == TransportKind.URING) {
      negotiation.require(InitFlags.OVER_IO_URING);
    }
  }

  UringTransport.Depth ringDepths() {
    return new UringTransport.Depth(ringDepth, schedule(null, null).limits().requests());
  }

  /**
   * True when requests may come through io_uring, given what the file system declares. A dead
   * server's rings outlive its process for a moment: the helper of auto_unmount, which looks at
   * once, then finds no dead mount and leaves it there.
   */
  boolean mayUseRings(RawFileSystem fileSystem) {
    if (transport != TransportKind.AUTO) {
      return transport == TransportKind.URING;
    }
    ScheduleSettings settings = schedule(null, null);
    return !autoUnmount
        && TransportKind.HOT.stream()
            .allMatch(opcode -> settings.execution(fileSystem, opcode) == Execution.INLINE);
  }

  ReplyPolicy policy() {
    return new ReplyPolicy(uid, gid, openFlags);
  }

  MountRequest request(String mountPoint) {
    List<String> kernel = new ArrayList<>();
    if (allowOther || allowRoot) {
      kernel.add("allow_other");
    }
    if (defaultPermissions) {
      kernel.add("default_permissions");
    }
    if (maxRead > 0) {
      kernel.add("max_read=" + maxRead);
    }
    kernel.addAll(customOptions);
    return new MountRequest(
        mountPoint, fsName, subtype, flags, List.copyOf(kernel), nonEmpty, autoUnmount);
  }
}
