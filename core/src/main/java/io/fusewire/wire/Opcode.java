package io.fusewire.wire;

import org.jspecify.annotations.Nullable;

/** The opcodes of protocol 7.45 ({@code enum fuse_opcode} of linux/fuse.h). */
public enum Opcode {
  LOOKUP(1),
  FORGET(2),
  GETATTR(3),
  SETATTR(4),
  READLINK(5),
  SYMLINK(6),
  MKNOD(8),
  MKDIR(9),
  UNLINK(10),
  RMDIR(11),
  RENAME(12),
  LINK(13),
  OPEN(14),
  READ(15),
  WRITE(16),
  STATFS(17),
  RELEASE(18),
  FSYNC(20),
  SETXATTR(21),
  GETXATTR(22),
  LISTXATTR(23),
  REMOVEXATTR(24),
  FLUSH(25),
  INIT(26),
  OPENDIR(27),
  READDIR(28),
  RELEASEDIR(29),
  FSYNCDIR(30),
  GETLK(31),
  SETLK(32),
  SETLKW(33),
  ACCESS(34),
  CREATE(35),
  INTERRUPT(36),
  BMAP(37),
  DESTROY(38),
  IOCTL(39),
  POLL(40),
  NOTIFY_REPLY(41),
  BATCH_FORGET(42),
  FALLOCATE(43),
  READDIRPLUS(44),
  RENAME2(45),
  LSEEK(46),
  COPY_FILE_RANGE(47),
  SETUPMAPPING(48),
  REMOVEMAPPING(49),
  SYNCFS(50),
  TMPFILE(51),
  STATX(52),
  COPY_FILE_RANGE_64(53),
  CUSE_INIT(4096);

  private static final int TABLE_SIZE = 64;
  private static final @Nullable Opcode[] BY_NUMBER = new Opcode[TABLE_SIZE];

  static {
    for (Opcode opcode : values()) {
      if (opcode.number < TABLE_SIZE) {
        BY_NUMBER[opcode.number] = opcode;
      }
    }
  }

  private final int number;

  Opcode(int number) {
    this.number = number;
  }

  /** The number on the wire. */
  public int number() {
    return number;
  }

  /** The opcode with this number, or null when the protocol does not know it. */
  public static @Nullable Opcode of(int number) {
    if (number >= 0 && number < TABLE_SIZE) {
      return BY_NUMBER[number];
    }
    return number == CUSE_INIT.number ? CUSE_INIT : null;
  }

  /** The name for people: the kernel's name, or {@code OPCODE_99} for an unknown number. */
  public static String describe(int number) {
    Opcode opcode = of(number);
    return opcode == null ? "OPCODE_" + number : opcode.name();
  }

  /** True for the messages that must not be answered. */
  public boolean hasNoReply() {
    return this == FORGET || this == BATCH_FORGET || this == INTERRUPT || this == NOTIFY_REPLY;
  }
}
