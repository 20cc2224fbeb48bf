package io.fusewire.transport.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.fusewire.wire.Errno;
import io.fusewire.wire.NotifyCode;
import io.fusewire.wire.struct.NotifyStructs;
import io.fusewire.wire.struct.OutHeader;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Answers and notifications that Linux refuses are refused. */
class MessageRulesTest {
  private final MessageRules rules = new MessageRules();

  private static MemorySegment message(long unique, int error, int bodyBytes) {
    MemorySegment message = MemorySegment.ofArray(new byte[OutHeader.SIZE + bodyBytes]);
    OutHeader.LEN.set(message, 0, (int) message.byteSize());
    OutHeader.ERROR.set(message, 0, error);
    OutHeader.UNIQUE.set(message, 0, unique);
    return message;
  }

  private void sent(RequestFrame frame) {
    rules.sent(MemorySegment.ofArray(frame.bytes(2, 0)));
  }

  private long take(long unique, int error, int bodyBytes) {
    return rules.take(message(unique, error, bodyBytes));
  }

  @Test
  void anAnswerIsTakenOnce() {
    sent(Requests.unlink(1, "name"));
    assertThat(take(2, 0, 0)).isEqualTo(OutHeader.SIZE);
    assertThat(take(2, 0, 0)).isEqualTo(-Errno.ENOENT);
    assertThat(rules.violations()).hasSize(1);
  }

  @Test
  void anAnswerToOneWhoWentAwayIsNobodysFault() {
    sent(Requests.unlink(1, "name"));
    assertThat(rules.abandon(2)).isTrue();
    assertThat(take(2, 0, 0)).isEqualTo(-Errno.ENOENT);
    assertThat(rules.violations()).isEmpty();
  }

  @Test
  void anAnswerOfAWrongFormLeavesTheCallerWaiting() {
    sent(Requests.unlink(1, "name"));
    assertThat(take(2, Errno.EIO, 0)).isEqualTo(-Errno.EINVAL);
    assertThat(take(2, -Errno.LIMIT, 0)).isEqualTo(-Errno.EINVAL);
    MemorySegment liar = message(2, 0, 8);
    OutHeader.LEN.set(liar, 0, OutHeader.SIZE);
    assertThat(rules.take(liar)).isEqualTo(-Errno.EINVAL);
    assertThat(rules.pending()).isEqualTo(1);
    assertThat(rules.violations()).hasSize(3);
  }

  @Test
  void anAnswerOfAWrongSizeEndsTheCallWithEio() {
    sent(Requests.getattr(1));
    assertThat(take(2, 0, 103)).isEqualTo(-Errno.EINVAL);
    Message told = Objects.requireNonNull(rules.taken().poll());
    assertThat(told.error()).isEqualTo(-Errno.EIO);
    assertThat(rules.pending()).isZero();
  }

  @Test
  void anErrorHasNoBody() {
    sent(Requests.read(1, 1, 0, 100));
    assertThat(take(2, -Errno.EIO, 1)).isEqualTo(-Errno.EINVAL);
  }

  @Test
  void dataMayBeShorterThanAskedButNotLonger() {
    sent(Requests.read(1, 1, 0, 100));
    assertThat(take(2, 0, 100)).isEqualTo(OutHeader.SIZE + 100);
    sent(Requests.read(1, 1, 0, 100));
    assertThat(take(2, 0, 101)).isEqualTo(-Errno.EINVAL);
  }

  @Test
  void theSizeOfAnAttributeIsAWord() {
    sent(Requests.getxattr(1, "user.a", 0));
    assertThat(take(2, 0, 4)).isEqualTo(-Errno.EINVAL);
    sent(Requests.getxattr(1, "user.a", 0));
    assertThat(take(2, 0, 8)).isEqualTo(OutHeader.SIZE + 8);
  }

  @Test
  void anInterruptIsAnsweredOnlyWhileItsVictimWaits() {
    sent(Requests.getattr(1));
    assertThat(take(2 | MessageRules.INTERRUPT_BIT, -Errno.EAGAIN, 0)).isEqualTo(OutHeader.SIZE);
    assertThat(take(4 | MessageRules.INTERRUPT_BIT, -Errno.EAGAIN, 0)).isEqualTo(-Errno.ENOENT);
  }

  @Test
  void notificationsHaveTheirLength() {
    assertThat(take(0, NotifyCode.POLL.number(), 8)).isEqualTo(OutHeader.SIZE + 8);
    assertThat(take(0, NotifyCode.POLL.number(), 7)).isEqualTo(-Errno.EINVAL);
    assertThat(take(0, NotifyCode.RESEND.number(), 0)).isEqualTo(OutHeader.SIZE);
    assertThat(take(0, 10, 0)).isEqualTo(-Errno.EINVAL);
    assertThat(rules.violations()).hasSize(2);
  }

  @Test
  void aNameHasItsNul() {
    int struct = (int) NotifyStructs.INVAL_ENTRY.size();
    MemorySegment message = message(0, NotifyCode.INVAL_ENTRY.number(), struct + 4);
    NotifyStructs.INVAL_ENTRY_PARENT.set(message, OutHeader.SIZE, 1);
    NotifyStructs.INVAL_ENTRY_NAMELEN.set(message, OutHeader.SIZE, 4);
    assertThat(rules.take(message)).isEqualTo(-Errno.EINVAL);
    NotifyStructs.INVAL_ENTRY_NAMELEN.set(message, OutHeader.SIZE, 3);
    assertThat(rules.take(message)).isEqualTo(message.byteSize());
  }

  @Test
  void aNodeThatTheKernelDoesNotKnowIsNotFound() {
    rules.knownNodes(node -> node == 1);
    MemorySegment message =
        message(0, NotifyCode.INVAL_INODE.number(), (int) NotifyStructs.INVAL_INODE.size());
    NotifyStructs.INVAL_INODE_INO.set(message, OutHeader.SIZE, 2);
    assertThat(rules.take(message)).isEqualTo(-Errno.ENOENT);
    assertThat(rules.violations()).isEmpty();
  }
}
