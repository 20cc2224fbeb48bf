package io.fusewire.filesystems.passthrough;

import static org.assertj.core.api.Assertions.assertThat;

import io.fusewire.filesystems.Needs;
import io.fusewire.linux.sys.At;
import io.fusewire.linux.sys.CString;
import io.fusewire.linux.sys.Fcntl;
import io.fusewire.linux.sys.FileCalls;
import io.fusewire.linux.sys.MemoryCalls;
import io.fusewire.linux.sys.NameCalls;
import io.fusewire.linux.sys.NativeMemory;
import io.fusewire.linux.sys.Open;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Contents, attributes and times of access through the mount, compared with the backing files. */
class PassthroughDataIT {
  private static final int BLOCK = 4096;
  private static final int READ_WRITE = 3;
  private static final int MAP_SHARED = 1;

  private PassthroughMount mount;

  @BeforeEach
  void mount() throws IOException {
    mount = PassthroughMount.mount(options());
  }

  PassthroughOptions options() {
    return PassthroughOptions.defaults();
  }

  /** Whether O_NOATIME counts that a program sets when it has the file open. */
  boolean noatimeFollows() {
    return true;
  }

  @AfterEach
  void close() throws IOException {
    if (mount != null) {
      mount.close();
    }
  }

  private static int open(Path path, int flags) {
    try (Arena arena = Arena.ofConfined()) {
      long name = CString.of(arena, path.toString()).address();
      int opened = NameCalls.openat(At.FDCWD, name, flags | Open.CLOEXEC, 0644);
      assertThat(opened).as("open %s", path).isGreaterThanOrEqualTo(0);
      return opened;
    }
  }

