package io.fusewire.wire.struct;

import io.fusewire.wire.layout.I64;
import io.fusewire.wire.layout.Struct;
import io.fusewire.wire.layout.U32;
import io.fusewire.wire.layout.U64;

/** What follows the header of the messages that the server sends unasked. */
public final class NotifyStructs {
  /** Wakes who polls the file with this kernel handle. */
  public static final Struct POLL = Struct.named("fuse_notify_poll_wakeup_out");

  public static final U64 POLL_KH = POLL.u64("kh");

  /** Drops cached data; a negative offset drops the attributes only. */
  public static final Struct INVAL_INODE = Struct.named("fuse_notify_inval_inode_out");

  public static final U64 INVAL_INODE_INO = INVAL_INODE.u64("ino");
  public static final I64 INVAL_INODE_OFF = INVAL_INODE.i64("off");
  public static final I64 INVAL_INODE_LEN = INVAL_INODE.i64("len");

  /** Drops a cached name, which follows, ended by NUL. */
  public static final Struct INVAL_ENTRY = Struct.named("fuse_notify_inval_entry_out");

  public static final U64 INVAL_ENTRY_PARENT = INVAL_ENTRY.u64("parent");
  public static final U32 INVAL_ENTRY_NAMELEN = INVAL_ENTRY.u32("namelen");
  public static final U32 INVAL_ENTRY_FLAGS = INVAL_ENTRY.u32("flags");

  /** Tells that a name, which follows, ended by NUL, was removed. */
  public static final Struct DELETE = Struct.named("fuse_notify_delete_out");

  public static final U64 DELETE_PARENT = DELETE.u64("parent");
  public static final U64 DELETE_CHILD = DELETE.u64("child");
  public static final U32 DELETE_NAMELEN = DELETE.u32("namelen");

  static {
    DELETE.u32("padding");
  }

  /** Puts the data that follows into the page cache. */
  public static final Struct STORE = Struct.named("fuse_notify_store_out");

  public static final U64 STORE_NODEID = STORE.u64("nodeid");
  public static final U64 STORE_OFFSET = STORE.u64("offset");
  public static final U32 STORE_SIZE = STORE.u32("size");

  static {
    STORE.u32("padding");
  }

  /** Asks for cached data, which comes as a NOTIFY_REPLY. */
  public static final Struct RETRIEVE = Struct.named("fuse_notify_retrieve_out");

  public static final U64 RETRIEVE_NOTIFY_UNIQUE = RETRIEVE.u64("notify_unique");
  public static final U64 RETRIEVE_NODEID = RETRIEVE.u64("nodeid");
  public static final U64 RETRIEVE_OFFSET = RETRIEVE.u64("offset");
  public static final U32 RETRIEVE_SIZE = RETRIEVE.u32("size");

  static {
    RETRIEVE.u32("padding");
  }

  /** Drops unused nodes, whose ids follow. */
  public static final Struct PRUNE = Struct.named("fuse_notify_prune_out");

  public static final U32 PRUNE_COUNT = PRUNE.u32("count");

  static {
    PRUNE.u32("padding");
  }

  static {
    PRUNE.u64("spare");
  }

  private NotifyStructs() {}
}
