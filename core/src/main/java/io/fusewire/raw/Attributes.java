package io.fusewire.raw;

/**
 * The attributes of a node, as stat(2) shows them. A file system's node may implement this itself,
 * so that an answer copies nothing; {@link FileAttributes} holds them as plain data.
 *
 * <p>The methods are called on the thread that answers, while it answers.
 */
public interface Attributes {
  /** The inode number that users see. */
  long ino();

  /** Type and permission bits ({@code st_mode}). */
  int mode();

  /** Size in bytes. */
  long size();

  /** Allocated space in units of 512 bytes. */
  default long blocks() {
    return (size() + 511) >>> 9;
  }

  /** The number of names. */
  default int nlink() {
    return 1;
  }

  /** The owner's user id. */
  default int uid() {
    return 0;
  }

  /** The owner's group id. */
  default int gid() {
    return 0;
  }

  /** The device number of a device node, in the kernel's 32-bit encoding (new_encode_dev). */
  default int rdev() {
    return 0;
  }

  /** Preferred I/O size in bytes. */
  default int blksize() {
    return 4096;
  }

  /** Last access: seconds since 1970, negative before. */
  default long atime() {
    return 0;
  }

  /** Last access: nanoseconds within the second. */
  default int atimeNanos() {
    return 0;
  }

  /** Last change of the content: seconds since 1970, negative before. */
  default long mtime() {
    return 0;
  }

  /** Last change of the content: nanoseconds within the second. */
  default int mtimeNanos() {
    return 0;
  }

  /** Last change of the attributes: seconds since 1970, negative before. */
  default long ctime() {
    return 0;
  }

  /** Last change of the attributes: nanoseconds within the second. */
  default int ctimeNanos() {
    return 0;
  }

  /** Flags of {@link io.fusewire.wire.flag.AttrFlags}. */
  default int flags() {
    return 0;
  }

  /** Tells apart nodes that had the same node id one after the other; for NFS export. */
  default long generation() {
    return 0;
  }
}
