package io.fusewire.raw;

import io.fusewire.wire.ProtocolVersion;
import io.fusewire.wire.flag.InitFlags;

/**
 * What the kernel offered, what the mount asks for, and what was granted. The mount's options fill
 * it first, then the file system's {@link RawFileSystem#init} adjusts it, on the mounting thread.
 *
 * <p>A capability that was only wished for is dropped silently when the kernel does not offer it;
 * one that is required makes the mount fail with its name.
 */
public final class Negotiation {
  /** The smallest max_write the kernel accepts, in bytes. */
  public static final int MAX_WRITE_MIN = 4096;

  /** The largest max_write worth asking for: 16 MiB, beyond any kernel's page limit by default. */
  public static final int MAX_WRITE_MAX = 16 << 20;

  /** The most pages of a request that the reply to INIT can name. */
  public static final int MAX_PAGES_MAX = 0xffff;

  /** Kernels allow requests of this many pages without the capability MAX_PAGES. */
  private static final int MAX_PAGES_DEFAULT = 32;

  /** The most that the kernel allows for {@link #maxStackDepth}. */
  public static final int MAX_STACK_DEPTH_MAX = 2;

  /** Bytes of a page, in which the kernel counts. */
  private static final int PAGE = 4096;

  /** What the kernel may offer and this library has nothing behind; asking for it is refused. */
  private static final long UNSUPPORTED =
      InitFlags.FILE_OPS
          | InitFlags.SPLICE_WRITE
          | InitFlags.SPLICE_MOVE
          | InitFlags.SPLICE_READ
          | InitFlags.MAP_ALIGNMENT
          | InitFlags.SECURITY_CTX
          | InitFlags.HAS_INODE_DAX
          | InitFlags.REQUEST_TIMEOUT;

  private final ProtocolVersion kernel;
  private final long offered;
  private final int kernelReadahead;
  private long wanted;
  private long required;
  private int maxWrite;
  private int maxPages;
  private int maxReadahead;
  private int maxBackground;
  private int congestionThreshold;
  private int timeGranularityNanos = 1;
  private int maxStackDepth = 1;
  private int workers;
  private int maxInFlight = Integer.MAX_VALUE;

  /**
   * Starts with an offer.
   *
   * @param offered the kernel's {@link InitFlags}
   * @param kernelReadahead the kernel's largest read-ahead in bytes
   */
  public Negotiation(ProtocolVersion kernel, long offered, int kernelReadahead) {
    this.kernel = kernel;
    this.offered = offered;
    this.kernelReadahead = kernelReadahead;
    this.maxReadahead = kernelReadahead;
  }

  /** The kernel's protocol version. */
  public ProtocolVersion kernel() {
    return kernel;
  }

  /** The capabilities the kernel offers: {@link InitFlags}. */
  public long offered() {
    return offered;
  }

  /** True when the kernel offers all of these. */
  public boolean offers(long flags) {
    return (offered & flags) == flags;
  }

  /** Uses these capabilities if the kernel offers them. */
  public Negotiation want(long flags) {
    wanted |= flags;
    return this;
  }

  /** Uses these capabilities; without them there is no mount. */
  public Negotiation require(long flags) {
    wanted |= flags;
    required |= flags;
    return this;
  }

  /** Does without these capabilities, whatever was asked before. */
  public Negotiation refuse(long flags) {
    wanted &= ~flags;
    required &= ~flags;
    return this;
  }

  /** True when the mount fails without all of these. */
  public boolean requires(long flags) {
    return (required & flags) == flags;
  }

  /** True when all of these were asked for, wished or required. */
  public boolean asks(long flags) {
    return (wanted & flags) == flags;
  }

  /** The capabilities that are required and cannot be had; the mount fails unless 0. */
  public long missing() {
    return required & ~(offered & ~UNSUPPORTED);
  }

  /** Those of the {@link #missing} that the kernel may offer, but this library does not support. */
  public long unsupported() {
    return required & UNSUPPORTED;
  }

  /** The capabilities in use: wanted, offered and supported. */
  public long granted() {
    return wanted & offered & ~UNSUPPORTED;
  }

  /** True when all of these are in use. */
  public boolean grants(long flags) {
    return (granted() & flags) == flags;
  }

  /** The largest WRITE in bytes. */
  public int maxWrite() {
    return maxWrite;
  }

  /** Sets the largest WRITE, in bytes; clamped to what is possible. */
  public Negotiation maxWrite(int bytes) {
    maxWrite = Math.clamp(bytes, MAX_WRITE_MIN, MAX_WRITE_MAX);
    return this;
  }

