package io.fusewire.session;

import io.fusewire.dispatch.InFlightRequest;
import io.fusewire.linux.mount.MountPoints;
import io.fusewire.linux.mount.MountRequest;
import io.fusewire.linux.mount.MountedDevice;
import io.fusewire.linux.mount.Mounters;
import io.fusewire.linux.sys.ProcessCalls;
import io.fusewire.metrics.MetricsSnapshot;
import io.fusewire.raw.Negotiation;
import io.fusewire.raw.RawFileSystem;
import io.fusewire.raw.ReplyPolicy;
import io.fusewire.schedule.Admission;
import io.fusewire.schedule.OwnerAndRoot;
import io.fusewire.transport.SlotSettings;
import io.fusewire.transport.Transport;
import io.fusewire.transport.dev.DevFuseTransport;
import io.fusewire.transport.uring.UringTransport;
import io.fusewire.wire.flag.InitFlags;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A mount from handshake to teardown.
 *
 * <p>Whoever wants the end, {@link #close} or an unmount from outside, there is one teardown: it
 * waits for the readers, for the running handlers, calls destroy, and frees. All waits are timed.
 */
final class Session implements Mount {
  private static final System.Logger LOG = System.getLogger("io.fusewire");
  private static final AtomicInteger NUMBERS = new AtomicInteger();
  private static final long BUSY_RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /** Room for extended attributes and names even where max_write is small, in bytes. */
  private static final int BODY_BYTES_MIN = 128 * 1024;

  private static final int BODY_BYTES_SPARE = 8192;

  private final RawFileSystem fileSystem;
  private final @Nullable BackingRegistry backing;
  private final Transport transport;
  private final @Nullable MountedDevice device;
  private final MountOptions options;
  private final Negotiation negotiation;
  private final Engine engine;
  private final LiveLimits limits;
  private final String mountPoint;
  private final String name;
  private final AtomicBoolean closing = new AtomicBoolean();
  private final AtomicBoolean tornDown = new AtomicBoolean();
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile @Nullable Thread teardown;

  private Session(
      RawFileSystem fileSystem, Link link, MountOptions options, Negotiation negotiation) {
    this.backing = negotiation.grants(InitFlags.PASSTHROUGH) ? registry(link) : null;
    this.fileSystem = backing == null ? fileSystem : new BackedFileSystem(fileSystem, backing);
    this.transport = link.transport;
    this.device = link.device;
    this.mountPoint = link.mountPoint;
    this.name = link.name;
    this.options = options;
    this.negotiation = negotiation;
    Admission admission =
        options.allowRoot ? new OwnerAndRoot(ProcessCalls.geteuid()) : Admission.ALL;
    engine =
        new Engine(
            name,
            this.fileSystem,
            options,
            negotiation,
            new Engine.Wiring(transport.servesBlocking(), admission, this::connectionEnded));
    limits = new LiveLimits(engine.scheduler(), device == null ? null : device.connection());
  }

  /** How a session reaches its kernel. */
  private record Link(
      Transport transport, @Nullable MountedDevice device, String mountPoint, String name) {}

  static Session mount(RawFileSystem fileSystem, Path mountPoint, MountOptions options)
      throws IOException {
    options.check(fileSystem);
    String path = mountPoint.toAbsolutePath().normalize().toString();
    if (options.replaceStale) {
      MountPoints.replaceStale(path);
    }
    String name = options.fsName + "-" + NUMBERS.incrementAndGet();
    MountRequest request = options.request(path);
    MountedDevice device = Mounters.forRequest(request).mount(request);
    Transport transport = transport(fileSystem, options, device, name);
    try {
      return start(fileSystem, new Link(transport, device, device.mountPoint(), name), options);
    } catch (IOException | RuntimeException e) {
      device.unmount(true);
      transport.close();
      device.close();
      throw e;
    }
  }

  private static Transport transport(
      RawFileSystem fileSystem, MountOptions options, MountedDevice device, String name) {
    int fd = device.descriptor();
    return options.mayUseRings(fileSystem)
        ? new UringTransport(fd, name, options.ringDepths(), () -> device.connection().abort())
        : new DevFuseTransport(fd, name);
  }

  static Session serve(RawFileSystem fileSystem, Transport transport, MountOptions options)
      throws IOException {
    String name = options.fsName + "-" + NUMBERS.incrementAndGet();
    var _ = options.schedule(null, null); // settings that do not go together fail
    return start(fileSystem, new Link(transport, null, "(no mount point)", name), options);
  }

  private static Session start(RawFileSystem fileSystem, Link link, MountOptions options)
      throws IOException {
    Negotiation negotiation = Handshake.perform(link.transport(), options, fileSystem);
    Session session = new Session(fileSystem, link, options, negotiation);
    Engine engine = session.engine;
    LOG.log(System.Logger.Level.DEBUG, "mounted {0}: {1}", link.mountPoint(), negotiation);
    int body = Math.max(negotiation.payloadBytesMax(), BODY_BYTES_MIN) + BODY_BYTES_SPARE;
    SlotSettings settings =
        new SlotSettings(
            body,
            engine.scheduler().limits().slots() + engine.threads().count(),
            negotiation.granted(),
            session.policy(),
            options.trace == null ? null : new Trace(options.trace));
    if (options.shutdownHook) {
      OpenMounts.add(session);
    }
    if (session.backing == null && negotiation.asks(InitFlags.PASSTHROUGH)) {
      LOG.log(System.Logger.Level.WARNING, "{0}: {1}", link.name(), session.noPassthrough());
    }
    engine.start();
    link.transport().start(settings, engine.scheduler(), engine.threads());
    return session;
  }

  private static BackingRegistry registry(Link link) {
    return new BackingRegistry(link.name(), new BackingLink(link.transport(), link.device()));
  }

  private ReplyPolicy policy() {
    ReplyPolicy policy = options.policy();
    return backing == null ? policy : policy.withBacking(backing);
  }

  String name() {
    return name;
  }

  @Override
  public String mountPoint() {
    return mountPoint;
  }

  @Override
  public State state() {
    if (closed.getCount() == 0) {
      return State.CLOSED;
    }
    return closing.get() ? State.CLOSING : State.SERVING;
  }

  @Override
  public Negotiation negotiation() {
    return negotiation;
  }

  @Override
  public String transport() {
    return transport.describe();
  }

  @Override
  public BackingState backing() {
    if (backing != null) {
      return backing.state();
    }
    return BackingState.none(
        negotiation.asks(InitFlags.PASSTHROUGH)
            ? noPassthrough()
            : "passthrough was not asked for");
  }

  private String noPassthrough() {
    return "the kernel (FUSE "
        + negotiation.kernel()
        + ") does not offer passthrough: Linux 6.9 or later with CONFIG_FUSE_PASSTHROUGH does";
  }

  @Override
  public MetricsSnapshot metrics() {
    return engine.metrics().snapshot();
  }

  @Override
  public List<InFlightRequest> inFlight(Duration olderThan) {
    return engine.watchdog().inFlight(olderThan, engine.now());
  }

  @Override
  public LiveLimits limits() {
    return limits;
  }

  @Override
  public void tick() {
    engine.tick();
  }

  @Override
  public void unmount() throws IOException {
    if (device != null) {
      int result = device.unmount(false);
      if (result < 0) {
        throw device.unmountFailed(result);
      }
    } else {
      transport.disconnect();
    }
    closing.set(true);
    if (!transport.awaitEnd(options.closeTimeout.toNanos())) {
      abort();
    }
    awaitClosed();
  }

  @Override
  public void join() throws InterruptedException {
    closed.await();
  }

  @Override
  public boolean join(Duration time) throws InterruptedException {
    return closed.await(time.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public void close() {
    if (closing.compareAndSet(false, true)) {
      endConnection();
    }
    awaitClosed();
  }

  /** Takes the mount away, with more force at each step. The readers serve on until it is gone. */
  private void endConnection() {
    long step = options.closeTimeout.toNanos();
    if (device == null) {
      transport.disconnect();
    } else if (!unmountWithin(step)) {
      LOG.log(
          System.Logger.Level.WARNING, "{0} is still in use; it is unmounted lazily", mountPoint);
      device.unmount(true);
    }
    if (!transport.awaitEnd(step)) {
      abort();
    }
    if (!transport.awaitEnd(step)) {
      LOG.log(
          System.Logger.Level.ERROR,
          "the readers of {0} did not end; is /sys/fs/fuse/connections mounted?",
          mountPoint);
      tearDown();
    }
  }

  private boolean unmountWithin(long nanos) {
    MountedDevice mounted = java.util.Objects.requireNonNull(device);
    long deadline = System.nanoTime() + nanos;
    int result = mounted.unmount(false);
    while (result < 0 && System.nanoTime() < deadline) {
      if (transport.awaitEnd(BUSY_RETRY_NANOS)) {
        return true;
      }
      result = mounted.unmount(false);
    }
    return result >= 0;
  }

  private void abort() {
    if (device != null) {
      LOG.log(System.Logger.Level.WARNING, "aborting the connection of {0}", mountPoint);
      device.connection().abort();
    }
  }

  /** The last reader has ended, for whatever reason. */
  private void connectionEnded() {
    closing.set(true);
    Thread thread =
        Thread.ofPlatform().name("fusewire-" + name + "-teardown").unstarted(this::tearDown);
    teardown = thread;
    thread.start();
  }

  private void tearDown() {
    if (!tornDown.compareAndSet(false, true)) {
      return;
    }
    try {
      boolean drained = transport.drain(options.closeTimeout.toNanos());
      engine.end();
      if (!drained) {
        LOG.log(
            System.Logger.Level.WARNING,
            "handlers of {0} still run; their late answers will be refused",
            mountPoint);
      }
      fileSystem.destroy();
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "destroy() of " + mountPoint + " failed", e);
    } finally {
      transport.close();
      engine.close(options.closeTimeout);
      if (backing != null) {
        backing.closeAll();
      }
      if (device != null) {
        device.unmount(true); // after an abort from outside the dead mount is still in the tree
        if (transport.awaitEnd(0)) {
          device.close(); // else a reader still uses the number, which another file would get
        }
      }
      OpenMounts.remove(this);
      closed.countDown();
    }
  }

  private void awaitClosed() {
    boolean interrupted = false;
    while (true) {
      try {
        closed.await();
        Thread thread = teardown;
        if (thread != null) {
          thread.join();
        }
        break;
      } catch (InterruptedException e) {
        interrupted = true; // closing is timed by itself
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
