package io.fusewire.filesystems.memory;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fusewire.raw.FuseException;
import io.fusewire.wire.Errno;
import io.fusewire.wire.Name;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class XattrsTest {
  private static final int CREATE = 1;
  private static final int REPLACE = 2;
  private static final long HEAP = 10_000_000;
  private static final Name NAME = Name.of("user.a");

  private final PagePool pool = new PagePool(20L * PagePool.PAGE);
  private final HeapBudget heap = new HeapBudget(HEAP);
  private final Xattrs xattrs = new Xattrs(new MetadataSpace(pool, heap));
  private final Inode node = Inode.special(0100644, 0, Instant.EPOCH);

  private void set(Name name, int length, int flags) {
    xattrs.set(node, name, new byte[length], flags, false);
  }

  private static void fails(int errno, Runnable action) {
    assertThatThrownBy(action::run)
        .isInstanceOfSatisfying(FuseException.class, e -> assertThat(e.errno()).isEqualTo(errno));
  }

  @Test
  void createAndReplace() {
    fails(Errno.ENODATA, () -> set(NAME, 1, REPLACE));
    set(NAME, 1, CREATE);
    fails(Errno.EEXIST, () -> set(NAME, 2, CREATE));
    set(NAME, 2, REPLACE);
    assertThat(Xattrs.get(node, NAME)).hasSize(2);
    xattrs.remove(node, NAME);
    fails(Errno.ENODATA, () -> xattrs.remove(node, NAME));
    fails(Errno.ENODATA, () -> Xattrs.get(node, NAME));
  }

  @Test
  void anEmptyValueIsAValue() {
    set(NAME, 0, 0);
    assertThat(Xattrs.get(node, NAME)).isEmpty();
    assertThat(new String(Xattrs.list(node), ISO_8859_1)).isEqualTo("user.a\0");
  }

  @Test
  void theLargestValue() {
    set(NAME, 65_536, 0);
    fails(Errno.ENOSPC, () -> set(Name.of("user.b"), 65_537, 0));
    assertThat(pool.pagesUsed()).isEqualTo(17);
  }

  @Test
  void theyCountInTheSizeLimitAndComeBack() {
    set(NAME, 60_000, 0);
    long heapLeft = heap.left();
    fails(Errno.ENOSPC, () -> set(Name.of("user.b"), 30_000, 0));
    assertThat(Xattrs.get(node, NAME)).as("nothing is lost").hasSize(60_000);
    assertThat(heap.left()).isEqualTo(heapLeft);
    set(NAME, 10, REPLACE);
    assertThat(pool.pagesUsed()).isZero();
    xattrs.remove(node, NAME);
    assertThat(node.metadataBytes).isZero();
    assertThat(heap.left()).isEqualTo(HEAP);
  }

  @Test
  void soManyAndNoMore() {
    PagePool large = new PagePool(1 << 30);
    Xattrs many = new Xattrs(new MetadataSpace(large, heap));
    for (int i = 0; i < 1024; i++) {
      many.set(node, Name.of("user." + i), new byte[1], 0, false);
    }
    fails(Errno.ENOSPC, () -> many.set(node, Name.of("user.more"), new byte[1], 0, false));
    many.set(node, Name.of("user.7"), new byte[2], 0, false);
  }

  @Test
  void aChangeTakesFileCapabilities() {
    set(Name.of("security.capability"), 20, 0);
    set(NAME, 1, 0);
    xattrs.dropCapability(node);
    assertThat(new String(Xattrs.list(node), ISO_8859_1)).isEqualTo("user.a\0");
  }
}
