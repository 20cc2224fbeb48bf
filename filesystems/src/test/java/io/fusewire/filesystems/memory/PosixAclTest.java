package io.fusewire.filesystems.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fusewire.linux.sys.Mode;
import io.fusewire.raw.FuseException;
import io.fusewire.wire.Name;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class PosixAclTest {
  private static final int USER_OBJ = 1;
  private static final int USER = 2;
  private static final int GROUP_OBJ = 4;
  private static final int MASK = 0x10;
  private static final int OTHER = 0x20;

  private final PagePool pool = new PagePool(1 << 20);
  private final HeapBudget heap = new HeapBudget(1 << 20);
  private final Xattrs xattrs = new Xattrs(new MetadataSpace(pool, heap));
  private final Inode directory = Inode.directory(0755, Instant.EPOCH, null);
  private final Inode file = Inode.file(0666, Instant.EPOCH, new FileData(pool, heap));

  /** A list of tags and permissions by turns. */
  private static byte[] list(int... entries) {
    ByteBuffer buffer = ByteBuffer.allocate(4 + 4 * entries.length).order(ByteOrder.LITTLE_ENDIAN);
    buffer.putInt(2);
    for (int i = 0; i < entries.length; i += 2) {
      buffer.putShort((short) entries[i]).putShort((short) entries[i + 1]).putInt(1000);
    }
    return buffer.array();
  }

  private static byte[] extended(int user, int group, int mask, int other) {
    return list(USER_OBJ, user, USER, 7, GROUP_OBJ, group, MASK, mask, OTHER, other);
  }

  private void set(Inode node, String name, byte[] value) {
    xattrs.set(node, Name.of(name), value, 0, false);
  }

  private static byte[] get(Inode node, String name) {
    return Xattrs.get(node, Name.of(name));
  }

  @Test
  void whatIsNoListIsRefused() {
    byte[] wrongVersion = extended(7, 7, 7, 7);
    wrongVersion[0] = 1;
    byte[][] wrong = {
      {},
      new byte[3],
      new byte[11],
      wrongVersion,
      list(USER_OBJ, 7, GROUP_OBJ, 7),
      list(USER_OBJ, 7, USER, 7, GROUP_OBJ, 7, OTHER, 7)
    };
    for (byte[] value : wrong) {
      assertThatThrownBy(() -> set(file, PosixAcl.ACCESS, value)).isInstanceOf(FuseException.class);
    }
    assertThatThrownBy(() -> set(file, "system.other", new byte[1]))
        .isInstanceOf(FuseException.class);
    assertThatThrownBy(() -> set(file, PosixAcl.DEFAULT, extended(7, 7, 7, 7)))
        .as("a default list of a file")
        .isInstanceOf(FuseException.class);
    assertThat(Xattrs.list(file)).isEmpty();
  }

  @Test
  void aListThatSaysNoMoreThanTheModeIsTheMode() {
    set(file, PosixAcl.ACCESS, extended(6, 4, 6, 0));
    set(file, PosixAcl.ACCESS, list(USER_OBJ, 7, GROUP_OBJ, 5, OTHER, 1));
    assertThat(file.mode).isEqualTo(Mode.S_IFREG | 0751);
    assertThat(Xattrs.list(file)).isEmpty();
    assertThat(pool.pagesUsed()).isZero();
  }

  @Test
  void theMaskIsTheGroupPartOfTheMode() {
    file.mode |= Mode.S_ISGID;
    set(file, PosixAcl.ACCESS, extended(6, 7, 4, 1));
    assertThat(file.mode).isEqualTo(Mode.S_IFREG | Mode.S_ISGID | 0641);
    xattrs.set(file, Name.of(PosixAcl.ACCESS), extended(6, 7, 4, 1), 0, true);
    assertThat(file.mode).isEqualTo(Mode.S_IFREG | 0641);
    file.mode = Mode.S_IFREG | 0750;
    PosixAcl.changeMode(file);
    assertThat(get(file, PosixAcl.ACCESS)).isEqualTo(extended(7, 7, 5, 0));
  }

  @Test
  void withoutADefaultListTheUmaskCounts() {
    PosixAcl.inherit(file, directory, 027);
    assertThat(file.mode).isEqualTo(Mode.S_IFREG | 0640);
    assertThat(file.xattrs).isNull();
  }

  @Test
  void withADefaultListTheUmaskDoesNot() {
    byte[] handedDown = extended(7, 5, 7, 0);
    set(directory, PosixAcl.DEFAULT, handedDown);
    assertThat(directory.mode).as("its own mode").isEqualTo(Mode.S_IFDIR | 0755);
    PosixAcl.inherit(file, directory, 077);
    assertThat(file.mode).isEqualTo(Mode.S_IFREG | 0660);
    assertThat(get(file, PosixAcl.ACCESS)).isEqualTo(extended(6, 5, 6, 0));
    Inode below = Inode.directory(0777, Instant.EPOCH, directory);
    PosixAcl.inherit(below, directory, 077);
    assertThat(below.mode).isEqualTo(Mode.S_IFDIR | 0770);
    assertThat(get(below, PosixAcl.DEFAULT)).isEqualTo(handedDown);
    assertThat(below.metadataBytes).isPositive();
  }

  @Test
  void aDefaultListWithoutUsersLeavesNoListBehind() {
    set(directory, PosixAcl.DEFAULT, list(USER_OBJ, 7, GROUP_OBJ, 4, OTHER, 0));
    PosixAcl.inherit(file, directory, 0);
    assertThat(file.mode).isEqualTo(Mode.S_IFREG | 0640);
    assertThat(Xattrs.list(file)).isEmpty();
  }

  @Test
  void aListThatIsNotThereCanBeRemoved() {
    xattrs.remove(file, Name.of(PosixAcl.ACCESS));
    xattrs.remove(file, Name.of(PosixAcl.DEFAULT));
    assertThat(file.metadataBytes).isZero();
  }
}
