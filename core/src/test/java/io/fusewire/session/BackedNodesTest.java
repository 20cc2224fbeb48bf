package io.fusewire.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A table that grows and uses its entries again. */
@Timeout(30)
class BackedNodesTest {
  @Test
  void doesWhatAMapDoes() {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    BackedNodes nodes = new BackedNodes();
    Map<Long, BackedNodes.Entry> model = new TreeMap<>();
    for (int i = 0; i < 100_000; i++) {
      long id = random.nextBoolean() ? random.nextLong(200) : random.nextLong(200) << 32;
      BackedNodes.Entry found = nodes.find(id);
      assertThat(found).as("seed %s", seed).isSameAs(model.get(id));
      if (found == null) {
        BackedNodes.Entry made = nodes.add(id);
        assertThat(made.id + made.opens + made.writers).as("seed %s: an old entry", seed).isZero();
        made.id = 1;
        made.opens = 1;
        model.put(id, made);
      } else if (random.nextInt(3) > 0) {
        nodes.remove(found);
        model.remove(id);
      }
      assertThat(nodes.size()).isEqualTo(model.size());
    }
    for (BackedNodes.Entry left = nodes.any(); left != null; left = nodes.any()) {
      assertThat(model.remove(left.nodeId)).isSameAs(left);
      nodes.remove(left);
    }
    assertThat(model).isEmpty();
  }
}