  /** The most pages of one READ or WRITE; as many as max_write has unless it was set. */
  public int maxPages() {
    if (!grants(InitFlags.MAX_PAGES)) {
      return MAX_PAGES_DEFAULT;
    }
    return maxPages > 0 ? maxPages : Math.clamp((maxWrite + PAGE - 1L) / PAGE, 1, MAX_PAGES_MAX);
  }

  /**
   * Sets the most pages of one READ or WRITE, 1 to {@value #MAX_PAGES_MAX}; 0 takes it from
   * max_write. The kernel's limit (the sysctl fs.fuse.max_pages_limit) may lower it.
   */
  public Negotiation maxPages(int pages) {
    maxPages = Math.clamp(pages, 0, MAX_PAGES_MAX);
    return this;
  }

  /** The most bytes that one READ or WRITE carries. */
  public int payloadBytesMax() {
    return Math.max(maxWrite, Math.toIntExact((long) maxPages() * PAGE));
  }

  /** The largest read-ahead in bytes. */
  public int maxReadahead() {
    return maxReadahead;
  }

  /** Sets the largest read-ahead, in bytes; the kernel's own value is the upper limit. */
  public Negotiation maxReadahead(int bytes) {
    maxReadahead = Math.clamp(bytes, 0, kernelReadahead);
    return this;
  }

  /** The kernel's limit of unanswered background requests; 0 means its default (12). */
  public int maxBackground() {
    return maxBackground;
  }

  /** Sets the kernel's limit of unanswered background requests. */
  public Negotiation maxBackground(int requests) {
    maxBackground = Math.clamp(requests, 0, 0xffff);
    return this;
  }

  /** The number of background requests from which the kernel reads ahead less. */
  public int congestionThreshold() {
    return congestionThreshold;
  }

  /** Sets the number of background requests from which the kernel reads ahead less. */
  public Negotiation congestionThreshold(int requests) {
    congestionThreshold = Math.clamp(requests, 0, 0xffff);
    return this;
  }

  /** The resolution of time stamps in nanoseconds. */
  public int timeGranularityNanos() {
    return timeGranularityNanos;
  }

  /** Sets the resolution of time stamps, 1 to 1,000,000,000 ns. */
  public Negotiation timeGranularityNanos(int nanos) {
    timeGranularityNanos = Math.clamp(nanos, 1, 1_000_000_000);
    return this;
  }

  /** On how many file systems, one upon the other, a file with a backing file may lie. */
  public int maxStackDepth() {
    return maxStackDepth;
  }

  /**
   * Sets how deep file systems may be stacked when PASSTHROUGH is granted. With 1, the default,
   * backing files lie on file systems that are not stacked themselves, and overlayfs can lie on
   * this mount; with 2 they may lie on one that is, such as overlayfs, and this mount is on top.
   */
  public Negotiation maxStackDepth(int depth) {
    maxStackDepth = Math.clamp(depth, 1, MAX_STACK_DEPTH_MAX);
    return this;
  }

  /** How many handlers run at most on worker threads; 0 when the mount has no workers. */
  public int workers() {
    return workers;
  }

  /** Has fewer workers than the mount asked for; never more. 0 and 1 run handlers inline. */
  public Negotiation lowerWorkers(int most) {
    if (most < 0) {
      throw new IllegalArgumentException("workers is " + most + ": write 0 (inline) or more");
    }
    workers = Math.min(workers, most);
    return this;
  }

  /** How many requests may be in flight, queued and running. */
  public int maxInFlight() {
    return maxInFlight;
  }

  /** Lets fewer requests be in flight than the mount asked for; never more. */
  public Negotiation lowerMaxInFlight(int most) {
    if (most < 1) {
      throw new IllegalArgumentException("max_in_flight is " + most + ": write 1 or more");
    }
    maxInFlight = Math.min(maxInFlight, most);
    return this;
  }

  /** Sets both as the mount asks for them. For the library. */
  public Negotiation concurrency(int workersAsked, int inFlightAsked) {
    workers = workersAsked;
    maxInFlight = inFlightAsked;
    return this;
  }

  /** What was asked, offered and granted, for logs. */
  @Override
  public String toString() {
    return "kernel "
        + kernel
        + ", offered "
        + InitFlags.SET.describe(offered)
        + ", asked "
        + InitFlags.SET.describe(wanted)
        + ", granted "
        + InitFlags.SET.describe(granted())
        + ", max_write "
        + maxWrite
        + ", max_pages "
        + maxPages()
        + ", max_readahead "
        + maxReadahead
        + ", max_background "
        + maxBackground
        + ", congestion_threshold "
        + congestionThreshold
        + ", time_gran "
        + timeGranularityNanos
        + (grants(InitFlags.PASSTHROUGH) ? ", max_stack_depth " + maxStackDepth : "");
  }
}
