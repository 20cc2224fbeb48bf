package io.fusewire.raw;

import java.time.Instant;

/**
 * Attributes as plain unchangeable data, for file systems whose nodes do not implement {@link
 * Attributes} themselves.
 *
 * @param ino the inode number that users see
 * @param mode type and permission bits
 * @param size bytes
 * @param nlink the number of names
 * @param uid the owner
 * @param gid the group
 * @param time of last access, modification and change
 */
@SuppressWarnings("JavaInstantGetSecondsGetNano") // the seconds have accessors of their own
public record FileAttributes(
    long ino, int mode, long size, int nlink, int uid, int gid, Instant time)
    implements Attributes {
  private static final int S_IFREG = 0100000;
  private static final int S_IFDIR = 0040000;
  private static final int S_IFLNK = 0120000;

  /** A regular file of root. */
  public static FileAttributes file(long ino, int permissions, long size) {
    return new FileAttributes(ino, S_IFREG | permissions, size, 1, 0, 0, Instant.EPOCH);
  }

  /** A directory of root. */
  public static FileAttributes directory(long ino, int permissions) {
    return new FileAttributes(ino, S_IFDIR | permissions, 0, 2, 0, 0, Instant.EPOCH);
  }

  /** A symbolic link of root whose target has this many bytes. */
  public static FileAttributes symlink(long ino, long targetBytes) {
    return new FileAttributes(ino, S_IFLNK | 0777, targetBytes, 1, 0, 0, Instant.EPOCH);
  }

  /** The same with another owner and group. */
  public FileAttributes ownedBy(int owner, int group) {
    return new FileAttributes(ino, mode, size, nlink, owner, group, time);
  }

  /** The same with all times set to this. */
  public FileAttributes at(Instant instant) {
    return new FileAttributes(ino, mode, size, nlink, uid, gid, instant);
  }

  @Override
  public long atime() {
    return time.getEpochSecond();
  }

  @Override
  public int atimeNanos() {
    return time.getNano();
  }

  @Override
  public long mtime() {
    return time.getEpochSecond();
  }

  @Override
  public int mtimeNanos() {
    return time.getNano();
  }

  @Override
  public long ctime() {
    return time.getEpochSecond();
  }

  @Override
  public int ctimeNanos() {
    return time.getNano();
  }
}