  private static void write(int fd, String text) {
    try (Arena arena = Arena.ofConfined()) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      MemorySegment memory = arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes);
      assertThat(FileCalls.write(fd, memory.address(), bytes.length)).isEqualTo(bytes.length);
    }
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  @Test
  void copyFileRangeCopiesRangesBetweenAndWithinFiles() throws IOException {
    byte[] content = random(300_000);
    Files.write(mount.directory().resolve("a"), content);
    int from = open(mount.directory().resolve("a"), Open.RDWR);
    int to = open(mount.directory().resolve("b"), Open.RDWR | Open.CREAT);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment offsets = arena.allocate(16, 8);
      offsets.set(ValueLayout.JAVA_LONG, 0, 1000);
      offsets.set(ValueLayout.JAVA_LONG, 8, 5);
      long copied =
          FileCalls.copyFileRange(from, offsets.address(), to, offsets.address() + 8, 200_000, 0);
      assertThat(copied).isEqualTo(200_000);
      assertThat(offsets.get(ValueLayout.JAVA_LONG, 0)).isEqualTo(201_000);
      offsets.set(ValueLayout.JAVA_LONG, 0, 0);
      offsets.set(ValueLayout.JAVA_LONG, 8, 299_000);
      assertThat(
              FileCalls.copyFileRange(
                  from, offsets.address(), from, offsets.address() + 8, 1000, 0))
          .isEqualTo(1000);
    } finally {
      FileCalls.close(from);
      FileCalls.close(to);
    }
    byte[] expected = new byte[200_005];
    System.arraycopy(content, 1000, expected, 5, 200_000);
    assertThat(Files.readAllBytes(mount.backing().resolve("b"))).isEqualTo(expected);
    System.arraycopy(content, 0, content, 299_000, 1000);
    assertThat(Files.readAllBytes(mount.directory().resolve("a"))).isEqualTo(content);
  }

  /** One descriptor with O_DIRECT serves read(2), write(2) and a shared mapping. */
  @Test
  void directWritesAndMappingsSeeEachOther() throws IOException {
    Path path = mount.directory().resolve("f");
    Files.write(path, new byte[4 * BLOCK]);
    int direct = open(path, Open.RDWR | Open.DIRECT);
    long address = MemoryCalls.mmap(0, 4 * BLOCK, READ_WRITE, MAP_SHARED, direct, 0);
    assertThat(address).as("mmap").isGreaterThan(0);
    MemorySegment mapped = NativeMemory.mapped(address, 4 * BLOCK);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment block = arena.allocate(BLOCK, BLOCK);
      for (int i = 0; i < 4; i++) {
        long at = (long) i * BLOCK;
        mapped.set(ValueLayout.JAVA_BYTE, at, (byte) (10 + i));
        assertThat(FileCalls.pread(direct, block.address(), BLOCK, at)).isEqualTo(BLOCK);
        assertThat(block.get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) (10 + i));
        block.fill((byte) (20 + i));
        assertThat(FileCalls.pwrite(direct, block.address(), BLOCK, at)).isEqualTo(BLOCK);
        assertThat(mapped.get(ValueLayout.JAVA_BYTE, at + 7)).isEqualTo((byte) (20 + i));
      }
      mapped.set(ValueLayout.JAVA_BYTE, 1, (byte) 99);
      assertThat(FileCalls.fsync(direct)).isZero();
    } finally {
      MemoryCalls.munmap(address, 4 * BLOCK);
      FileCalls.close(direct);
    }
    byte[] content = Files.readAllBytes(mount.backing().resolve("f"));
    assertThat(content[1]).isEqualTo((byte) 99);
    assertThat(content[3 * BLOCK]).isEqualTo((byte) 23);
  }

  @Test
  void appendsGoBehindWhatOthersAppended() throws IOException {
    int fd = open(mount.directory().resolve("log"), Open.WRONLY | Open.CREAT | Open.APPEND);
    try {
      write(fd, "one ");
      Files.writeString(mount.backing().resolve("log"), "two ", StandardOpenOption.APPEND);
      write(fd, "three");
    } finally {
      FileCalls.close(fd);
    }
    assertThat(mount.backing().resolve("log")).hasContent("one two three");
  }

  @Test
  void flagsChangedByFcntlFollow() throws IOException {
    Path backing = mount.backing().resolve("f");
    Files.writeString(backing, "content");
    int fd = open(mount.directory().resolve("f"), Open.RDWR);
    try {
      FileCalls.fcntl(fd, Fcntl.SETFL, Open.APPEND);
      write(fd, "+");
      FileCalls.fcntl(fd, Fcntl.SETFL, 0);
      FileCalls.lseek(fd, 0, 0);
      write(fd, "C");
      assertThat(backing).hasContent("Content+");
      mount.script("touch -a -d 2001-01-01 f");
      FileCalls.fcntl(fd, Fcntl.SETFL, Open.NOATIME | Open.DIRECT);
      read(fd);
      assertThat(Needs.run(mount.backing(), "date -d @$(stat -c %X f) +%Y").strip().equals("2001"))
          .isEqualTo(noatimeFollows());
      FileCalls.fcntl(fd, Fcntl.SETFL, Open.DIRECT);
      read(fd);
      assertThat(Needs.run(mount.backing(), "date -d @$(stat -c %X f) +%Y").strip())
          .isNotEqualTo("2001");
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e);
    } finally {
      FileCalls.close(fd);
    }
  }

  private static void read(int fd) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment block = arena.allocate(BLOCK, BLOCK);
      assertThat(FileCalls.pread(fd, block.address(), BLOCK, 0)).isGreaterThan(0);
    }
  }

  private static final String ATIME =
      """
      echo text > f; mkdir d; ln -s f s; touch -d 2001-01-01 f; touch -a -d 2001-01-01 d
      cat f | wc; ls d
      test $(stat -c %%X f) %1$s $(date -d 2001-01-01 +%%s)
      test $(stat -c %%X d) %1$s $(date -d 2001-01-01 +%%s)
      touch -d 2001-01-01 f; cat f | wc; was=$(stat -c %%X f); cat f | wc
      test $(stat -c %%X f) = $was; test $(stat -c %%Y f) = $(date -d 2001-01-01 +%%s)
      """;

  @Test
  void readingChangesTheTimeOfAccessAsRelatimeSays() throws IOException {
    mount.script(ATIME.formatted("-gt"));
  }

  @Test
  void withNoatimeReadingChangesNothing() throws IOException {
    PassthroughOptions options = PassthroughOptions.defaults().withNoatime(true);
    try (PassthroughMount quiet = PassthroughMount.mount(options)) {
      quiet.script(ATIME.formatted("-eq"));
    }
  }

  @Test
  void xattrsOfAllNamespaces() throws Exception {
    Needs.program("setfattr");
    mount.script(
        """
        touch f; mkdir d; ln -s f s
        for i in f d; do
          setfattr -n user.a -v one $i; setfattr -n trusted.t -v two $i; setfattr -n user.empty $i
          test $(getfattr --only-values -n user.a $i) = one
          setfattr -n user.a -v longer-than-before $i
          test $(getfattr --only-values -n user.a $i) = longer-than-before
          getfattr -d -m - $i | grep -q trusted.t
          chmod 777 $i; setpriv --reuid=1234 --clear-groups getfattr -d -m - $i > /tmp/$$.names
          grep -q user.empty /tmp/$$.names; ! grep trusted /tmp/$$.names; rm /tmp/$$.names
          setfattr -x user.a $i; ! getfattr -n user.a $i
        done
        ! setfattr -h -n user.x -v 1 s; setfattr -h -n trusted.x -v 1 s
        ! setfattr -n bogus.x -v 1 f
        """);
    assertThat(Needs.run(mount.backing(), "getfattr -d -m trusted f d; getfattr -h -d -m - s"))
        .contains("trusted.t=\"two\"")
        .contains("trusted.x");
  }

  @Test
  void aclsAreCheckedAndInherited() throws Exception {
    Needs.program("setfacl");
    mount.script(
        """
        as() { setpriv --reuid=$1 --regid=$1 --clear-groups sh -uec "$2"; }
        umask 77
        mkdir closed; chmod 700 closed; echo x > closed/f; chmod 600 closed/f
        setfacl -m u:1234:x closed; setfacl -m u:1234:r closed/f
        as 1234 'cat closed/f'; ! as 1234 'echo y > closed/f'; ! as 4321 'cat closed/f'
        mkdir d; chmod 777 d; setfacl -d -m u::rwx,g::rx,o::-,u:1234:rwx d
        (umask 0; touch d/a; mkdir d/sub); (umask 77; touch d/b)
        for i in a b; do test $(stat -c %a d/$i) = 660; getfacl -c d/$i | grep -q 'user:1234:rwx'; done
        getfacl -c d/sub | grep -q 'default:user:1234:rwx'
        as 1234 'echo z > d/b'; ! as 4321 'cat d/b'
        setfacl -b d/b; ! as 1234 'cat d/b'; getfacl -c closed/f | grep -q 'user:1234:r--'
        """);
    assertThat(Needs.run(mount.backing(), "getfacl -c closed/f")).contains("user:1234:r--");
  }

  @Test
  void inodeFlagsArePassedOn() throws Exception {
    Needs.program("chattr");
    mount.script(
        """
        echo text > f; mkdir d; chattr +i f; chattr +a d; lsattr f | grep -q -e -i-
        ! sh -c 'echo more > f'; ! rm f; ! chmod 600 f; touch d/x; ! rm d/x
        chattr -i f; chattr -a d; rm f d/x
        echo one > log; chattr +a log; echo two >> log; ! sh -c 'echo three > log'
        test $(wc -l < log) = 2; chattr -a log
        """);
  }

  @Test
  void statfsIsTheBackingOne() throws Exception {
    String format = "stat -f -c '%s %S %b %c %l' .";
    assertThat(mount.script(format)).isEqualTo(Needs.run(mount.backing(), format));
  }

  @Test
  void aDescriptorOfARemovedFileKeepsWorking() throws IOException {
    Path path = mount.directory().resolve("f");
    int fd = open(path, Open.RDWR | Open.CREAT);
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
      Files.createLink(mount.directory().resolve("g"), path);
      Files.delete(path);
      assertThat(FileCalls.fchmod(fd, 0600)).isZero();
      Files.delete(mount.directory().resolve("g"));
      assertThat(channel.write(ByteBuffer.wrap(random(10)))).isEqualTo(10);
      assertThat(FileCalls.fchmod(fd, 0640)).isZero();
      assertThat(FileCalls.ftruncate(fd, 5)).isZero();
      assertThat(Files.size(Path.of("/proc/self/fd/" + fd))).isEqualTo(5);
    } finally {
      FileCalls.close(fd);
    }
  }
}
