package io.fusewire.filesystems.memory;

import io.fusewire.linux.sys.Mode;
import io.fusewire.node.Node;
import io.fusewire.raw.Attributes;
import io.fusewire.wire.Name;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One node: its attributes, and what its type needs besides.
 *
 * <p>The tree's lock guards names and link counts, the node's monitor all other attributes and the
 * extended attributes; {@link FileData} has a lock of its own. They are taken in this order.
 */
final class Inode extends Node implements Attributes {
  /** Seconds after which relatime updates an access time anyway. */
  private static final long RELATIME_SECONDS = 24L * 60 * 60;

  private final int rdev;
  final @Nullable FileData data;
  final @Nullable Directory directory;
  final byte @Nullable [] target;
  final Instant birth;
  @Nullable Map<String, byte[]> xattrs;

  /** What {@link MetadataSpace} counts for this node; guarded by the node's monitor. */
  long metadataBytes;

  int mode;
  int uid;
  int gid;

  /** Flags of {@link FileFlags}. */
  volatile int flags;

  /** Changed under the tree's lock for writing; read anywhere. */
  volatile int nlink;

  /** Open handles; changed under the node's monitor. */
  private int opens;

  private long atime;
  private int atimeNanos;
  private long mtime;
  private int mtimeNanos;
  private long ctime;
  private int ctimeNanos;

  private Inode(
      int mode,
      int rdev,
      Instant now,
      @Nullable FileData data,
      @Nullable Directory directory,
      byte @Nullable [] target) {
    this.mode = mode;
    this.rdev = rdev;
    this.data = data;
    this.directory = directory;
    this.target = target;
    this.birth = now;
    this.metadataBytes = target == null ? 0 : target.length;
    setAtime(now);
    setMtime(now);
    setCtime(now);
  }

  static Inode directory(int mode, Instant now, @Nullable Inode parent) {
    Directory entries = new Directory();
    Inode made = new Inode(Mode.S_IFDIR | mode, 0, now, null, entries, null);
    entries.parent = parent == null ? made : parent;
    made.nlink = 2;
    return made;
  }

  static Inode file(int mode, Instant now, FileData data) {
    return new Inode(Mode.S_IFREG | mode, 0, now, data, null, null);
  }

  static Inode symlink(byte[] target, Instant now) {
    return new Inode(Mode.S_IFLNK | 0777, 0, now, null, null, target);
  }

  static Inode special(int mode, int rdev, Instant now) {
    return new Inode(mode, rdev, now, null, null, null);
  }

  /** True while somebody could still reach this node by a name or a handle. */
  synchronized boolean isReachable() {
    return nlink > 0 || opens > 0;
  }

  synchronized void open() {
    opens++;
  }

  synchronized void release() {
    opens--;
  }

  void setAtime(Instant time) {
    setAtime(time.getEpochSecond(), time.getNano());
  }

  void setAtime(long seconds, int nanos) {
    atime = seconds;
    atimeNanos = nanos;
  }

  void setMtime(Instant time) {
    setMtime(time.getEpochSecond(), time.getNano());
  }

  void setMtime(long seconds, int nanos) {
    mtime = seconds;
    mtimeNanos = nanos;
  }

  void setCtime(Instant time) {
    setCtime(time.getEpochSecond(), time.getNano());
  }

  void setCtime(long seconds, int nanos) {
    ctime = seconds;
    ctimeNanos = nanos;
  }

  /** The content or the names changed. */
  synchronized void modified(Instant now) {
    setMtime(now);
    setCtime(now);
  }

  /** The attributes changed. */
  synchronized void changed(Instant now) {
    setCtime(now);
  }

  /** The content was read: moves the access time as the relatime rule says. */
  synchronized void accessed(Instant now) {
    boolean behind =
        isNotAfter(atime, atimeNanos, mtime, mtimeNanos)
            || isNotAfter(atime, atimeNanos, ctime, ctimeNanos)
            || now.getEpochSecond() - atime >= RELATIME_SECONDS;
    if (behind) {
      setAtime(now);
    }
  }

  private static boolean isNotAfter(long seconds, int nanos, long than, int thanNanos) {
    return seconds < than || (seconds == than && nanos <= thanNanos);
  }

  /**
   * A write or change of owner takes set-user-ID and, where the group may execute, set-group-ID.
   */
  synchronized void dropPrivileges() {
    if (!Mode.isDirectory(mode)) {
      mode &= ~Mode.S_ISUID;
      if ((mode & Mode.S_IXGRP) != 0) {
        mode &= ~Mode.S_ISGID;
      }
    }
  }

  @Override
  public long ino() {
    return nodeId();
  }

  @Override
  public int mode() {
    return mode;
  }

  @Override
  public long size() {
    if (data != null) {
      return data.size();
    }
    if (target != null) {
      return target.length;
    }
    return directory == null ? 0 : directory.bytes();
  }

  @Override
  public long blocks() {
    return data == null ? 0 : data.allocatedBytes() >>> 9;
  }

  @Override
  public int nlink() {
    return nlink;
  }

  @Override
  public int uid() {
    return uid;
  }

  @Override
  public int gid() {
    return gid;
  }

  @Override
  public int rdev() {
    return rdev;
  }

  @Override
  public long atime() {
    return atime;
  }

  @Override
  public int atimeNanos() {
    return atimeNanos;
  }

  @Override
  public long mtime() {
    return mtime;
  }

  @Override
  public int mtimeNanos() {
    return mtimeNanos;
  }

  @Override
  public long ctime() {
    return ctime;
  }

  @Override
  public int ctimeNanos() {
    return ctimeNanos;
  }

  /** For messages. */
  @Override
  public String toString() {
    return "inode " + nodeId() + " mode " + Integer.toOctalString(mode);
  }

  /** One name in a directory. */
  record Entry(Name name, Inode node, long cookie) {}
}
