package io.fusewire.wire.flag;

/** The capabilities of INIT ({@code FUSE_*} of linux/fuse.h); bits from 32 on travel in flags2. */
public final class InitFlags {
  public static final FlagSet SET = FlagSet.named("FUSE_");
  public static final long ASYNC_READ = SET.bit("ASYNC_READ", 0);
  public static final long POSIX_LOCKS = SET.bit("POSIX_LOCKS", 1);
  public static final long FILE_OPS = SET.bit("FILE_OPS", 2);
  public static final long ATOMIC_O_TRUNC = SET.bit("ATOMIC_O_TRUNC", 3);
  public static final long EXPORT_SUPPORT = SET.bit("EXPORT_SUPPORT", 4);
  public static final long BIG_WRITES = SET.bit("BIG_WRITES", 5);
  public static final long DONT_MASK = SET.bit("DONT_MASK", 6);
  public static final long SPLICE_WRITE = SET.bit("SPLICE_WRITE", 7);
  public static final long SPLICE_MOVE = SET.bit("SPLICE_MOVE", 8);
  public static final long SPLICE_READ = SET.bit("SPLICE_READ", 9);
  public static final long FLOCK_LOCKS = SET.bit("FLOCK_LOCKS", 10);
  public static final long HAS_IOCTL_DIR = SET.bit("HAS_IOCTL_DIR", 11);
  public static final long AUTO_INVAL_DATA = SET.bit("AUTO_INVAL_DATA", 12);
  public static final long DO_READDIRPLUS = SET.bit("DO_READDIRPLUS", 13);
  public static final long READDIRPLUS_AUTO = SET.bit("READDIRPLUS_AUTO", 14);
  public static final long ASYNC_DIO = SET.bit("ASYNC_DIO", 15);
  public static final long WRITEBACK_CACHE = SET.bit("WRITEBACK_CACHE", 16);
  public static final long NO_OPEN_SUPPORT = SET.bit("NO_OPEN_SUPPORT", 17);
  public static final long PARALLEL_DIROPS = SET.bit("PARALLEL_DIROPS", 18);
  public static final long HANDLE_KILLPRIV = SET.bit("HANDLE_KILLPRIV", 19);
  public static final long POSIX_ACL = SET.bit("POSIX_ACL", 20);
  public static final long ABORT_ERROR = SET.bit("ABORT_ERROR", 21);
  public static final long MAX_PAGES = SET.bit("MAX_PAGES", 22);
  public static final long CACHE_SYMLINKS = SET.bit("CACHE_SYMLINKS", 23);
  public static final long NO_OPENDIR_SUPPORT = SET.bit("NO_OPENDIR_SUPPORT", 24);
  public static final long EXPLICIT_INVAL_DATA = SET.bit("EXPLICIT_INVAL_DATA", 25);
  public static final long MAP_ALIGNMENT = SET.bit("MAP_ALIGNMENT", 26);
  public static final long SUBMOUNTS = SET.bit("SUBMOUNTS", 27);
  public static final long HANDLE_KILLPRIV_V2 = SET.bit("HANDLE_KILLPRIV_V2", 28);
  public static final long SETXATTR_EXT = SET.bit("SETXATTR_EXT", 29);
  public static final long INIT_EXT = SET.bit("INIT_EXT", 30);
  public static final long SECURITY_CTX = SET.bit("SECURITY_CTX", 32);
  public static final long HAS_INODE_DAX = SET.bit("HAS_INODE_DAX", 33);
  public static final long CREATE_SUPP_GROUP = SET.bit("CREATE_SUPP_GROUP", 34);
  public static final long HAS_EXPIRE_ONLY = SET.bit("HAS_EXPIRE_ONLY", 35);
  public static final long DIRECT_IO_ALLOW_MMAP = SET.bit("DIRECT_IO_ALLOW_MMAP", 36);
  public static final long PASSTHROUGH = SET.bit("PASSTHROUGH", 37);
  public static final long NO_EXPORT_SUPPORT = SET.bit("NO_EXPORT_SUPPORT", 38);
  public static final long HAS_RESEND = SET.bit("HAS_RESEND", 39);
  public static final long ALLOW_IDMAP = SET.bit("ALLOW_IDMAP", 40);
  public static final long OVER_IO_URING = SET.bit("OVER_IO_URING", 41);
  public static final long REQUEST_TIMEOUT = SET.bit("REQUEST_TIMEOUT", 42);

  private InitFlags() {}
}
