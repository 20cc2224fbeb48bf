package io.fusewire.raw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fusewire.transport.memory.Frames;
import io.fusewire.transport.memory.Message;
import io.fusewire.transport.memory.Served;
import io.fusewire.wire.Errno;
import io.fusewire.wire.Name;
import io.fusewire.wire.Opcode;
import io.fusewire.wire.struct.AttrStruct;
import io.fusewire.wire.struct.Dirent;
import io.fusewire.wire.struct.EntryOut;
import io.fusewire.wire.struct.OpenOut;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What lies in the answers, and that they fit what was asked. */
@Timeout(60)
class ReplyContentTest {
  private static final int READ_IN = 40;
  private static final int SIZE_OFFSET = 16;
  private static final int DIRENT_MIN = 24;
  private static final int BUFFER_MAX = 4096;
  private static final int REGULAR = 0100644;
  private static final Attributes FILE = FileAttributes.file(77, 0640, 1234).ownedBy(3, 4);

  /** Serves everything inline. */
  private interface Inline extends RawFileSystem {
    @Override
    default Execution execution(Opcode opcode) {
      return Execution.INLINE;
    }
  }

  private static Message ask(RawFileSystem fileSystem, byte[] frame) throws InterruptedException {
    try (Served served = new Served(fileSystem)) {
      return served.ask(frame);
    }
  }

  private static byte[] numbers(int count) {
    byte[] bytes = new byte[count];
    for (int i = 0; i < count; i++) {
      bytes[i] = (byte) (i * 31);
    }
    return bytes;
  }

  /** Answers a READ with 100 bytes, in the way its node says. */
  private static final class Hundred implements Inline {
    private final String way;

    Hundred(String way) {
      this.way = way;
    }

