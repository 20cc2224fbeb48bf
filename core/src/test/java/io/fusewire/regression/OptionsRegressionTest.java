package io.fusewire.regression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fusewire.FlatFileSystem;
import io.fusewire.raw.CreateReply;
import io.fusewire.raw.DirectoryReply;
import io.fusewire.raw.FileAttributes;
import io.fusewire.raw.Negotiation;
import io.fusewire.raw.OpenReply;
import io.fusewire.raw.RawFileSystem;
import io.fusewire.raw.Timeouts;
import io.fusewire.session.Fusewire;
import io.fusewire.session.MountOptions;
import io.fusewire.transport.memory.Frames;
import io.fusewire.transport.memory.InMemoryTransport;
import io.fusewire.transport.memory.Message;
import io.fusewire.wire.Errno;
import io.fusewire.wire.Opcode;
import io.fusewire.wire.flag.InitFlags;
import io.fusewire.wire.flag.OpenFlags;
import io.fusewire.wire.struct.InHeader;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The seed's defects in INIT and in options, without a kernel. */
@Timeout(60)
class OptionsRegressionTest {
  private static final long FLAGS_OFFSET = 12;

  /** R5: an INIT that cannot be parsed is answered with a negative errno, and mounting fails. */
  @ParameterizedTest
  @ValueSource(ints = {0, 4, 8, 15})
  void r05_aBrokenInitIsAnsweredNegativeAndMountingFails(int bodyBytes) throws Exception {
    InMemoryTransport transport = new InMemoryTransport();
    transport.deliver(Frames.cut(Body.init(45, InMemory.OFFER), InHeader.SIZE + bodyBytes));
    assertThatThrownBy(() -> Fusewire.serve(new FlatFileSystem(), transport, Mode.INLINE.options()))
        .hasMessageContaining("INIT");
    Message answer = Objects.requireNonNull(transport.poll());
    assertThat(answer.error()).isEqualTo(-Errno.EINVAL);
    assertThat(answer.body().byteSize()).isZero();
    assertThat(transport.poll()).isNull();
  }

  /** R31: force_readdirplus makes READDIR answer ENOSYS in every mode. */
  @ParameterizedTest
  @EnumSource(Mode.class)
  void r31_withForceReaddirplusReaddirIsEnosys(Mode mode) throws Exception {
    RawFileSystem listing = Answering.with((request, reply) -> ((DirectoryReply) reply).send());
    byte[] init = Body.init(45, InMemory.OFFER | InitFlags.DO_READDIRPLUS);
    try (InMemory plain = InMemory.serve(mode.layer(listing), mode.options(), init)) {
      assertThat(plain.ask(Frames.frame(Opcode.READDIR, 4, 40)).error()).isZero();
    }
    MountOptions options = mode.options().option("force_readdirplus");
    try (InMemory forced = InMemory.serve(mode.layer(listing), options, init)) {
      assertThat(forced.ask(Frames.frame(Opcode.READDIR, 4, 40)).error()).isEqualTo(-Errno.ENOSYS);
      assertThat(forced.mount.negotiation().grants(InitFlags.DO_READDIRPLUS)).isTrue();
      assertThat(forced.mount.negotiation().grants(InitFlags.READDIRPLUS_AUTO)).isFalse();
    }
  }

  /** R55: the file system sees the kernel's version and the second word of its flags. */
  @Test
  void r55_theFileSystemSeesVersionAndAllFlags() throws Exception {
    List<Negotiation> seen = new CopyOnWriteArrayList<>();
    RawFileSystem watching =
        new RawFileSystem() {
          @Override
          public void init(Negotiation negotiation) {
            seen.add(negotiation);
          }
        };
    long offer = InMemory.OFFER | InitFlags.ALLOW_IDMAP | InitFlags.HAS_EXPIRE_ONLY;
    byte[] init = Body.init(41, offer);
    try (InMemory session = InMemory.serve(watching, Mode.INLINE.options(), init)) {
      assertThat(seen).hasSize(1);
      assertThat(seen.getFirst().kernel()).hasToString("7.41");
      assertThat(seen.getFirst().offered()).isEqualTo(offer);
      assertThat(session.mount.negotiation()).isSameAs(seen.getFirst());
    }
  }

