package io.fusewire.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.fusewire.dispatch.Ordering;
import io.fusewire.raw.RawFileSystem;
import io.fusewire.session.MountOptions;
import io.fusewire.transport.memory.Requests;
import io.fusewire.wire.Errno;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The order of requests that touch the same. */
@Timeout(30)
class NodeOrderTest {
  private static final byte[] DATA = new byte[1];

  private final ScriptedFileSystem files = new ScriptedFileSystem();

  private ManualSession ordered() throws IOException {
    return new ManualSession(files, NodeOrderTest::nodes);
  }

  private ManualSession ordered(int limit) throws IOException {
    return new ManualSession(files, options -> nodes(options).maxInFlight(limit));
  }

  private static ManualSession orderedByName(RawFileSystem served) throws IOException {
    return new ManualSession(served, o -> o.ordering(Ordering.NODES_AND_NAMES));
  }

  private static MountOptions nodes(MountOptions options) {
    return options.ordering(Ordering.NODES);
  }

  private static long write(ManualSession session, long node) {
    return session.send(Requests.write(node, 0, 0, DATA));
  }

  private static long read(ManualSession session, long node) {
    return session.send(Requests.read(node, 0, 0, 1));
  }

  private void answer(ManualSession session, long unique) {
    files.answer(unique);
    session.run();
  }

  /** Gives the answers as they become possible; tells the order in which handlers had them. */
  private List<Long> inTurn(ManualSession session) {
    List<Long> turns = new ArrayList<>();
    session.run();
    while (!files.waiting().isEmpty()) {
      long next = files.waiting().getFirst();
      turns.add(next);
      answer(session, next);
    }
    return turns;
  }

  @Test
  void changesOfANodeRunOneByOneInTheOrderInWhichTheyCame() throws Exception {
    try (ManualSession session = ordered()) {
      long first = write(session, 3);
      long second = session.send(Requests.setattr(3, 0));
      long third = write(session, 3);
      long other = write(session, 4);
      session.run();
      assertThat(files.waiting()).containsExactly(first, other);
      answer(session, first);
      assertThat(files.waiting()).containsExactly(other, second);
      answer(session, second);
      assertThat(files.waiting()).containsExactly(other, third);
      files.answerAll();
      assertThat(session.answers()).hasSize(4);
    }
  }

  @Test
  void readersRunTogetherAndNeitherPassAWriterNorArePassed() throws Exception {
    try (ManualSession session = ordered()) {
      long first = read(session, 3);
      long second = read(session, 3);
      long writer = write(session, 3);
      long behind = read(session, 3);
      session.run();
      assertThat(files.waiting()).containsExactly(first, second);
      answer(session, first);
      assertThat(files.waiting()).containsExactly(second);
      answer(session, second);
      assertThat(files.waiting()).containsExactly(writer);
      answer(session, writer);
      assertThat(files.waiting()).containsExactly(behind);
      files.answerAll();
      assertThat(session.answers()).hasSize(4);
    }
  }

  @Test
  void whatIsCancelledInTheMiddleMakesNobodyWaitAndIsNotCounted() throws Exception {
    try (ManualSession session = ordered()) {
      long first = read(session, 3);
      long writer = write(session, 3);
      long behind = read(session, 3);
      session.run();
      assertThat(files.waiting()).containsExactly(first);
      session.interrupt(writer);
      session.pass(Duration.ZERO);
      session.pass(Duration.ofSeconds(1));
      session.run();
      assertThat(session.answers()).containsExactly(entry(writer, Errno.EINTR));
      assertThat(files.waiting()).containsExactly(first, behind);
      files.answerAll();
      assertThat(session.answers()).containsOnlyKeys(first, behind);
    }
  }

  @Test
  void anAbandonedHandlerStillTouchesItsNodeUntilItEnds() throws Exception {
    try (ManualSession session = ordered()) {
      long first = write(session, 3);
      long second = write(session, 3);
      session.run();
      session.interrupt(first);
      session.pass(Duration.ZERO);
      session.pass(Duration.ofSeconds(1));
      session.run();
      assertThat(session.answers()).containsExactly(entry(first, Errno.EINTR));
      assertThat(files.waiting()).containsExactly(first);
      assertThat(files.answer(first)).isFalse();
      session.run();
      assertThat(files.waiting()).containsExactly(second);
      files.answerAll();
      assertThat(session.answers()).containsExactly(entry(second, 0));
    }
  }

