package io.fusewire.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Nodes, their ids and their lookups, also when several threads use them. */
@Timeout(60)
class NodeTableTest {
  private static final int THREADS = 4;
  private static final int ROUNDS = 20_000;
  private static final int MANY = 5000;

  /** A node that knows whether it was freed. */
  private static final class Plain extends Node {
    private final AtomicInteger freed = new AtomicInteger();
  }

  @Test
  void theFirstNodeIsTheRoot() {
    NodeTable<Plain> table = new NodeTable<>(10);
    Plain root = new Plain();
    assertThat(root.nodeId()).isZero();
    assertThat(table.add(root)).isTrue();
    assertThat(root.nodeId()).isEqualTo(1);
    assertThat(table.find(1)).isSameAs(root);
    assertThat(table.find(2)).isNull();
  }

  @Test
  void nodesAreFoundWhileTheTableGrowsAndUntilTheyAreRemoved() {
    NodeTable<Plain> table = new NodeTable<>(MANY);
    List<Plain> nodes = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      Plain node = new Plain();
      assertThat(table.add(node)).isTrue();
      nodes.add(node);
    }
    assertThat(table.size()).isEqualTo(MANY);
    assertThat(nodes.stream().map(Node::nodeId)).doesNotHaveDuplicates();
    assertThat(nodes.stream().map(Node::generation)).doesNotHaveDuplicates();
    for (Plain node : nodes) {
      assertThat(table.find(node.nodeId())).isSameAs(node);
    }
    for (Plain node : nodes) {
      table.remove(node);
      table.remove(node); // once more does nothing
      assertThat(table.find(node.nodeId())).isNull();
    }
    assertThat(table.size()).isZero();
  }

  @Test
  void aFullTableTakesNoMore() {
    NodeTable<Plain> table = new NodeTable<>(2);
    Plain first = new Plain();
    assertThat(table.add(first)).isTrue();
    assertThat(table.add(new Plain())).isTrue();
    Plain third = new Plain();
    assertThat(table.add(third)).isFalse();
    assertThat(third.nodeId()).isZero();
    table.remove(first);
    assertThat(table.add(third)).isTrue();
    assertThat(table.nodesMax()).isEqualTo(2);
  }

  @Test
  void anIdThatIsUsedAgainHasAnotherGeneration() {
    NodeTable<Plain> table = new NodeTable<>(10);
    Plain before = new Plain();
    Plain after = new Plain();
    assertThat(table.add(before, 42)).isTrue();
    table.remove(before);
    assertThat(table.add(after, 42)).isTrue();
    assertThat(table.find(42)).isSameAs(after);
    assertThat(after.generation()).isNotEqualTo(before.generation());
  }

  @Test
  void lookupsAreCountedAndARetiredNodeGetsNoMore() {
    Plain node = new Plain();
    assertThat(node.addLookup()).isTrue();
    assertThat(node.addLookup()).isTrue();
    assertThat(node.lookups()).isEqualTo(2);
    assertThat(node.retire()).isFalse();
    assertThat(node.removeLookups(1)).isFalse();
    assertThat(node.removeLookups(5)).isTrue(); // more than there are
    assertThat(node.lookups()).isZero();
    assertThat(node.retire()).isTrue();
    assertThat(node.retire()).isFalse();
    assertThat(node.addLookup()).isFalse();
    assertThat(node.removeLookups(1)).isFalse();
    assertThat(node.lookups()).isZero();
  }

  @Test
  void anIndexKeepsOneNodeForAKeyWhileItIsLookedUp() {
    NodeTable<Plain> table = new NodeTable<>(10);
    NodeIndex<String, Plain> index = new NodeIndex<>(table);
    Plain node = Objects.requireNonNull(index.lookUp("a", Plain::new));
    assertThat(index.lookUp("a", Plain::new)).isSameAs(node);
    assertThat(index.find("a")).isSameAs(node);
    index.forget("a", node, 1, gone -> gone.freed.incrementAndGet());
    assertThat(node.freed).hasValue(0);
    index.forget("a", node, 1, gone -> gone.freed.incrementAndGet());
    assertThat(node.freed).hasValue(1);
    assertThat(index.find("a")).isNull();
    assertThat(table.find(node.nodeId())).isNull();
    assertThat(index.lookUp("a", Plain::new)).isNotSameAs(node);
  }

  @Test
  void anIndexOverAFullTableGivesNothing() {
    NodeIndex<String, Plain> index = new NodeIndex<>(new NodeTable<>(1));
    assertThat(index.lookUp("a", Plain::new)).isNotNull();
    assertThat(index.lookUp("b", Plain::new)).isNull();
    assertThat(index.find("b")).isNull();
  }

  private static void inParallel(Runnable action) throws Exception {
    CountDownLatch start = new CountDownLatch(THREADS);
    List<CompletableFuture<Void>> threads = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      threads.add(
          CompletableFuture.runAsync(
              () -> {
                start.countDown();
                try {
                  start.await();
                } catch (InterruptedException e) {
                  throw new AssertionError(e);
                }
                action.run();
              },
              task -> Thread.ofPlatform().start(task)));
    }
    for (CompletableFuture<Void> thread : threads) {
      thread.get(50, TimeUnit.SECONDS);
    }
  }

  @Test
  void aNodeThatWasLookedUpIsFindableUntilItIsForgotten() throws Exception {
    NodeTable<Plain> table = new NodeTable<>(100);
    NodeIndex<String, Plain> index = new NodeIndex<>(table);
    AtomicInteger made = new AtomicInteger();
    AtomicInteger freed = new AtomicInteger();
    inParallel(
        () -> {
          for (int i = 0; i < ROUNDS; i++) {
            String key = i % 2 == 0 ? "even" : "odd";
            Plain node =
                Objects.requireNonNull(
                    index.lookUp(
                        key,
                        () -> {
                          made.incrementAndGet();
                          return new Plain();
                        }));
            assertThat(table.find(node.nodeId())).isSameAs(node);
            assertThat(node.freed).hasValue(0);
            index.forget(
                key,
                node,
                1,
                gone -> {
                  gone.freed.incrementAndGet();
                  freed.incrementAndGet();
                });
          }
        });
    assertThat(freed).hasValue(made.get());
    assertThat(table.size()).isZero();
    assertThat(index.find("even")).isNull();
    assertThat(index.find("odd")).isNull();
  }

  @Test
  void nodesAreFoundWhileOthersComeAndGo() throws Exception {
    NodeTable<Plain> table = new NodeTable<>(NodeTable.NODES_DEFAULT);
    Plain steady = new Plain();
    assertThat(table.add(steady)).isTrue();
    inParallel(
        () -> {
          List<Plain> own = new ArrayList<>();
          for (int i = 0; i < MANY; i++) {
            Plain node = new Plain();
            assertThat(table.add(node)).isTrue();
            own.add(node);
            assertThat(table.find(steady.nodeId())).isSameAs(steady);
            Plain some = own.get(i / 2);
            assertThat(table.find(some.nodeId())).isSameAs(some);
          }
          own.forEach(table::remove);
        });
    assertThat(table.size()).isEqualTo(1);
    assertThat(table.find(steady.nodeId())).isSameAs(steady);
  }
}
