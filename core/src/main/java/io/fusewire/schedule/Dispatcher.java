package io.fusewire.schedule;

import io.fusewire.raw.Execution;
import io.fusewire.raw.Operation;
import io.fusewire.raw.Operations;
import io.fusewire.raw.RawFileSystem;
import io.fusewire.transport.RequestListener;
import io.fusewire.transport.RequestSlot;
import io.fusewire.wire.Errno;
import io.fusewire.wire.Opcode;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Sends each request to where its file system wants it: the reading thread, a virtual thread, or a
 * platform thread. Immutable but for the executor; used by all readers.
 */
public final class Dispatcher implements RequestListener {
  private final RawFileSystem fileSystem;
  private final Executor executor;
  private final Admission admission;
  private final Runnable onEnd;
  private final Execution[] executions = new Execution[Operations.LIMIT];

  /**
   * Asks the file system for its declarations.
   *
   * @param executor runs the handlers declared {@link Execution#VIRTUAL}
   * @param onEnd called once when the connection is over
   */
  public Dispatcher(
      RawFileSystem fileSystem, Executor executor, Admission admission, Runnable onEnd) {
    this.fileSystem = fileSystem;
    this.executor = executor;
    this.admission = admission;
    this.onEnd = onEnd;
    for (Operation operation : Operations.all()) {
      executions[operation.opcode().number()] = execution(fileSystem, operation.opcode());
    }
  }

  private static Execution execution(RawFileSystem fileSystem, Opcode opcode) {
    return opcode.hasNoReply() ? Execution.INLINE : fileSystem.execution(opcode);
  }

  /** True when some operation of this file system sits in system calls. */
  public static boolean needsPlatformThreads(RawFileSystem fileSystem) {
    return Operations.all().stream()
        .anyMatch(each -> execution(fileSystem, each.opcode()) == Execution.PLATFORM);
  }

  @Override
  public Execution executionOf(RequestSlot slot) {
    return executions[slot.operation().opcode().number()];
  }

  @Override
  public boolean serve(RequestSlot slot) {
    int refused = admission.refuses(slot);
    if (refused != 0) {
      slot.reject(refused);
      return true;
    }
    return slot.serveInline(fileSystem);
  }

  @Override
  public void submit(RequestSlot slot) {
    slot.handOver();
    int refused = admission.refuses(slot);
    if (refused != 0) {
      slot.refuse(refused);
      return;
    }
    try {
      executor.execute(() -> slot.serveElsewhere(fileSystem));
    } catch (RejectedExecutionException e) {
      slot.refuse(Errno.EIO);
    }
  }

  @Override
  public void ended() {
    onEnd.run();
  }
}
