package io.fusewire.regression;

import static org.assertj.core.api.Assertions.assertThat;

import io.fusewire.raw.AttrReply;
import io.fusewire.raw.Attributes;
import io.fusewire.raw.Create;
import io.fusewire.raw.EntryReply;
import io.fusewire.raw.FileAttributes;
import io.fusewire.raw.Mknod;
import io.fusewire.raw.RawRequest;
import io.fusewire.raw.Read;
import io.fusewire.raw.Release;
import io.fusewire.raw.Setattr;
import io.fusewire.raw.Setlk;
import io.fusewire.raw.Timeouts;
import io.fusewire.raw.Write;
import io.fusewire.transport.memory.Message;
import io.fusewire.wire.Errno;
import io.fusewire.wire.Opcode;
import io.fusewire.wire.flag.AttrFlags;
import io.fusewire.wire.flag.LockFlags;
import io.fusewire.wire.flag.ReleaseFlags;
import io.fusewire.wire.flag.SetattrFlags;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The fields of requests and replies that the seed dropped. */
@Timeout(60)
class ArgumentsRegressionTest {
  private static final long ENTRY_NANOS = 1_000_000_001L;
  private static final long ATTRIBUTE_NANOS = 2_000_000_002L;

  /** Sends one request and has the test look at it while it is being served. */
  private static void seen(Mode mode, byte[] frame, Consumer<RawRequest> check) throws Exception {
    AtomicReference<AssertionError> failure = new AtomicReference<>();
    try (InMemory session =
        InMemory.serve(
            Answering.with(
                (request, reply) -> {
                  try {
                    check.accept(request);
                  } catch (AssertionError e) {
                    failure.set(e);
                  }
                  reply.error(Errno.EXDEV);
                }),
            mode)) {
      assertThat(session.ask(frame).error()).isEqualTo(-Errno.EXDEV);
    }
    assertThat(failure).hasValue(null);
  }

  /** R60: MKNOD and CREATE carry the umask, CREATE its open flags. */
  @ParameterizedTest
  @EnumSource(Mode.class)
  void r60_makingCarriesUmaskAndOpenFlags(Mode mode) throws Exception {
    byte[] mknod = Body.start().u32(010644, 0x103, 027, 0).name("fifo").frame(Opcode.MKNOD, 4);
    seen(
        mode,
        mknod,
        request -> {
          assertThat(((Mknod.Request) request).mode()).isEqualTo(010644);
          assertThat(((Mknod.Request) request).rdev()).isEqualTo(0x103);
          assertThat(((Mknod.Request) request).umask()).isEqualTo(027);
        });
    byte[] create = Body.start().u32(02, 0100600, 077, 1).name("file").frame(Opcode.CREATE, 4);
    seen(
        mode,
        create,
        request -> {
          assertThat(((Create.Request) request).flags()).isEqualTo(02);
          assertThat(((Create.Request) request).umask()).isEqualTo(077);
          assertThat(((Create.Request) request).openFlags()).isEqualTo(1);
        });
  }

  /** R60: READ and WRITE carry their flags and the lock owner. */
  @ParameterizedTest
  @EnumSource(Mode.class)
  void r60_readAndWriteCarryFlagsAndLockOwner(Mode mode) throws Exception {
    byte[] read = Body.start().u64(7, 8).u32(9, 2).u64(-5).u32(0100000, 0).frame(Opcode.READ, 4);
    seen(
        mode,
        read,
        request -> {
          assertThat(((Read.Request) request).flags()).isEqualTo(2);
          assertThat(((Read.Request) request).lockOwner()).isEqualTo(-5);
          assertThat(((Read.Request) request).openFlags()).isEqualTo(0100000);
        });
    byte[] write =
        Body.start().u64(7, 8).u32(8, 3).u64(-6).u32(02001, 0).u64(1).frame(Opcode.WRITE, 4);
    seen(
        mode,
        write,
        request -> {
          assertThat(((Write.Request) request).flags()).isEqualTo(3);
          assertThat(((Write.Request) request).lockOwner()).isEqualTo(-6);
          assertThat(((Write.Request) request).openFlags()).isEqualTo(02001);
        });
  }

  /** R60: RELEASE tells of the flock to end, SETLK that it is about flock(2). */
  @ParameterizedTest
  @EnumSource(Mode.class)
  void r60_releaseAndSetlkTellFlock(Mode mode) throws Exception {
    byte[] release = Body.start().u64(7).u32(01, 3).u64(-7).frame(Opcode.RELEASE, 4);
    seen(
        mode,
        release,
        request -> {
          assertThat(((Release.Request) request).flags())
              .isEqualTo(ReleaseFlags.FLUSH | ReleaseFlags.FLOCK_UNLOCK);
          assertThat(((Release.Request) request).lockOwner()).isEqualTo(-7);
        });
    for (Opcode opcode : new Opcode[] {Opcode.SETLK, Opcode.SETLKW}) {
      byte[] lock = Body.start().u64(7, -8, 10, 19).u32(1, 77, 1, 0).frame(opcode, 4);
      seen(
          mode,
          lock,
          request -> {
            Setlk.Request asked = (Setlk.Request) request;
            assertThat(asked.flags()).isEqualTo(LockFlags.FLOCK);
            assertThat(asked.isFlock()).isTrue();
            assertThat(asked.waits()).isEqualTo(opcode == Opcode.SETLKW);
            assertThat(asked.owner()).isEqualTo(-8);
            assertThat(asked.start()).isEqualTo(10);
            assertThat(asked.end()).isEqualTo(19);
            assertThat(asked.lockPid()).isEqualTo(77);
          });
    }
  }

