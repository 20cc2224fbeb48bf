package io.fusewire.filesystems.passthrough;

import io.fusewire.linux.sys.At;
import io.fusewire.linux.sys.Mode;
import io.fusewire.linux.sys.NameBuffer;
import io.fusewire.linux.sys.NameCalls;
import io.fusewire.linux.sys.StatxBuffer;
import io.fusewire.linux.sys.TimespecBuffer;
import io.fusewire.raw.Attributes;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The native memory that one thread needs for its system calls, used again and again. As {@link
 * Attributes} it shows what statx(2) filled last.
 */
final class Scratch implements Attributes {
  /** Bytes for directory entries. */
  static final int DIRENTS_BYTES = 64 * 1024;

  static final int STATX_MASK =
      StatxBuffer.BASIC_STATS | StatxBuffer.BTIME_BIT | StatxBuffer.MNT_ID_BIT;

  private static final ThreadLocal<Scratch> CURRENT = ThreadLocal.withInitial(Scratch::new);

  private final Arena arena = Arena.ofAuto();
  final MemorySegment statx = arena.allocate(StatxBuffer.BYTES, Long.BYTES);
  final MemorySegment times = arena.allocate(2 * TimespecBuffer.BYTES, Long.BYTES);
  final MemorySegment dirents = arena.allocate(DIRENTS_BYTES, Long.BYTES);
  final MemorySegment empty = arena.allocate(1);
  final MemorySegment small = arena.allocate(256, Long.BYTES);
  final MemorySegment handle = arena.allocate(256, Long.BYTES);
  final NameBuffer names = new NameBuffer(arena);
  final Identity identity = new Identity(arena);

  private Scratch() {}

  /** The calling thread's. */
  static Scratch current() {
    return CURRENT.get();
  }

  /** Fills the attributes of a name in a directory; 0 or a negative errno. */
  int stat(int directory, long name) {
    return NameCalls.statx(directory, name, At.SYMLINK_NOFOLLOW, STATX_MASK, statx.address());
  }

  /** Fills the attributes of a descriptor; 0 or a negative errno. */
  int stat(int descriptor) {
    return NameCalls.statx(descriptor, empty.address(), At.EMPTY_PATH, STATX_MASK, statx.address());
  }

  /** The identity of the inode that statx(2) saw last. */
  BackingNode.Key key() {
    long device =
        Integer.toUnsignedLong(StatxBuffer.DEV_MAJOR.get(statx, 0)) << 32
            | Integer.toUnsignedLong(StatxBuffer.DEV_MINOR.get(statx, 0));
    long born = StatxBuffer.BTIME.offset();
    boolean hasBirth = (StatxBuffer.MASK.get(statx, 0) & StatxBuffer.BTIME_BIT) != 0;
    long birth =
        hasBirth
            ? StatxBuffer.SECONDS.get(statx, born) * 1_000_000_000L
                + StatxBuffer.NANOS.get(statx, born)
            : 0;
    boolean hasMount = (StatxBuffer.MASK.get(statx, 0) & StatxBuffer.MNT_ID_BIT) != 0;
    long mount = hasMount && Mode.isDirectory(mode()) ? StatxBuffer.MNT_ID.get(statx, 0) : 0;
    return new BackingNode.Key(device, ino(), birth, mount);
  }

  @Override
  public long ino() {
    return StatxBuffer.INO.get(statx, 0);
  }

  @Override
  public int mode() {
    return StatxBuffer.MODE.get(statx, 0);
  }

  @Override
  public long size() {
    return StatxBuffer.SIZE.get(statx, 0);
  }

  @Override
  public long blocks() {
    return StatxBuffer.BLOCKS.get(statx, 0);
  }

  @Override
  public int nlink() {
    return StatxBuffer.NLINK.get(statx, 0);
  }

  @Override
  public int uid() {
    return StatxBuffer.UID.get(statx, 0);
  }

  @Override
  public int gid() {
    return StatxBuffer.GID.get(statx, 0);
  }

  @Override
  public int rdev() {
    int major = StatxBuffer.RDEV_MAJOR.get(statx, 0);
    int minor = StatxBuffer.RDEV_MINOR.get(statx, 0);
    return (minor & 0xff) | (major << 8) | ((minor & ~0xff) << 12);
  }

  @Override
  public int blksize() {
    return StatxBuffer.BLKSIZE.get(statx, 0);
  }

  @Override
  public long atime() {
    return StatxBuffer.SECONDS.get(statx, StatxBuffer.ATIME.offset());
  }

  @Override
  public int atimeNanos() {
    return StatxBuffer.NANOS.get(statx, StatxBuffer.ATIME.offset());
  }

  @Override
  public long mtime() {
    return StatxBuffer.SECONDS.get(statx, StatxBuffer.MTIME.offset());
  }

  @Override
  public int mtimeNanos() {
    return StatxBuffer.NANOS.get(statx, StatxBuffer.MTIME.offset());
  }

  @Override
  public long ctime() {
    return StatxBuffer.SECONDS.get(statx, StatxBuffer.CTIME.offset());
  }

  @Override
  public int ctimeNanos() {
    return StatxBuffer.NANOS.get(statx, StatxBuffer.CTIME.offset());
  }

  /** Seconds of the time of birth. */
  long birth() {
    return StatxBuffer.SECONDS.get(statx, StatxBuffer.BTIME.offset());
  }

  /** Nanoseconds within the second of the time of birth. */
  int birthNanos() {
    return StatxBuffer.NANOS.get(statx, StatxBuffer.BTIME.offset());
  }
}
