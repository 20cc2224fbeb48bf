package io.fusewire.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.fusewire.Logs;
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
  private static final int RESCUES_MAX = 300;
  private static final long ABORT_NANOS_MAX = 2_000_000;

  private final Scenario scenario;
  private final SimExecutor executor;
  private final FakeKernel kernel;
  private final SimFileSystem fileSystem;
  private final RandomCalls calls;
  private final Mount mount;

  private SimSession(Scenario scenario) throws IOException {
    this.scenario = scenario;
    executor = new SimExecutor(scenario.seed());
    kernel = new FakeKernel(scenario.kernel(), executor, scenario.seed() + 1);
    fileSystem = new SimFileSystem(executor, scenario.behaviour(), scenario.seed() + 2);
    mount = Fusewire.serve(fileSystem, kernel.transport(), options());
    kernel.connect();
    calls = new RandomCalls(kernel, scenario.mix(), scenario.seed() + 3);
  }

  private MountOptions options() {
    return MountOptions.create()
        .executor(executor)
        .maxInFlight(scenario.slots())
        .maxWaiting(0) // so that the limit counts locks that wait, too
        .manualClock(executor::nanos)
        .maxBackground(scenario.maxBackground())
        .closeTimeout(CLOSE_TIME)
        .noShutdownHook();
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
        kernel.run(TASKS_MAX);
        kernel.disconnect();
      }
      case ABORT_AND_CLOSE -> {
        for (int tasks = random.nextInt(1000); tasks > 0; tasks--) {
          kernel.step();
        }
        kernel.disconnect();
      }
    }
    mount.close();
    kernel.run(TASKS_MAX); // what comes late must do no harm
    checkAfterTheEnd();
  }

  private void runToTheEnd() {
    kernel.run(TASKS_MAX);
    for (int i = 0; i < RESCUES_MAX && !calls.isDone() && scenario.everyCallEnds(); i++) {
      kernel.processing().forEach(kernel::signal);
      kernel.run(TASKS_MAX);
    }
    if (scenario.everyCallEnds()) {
      checkQuiet();
    }
    checkLookups();
  }

  private void checkQuiet() {
    assertThat(kernel.processing()).as("calls without an answer").isEmpty();
    assertThat(calls.isDone()).as("every CPU got through").isTrue();
    assertThat(kernel.callsOpen()).as("open calls").isZero();
    assertThat(kernel.backgroundCalls()).as("background calls").isZero();
    assertThat(kernel.transport().slotsInUse()).as("slots in use").isZero();
    assertThat(kernel.transport().pending()).as("requests that wait for an answer").isZero();
  }

  /** What the kernel holds is what the file system counted, and all of it comes back. */
  private void checkLookups() {
    Map<Long, Long> held = new TreeMap<>();
    kernel.nodes().forEach(node -> held.put(node, kernel.lookups(node)));
    assertThat(fileSystem.tree().lookups()).as("lookups").isEqualTo(held);
    if (scenario.everyCallEnds()) {
      int open = kernel.openFiles().size();
      assertThat(fileSystem.tree().openHandles()).as("handles").isEqualTo(open);
    }
    kernel.openFiles().forEach(kernel::close);
    kernel.run(TASKS_MAX);
    kernel.forgetAll();
    kernel.run(TASKS_MAX);
    if (scenario.everyCallEnds()) {
      kernel.processing().forEach(kernel::signal);
      kernel.run(TASKS_MAX);
      kernel.forgetAll();
      kernel.run(TASKS_MAX);
      assertThat(fileSystem.tree().lookups()).as("lookups after forgetting all").isEmpty();
      assertThat(fileSystem.tree().openHandles()).as("handles after closing all").isZero();
    }
  }

  private void checkAfterTheEnd() {
    assertThat(mount.state()).isEqualTo(Mount.State.CLOSED);
    assertThat(fileSystem.isDestroyed()).as("destroyed").isTrue();
    assertThat(kernel.callsOpen()).as("open calls").isZero();
    assertThat(kernel.processing()).extracting(Call::toString).isEmpty();
    assertThat(fileSystem.openMost()).as("handlers").isLessThanOrEqualTo(scenario.slots());
    assertThat(kernel.backgroundActiveMost())
        .as("background requests in the server's hands")
        .isLessThanOrEqualTo(scenario.maxBackground());
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
        + fileSystem.openMost()
        + " open, the longest call took "
        + calls.longestNanos()
        + " ns";
  }
}