  /** R61: "now" stays now, and a set-id kill stays one. */
  @ParameterizedTest
  @EnumSource(Mode.class)
  void r61_nowReachesTheFileSystemAsNow(Mode mode) throws Exception {
    int valid =
        SetattrFlags.ATIME
            | SetattrFlags.ATIME_NOW
            | SetattrFlags.MTIME
            | SetattrFlags.MTIME_NOW
            | SetattrFlags.KILL_SUIDGID;
    byte[] setattr =
        Body.start()
            .u32(valid, 0)
            .u64(0, 0, 0, 0, 0, 0)
            .u32(0, 0, 0, 0, 0, 0, 0, 0)
            .frame(Opcode.SETATTR, 4);
    seen(
        mode,
        setattr,
        request -> {
          Setattr.Request asked = (Setattr.Request) request;
          assertThat(asked.valid()).isEqualTo(valid);
          assertThat(asked.sets(SetattrFlags.ATIME_NOW | SetattrFlags.MTIME_NOW)).isTrue();
          assertThat(asked.atime()).isZero();
        });
  }

  /** R62: names and attributes have time-outs of their own, wherever a node is given. */
  @ParameterizedTest
  @EnumSource(Mode.class)
  void r62_namesAndAttributesHaveTimeoutsOfTheirOwn(Mode mode) throws Exception {
    Attributes file = FileAttributes.file(9, 0644, 0);
    Timeouts timeouts = new Timeouts(ENTRY_NANOS, ATTRIBUTE_NANOS);
    byte[][] frames = {
      Body.start().name("a").frame(Opcode.LOOKUP, 4),
      Body.start().u32(0755, 022).name("a").frame(Opcode.MKDIR, 4),
      Body.start().u32(0100644, 0, 022, 0).name("a").frame(Opcode.MKNOD, 4),
      Body.start().name("a").name("target").frame(Opcode.SYMLINK, 4),
      Body.start().u64(9).name("a").frame(Opcode.LINK, 4)
    };
    try (InMemory session =
        InMemory.serve(
            Answering.with((request, reply) -> ((EntryReply) reply).entry(9, file, timeouts)),
            mode)) {
      for (byte[] frame : frames) {
        Message answer = session.ask(frame);
        assertThat(InMemory.u64(answer, 16)).isEqualTo(1);
        assertThat(InMemory.u64(answer, 24)).isEqualTo(2);
        assertThat(InMemory.u32(answer, 32)).isEqualTo(1);
        assertThat(InMemory.u32(answer, 36)).isEqualTo(2);
      }
    }
  }

  /** R63: a name that does not exist can be remembered for a time. */
  @ParameterizedTest
  @EnumSource(Mode.class)
  void r63_aNegativeEntryHasATimeout(Mode mode) throws Exception {
    Timeouts timeouts = new Timeouts(ENTRY_NANOS, 0);
    try (InMemory session =
        InMemory.serve(
            Answering.with((request, reply) -> ((EntryReply) reply).negative(timeouts)), mode)) {
      Message answer = session.ask(Body.start().name("absent").frame(Opcode.LOOKUP, 4));
      assertThat(answer.error()).isZero();
      assertThat(answer.body().byteSize()).isEqualTo(128);
      assertThat(InMemory.u64(answer, 0)).isZero();
      assertThat(InMemory.u64(answer, 16)).isEqualTo(1);
      assertThat(InMemory.u32(answer, 32)).isEqualTo(1);
    }
  }

  /** Attributes with all that the seed lacked. */
  private record Special(long ino, int mode, long size) implements Attributes {
    @Override
    public int flags() {
      return AttrFlags.SUBMOUNT | AttrFlags.DAX;
    }

    @Override
    public long mtime() {
      return -86_400;
    }

    @Override
    public int mtimeNanos() {
      return 999_999_999;
    }
  }

  /** R64: attributes carry the flags of sub-mounts and DAX. */
  @ParameterizedTest
  @EnumSource(Mode.class)
  void r64_attributesCarryFlags(Mode mode) throws Exception {
    Message answer = attributes(mode);
    assertThat(InMemory.u32(answer, 100)).isEqualTo(3);
  }

  /** R77: times before 1970 are negative seconds. */
  @ParameterizedTest
  @EnumSource(Mode.class)
  void r77_timesBefore1970AreNegative(Mode mode) throws Exception {
    Message answer = attributes(mode);
    assertThat(InMemory.u64(answer, 48)).isEqualTo(-86_400);
    assertThat(InMemory.u32(answer, 68)).isEqualTo(999_999_999);
  }

  private static Message attributes(Mode mode) throws Exception {
    try (InMemory session =
        InMemory.serve(
            Answering.with(
                (request, reply) -> ((AttrReply) reply).attributes(new Special(1, 0040755, 0), 0)),
            mode)) {
      return session.ask(Body.start().u32(0, 0).u64(0).frame(Opcode.GETATTR, 4));
    }
  }
}
