package io.fusewire.raw;

import io.fusewire.wire.Opcode;

/**
 * Passes every operation on to another file system: the base of layers that change, watch or choose
 * between file systems. Override what the layer is about.
 */
public abstract class DelegatingFileSystem implements RawFileSystem {
  /** The file system that serves what is not overridden. */
  protected final RawFileSystem next;

  /** A layer over this file system. */
  protected DelegatingFileSystem(RawFileSystem next) {
    this.next = next;
  }

  @Override
  public void init(Negotiation negotiation) {
    next.init(negotiation);
  }

  @Override
  public void destroy() {
    next.destroy();
  }

  @Override
  public Execution execution(Opcode opcode) {
    return next.execution(opcode);
  }

  @Override
  public boolean waits(Opcode opcode) {
    return next.waits(opcode);
  }

  @Override
  public boolean interruptible(Opcode opcode) {
    return next.interruptible(opcode);
  }

  @Override
  public void access(Access.Request request, EmptyReply reply) {
    next.access(request, reply);
  }

  @Override
  public void bmap(Bmap.Request request, BmapReply reply) {
    next.bmap(request, reply);
  }

  @Override
  public void copyFileRange(CopyFileRange.Request request, CopyReply reply) {
    next.copyFileRange(request, reply);
  }

  @Override
  public void create(Create.Request request, CreateReply reply) {
    next.create(request, reply);
  }

  @Override
  public void fallocate(Fallocate.Request request, EmptyReply reply) {
    next.fallocate(request, reply);
  }

  @Override
  public void flush(Flush.Request request, EmptyReply reply) {
    next.flush(request, reply);
  }

  @Override
  public void forget(Forget.Request request) {
    next.forget(request);
  }

  @Override
  public void fsync(Fsync.Request request, EmptyReply reply) {
    next.fsync(request, reply);
  }

  @Override
  public void fsyncdir(Fsyncdir.Request request, EmptyReply reply) {
    next.fsyncdir(request, reply);
  }

  @Override
  public void getattr(Getattr.Request request, AttrReply reply) {
    next.getattr(request, reply);
  }

  @Override
  public void getlk(Getlk.Request request, LockReply reply) {
    next.getlk(request, reply);
  }

  @Override
  public void getxattr(Getxattr.Request request, XattrReply reply) {
    next.getxattr(request, reply);
  }

  @Override
  public void interrupt(Interrupt.Request request) {
    next.interrupt(request);
  }

  @Override
  public void ioctl(Ioctl.Request request, IoctlReply reply) {
    next.ioctl(request, reply);
  }

  @Override
  public void link(Link.Request request, EntryReply reply) {
    next.link(request, reply);
  }

  @Override
  public void listxattr(Listxattr.Request request, XattrReply reply) {
    next.listxattr(request, reply);
  }

  @Override
  public void lookup(Lookup.Request request, EntryReply reply) {
    next.lookup(request, reply);
  }

  @Override
  public void lseek(Lseek.Request request, LseekReply reply) {
    next.lseek(request, reply);
  }

  @Override
  public void mkdir(Mkdir.Request request, EntryReply reply) {
    next.mkdir(request, reply);
  }

  @Override
  public void mknod(Mknod.Request request, EntryReply reply) {
    next.mknod(request, reply);
  }

  @Override
  public void notifyReply(NotifyReply.Request request) {
    next.notifyReply(request);
  }

  @Override
  public void open(Open.Request request, OpenReply reply) {
    next.open(request, reply);
  }

  @Override
  public void opendir(Opendir.Request request, OpenReply reply) {
    next.opendir(request, reply);
  }

  @Override
  public void poll(Poll.Request request, PollReply reply) {
    next.poll(request, reply);
  }

  @Override
  public void read(Read.Request request, DataReply reply) {
    next.read(request, reply);
  }

  @Override
  public void readdir(Readdir.Request request, DirectoryReply reply) {
    next.readdir(request, reply);
  }

  @Override
  public void readdirplus(Readdirplus.Request request, DirectoryPlusReply reply) {
    next.readdirplus(request, reply);
  }

  @Override
  public void readlink(Readlink.Request request, DataReply reply) {
    next.readlink(request, reply);
  }

  @Override
  public void release(Release.Request request, EmptyReply reply) {
    next.release(request, reply);
  }

  @Override
  public void releasedir(Releasedir.Request request, EmptyReply reply) {
    next.releasedir(request, reply);
  }

  @Override
  public void removexattr(Removexattr.Request request, EmptyReply reply) {
    next.removexattr(request, reply);
  }

  @Override
  public void rename(Rename.Request request, EmptyReply reply) {
    next.rename(request, reply);
  }

  @Override
  public void rmdir(Rmdir.Request request, EmptyReply reply) {
    next.rmdir(request, reply);
  }

  @Override
  public void setattr(Setattr.Request request, AttrReply reply) {
    next.setattr(request, reply);
  }

  @Override
  public void setlk(Setlk.Request request, EmptyReply reply) {
    next.setlk(request, reply);
  }

  @Override
  public void setxattr(Setxattr.Request request, EmptyReply reply) {
    next.setxattr(request, reply);
  }

  @Override
  public void statfs(Statfs.Request request, StatfsReply reply) {
    next.statfs(request, reply);
  }

  @Override
  public void statx(Statx.Request request, StatxReply reply) {
    next.statx(request, reply);
  }

  @Override
  public void symlink(Symlink.Request request, EntryReply reply) {
    next.symlink(request, reply);
  }

  @Override
  public void syncfs(Syncfs.Request request, EmptyReply reply) {
    next.syncfs(request, reply);
  }

  @Override
  public void tmpfile(Tmpfile.Request request, CreateReply reply) {
    next.tmpfile(request, reply);
  }

  @Override
  public void unlink(Unlink.Request request, EmptyReply reply) {
    next.unlink(request, reply);
  }

  @Override
  public void write(Write.Request request, WriteReply reply) {
    next.write(request, reply);
  }
}
