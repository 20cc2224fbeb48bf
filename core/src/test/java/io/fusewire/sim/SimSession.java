package io.fusewire.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.fusewire.Logs;
import io.fusewire.dispatch.Ordering;
import io.fusewire.metrics.Counter;
import io.fusewire.metrics.GaugeValues;
import io.fusewire.session.Fusewire;
import io.fusewire.session.Mount;
import io.fusewire.session.MountOptions;
import io.fusewire.transport.memory.Call;
import io.fusewire.transport.memory.FakeKernel;
import io.fusewire.transport.memory.RandomCalls;
import io.fusewire.transport.memory.SimExecutor;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** Plays one {@link Scenario} and checks what must hold in each. */
final class SimSession {
  /** Real time that closing waits for handlers which are held back on purpose. */
  private static final Duration CLOSE_TIME = Duration.ofMillis(1);

  private static final long TASKS_MAX = 1_000_000;
  private static final int RESCUES_MAX = 3000;
  private static final long ABORT_NANOS_MAX = 2_000_000;
  private static final long CHANGES_NANOS_MAX = 10_000_000;

  private final Scenario scenario;
  private final Plan plan;
  private final SimExecutor executor;
  private final FakeKernel kernel;
  private final Watch watch;
  private final SimFileSystem fileSystem;
  private final RandomCalls calls;
  private final Mount mount;
  private boolean tickIsDue;
  private boolean isOver;

  private SimSession(Scenario scenario) throws IOException {
    this.scenario = scenario;
    plan = scenario.plan();
    executor = new SimExecutor(scenario.seed());
    kernel = new FakeKernel(scenario.kernel(), executor, scenario.seed() + 1);
    watch = new Watch(plan, executor::nanos);
    SimHandlers handlers = new SimHandlers(executor, scenario, watch, scenario.seed() + 2);
    watch.executions(handlers::execution);
    handlers.step(this::step);
    fileSystem = new SimFileSystem(handlers);
    mount = Fusewire.serve(fileSystem, kernel.transport(), options());
    kernel.connect();
    calls = new RandomCalls(kernel, scenario.mix(), scenario.seed() + 3);
  }

  private MountOptions options() {
    MountOptions options =
        MountOptions.create()
            .executor(executor)
            .manualClock(executor::nanos)
            .tracer(watch)
            .maxBackground(scenario.maxBackground())
            .closeTimeout(CLOSE_TIME)
            .noShutdownHook();
    plan.apply(options);
    return options;
  }

  /**
   * Plays it.
   *
   * @return the same text for every run of the same scenario
   * @throws AssertionError when something is wrong
   */
  static String play(Scenario scenario) throws IOException {
    Logs logs = Logs.caught();
    try {
      SimSession session = new SimSession(scenario);
      session.run();
      return session.toString();
    } finally {
      logs.close();
    }
  }

  private void run() {
    calls.start();
    SplittableRandom random = new SplittableRandom(scenario.seed());
    changeLimits(new SplittableRandom(scenario.seed() + 4));
    switch (scenario.ending()) {
      case UNMOUNT -> {
        runToTheEnd();
        kernel.unmount(TASKS_MAX);
      }
      case CLOSE -> {
        runToTheEnd();
        kernel.disconnect();
      }
      case ABORT -> {
        executor.after(random.nextLong(ABORT_NANOS_MAX), kernel::abort);
        runDry();
        kernel.disconnect();
      }
      case ABORT_AND_CLOSE -> {
        for (int tasks = random.nextInt(1000); tasks > 0; tasks--) {
          step();
        }
        kernel.disconnect();
      }
    }
    isOver = true;
    mount.close();
    kernel.run(TASKS_MAX); // what comes late must do no harm
    checkAfterTheEnd();
  }

  // ---- time --------------------------------------------------------------------------------

  /** One task, and the watchdog's rounds in between; false when nothing can happen any more. */
  private boolean step() {
    if (!tickIsDue && !isOver && executor.tasksWaiting() > 0) {
      tickIsDue = true;
      executor.after(plan.tickNanos(), this::tick);
    }
    boolean went = kernel.step();
    if (fileSystem.isQuiet() && Thread.interrupted()) {
      throw new AssertionError("an interrupt that was meant for a handler was left behind");
    }
    return went;
  }

  private void tick() {
    tickIsDue = false;
    if (!isOver) {
      mount.tick();
      watch.ticked();
      if (watch.cap() > mount.limits().maxInFlight()) {
        watch.limit(mount.limits().maxInFlight(), mount.metrics().gauges().running());
      }
    }
  }

  private void runDry() {
    long end = executor.tasksRun() + TASKS_MAX;
    while (step()) {
      assertThat(executor.tasksRun()).as("tasks").isLessThan(end);
    }
  }