  @Test
  void aWriterThatWaitsTakesNoPlaceFromWhatCanRun() throws Exception {
    try (ManualSession session = ordered(3)) {
      long first = write(session, 3);
      write(session, 3);
      long other = write(session, 4);
      session.run();
      assertThat(files.waiting()).containsExactly(first, other);
      assertThat(inTurn(session)).hasSize(3);
      assertThat(session.answers()).hasSize(3);
    }
  }

  @Test
  void aRenameKeepsBothItsNamesInOrder() throws Exception {
    try (ManualSession session = orderedByName(new RenamingFileSystem(files))) {
      long rename = session.send(Requests.rename(1, "a", 2, "b", 0));
      long makesOld = session.send(Requests.create(1, "a", 0, 0));
      long makesNew = session.send(Requests.create(2, "b", 0, 0));
      long unrelated = session.send(Requests.create(1, "b", 0, 0));
      session.run();
      assertThat(files.waiting()).containsExactly(rename, unrelated);
      answer(session, rename);
      assertThat(files.waiting()).containsExactly(unrelated, makesOld, makesNew);
      files.answerAll();
      assertThat(session.answers()).hasSize(4);
    }
  }

  @Test
  void renamesInOppositeDirectionsDoNotWaitInACircle() throws Exception {
    try (ManualSession session = orderedByName(new RenamingFileSystem(files))) {
      long there = session.send(Requests.rename(1, "a", 2, "b", 0));
      long back = session.send(Requests.rename(2, "b", 1, "a", 0));
      long again = session.send(Requests.rename(1, "a", 2, "b", 0));
      assertThat(inTurn(session)).containsExactly(there, back, again);
      assertThat(session.answers()).hasSize(3);
    }
  }

  @Test
  void aRenameToTheSameNameDoesNotWaitForItself() throws Exception {
    try (ManualSession session = orderedByName(new RenamingFileSystem(files))) {
      long same = session.send(Requests.rename(1, "a", 1, "a", 0));
      session.run();
      assertThat(files.waiting()).containsExactly(same);
      files.answerAll();
      assertThat(session.answers()).containsExactly(entry(same, 0));
    }
  }

  @Test
  void namesAreOrderedOnlyWhereThatIsWished() throws Exception {
    try (ManualSession session = ordered()) {
      session.send(Requests.create(1, "a", 0, 0));
      session.send(Requests.create(1, "a", 0, 0));
      session.run();
      assertThat(files.waiting()).hasSize(2);
      files.answerAll();
    }
    try (ManualSession session = orderedByName(files)) {
      session.send(Requests.create(1, "a", 0, 0));
      session.send(Requests.create(1, "a", 0, 0));
      session.send(Requests.create(1, "aa", 0, 0));
      session.run();
      assertThat(files.waiting()).hasSize(2);
      assertThat(inTurn(session)).hasSize(3);
    }
  }

  /** Any mix of requests: no writer of a node runs beside another one, and all get their turn. */
  @Test
  void whateverComesWritersOfANodeAreAlone() throws Exception {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    try (ManualSession session = ordered(8)) {
      int sent = 0;
      List<String> open = new ArrayList<>();
      files.handle(
          (request, reply) -> {
            String writer = "WRITE " + request.nodeId();
            String reader = "READ " + request.nodeId();
            String mine = files.started.getLast();
            assertThat(open).as("seed %d", seed).doesNotContain(writer);
            if (mine.equals(writer)) {
              assertThat(open).as("seed %d", seed).doesNotContain(reader);
            }
            open.add(mine);
            files.keep(request, reply);
          });
      for (int i = 0; i < 3_000; i++) {
        int what = random.nextInt(3);
        if (what < 2 && session.transport.isReadable()) {
          long node = 3L + random.nextInt(3);
          sent += (what == 0 ? read(session, node) : write(session, node)) > 0 ? 1 : 0;
        } else if (!files.waiting().isEmpty()) {
          long done = files.waiting().get(random.nextInt(files.waiting().size()));
          open.remove(files.keptWhat(done));
          files.answer(done);
        }
        session.run();
      }
      while (!files.waiting().isEmpty()) {
        open.remove(files.keptWhat(files.waiting().getFirst()));
        answer(session, files.waiting().getFirst());
      }
      assertThat(session.answers()).as("seed %d", seed).hasSize(sent);
    }
  }
}