    @Override
    public void read(Read.Request request, DataReply reply) {
      MemorySegment bytes = MemorySegment.ofArray(numbers(100));
      switch (way) {
        case "array" -> reply.data(numbers(100));
        case "parts" -> reply.add(bytes, 0, 30).add(bytes, 30, 30).add(bytes, 60, 40).send();
        case "content" -> reply.data(numbers(100), request.offset());
        default -> {
          MemorySegment.copy(bytes, 0, reply.room(), reply.roomOffset(), 100);
          reply.produced(100);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"array", "parts", "content", "room"})
  void aReadNeverGetsMoreThanItAskedFor(String way) throws InterruptedException {
    try (Served served = new Served(new Hundred(way))) {
      for (int size = 0; size <= 110; size++) {
        Message answer = served.ask(Frames.read(2 + 2L * size, size));
        assertThat(answer.error()).isZero();
        assertThat(Served.bytes(answer)).isEqualTo(numbers(Math.min(size, 100)));
      }
    }
  }

  /** Lists numbered names of growing length, and counts what was taken. */
  private static final class Listing implements Inline {
    private final List<String> taken = new ArrayList<>();

    private static String text(int index) {
      return "n".repeat(index % 40 + 1) + index;
    }

    @Override
    public void readdir(Readdir.Request request, DirectoryReply reply) {
      int index = 0;
      while (reply.add(Name.of(text(index)), 100L + index, REGULAR, index + 1L)) {
        taken.add(text(index));
        index++;
      }
      reply.send();
    }

    @Override
    public void readdirplus(Readdirplus.Request request, DirectoryPlusReply reply) {
      int index = 0;
      Timeouts timeouts = Timeouts.NONE;
      while (index % 3 == 0
          ? reply.addName(Name.of(text(index)), 100L + index, REGULAR, index + 1L)
          : reply.add(Name.of(text(index)), 100L + index, FILE, timeouts, index + 1L)) {
        taken.add(text(index));
        index++;
      }
      reply.send();
    }
  }

  private static byte[] readdir(Opcode opcode, int size) {
    return Frames.with(Frames.frame(opcode, 2, READ_IN), SIZE_OFFSET, size);
  }

  /** The names in an answer, whose records start with this many bytes before the dirent. */
  private static List<String> names(MemorySegment body, long before) {
    List<String> names = new ArrayList<>();
    long base = 0;
    while (base < body.byteSize()) {
      long dirent = base + before;
      int length = Dirent.NAMELEN.get(body, dirent);
      byte[] name = body.asSlice(dirent + Dirent.SIZE, length).toArray(ValueLayout.JAVA_BYTE);
      names.add(new String(name, StandardCharsets.UTF_8));
      assertThat(Dirent.OFF.get(body, dirent)).isEqualTo(names.size());
      assertThat(Dirent.TYPE.get(body, dirent)).isEqualTo(8);
      base = dirent + (Dirent.SIZE + length + 7L) / 8 * 8;
    }
    assertThat(base).isEqualTo(body.byteSize());
    return names;
  }

  @Test
  void aDirectoryAnswerFitsEveryBufferAndHoldsExactlyWhatAddTook() throws InterruptedException {
    Listing listing = new Listing();
    try (Served served = new Served(listing)) {
      for (int size = DIRENT_MIN; size <= BUFFER_MAX; size++) {
        listing.taken.clear();
        Message answer = served.ask(readdir(Opcode.READDIR, size));
        assertThat(answer.error()).isZero();
        assertThat(answer.body().byteSize()).isLessThanOrEqualTo(size);
        assertThat(names(answer.body(), 0)).isEqualTo(listing.taken);
      }
      assertThat(listing.taken).hasSizeGreaterThan(50);
    }
  }

  @Test
  void aDirectoryPlusAnswerFitsEveryBufferAndHoldsExactlyWhatAddTook() throws InterruptedException {
    Listing listing = new Listing();
    try (Served served = new Served(listing)) {
      for (int size = DIRENT_MIN; size <= BUFFER_MAX; size++) {
        listing.taken.clear();
        Message answer = served.ask(readdir(Opcode.READDIRPLUS, size));
        assertThat(answer.error()).isZero();
        assertThat(answer.body().byteSize()).isLessThanOrEqualTo(size);
        assertThat(names(answer.body(), EntryOut.SIZE)).isEqualTo(listing.taken);
      }
      assertThat(listing.taken).hasSizeGreaterThan(20);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"READDIR", "READDIRPLUS"})
  void aDirectoryAnswerStopsWhereTheMemoryEnds(String opcode) throws InterruptedException {
    Message answer = ask(new Listing(), readdir(Opcode.valueOf(opcode), Integer.MAX_VALUE));
    assertThat(answer.error()).isZero();
    assertThat(answer.body().byteSize()).isGreaterThan(100_000);
  }

  @Test
  void entriesOfADirectoryPlusAnswerCarryTheNodeOrNone() throws InterruptedException {
    MemorySegment body = ask(new Listing(), readdir(Opcode.READDIRPLUS, BUFFER_MAX)).body();
    assertThat(EntryOut.NODEID.get(body, 0)).isZero();
    long second = EntryOut.SIZE + Dirent.SIZE + 8L;
    assertThat(EntryOut.NODEID.get(body, second)).isEqualTo(101);
    long attributes = second + EntryOut.ATTR.offset();
    assertThat(AttrStruct.INO.get(body, attributes)).isEqualTo(77);
    assertThat(AttrStruct.UID.get(body, attributes)).isEqualTo(3);
    assertThat(AttrStruct.GID.get(body, attributes)).isEqualTo(4);
    assertThat(AttrStruct.SIZE.get(body, attributes)).isEqualTo(1234);
  }

  /** Every extended attribute has ten bytes. */
  private static final class Ten implements Inline {
    @Override
    public void getxattr(Getxattr.Request request, XattrReply reply) {
      assertThat(request.name().toString()).isEqualTo("user.x");
      assertThat(reply.wantsSize()).isEqualTo(request.size() == 0);
      reply.value(numbers(10));
    }

    @Override
    public void listxattr(Listxattr.Request request, XattrReply reply) {
      MemorySegment.copy(
          MemorySegment.ofArray(numbers(10)), 0, reply.room(), reply.roomOffset(), 10);
      reply.produced(10);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"GETXATTR", "LISTXATTR"})
  void anXattrAnswerIsTheSizeOrTheValueOrErange(String name) throws InterruptedException {
    Opcode opcode = Opcode.valueOf(name);
    byte[] question =
        opcode == Opcode.GETXATTR
            ? Frames.frame(opcode, 2, 8, "user.x")
            : Frames.frame(opcode, 2, 8);
    try (Served served = new Served(new Ten())) {
      Message size = served.ask(question);
      assertThat(size.error()).isZero();
      assertThat(size.body().byteSize()).isEqualTo(8);
      assertThat(size.body().get(ValueLayout.JAVA_LONG_UNALIGNED, 0)).isEqualTo(10);
      for (int room = 1; room < 10; room++) {
        assertThat(served.ask(Frames.with(question, 0, room)).error()).isEqualTo(-Errno.ERANGE);
      }
      for (int room : new int[] {10, 11, 65_536, -1}) {
        assertThat(Served.bytes(served.ask(Frames.with(question, 0, room)))).isEqualTo(numbers(10));
      }
    }
  }

  /** Answers with these time-outs. */
  private static final class Creating implements Inline {
    private final Timeouts timeouts;

    Creating(Timeouts timeouts) {
      this.timeouts = timeouts;
    }

    @Override
    public void create(Create.Request request, CreateReply reply) {
      reply.created(5, FILE, timeouts, 0x1234_5678_9abc_def0L, 3);
    }

    @Override
    public void lookup(Lookup.Request request, EntryReply reply) {
      if (request.name().toString().equals("absent")) {
        reply.negative(timeouts);
      } else {
        reply.entry(5, FILE, timeouts);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 999_999_999, 1_000_000_000, 1_500_000_001, Long.MAX_VALUE})
  void timeoutsAreExactToTheNanosecond(long nanos) throws InterruptedException {
    Creating creating = new Creating(new Timeouts(nanos, nanos / 3));
    Message created = ask(creating, Frames.frame(Opcode.CREATE, 2, 16, "name"));
    MemorySegment body = Served.struct(created, EntryOut.SIZE + OpenOut.SIZE);
    assertTimes(body, nanos, nanos / 3);
    assertThat(EntryOut.NODEID.get(body, 0)).isEqualTo(5);
    assertThat(OpenOut.FH.get(body, EntryOut.SIZE)).isEqualTo(0x1234_5678_9abc_def0L);
    assertThat(OpenOut.OPEN_FLAGS.get(body, EntryOut.SIZE)).isEqualTo(3);
    assertThat(OpenOut.BACKING_ID.get(body, EntryOut.SIZE)).isZero();
    Message found = ask(creating, Frames.frame(Opcode.LOOKUP, 2, 0, "name"));
    assertTimes(Served.struct(found, EntryOut.SIZE), nanos, nanos / 3);
    Message absent = ask(creating, Frames.frame(Opcode.LOOKUP, 2, 0, "absent"));
    assertTimes(Served.struct(absent, EntryOut.SIZE), nanos, nanos / 3);
    assertThat(EntryOut.NODEID.get(absent.body(), 0)).isZero();
  }

  private static void assertTimes(MemorySegment body, long entryNanos, long attributeNanos) {
    assertThat(
            Duration.ofSeconds(
                EntryOut.ENTRY_VALID.get(body, 0), EntryOut.ENTRY_VALID_NSEC.get(body, 0)))
        .isEqualTo(Duration.ofNanos(entryNanos));
    assertThat(
            Duration.ofSeconds(
                EntryOut.ATTR_VALID.get(body, 0), EntryOut.ATTR_VALID_NSEC.get(body, 0)))
        .isEqualTo(Duration.ofNanos(attributeNanos));
    assertThat(EntryOut.ENTRY_VALID_NSEC.get(body, 0)).isBetween(0, 999_999_999);
  }

  @Test
  void negativeTimeoutsAreRefused() {
    assertThatThrownBy(() -> new Timeouts(-1, 0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Timeouts(0, -1)).isInstanceOf(IllegalArgumentException.class);
  }
}
