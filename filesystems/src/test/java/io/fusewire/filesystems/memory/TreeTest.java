package io.fusewire.filesystems.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fusewire.linux.sys.Mode;
import io.fusewire.node.NodeTable;
import io.fusewire.raw.FuseException;
import io.fusewire.wire.Errno;
import io.fusewire.wire.Name;
import io.fusewire.wire.flag.RenameFlags;
import java.lang.foreign.MemorySegment;
import java.time.Clock;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class TreeTest {
  private static final long HEAP = 100_000;
  private static final int NODES = 20;

  private final PagePool pool = new PagePool(16L * PagePool.PAGE);
  private final HeapBudget heap = new HeapBudget(HEAP);
  private final Tree tree =
      new Tree(new NodeTable<>(NODES), new MetadataSpace(pool, heap), Clock.systemUTC());

  @AfterEach
  void close() {
    pool.close();
  }

  private static void fails(int errno, Runnable action) {
    assertThatThrownBy(action::run)
        .isInstanceOfSatisfying(FuseException.class, e -> assertThat(e.errno()).isEqualTo(errno));
  }

  private Inode file(Inode parent, String name) {
    Inode made = Inode.file(0644, Instant.EPOCH, new FileData(pool, heap));
    tree.create(parent, Name.of(name), made);
    return made;
  }

  private Inode directory(Inode parent, String name) {
    Inode made = Inode.directory(0755, Instant.EPOCH, parent);
    tree.create(parent, Name.of(name), made);
    return made;
  }

  private void rename(Inode from, String name, Inode to, String newName, int flags) {
    Inode whiteout = Inode.special(Mode.S_IFCHR, 0, Instant.EPOCH);
    tree.rename(new Tree.Move(from, Name.of(name), to, Name.of(newName), flags, whiteout));
  }

  private Inode at(Inode parent, String name) {
    return Objects.requireNonNull(Tree.names(parent).find(Name.of(name)));
  }

  /** The kernel forgets it. */
  private void forget(Inode node) {
    node.removeLookups(node.lookups());
    tree.dropIfUnused(node);
  }

  @Test
  void exchangeOfFileAndDirectoryMovesTheLinks() {
    Inode one = directory(tree.root, "one");
    Inode file = file(tree.root, "file");
    Inode inner = directory(one, "inner");
    rename(one, "inner", tree.root, "file", RenameFlags.EXCHANGE);
    assertThat(at(one, "inner")).isSameAs(file);
    assertThat(at(tree.root, "file")).isSameAs(inner);
    assertThat(one.nlink).isEqualTo(2);
    assertThat(tree.root.nlink).isEqualTo(4);
    assertThat(Tree.names(inner).parent).isSameAs(tree.root);
    fails(Errno.ENOENT, () -> rename(one, "inner", one, "none", RenameFlags.EXCHANGE));
  }

  @Test
  void exchangeWithAnAncestorIsRefused() {
    Inode one = directory(tree.root, "one");
    directory(one, "two");
    fails(Errno.EINVAL, () -> rename(tree.root, "one", one, "two", RenameFlags.EXCHANGE));
    fails(Errno.EINVAL, () -> rename(one, "two", tree.root, "one", RenameFlags.EXCHANGE));
    fails(Errno.EINVAL, () -> rename(tree.root, "one", one, "new", 0));
  }

  @Test
  void flagsThatContradictAreRefused() {
    file(tree.root, "a");
    for (int flags : new int[] {3, 6, 7, 8}) {
      fails(Errno.EINVAL, () -> rename(tree.root, "a", tree.root, "b", flags));
    }
  }

  @Test
  void aWhiteoutTakesTheOldName() {
    Inode file = file(tree.root, "a");
    Inode old = file(tree.root, "b");
    rename(tree.root, "a", tree.root, "b", RenameFlags.WHITEOUT);
    assertThat(at(tree.root, "b")).isSameAs(file);
    assertThat(old.nlink).isZero();
    Inode whiteout = at(tree.root, "a");
    assertThat(whiteout.mode).isEqualTo(Mode.S_IFCHR);
    assertThat(whiteout.nlink).isEqualTo(1);
    assertThat(tree.node(whiteout.nodeId())).isSameAs(whiteout);
    fails(
        Errno.EEXIST,
        () -> rename(tree.root, "b", tree.root, "a", RenameFlags.WHITEOUT | RenameFlags.NOREPLACE));
  }

  @Test
  void withoutRoomForAWhiteoutNothingMoves() {
    Inode kept = file(tree.root, "0");
    for (int i = 1; i < NODES - 1; i++) {
      file(tree.root, "" + i);
    }
    fails(Errno.ENOSPC, () -> file(tree.root, "more"));
    fails(Errno.ENOSPC, () -> rename(tree.root, "0", tree.root, "1", RenameFlags.WHITEOUT));
    assertThat(at(tree.root, "0")).isSameAs(kept);
    assertThat(at(tree.root, "1").nlink).isEqualTo(1);
    assertThat(tree.nodesLeft()).isZero();
  }

  @Test
  void anUnlinkedFileKeepsItsSpaceUntilNobodyHasIt() {
    Inode file = file(tree.root, "a");
    FileData data = Objects.requireNonNull(file.data);
    data.write(MemorySegment.ofArray(new byte[10]), 0, 0, 10);
    file.open();
    tree.unlink(tree.root, Name.of("a"));
    file.removeLookups(1);
    tree.dropIfUnused(file);
    assertThat(pool.pagesUsed()).isEqualTo(1);
    file.release();
    tree.dropIfUnused(file);
    assertThat(pool.pagesUsed()).isZero();
    fails(Errno.ESTALE, () -> tree.node(file.nodeId()));
  }

  @Test
  void allThatNamesAndNodesTakeComesBack() {
    for (int round = 0; round < 50; round++) {
      Inode directory = directory(tree.root, "d");
      Inode file = file(directory, "f");
      tree.link(file, directory, Name.of("hard"));
      Inode link = Inode.symlink(new byte[4000], Instant.EPOCH);
      tree.create(directory, Name.of("soft"), link);
      assertThat(pool.pagesUsed()).as("the symbolic link").isEqualTo(1);
      rename(directory, "f", directory, "hard", 0);
      rename(directory, "f", directory, "soft", RenameFlags.WHITEOUT);
      Inode whiteout = at(directory, "f");
      forget(link);
      fails(Errno.ENOTEMPTY, () -> tree.rmdir(tree.root, Name.of("d")));
      for (String name : new String[] {"f", "hard", "soft"}) {
        tree.unlink(directory, Name.of(name));
      }
      tree.rmdir(tree.root, Name.of("d"));
      forget(whiteout);
      forget(file);
      forget(directory);
      assertThat(heap.left()).isEqualTo(HEAP);
      assertThat(pool.pagesUsed()).isZero();
      assertThat(tree.nodesLeft()).isEqualTo(NODES - 1);
    }
  }

  @Test
  void theHeapHasItsLimitToo() {
    HeapBudget small = new HeapBudget(3 * (HeapBudget.NODE_BYTES + HeapBudget.NAME_BYTES));
    Tree full = new Tree(new NodeTable<>(NODES), new MetadataSpace(pool, small), Clock.systemUTC());
    for (int i = 0; i < 3; i++) {
      Inode made = Inode.special(Mode.S_IFIFO, 0, Instant.EPOCH);
      full.create(full.root, Name.of("" + i), made);
    }
    Inode more = Inode.special(Mode.S_IFIFO, 0, Instant.EPOCH);
    fails(Errno.ENOSPC, () -> full.create(full.root, Name.of("more"), more));
    fails(Errno.ENOSPC, () -> full.link(at(full.root, "0"), full.root, Name.of("hard")));
    assertThat(full.nodesLeft()).isZero();
  }

  @Test
  void whatIsImmutableOrAppendOnlyStays() {
    Inode directory = directory(tree.root, "d");
    Inode file = file(directory, "f");
    for (int flag : new int[] {0x10, 0x20}) {
      file.flags = flag;
      fails(Errno.EPERM, () -> tree.unlink(directory, Name.of("f")));
      fails(Errno.EPERM, () -> tree.link(file, directory, Name.of("g")));
      fails(Errno.EPERM, () -> rename(directory, "f", tree.root, "f", 0));
      file.flags = 0;
      directory.flags = flag;
      fails(Errno.EPERM, () -> tree.unlink(directory, Name.of("f")));
      fails(Errno.EPERM, () -> rename(directory, "f", tree.root, "f", 0));
      fails(Errno.EPERM, () -> tree.rmdir(tree.root, Name.of("d")));
      directory.flags = 0;
    }
    directory.flags = 0x10;
    fails(Errno.EPERM, () -> file(directory, "new"));
    directory.flags = 0x20;
    file(directory, "new");
  }

  @Test
  void inARemovedDirectoryNothingIsMade() {
    Inode directory = directory(tree.root, "d");
    Inode file = file(tree.root, "f");
    tree.rmdir(tree.root, Name.of("d"));
    fails(Errno.ENOENT, () -> file(directory, "a"));
    fails(Errno.ENOENT, () -> rename(tree.root, "f", directory, "a", 0));
    fails(Errno.ENOENT, () -> tree.link(file, directory, Name.of("a")));
  }

  @Test
  void cookiesStayWhateverChanges() {
    Directory names = new Directory();
    for (int i = 0; i < 10; i++) {
      names.put(Name.of("" + i), tree.root);
    }
    long cookieOfFive = names.from(0).values().stream().skip(5).findFirst().orElseThrow().cookie();
    names.remove(Name.of("5"));
    names.remove(Name.of("0"));
    names.put(Name.of("late"), tree.root);
    names.put(Name.of("7"), tree.root);
    assertThat(names.from(cookieOfFive).values())
        .extracting(entry -> entry.name().toString())
        .containsExactly("6", "7", "8", "9", "late");
  }
}
