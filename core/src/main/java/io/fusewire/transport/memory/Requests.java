package io.fusewire.transport.memory;

import io.fusewire.wire.Opcode;

/** Requests by intent, with the fields that the kernel fills for it. */
public final class Requests {
  private Requests() {}

  private static RequestFrame on(Opcode opcode, long node) {
    return RequestFrame.of(opcode).node(node);
  }

  public static RequestFrame lookup(long parent, String name) {
    return on(Opcode.LOOKUP, parent).name(name);
  }

  public static RequestFrame getattr(long node) {
    return on(Opcode.GETATTR, node);
  }

  /** SETATTR of what {@code valid} says; set the fields themselves too. */
  public static RequestFrame setattr(long node, int valid) {
    return on(Opcode.SETATTR, node).set("valid", valid);
  }

  public static RequestFrame open(long node, int flags) {
    return on(Opcode.OPEN, node).set("flags", flags);
  }

  public static RequestFrame opendir(long node) {
    return on(Opcode.OPENDIR, node);
  }

  public static RequestFrame read(long node, long fileHandle, long offset, int size) {
    return reading(Opcode.READ, node, fileHandle, offset, size);
  }

  public static RequestFrame readdir(long node, long fileHandle, long offset, int size) {
    return reading(Opcode.READDIR, node, fileHandle, offset, size);
  }

  public static RequestFrame readdirplus(long node, long fileHandle, long offset, int size) {
    return reading(Opcode.READDIRPLUS, node, fileHandle, offset, size);
  }

  private static RequestFrame reading(
      Opcode opcode, long node, long fileHandle, long offset, int size) {
    return on(opcode, node).set("fh", fileHandle).set("offset", offset).set("size", size);
  }

  public static RequestFrame write(long node, long fileHandle, long offset, byte[] data) {
    return on(Opcode.WRITE, node)
        .set("fh", fileHandle)
        .set("offset", offset)
        .set("size", data.length)
        .data(data);
  }

  public static RequestFrame create(long parent, String name, int mode, int flags) {
    return on(Opcode.CREATE, parent).set("mode", mode).set("flags", flags).name(name);
  }

  public static RequestFrame mkdir(long parent, String name, int mode) {
    return on(Opcode.MKDIR, parent).set("mode", mode).name(name);
  }

  public static RequestFrame mknod(long parent, String name, int mode) {
    return on(Opcode.MKNOD, parent).set("mode", mode).name(name);
  }

  public static RequestFrame symlink(long parent, String name, String target) {
    return on(Opcode.SYMLINK, parent).name(name).name(target);
  }

  public static RequestFrame readlink(long node) {
    return on(Opcode.READLINK, node);
  }

  public static RequestFrame link(long node, long newParent, String name) {
    return on(Opcode.LINK, newParent).set("oldnodeid", node).alsoAbout(node).name(name);
  }

  public static RequestFrame unlink(long parent, String name) {
    return on(Opcode.UNLINK, parent).name(name);
  }

  public static RequestFrame rmdir(long parent, String name) {
    return on(Opcode.RMDIR, parent).name(name);
  }

  /** RENAME, or RENAME2 when there are flags. */
  public static RequestFrame rename(
      long parent, String name, long newParent, String newName, int flags) {
    RequestFrame frame = on(flags == 0 ? Opcode.RENAME : Opcode.RENAME2, parent);
    if (flags != 0) {
      frame.set("flags", flags);
    }
    return frame.set("newdir", newParent).alsoAbout(newParent).name(name).name(newName);
  }

  public static RequestFrame flush(long node, long fileHandle, long lockOwner) {
    return on(Opcode.FLUSH, node).set("fh", fileHandle).set("lock_owner", lockOwner);
  }

  public static RequestFrame release(long node, long fileHandle, int flags) {
    return on(Opcode.RELEASE, node).set("fh", fileHandle).set("flags", flags);
  }

  public static RequestFrame releasedir(long node, long fileHandle) {
    return on(Opcode.RELEASEDIR, node).set("fh", fileHandle);
  }

  public static RequestFrame fsync(long node, long fileHandle) {
    return on(Opcode.FSYNC, node).set("fh", fileHandle);
  }

  public static RequestFrame statfs(long node) {
    return on(Opcode.STATFS, node);
  }

  public static RequestFrame access(long node, int mask) {
    return on(Opcode.ACCESS, node).set("mask", mask);
  }

  public static RequestFrame setxattr(long node, String name, byte[] value, int flags) {
    return on(Opcode.SETXATTR, node)
        .set("size", value.length)
        .set("flags", flags)
        .name(name)
        .data(value);
  }

  public static RequestFrame getxattr(long node, String name, int size) {
    return on(Opcode.GETXATTR, node).set("size", size).name(name);
  }

  public static RequestFrame listxattr(long node, int size) {
    return on(Opcode.LISTXATTR, node).set("size", size);
  }

  public static RequestFrame removexattr(long node, String name) {
    return on(Opcode.REMOVEXATTR, node).name(name);
  }

  /**
   * SETLKW, or SETLK when it must not wait, of the whole file.
   *
   * @param type F_RDLCK 0, F_WRLCK 1, F_UNLCK 2
   */
  public static RequestFrame lock(
      long node, long fileHandle, long owner, int type, boolean waiting) {
    return on(waiting ? Opcode.SETLKW : Opcode.SETLK, node)
        .set("fh", fileHandle)
        .set("owner", owner)
        .set("lk.end", Long.MAX_VALUE)
        .set("lk.type", type);
  }
}