  /** Runs until all calls have ended: what handlers never answer ends by signals and deadlines. */
  private void quiesce() {
    runDry();
    long grace = plan.stops().all().max().orElseThrow();
    long patience = Math.max(grace, plan.hardNanos()) + 3 * plan.tickNanos();
    for (int i = 0; i < RESCUES_MAX && kernel.callsOpen() > 0; i++) {
      kernel.processing().forEach(kernel::signal);
      executor.after(patience, () -> {});
      runDry();
    }
  }

  private void changeLimits(SplittableRandom random) {
    int least = Math.max(1, plan.dispatch().workers());
    for (int i = 0; i < plan.changes(); i++) {
      int requests = least + random.nextInt(plan.maxInFlight() - least + 1);
      long bytes = 1 + random.nextLong(plan.maxInFlightBytes());
      executor.after(random.nextLong(CHANGES_NANOS_MAX), () -> changeLimits(requests, bytes));
    }
  }

  private void changeLimits(int requests, long bytes) {
    if (!isOver) {
      watch.limit(requests, mount.metrics().gauges().running());
      mount.limits().maxInFlight(requests);
      mount.limits().maxInFlightBytes(bytes);
    }
  }

  // ---- checks ------------------------------------------------------------------------------

  private void runToTheEnd() {
    quiesce();
    checkQuiet();
    checkLookups();
  }

  private void checkQuiet() {
    assertThat(kernel.processing()).as("calls without an answer").isEmpty();
    assertThat(calls.isDone()).as("every CPU got through").isTrue();
    assertThat(kernel.callsOpen()).as("open calls").isZero();
    assertThat(kernel.backgroundCalls()).as("background calls").isZero();
    assertThat(kernel.transport().isReadable()).as("reads").isTrue();
    assertThat(kernel.transport().pending()).as("requests that wait for an answer").isZero();
    assertThat(watch.inFlight()).as("requests that were not answered").isZero();
    assertThat(kernel.transport().slotsInUse())
        .as("slots in use")
        .isEqualTo(fileSystem.handlersLeft() + watch.owed());
    if (plan.ordering() == Ordering.NONE || fileSystem.handlersLeft() == 0) {
      assertThat(watch.owed()).as("releases that never ran").isZero(); // else they wait their turn
    }
    GaugeValues gauges = mount.metrics().gauges();
    assertThat(gauges.inFlight()).as("in flight").isZero();
    assertThat(gauges.inFlightBytes()).as("bytes in flight").isZero();
    assertThat(gauges.parked()).as("parked").isZero();
    assertThat(gauges.running()).as("running").isZero();
    assertThat(gauges.queuedTotal()).as("queued").isZero();
  }

  /** What the kernel holds is what the file system counted, and all of it comes back. */
  private void checkLookups() {
    Map<Long, Long> held = new TreeMap<>();
    kernel.nodes().forEach(node -> held.put(node, kernel.lookups(node)));
    assertThat(fileSystem.tree().lookups()).as("lookups").isEqualTo(held);
    int open = kernel.openFiles().size();
    assertThat(handlesLeft()).as("handles").isEqualTo(open);
    kernel.openFiles().forEach(kernel::close);
    quiesce();
    kernel.forgetAll();
    quiesce();
    assertThat(fileSystem.tree().lookups()).as("lookups after forgetting all").isEmpty();
    assertThat(handlesLeft()).as("handles after closing all").isZero();
    checkQuiet();
  }

  /** Handles that the kernel has not let go of, as far as the file system knows. */
  private int handlesLeft() {
    if (mount.metrics().counter(Counter.OVERRUN) == 0) {
      assertThat(watch.refused()).as("releases that were refused").isZero();
    }
    return fileSystem.tree().openHandles() - watch.owed() - watch.refused();
  }

  private void checkAfterTheEnd() {
    assertThat(mount.state()).isEqualTo(Mount.State.CLOSED);
    assertThat(fileSystem.isDestroyed()).as("destroyed").isTrue();
    assertThat(kernel.callsOpen()).as("open calls").isZero();
    assertThat(kernel.processing()).extracting(Call::toString).isEmpty();
    assertThat(kernel.backgroundActiveMost())
        .as("background requests in the server's hands")
        .isLessThanOrEqualTo(scenario.maxBackground());
    assertThat(watch.problems()).as("seen on the way").isEmpty();
    assertThat(kernel.transport().backingFiles()).as("backing files").isZero();
    assertThat(mount.backing().closed()).isEqualTo(mount.backing().opened());
    assertThat(kernel.violations()).as("refused by the kernel").isEmpty();
    assertThat(calls.problems()).as("wrong answers").isEmpty();
    assertThat(fileSystem.problems()).as("seen by the file system").isEmpty();
  }

  @Override
  public String toString() {
    return executor.tasksRun()
        + " tasks in "
        + executor.nanos()
        + " ns, "
        + kernel.callsEnded()
        + " calls, "
        + fileSystem.started()
        + " handlers, at most "
        + watch.most()
        + " in flight, the longest call took "
        + calls.longestNanos()
        + " ns";
  }
}