  /** R56: the minor of the reply is the smaller one, and old layouts are followed. */
  @ParameterizedTest
  @ValueSource(ints = {23, 31, 36, 45, 99})
  void r56_theReplyFollowsTheKernelsVersion(int minor) throws Exception {
    byte[] init = Body.init(minor, InitFlags.SETXATTR_EXT);
    try (InMemory session = InMemory.serve(new FlatFileSystem(), Mode.INLINE.options(), init)) {
      assertThat(InMemory.u32(session.initReply, 0)).isEqualTo(7);
      assertThat(InMemory.u32(session.initReply, 4)).isEqualTo(Math.min(minor, 45));
    }
    byte[] plain = Body.init(minor, 0);
    try (InMemory session =
        InMemory.serve(
            Answering.with((request, reply) -> reply.error(Errno.EXDEV)),
            Mode.INLINE.options(),
            plain)) {
      byte[] setxattr = Body.start().u32(3, 0).name("user.a").frame(Opcode.SETXATTR, 4);
      byte[] whole = Frames.cut(setxattr, setxattr.length + 3);
      assertThat(session.ask(whole).error()).isEqualTo(-Errno.EXDEV);
    }
  }

  /** R57: what the library does nothing for is not claimed, although the kernel offers it. */
  @Test
  void r57_onlyWhatIsHonouredIsClaimed() throws Exception {
    long unused =
        InitFlags.SPLICE_READ
            | InitFlags.SPLICE_WRITE
            | InitFlags.SPLICE_MOVE
            | InitFlags.FILE_OPS
            | InitFlags.HAS_INODE_DAX
            | InitFlags.OVER_IO_URING // not without a device
            | InitFlags.MAP_ALIGNMENT;
    RawFileSystem wanting =
        new RawFileSystem() {
          @Override
          public void init(Negotiation negotiation) {
            negotiation.want(~InitFlags.WRITEBACK_CACHE); // which excludes PASSTHROUGH
          }
        };
    byte[] everything = Body.init(45, -1L);
    try (InMemory session = InMemory.serve(wanting, Mode.INLINE.options(), everything)) {
      long low = Integer.toUnsignedLong(InMemory.u32(session.initReply, FLAGS_OFFSET));
      long high = Integer.toUnsignedLong(InMemory.u32(session.initReply, FLAGS_OFFSET + 20));
      assertThat((low | high << 32) & unused).isZero();
      assertThat(low & InitFlags.ASYNC_READ).isNotZero();
    }
  }

  /** R58: direct_io is about files, not about directories. */
  @ParameterizedTest
  @EnumSource(Mode.class)
  void r58_directIoLeavesDirectoriesAlone(Mode mode) throws Exception {
    RawFileSystem opening =
        Answering.with(
            (request, reply) -> {
              if (reply instanceof CreateReply create) {
                create.created(9, FileAttributes.file(9, 0644, 0), Timeouts.NONE, 5, 0);
              } else {
                ((OpenReply) reply).open(5, 0);
              }
            });
    MountOptions options = mode.options().option("direct_io");
    try (InMemory session = InMemory.serve(mode.layer(opening), options)) {
      assertThat(InMemory.u32(session.ask(Frames.frame(Opcode.OPEN, 4, 8)), 8))
          .isEqualTo(OpenFlags.DIRECT_IO);
      Message created = session.ask(Frames.frame(Opcode.CREATE, 6, 16, "file"));
      assertThat(InMemory.u32(created, 128 + 8)).isEqualTo(OpenFlags.DIRECT_IO);
      assertThat(InMemory.u32(session.ask(Frames.frame(Opcode.OPENDIR, 8, 8)), 8)).isZero();
    }
  }

  /** The option reaches files of a file system that leaves opening to the default, too. */
  @ParameterizedTest
  @EnumSource(Mode.class)
  void r58_directIoReachesFilesThatNeedNoOpen(Mode mode) throws Exception {
    MountOptions options = mode.options().option("direct_io");
    try (InMemory session = InMemory.serve(mode.layer(new FlatFileSystem()), options)) {
      assertThat(InMemory.u32(session.ask(Frames.frame(Opcode.OPEN, 4, 8)), 8))
          .isEqualTo(OpenFlags.DIRECT_IO);
      assertThat(session.ask(Frames.frame(Opcode.OPENDIR, 6, 8)).error()).isEqualTo(-Errno.ENOSYS);
    }
    try (InMemory plain = InMemory.serve(new FlatFileSystem(), mode)) {
      assertThat(plain.ask(Frames.frame(Opcode.OPEN, 4, 8)).error()).isEqualTo(-Errno.ENOSYS);
    }
  }

  /** R81: a file system that is known only as an object of some class mounts like any other. */
  @ParameterizedTest
  @EnumSource(Mode.class)
  void r81_aFileSystemChosenAtRunTimeMounts(Mode mode) throws Exception {
    Object chosen = mode.layer(mode.layer(new FlatFileSystem()));
    try (InMemory session = InMemory.serve((RawFileSystem) chosen, mode)) {
      assertThat(session.ask(Frames.frame(Opcode.GETATTR, 4, 16)).error()).isZero();
    }
  }
}
