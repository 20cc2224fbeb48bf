package io.fusewire.regression;

import io.fusewire.raw.DelegatingFileSystem;
import io.fusewire.raw.Execution;
import io.fusewire.raw.RawFileSystem;
import io.fusewire.session.MountOptions;
import io.fusewire.wire.Opcode;
import java.time.Duration;

/** The ways in which handlers run. A case that could depend on it runs in every one of them. */
public enum Mode {
  INLINE(Execution.INLINE),
  VIRTUAL(Execution.VIRTUAL),
  PLATFORM(Execution.PLATFORM),
  WORKERS(Execution.VIRTUAL);

  private static final int WORKER_COUNT = 8;
  private static final Duration CLOSE_STEP = Duration.ofSeconds(3);

  private final Execution execution;

  Mode(Execution execution) {
    this.execution = execution;
  }

  /** The file system with all its handlers declared to run this way. */
  public RawFileSystem layer(RawFileSystem fileSystem) {
    return new DelegatingFileSystem(fileSystem) {
      @Override
      public Execution execution(Opcode opcode) {
        return execution;
      }
    };
  }

  /** Options of a mount that works this way; its name begins with "regress". */
  public MountOptions options() {
    MountOptions options =
        MountOptions.create().fsName("regress-" + this).closeTimeout(CLOSE_STEP).noShutdownHook();
    return this == WORKERS ? options.workers(WORKER_COUNT) : options;
  }
}
