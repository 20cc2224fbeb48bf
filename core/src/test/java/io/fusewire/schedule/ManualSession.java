package io.fusewire.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.fusewire.raw.RawFileSystem;
import io.fusewire.session.Fusewire;
import io.fusewire.session.Mount;
import io.fusewire.session.MountOptions;
import io.fusewire.transport.memory.InMemoryTransport;
import io.fusewire.transport.memory.Message;
import io.fusewire.transport.memory.RequestFrame;
import io.fusewire.wire.Opcode;
import io.fusewire.wire.flag.InitFlags;
import io.fusewire.wire.struct.InHeader;
import io.fusewire.wire.struct.InitStructs;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * A session on one thread: the test is the kernel, owns the time, and says when handlers run. So
 * every order of events can be played, and is the same each time.
 */
public final class ManualSession implements AutoCloseable {
  private static final int INIT_BYTES = 64;
  private static final int MINOR = 45;
  private static final int PID = 4711;
  private static final long FIRST_UNIQUE = 4;
  private static final Duration CLOSE_STEP = Duration.ofMillis(200);

  public final InMemoryTransport transport = new InMemoryTransport();
  public final Mount mount;

  private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
  private long now = 1_000_000_000;
  private long unique = FIRST_UNIQUE;

  /** Serves with these options; handlers that do not run inline wait for {@link #run}. */
  public ManualSession(RawFileSystem fileSystem, UnaryOperator<MountOptions> with)
      throws IOException {
    transport.deliver(init());
    MountOptions options =
        MountOptions.create()
            .fsName("manual")
            .executor(tasks::add)
            .manualClock(() -> now)
            .closeTimeout(CLOSE_STEP)
            .noShutdownHook();
    mount = Fusewire.serve(fileSystem, transport, with.apply(options));
    Message answer = Objects.requireNonNull(transport.poll(), "no answer to INIT");
    assertThat(answer.error()).isZero();
  }

  /** Serves with the usual options. */
  public ManualSession(RawFileSystem fileSystem) throws IOException {
    this(fileSystem, options -> options);
  }

  /** The first message of a kernel. */
  static byte[] init() {
    byte[] frame = new byte[InHeader.SIZE + INIT_BYTES];
    MemorySegment memory = MemorySegment.ofArray(frame);
    InHeader.LEN.set(memory, 0, frame.length);
    InHeader.OPCODE.set(memory, 0, Opcode.INIT.number());
    InHeader.UNIQUE.set(memory, 0, 2);
    InitStructs.IN_MAJOR.set(memory, InHeader.SIZE, 7);
    InitStructs.IN_MINOR.set(memory, InHeader.SIZE, MINOR);
    InitStructs.IN_FLAGS.set(
        memory, InHeader.SIZE, (int) (InitFlags.INIT_EXT | InitFlags.MAX_PAGES));
    return frame;
  }

  // ---- the kernel's part -------------------------------------------------------------------

  /** The number that the next request gets. */
  public long nextUnique() {
    return unique;
  }

  /** Sends a request; gives its number. */
  public long send(RequestFrame frame) {
    long mine = unique;
    unique += 2;
    transport.deliver(bytes(frame, mine));
    return mine;
  }

  /** Sends a request if the server reads just now; gives its number, or 0. */
  public long trySend(RequestFrame frame) {
    long mine = unique;
    if (!transport.tryDeliver(bytes(frame, mine))) {
      return 0;
    }
    unique += 2;
    return mine;
  }

  private byte[] bytes(RequestFrame frame, long number) {
    return frame.caller(0, 0, PID).bytes(number, mount.negotiation().granted());
  }

  /** Sends a signal to the caller of a request. */
  public void interrupt(long victim) {
    RequestFrame frame = RequestFrame.of(Opcode.INTERRUPT).set("unique", victim);
    transport.deliver(frame.bytes(victim | 1, 0));
  }

  /** The answers that nobody has taken, in the order in which they came: number and errno. */
  public Map<Long, Integer> answers() {
    Map<Long, Integer> answers = new LinkedHashMap<>();
    for (Message each = transport.poll(); each != null; each = transport.poll()) {
      assertThat(answers.put(each.unique(), -each.error())).as("a second answer").isNull();
    }
    return answers;
  }

  // ---- time and threads --------------------------------------------------------------------

  /** Time passes and the watchdog looks. */
  public void pass(Duration time) {
    now += time.toNanos();
    mount.tick();
  }

  /** Runs all handlers that wait for a thread, and those that start because of it. */
  public void run() {
    while (runOne()) {
      // each one may start others
    }
  }

  /** Runs one handler; false when none waits for a thread. */
  public boolean runOne() {
    Runnable task = tasks.poll();
    if (task == null) {
      return false;
    }
    task.run();
    return true;
  }

  /** How many handlers were started and have not run. */
  public int tasks() {
    return tasks.size();
  }

  @Override
  public void close() {
    run();
    assertThat(transport.pending()).as("requests without an answer").isZero();
    assertThat(transport.slotsInUse()).as("slots in use").isZero();
    assertThat(mount.metrics().gauges().inFlight()).as("in flight").isZero();
    assertThat(mount.metrics().gauges().inFlightBytes()).as("bytes in flight").isZero();
    mount.close();
    assertThat(transport.violations()).as("refused by the kernel").isEmpty();
  }
}
