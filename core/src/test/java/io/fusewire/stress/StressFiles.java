package io.fusewire.stress;

import io.fusewire.raw.AttrReply;
import io.fusewire.raw.Create;
import io.fusewire.raw.CreateReply;
import io.fusewire.raw.DataReply;
import io.fusewire.raw.EmptyReply;
import io.fusewire.raw.EntryReply;
import io.fusewire.raw.FileAttributes;
import io.fusewire.raw.Forget;
import io.fusewire.raw.FuseException;
import io.fusewire.raw.Getattr;
import io.fusewire.raw.Lookup;
import io.fusewire.raw.Open;
import io.fusewire.raw.OpenReply;
import io.fusewire.raw.RawFileSystem;
import io.fusewire.raw.Read;
import io.fusewire.raw.Release;
import io.fusewire.raw.Rename;
import io.fusewire.raw.Setattr;
import io.fusewire.raw.Timeouts;
import io.fusewire.raw.Unlink;
import io.fusewire.raw.Write;
import io.fusewire.raw.WriteReply;
import io.fusewire.wire.Errno;
import io.fusewire.wire.flag.SetattrFlags;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One directory of small files in memory that counts what the kernel holds. Every node and every
 * open file has its own balance, which must never be below zero and ends at zero.
 */
class StressFiles implements RawFileSystem {
  private static final int O_TRUNC = 01000;

  /** How often destroy() was called. */
  final AtomicInteger destroyed = new AtomicInteger();

  /** Balances that went below zero: something was taken back twice. */
  final AtomicInteger overdrawn = new AtomicInteger();

  private final AtomicLong lookups = new AtomicLong();
  private final AtomicLong ids = new AtomicLong(ROOT + 1);
  private final AtomicLong handles = new AtomicLong(1);
  private final Map<String, File> names = new ConcurrentHashMap<>();
  private final Map<Long, File> nodes = new ConcurrentHashMap<>();
  private final Map<Long, File> open = new ConcurrentHashMap<>();
  private final FileAttributes root = FileAttributes.directory(ROOT, 0755);

  /** A file; its own lock guards it. */
  static final class File {
    final long id;
    private byte[] data = new byte[0];
    private long lookups;

    private File(long id) {
      this.id = id;
    }

    private synchronized FileAttributes attributes() {
      return FileAttributes.file(id, 0644, data.length);
    }

    synchronized byte[] data() {
      return data.clone();
    }

    private synchronized void resize(long size) {
      data = Arrays.copyOf(data, Math.toIntExact(size));
    }

    private synchronized void put(MemorySegment from, long offset, int length, long position) {
      int end = Math.toIntExact(position + length);
      if (end > data.length) {
        data = Arrays.copyOf(data, end);
      }
      MemorySegment.copy(from, offset, MemorySegment.ofArray(data), position, length);
    }

    private synchronized boolean lookups(long more) {
      lookups += more;
      return lookups >= 0;
    }
  }

  /** Makes a file. */
  final void put(String name, String content) {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    add(name).put(MemorySegment.ofArray(bytes), 0, bytes.length, 0);
  }

  /** The file with this name. */
  final File named(String name) {
    File file = names.get(name);
    if (file == null) {
      throw new FuseException(Errno.ENOENT);
    }
    return file;
  }

  final File node(long id) {
    File file = nodes.get(id);
    if (file == null) {
      throw new FuseException(Errno.ESTALE);
    }
    return file;
  }

  /** The names that there are. */
  final List<String> namesNow() {
    return List.copyOf(names.keySet());
  }

  /** Lookups that the kernel holds. */
  final long held() {
    return lookups.get();
  }

  /** Files that the kernel has open. */
  final int opened() {
    return open.size();
  }

  private File add(String name) {
    File file = new File(ids.getAndIncrement());
    nodes.put(file.id, file);
    names.put(name, file);
    return file;
  }

  private void lookups(File file, long more) {
    lookups.addAndGet(more);
    if (!file.lookups(more)) {
      overdrawn.incrementAndGet();
    }
  }

  private long handle(File file) {
    long handle = handles.getAndIncrement();
    open.put(handle, file);
    return handle;
  }

  /** Answers with an entry. What nobody takes comes back as a forget. */
  final void give(File file, EntryReply reply) {
    lookups(file, 1);
    reply.entry(file.id, file.attributes(), Timeouts.NONE);
  }

  /** Makes a file and answers with it, open. */
  final void giveNew(String name, CreateReply reply) {
    File file = add(name);
    lookups(file, 1);
    reply.created(file.id, file.attributes(), Timeouts.NONE, handle(file), 0);
  }

  /** Answers with an open file. */
  final void giveOpen(File file, OpenReply reply) {
    reply.open(handle(file), 0);
  }

  @Override
  public void lookup(Lookup.Request request, EntryReply reply) {
    give(named(request.name().toString()), reply);
  }

  @Override
  public void forget(Forget.Request request) {
    if (request.nodeId() != ROOT) {
      lookups(node(request.nodeId()), -request.lookups());
    }
  }

  @Override
  public void getattr(Getattr.Request request, AttrReply reply) {
    boolean isRoot = request.nodeId() == ROOT;
    reply.attributes(isRoot ? root : node(request.nodeId()).attributes(), 0);
  }

  @Override
  public void setattr(Setattr.Request request, AttrReply reply) {
    File file = node(request.nodeId());
    if (request.sets(SetattrFlags.SIZE)) {
      file.resize(request.size());
    }
    reply.attributes(file.attributes(), 0);
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

  @Override
  public void read(Read.Request request, DataReply reply) {
    reply.data(node(request.nodeId()).data(), request.offset());
  }

  @Override
  public void write(Write.Request request, WriteReply reply) {
    File file = node(request.nodeId());
    file.put(request.data(), request.dataOffset(), request.size(), request.offset());
    reply.written(request.size());
  }

  @Override
  public void rename(Rename.Request request, EmptyReply reply) {
    File file = named(request.name().toString());
    names.put(request.newName().toString(), file);
    names.remove(request.name().toString());
    reply.ok();
  }

  @Override
  public void unlink(Unlink.Request request, EmptyReply reply) {
    names.remove(request.name().toString());
    reply.ok();
  }

  @Override
  public void destroy() {
    destroyed.incrementAndGet();
  }
}
