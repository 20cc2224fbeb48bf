package io.fusewire.wire;

/** The codes of messages that the server sends unasked ({@code enum fuse_notify_code}). */
public enum NotifyCode {
  POLL(1),
  INVAL_INODE(2),
  INVAL_ENTRY(3),
  STORE(4),
  RETRIEVE(5),
  DELETE(6),
  RESEND(7),
  INC_EPOCH(8),
  PRUNE(9);

  private final int number;

  NotifyCode(int number) {
    this.number = number;
  }

  /** The number on the wire: the positive {@code error} of a message with unique 0. */
  public int number() {
    return number;
  }
}
