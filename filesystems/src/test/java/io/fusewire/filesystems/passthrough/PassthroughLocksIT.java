package io.fusewire.filesystems.passthrough;

import static org.assertj.core.api.Assertions.assertThat;

import io.fusewire.session.MountOptions;
import io.fusewire.wire.Errno;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** POSIX locks between processes: the kernel's own, and those taken on the backing file. */
class PassthroughLocksIT {
  private static final String OK = "0";
  private static final String BUSY = Integer.toString(-Errno.EAGAIN);
  private static final int READ = 0;
  private static final int WRITE = 1;
  private static final int UNLOCK = 2;

  private static Path classes = Path.of(".");
  private final List<LockClient> clients = new ArrayList<>();
  private final List<PassthroughMount> mounts = new ArrayList<>();

  @BeforeAll
  static void copyClasses() throws IOException {
    classes = PassthroughMount.copyOfClasses();
  }

  @AfterAll
  static void deleteClasses() throws IOException {
    PassthroughMount.delete(classes);
  }

  private PassthroughMount mount(boolean forwards) throws IOException {
    PassthroughMount mount =
        PassthroughMount.mount(PassthroughOptions.defaults().withForwardLocks(forwards));
    mounts.add(mount);
    Files.write(mount.backing().resolve("f"), new byte[1000]);
    return mount;
  }

  private LockClient client(Path directory) throws IOException {
    LockClient client = LockClient.start(classes, directory.resolve("f"));
    clients.add(client);
    return client;
  }

