package io.fusewire.stress;

import io.fusewire.FlatFileSystem;
import io.fusewire.raw.Create;
import io.fusewire.raw.CreateReply;
import io.fusewire.raw.EmptyReply;
import io.fusewire.raw.Open;
import io.fusewire.raw.OpenReply;
import io.fusewire.raw.Release;
import io.fusewire.raw.Timeouts;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Files in memory with OPEN and RELEASE. Every node and every open file has its own balance, which
 * must never be below zero and ends at zero.
 */
class StressFiles extends FlatFileSystem {
  private static final int O_TRUNC = 01000;
  private static final int MODE = 0100644;

  /** Balances that went below zero: something was taken back twice. */
  final AtomicInteger overdrawn = new AtomicInteger();

  private final AtomicLong handles = new AtomicLong(1);
  private final Map<Long, Long> balances = new ConcurrentHashMap<>();
  private final Map<Long, File> open = new ConcurrentHashMap<>();

  /** Makes a file. */
  final void put(String name, String content) {
    put(name, content.getBytes(StandardCharsets.UTF_8));
  }

  /** Files that the kernel has open. */
  final int opened() {
    return open.size();
  }

  @Override
  protected final void count(long nodeId, long lookups) {
    super.count(nodeId, lookups);
    if (balances.merge(nodeId, lookups, Long::sum) < 0) {
      overdrawn.incrementAndGet();
    }
  }

  private long handle(File file) {
    long handle = handles.getAndIncrement();
    open.put(handle, file);
    return handle;
  }

  /** Makes a file and answers with it, open. */
  final void giveNew(String name, CreateReply reply) {
    File file = add(name, MODE);
    count(file.ino(), 1);
    reply.created(file.ino(), file, Timeouts.NONE, handle(file), 0);
  }

  /** Answers with an open file. */
  final void giveOpen(File file, OpenReply reply) {
    reply.open(handle(file), 0);
  }

  @Override
  public void create(Create.Request request, CreateReply reply) {
    giveNew(request.name().toString(), reply);
  }

  @Override
  public void open(Open.Request request, OpenReply reply) {
    File file = node(request.nodeId());
    if ((request.flags() & O_TRUNC) != 0) {
      file.resize(0);
    }
    giveOpen(file, reply);
  }

  @Override
  public void release(Release.Request request, EmptyReply reply) {
    if (open.remove(request.fileHandle()) == null) {
      overdrawn.incrementAndGet();
    }
    reply.ok();
  }
}
