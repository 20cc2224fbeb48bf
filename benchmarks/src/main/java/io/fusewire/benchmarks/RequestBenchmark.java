package io.fusewire.benchmarks;

import io.fusewire.metrics.SessionMetrics;
import io.fusewire.raw.Execution;
import io.fusewire.raw.RawFileSystem;
import io.fusewire.raw.ReplyPolicy;
import io.fusewire.schedule.Admission;
import io.fusewire.schedule.Environment;
import io.fusewire.schedule.ScheduleSettings;
import io.fusewire.schedule.Scheduler;
import io.fusewire.transport.RequestListener;
import io.fusewire.transport.RequestListener.Arrival;
import io.fusewire.transport.RequestSlot;
import io.fusewire.transport.SlotPool;
import io.fusewire.transport.SlotSettings;
import io.fusewire.wire.Opcode;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the library itself costs: from the bytes of a request to the bytes of its reply, with the
 * null file system in between and no system call. Run with {@code -prof gc} it shows the heap bytes
 * of each request.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
public class RequestBenchmark {
  private static final int BODY_BYTES = 1 << 20;
  private static final int HEADER_BYTES = 40;
  private static final int PAYLOAD = 4096;
  private static final long BIG = NullFiles.BIG;

  /** Which request; the others are served too before the measurement, as in a real server. */
  @Param({"LOOKUP", "GETATTR", "OPEN", "READ", "WRITE", "RELEASE"})
  public Opcode opcode = Opcode.GETATTR;

  private final Served whole = new Served(new NullFileSystem());

  /** All its handlers answer ENOSYS: no argument is read, no body written. */
  private final Served empty =
      new Served(
          new RawFileSystem() {
            @Override
            public Execution execution(Opcode of) {
              return Execution.INLINE;
            }
          });

  /** Makes the benchmark. */
  public RequestBenchmark() {}

  /** A file system behind the library, with a slot that is used for one request after the other. */
  private static final class Served {
    private final RequestListener engine;
    private final SlotPool pool;
    private final Slot slot;
    private long bytes;

    Served(RawFileSystem fileSystem) {
      engine =
          new Scheduler(
              fileSystem,
              ScheduleSettings.DEFAULT,
              new Environment(
                  Runnable::run,
                  null,
                  1,
                  Admission.ALL,
                  new SessionMetrics(System::nanoTime, List.of()),
                  null,
                  System::nanoTime),
              () -> {});
      pool =
          new SlotPool(
              new SlotSettings(
                  BODY_BYTES,
                  2,
                  NullFileSystem.CAPABILITIES,
                  new ReplyPolicy(ReplyPolicy.UNCHANGED, ReplyPolicy.UNCHANGED, 0),
                  null),
              engine,
              Slot::new);
      slot = new Slot(pool);
    }

    boolean decode() {
      return slot.received(bytes);
    }

    boolean serve() {
      return decode() && engine.arrived(slot) == Arrival.INLINE && engine.serve(slot);
    }

    /** Serves every kind of request for a while, then lays out the one to measure. */
    void prepare(Opcode toMeasure) {
      for (Opcode each : new Opcode[] {Opcode.LOOKUP, Opcode.OPEN, Opcode.READ, Opcode.RELEASE}) {
        bytes = layOut(slot.message(), each);
        for (int i = 0; i < 20_000; i++) {
          serve();
        }
      }
      bytes = layOut(slot.message(), toMeasure);
    }

    void close() {
      pool.release(slot);
      pool.close();
    }
  }

  /** A slot whose replies go nowhere. */
  private static final class Slot extends RequestSlot {
    Slot(SlotPool pool) {
      super(pool);
    }

    MemorySegment message() {
      return memory.asSlice(REQUEST);
    }

    @Override
    protected long transmit(long vectorsAddress, int count) {
      return memory.get(ValueLayout.JAVA_INT, 0); // all of it: the length in the reply's header
    }
  }

  /** Makes both ready. */
  @Setup
  public void prepare() {
    whole.prepare(opcode);
    empty.prepare(opcode);
  }

  /** Gives the memory back. */
  @TearDown
  public void close() {
    whole.close();
    empty.close();
  }

  /** The first part: the bytes are checked, and their operation found. */
  @Benchmark
  public boolean decode() {
    return whole.decode();
  }

  /**
   * Decoding, dispatch and the shortest reply. Less {@link #decode} it is the dispatch; {@link
   * #serve} less this is what the handler, its arguments and the body of the reply cost.
   */
  @Benchmark
  public boolean dispatch() {
    return empty.serve();
  }

  /** One whole request. */
  @Benchmark
  public boolean serve() {
    return whole.serve();
  }

  /** Writes a request as the kernel would; returns its bytes. */
  private static long layOut(MemorySegment request, Opcode of) {
    request.asSlice(0, PAYLOAD).fill((byte) 0);
    long body =
        switch (of) {
          case LOOKUP -> name(request);
          case OPEN -> 8;
          case GETATTR -> 16;
          case RELEASE -> 24;
          case READ -> transfer(request, 0);
          case WRITE -> transfer(request, PAYLOAD);
          default -> throw new IllegalArgumentException(of.toString());
        };
    long all = HEADER_BYTES + body;
    request.set(ValueLayout.JAVA_INT, 0, (int) all);
    request.set(ValueLayout.JAVA_INT, 4, of.number());
    request.set(ValueLayout.JAVA_LONG_UNALIGNED, 8, 2); // unique
    request.set(
        ValueLayout.JAVA_LONG_UNALIGNED, 16, of == Opcode.LOOKUP ? RawFileSystem.ROOT : BIG);
    return all;
  }

  private static long name(MemorySegment request) {
    byte[] name = "f123\0".getBytes(StandardCharsets.US_ASCII);
    MemorySegment.copy(name, 0, request, ValueLayout.JAVA_BYTE, HEADER_BYTES, name.length);
    return name.length;
  }

  /** The arguments of READ and WRITE: handle, offset, size, flags, owner, flags. */
  private static long transfer(MemorySegment request, int data) {
    request.set(ValueLayout.JAVA_INT, HEADER_BYTES + 16, PAYLOAD);
    return 40 + (long) data;
  }
}
