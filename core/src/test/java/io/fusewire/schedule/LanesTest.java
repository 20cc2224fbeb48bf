package io.fusewire.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.fusewire.raw.ReplyPolicy;
import io.fusewire.transport.RequestListener;
import io.fusewire.transport.RequestSlot;
import io.fusewire.transport.SlotSettings;
import io.fusewire.transport.Threads;
import io.fusewire.transport.memory.InMemoryTransport;
import io.fusewire.transport.memory.RequestFrame;
import io.fusewire.transport.memory.Requests;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the order of nodes remembers: nothing of what nobody touches any more. */
@Timeout(30)
class LanesTest {
  private static final int BODY_BYTES = 1 << 16;
  private static final int SLOTS = 64;

  private final InMemoryTransport transport = new InMemoryTransport();
  private final List<RequestSlot> arrived = new ArrayList<>();
  private final NodeOrder order = new NodeOrder(true);
  private final List<Ticket> granted = new ArrayList<>();
  private long unique = 4;

  /** Keeps what arrives. */
  LanesTest() {
    RequestListener keeping =
        (RequestListener)
            Proxy.newProxyInstance(
                RequestListener.class.getClassLoader(),
                new Class<?>[] {RequestListener.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals("arrived")) {
                    arrived.add((RequestSlot) arguments[0]);
                    return RequestListener.Arrival.TAKEN;
                  }
                  return null;
                });
    transport.start(
        new SlotSettings(BODY_BYTES, SLOTS, 0, ReplyPolicy.NONE, null),
        keeping,
        new Threads(1, "nobody", false));
  }

  @AfterEach
  void close() {
    transport.close();
  }

  private Ticket ticket(RequestFrame frame) {
    transport.deliver(frame.bytes(unique, 0));
    unique += 2;
    return new Ticket(arrived.getLast());
  }

  @Test
  void aLaneIsGoneWhenNobodyTouchesItsNode() {
    Ticket reader = ticket(Requests.read(3, 0, 0, 1));
    Ticket writer = ticket(Requests.write(3, 0, 0, new byte[1]));
    assertThat(order.enter(reader)).isTrue();
    assertThat(order.enter(writer)).isFalse();
    assertThat(NodeOrder.blocks(reader, writer)).isTrue();
    assertThat(NodeOrder.blocks(writer, reader)).isFalse();
    order.leave(reader, granted::add);
    assertThat(granted).containsExactly(writer);
    assertThat(order.size()).isEqualTo(1);
    order.leave(writer, granted::add);
    order.leave(writer, granted::add);
    assertThat(order.size()).isZero();
    assertThat(granted).hasSize(1);
  }

  @Test
  void whatNeverStartedLeavesNothingBehindEither() {
    Ticket rename = ticket(Requests.rename(1, "a", 2, "b", 0));
    Ticket waits = ticket(Requests.rename(2, "b", 3, "c", 0));
    assertThat(order.enter(rename)).isTrue();
    assertThat(order.enter(waits)).isFalse();
    assertThat(order.size()).isEqualTo(3);
    order.leave(waits, granted::add);
    assertThat(order.size()).isEqualTo(2);
    order.leave(rename, granted::add);
    assertThat(order.size()).isZero();
    assertThat(granted).isEmpty();
  }

  @Test
  void whateverIsCancelledAllLanesAreGoneInTheEnd() {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    List<Ticket> running = new ArrayList<>();
    List<Ticket> waiting = new ArrayList<>();
    for (int i = 0; i < SLOTS; i++) {
      long node = 1L + random.nextInt(3);
      Ticket next =
          ticket(
              switch (random.nextInt(3)) {
                case 0 -> Requests.read(node, 0, 0, 1);
                case 1 -> Requests.setattr(node, 0);
                default -> Requests.rename(node, "a", 1L + random.nextInt(3), "a", 0);
              });
      (order.enter(next) ? running : waiting).add(next);
    }
    while (!running.isEmpty() || !waiting.isEmpty()) {
      boolean cancel = running.isEmpty() || (!waiting.isEmpty() && random.nextBoolean());
      List<Ticket> from = cancel ? waiting : running;
      Ticket gone = from.remove(random.nextInt(from.size()));
      order.leave(
          gone,
          next -> {
            assertThat(waiting.remove(next)).as("granted once, seed %d", seed).isTrue();
            running.add(next);
          });
      assertThat(running)
          .as("somebody runs, seed %d", seed)
          .satisfies(some -> assertThat(some.isEmpty() && !waiting.isEmpty()).isFalse());
    }
    assertThat(order.size()).as("seed %d", seed).isZero();
  }
}