  @AfterEach
  void close() throws IOException {
    clients.forEach(LockClient::close);
    for (PassthroughMount mount : mounts) {
      mount.close();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void everyFormOfRangeConflictsAsItShould(boolean forwards) throws IOException {
    PassthroughMount mount = mount(forwards);
    LockClient one = client(mount.directory());
    LockClient two = client(mount.directory());
    assertThat(one.lock("SETLK", WRITE, "0 100 10")).isEqualTo(OK);
    assertThat(two.lock("SETLK", READ, "0 109 1")).isEqualTo(BUSY);
    assertThat(two.lock("SETLK", READ, "0 110 1")).isEqualTo(OK);
    assertThat(two.lock("SETLK", WRITE, "0 99 1")).isEqualTo(OK);
    assertThat(two.lock("SETLK", WRITE, "0 110 -1")).isEqualTo(BUSY);
    assertThat(two.lock("SETLK", WRITE, "2 -900 1")).isEqualTo(BUSY);
    assertThat(two.lock("SETLK", WRITE, "0 0 0")).isEqualTo(BUSY);
    assertThat(two.lock("GETLK", READ, "0 0 0")).isEqualTo("1 100 10 " + one.pid());
    assertThat(one.lock("SETLK", UNLOCK, "0 103 2")).isEqualTo(OK);
    assertThat(two.lock("SETLK", WRITE, "0 103 2")).isEqualTo(OK);
    assertThat(one.lock("GETLK", WRITE, "0 104 1")).isEqualTo("1 103 2 " + two.pid());
    assertThat(two.lock("GETLK", WRITE, "0 105 0")).isEqualTo("1 105 5 " + one.pid());
    assertThat(one.lock("SETLK", READ, "0 2000 0")).isEqualTo(OK);
    assertThat(two.lock("SETLK", READ, "0 5000 1")).isEqualTo(OK);
    assertThat(two.lock("SETLK", WRITE, "0 9000000000 1")).isEqualTo(BUSY);
    assertThat(two.lock("GETLK", WRITE, "0 9000000000 1")).isEqualTo("0 2000 0 " + one.pid());
    one.close();
    assertThat(two.lock("SETLK", WRITE, "0 0 0")).isEqualTo(OK);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void twoThatWaitForEachOtherAreTold(boolean forwards) throws IOException {
    PassthroughMount mount = mount(forwards);
    LockClient one = client(mount.directory());
    LockClient two = client(mount.directory());
    assertThat(one.lock("SETLK", WRITE, "0 0 1")).isEqualTo(OK);
    assertThat(two.lock("SETLK", WRITE, "0 1 1")).isEqualTo(OK);
    one.send("SETLKW", WRITE, "0 1 1");
    two.send("SETLKW", WRITE, "0 0 1");
    // Both calls are on their way: who comes second to the file system is told.
    LockClient told = firstToAnswer(one, two);
    LockClient other = told.equals(one) ? two : one;
    assertThat(told.answer()).isEqualTo(Integer.toString(-Errno.EDEADLK));
    assertThat(told.lock("SETLK", UNLOCK, "0 0 0")).isEqualTo(OK);
    assertThat(other.answer()).isEqualTo(OK);
  }

  @Test
  void locksAreSeenAndHeldBehindTheMount() throws IOException {
    PassthroughMount mount = mount(true);
    LockClient inside = client(mount.directory());
    LockClient behind = client(mount.backing());
    assertThat(inside.lock("SETLK", WRITE, "0 10 10")).isEqualTo(OK);
    assertThat(behind.lock("SETLK", READ, "0 19 1")).isEqualTo(BUSY);
    assertThat(behind.lock("SETLK", WRITE, "0 20 0")).isEqualTo(OK);
    assertThat(inside.lock("SETLK", READ, "0 20 1")).isEqualTo(BUSY);
    assertThat(inside.lock("GETLK", READ, "0 15 0")).isEqualTo("1 20 0 " + behind.pid());
    inside.send("SETLKW", READ, "0 20 1");
    awaitWaiting(inside);
    assertThat(behind.lock("SETLK", UNLOCK, "0 0 0")).isEqualTo(OK);
    assertThat(inside.answer()).isEqualTo(OK);
  }

  /** More waiting locks than the mount has threads, and one of the waiting processes is killed. */
  @Test
  void waitingLocksHoldNobodyUp() throws Exception {
    PassthroughMount mount = mount(true);
    LockClient holder = client(mount.directory());
    assertThat(holder.lock("SETLK", WRITE, "0 0 0")).isEqualTo(OK);
    List<LockClient> waiting = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      LockClient client = client(mount.directory());
      client.send("SETLKW", READ, "0 " + i + " 1");
      waiting.add(client);
    }
    for (LockClient client : waiting) {
      awaitWaiting(client);
    }
    mount.script("mkdir d; seq 1000 > d/x; cat d/x | wc -l; ls -l; rm -r d");
    waiting.get(0).kill();
    assertThat(holder.lock("SETLK", UNLOCK, "0 0 0")).isEqualTo(OK);
    for (LockClient client : waiting.subList(1, waiting.size())) {
      assertThat(client.answer()).isEqualTo(OK);
    }
    assertThat(holder.lock("SETLK", WRITE, "0 0 1")).isEqualTo(OK);
  }

  /**
   * Only one may wait for ever; the second gets ETIMEDOUT, and must not get the lock afterwards.
   */
  @Test
  void aLockThatTimedOutIsNotTakenLater() throws IOException {
    PassthroughMount mount =
        PassthroughMount.mount(
            PassthroughOptions.defaults().withForwardLocks(true),
            MountOptions.create().maxWaiting(1).hardDeadline(Duration.ofMillis(200)));
    mounts.add(mount);
    Files.write(mount.backing().resolve("f"), new byte[1000]);
    LockClient holder = client(mount.directory());
    LockClient waiting = client(mount.directory());
    LockClient late = client(mount.directory());
    assertThat(holder.lock("SETLK", WRITE, "0 0 0")).isEqualTo(OK);
    waiting.send("SETLKW", WRITE, "0 0 1");
    late.send("SETLKW", WRITE, "0 500 1");
    LockClient told = firstToAnswer(waiting, late);
    assertThat(told.answer()).isEqualTo(Integer.toString(-Errno.ETIMEDOUT));
    LockClient other = told.equals(late) ? waiting : late;
    assertThat(holder.lock("SETLK", UNLOCK, "0 0 0")).isEqualTo(OK);
    assertThat(other.answer()).isEqualTo(OK);
    assertThat(other.lock("SETLK", UNLOCK, "0 0 0")).isEqualTo(OK);
    assertThat(holder.lock("SETLK", WRITE, "0 0 0")).isEqualTo(OK);
  }

  /** The kernel tells of a close a moment later, so those who shall get a lock wait for it. */
  @Test
  void flockIsForwarded() throws IOException {
    PassthroughMount mount = mount(true);
    String path = mount.backing().resolve("f").toString();
    mount.script(
        """
        flock -n f sh -c '! flock -n f true; ! flock -n %1$s true'
        flock -w 9 f flock -ns g true; flock -w 9 %1$s sh -c '! flock -n f true'
        mkfifo p; flock -w 9 %1$s sh -c 'echo > p; read x < p' & read y < p
        flock f touch got & waiter=$!; test ! -e got; seq 100 > h; test $(wc -l < h) = 100
        echo > p; wait $waiter; test -e got
        """
            .formatted(path));
  }

  private static LockClient firstToAnswer(LockClient... clients) {
    Awaitility.await().until(() -> answered(clients).isPresent());
    return answered(clients).orElseThrow();
  }

  private static Optional<LockClient> answered(LockClient... clients) {
    return Arrays.stream(clients).filter(LockClient::hasAnswered).findFirst();
  }

  /** Waits until the main thread of the process sits in fcntl(2). */
  private static void awaitWaiting(LockClient client) {
    Awaitility.await().until(() -> isInFcntl(client));
  }

  private static boolean isInFcntl(LockClient client) throws IOException {
    try (var tasks = Files.list(Path.of("/proc/" + client.pid() + "/task"))) {
      for (Path task : tasks.toList()) {
        if (Files.readString(task.resolve("syscall")).startsWith("72 ")) {
          return true;
        }
      }
    }
    return false;
  }
}
