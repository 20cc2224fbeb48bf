package io.fusewire.regression;

import io.fusewire.raw.AttrReply;
import io.fusewire.raw.Attributes;
import io.fusewire.raw.Create;
import io.fusewire.raw.CreateReply;
import io.fusewire.raw.DataReply;
import io.fusewire.raw.DirectoryReply;
import io.fusewire.raw.EmptyReply;
import io.fusewire.raw.EntryReply;
import io.fusewire.raw.FileAttributes;
import io.fusewire.raw.Forget;
import io.fusewire.raw.FuseException;
import io.fusewire.raw.Getattr;
import io.fusewire.raw.Lookup;
import io.fusewire.raw.Mkdir;
import io.fusewire.raw.RawFileSystem;
import io.fusewire.raw.Read;
import io.fusewire.raw.Readdir;
import io.fusewire.raw.Rmdir;
import io.fusewire.raw.Setattr;
import io.fusewire.raw.Timeouts;
import io.fusewire.raw.Unlink;
import io.fusewire.raw.Write;
import io.fusewire.raw.WriteReply;
import io.fusewire.wire.Errno;
import io.fusewire.wire.Name;
import io.fusewire.wire.flag.SetattrFlags;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** One directory of files in memory, which counts what the kernel asks for and holds. */
class FlatFileSystem implements RawFileSystem {
  private static final int S_IFREG = 0100000;
  private static final int S_IFDIR = 0040000;

  /** Lookups that the kernel holds. */
  final AtomicLong held = new AtomicLong();

  /** How often destroy() was called. */
  final AtomicInteger destroyed = new AtomicInteger();

  /** Bytes of the largest WRITE. */
  final AtomicInteger largestWrite = new AtomicInteger();

  private final AtomicLong ids = new AtomicLong(ROOT + 1);
  private final Map<String, File> names = new ConcurrentSkipListMap<>();
  private final Map<Long, File> nodes = new ConcurrentHashMap<>();
  private final Attributes root = FileAttributes.directory(ROOT, 0755);

  /** A file or an empty directory; its own lock guards it. */
  static final class File implements Attributes {
    private final long id;
    private final int mode;
    private byte[] data = new byte[0];
    private long mtime;
    private int mtimeNanos;

    private File(long id, int mode) {
      this.id = id;
      this.mode = mode;
    }

    @Override
    public long ino() {
      return id;
    }

    @Override
    public int mode() {
      return mode;
    }

    @Override
    public synchronized long size() {
      return data.length;
    }

    @Override
    public synchronized long mtime() {
      return mtime;
    }

    @Override
    public synchronized int mtimeNanos() {
      return mtimeNanos;
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

    private synchronized void modifiedAt(long seconds, int nanos) {
      mtime = seconds;
      mtimeNanos = nanos;
    }
  }

  /** Makes a file. */
  final File put(String name, byte[] content) {
    File file = add(name, S_IFREG | 0644);
    file.put(MemorySegment.ofArray(content), 0, content.length, 0);
    return file;
  }

  /** The file with this name. */
  final File named(String name) {
    File file = names.get(name);
    if (file == null) {
      throw new FuseException(Errno.ENOENT);
    }
    return file;
  }

  private File add(String name, int mode) {
    File file = new File(ids.getAndIncrement(), mode);
    if (names.putIfAbsent(name, file) != null) {
      throw new FuseException(Errno.EEXIST);
    }
    nodes.put(file.id, file);
    return file;
  }

  final File node(long id) {
    File file = nodes.get(id);
    if (file == null) {
      throw new FuseException(Errno.ESTALE);
    }
    return file;
  }

  private void give(File file, EntryReply reply) {
    held.incrementAndGet();
    if (!reply.entry(file.id, file, Timeouts.NONE)) {
      held.decrementAndGet();
    }
  }

  @Override
  public void destroy() {
    destroyed.incrementAndGet();
  }

  @Override
  public void lookup(Lookup.Request request, EntryReply reply) {
    give(named(request.name().toString()), reply);
  }

  @Override
  public void forget(Forget.Request request) {
    if (request.nodeId() != ROOT) {
      held.addAndGet(-request.lookups());
    }
  }

  @Override
  public void getattr(Getattr.Request request, AttrReply reply) {
    reply.attributes(request.nodeId() == ROOT ? root : node(request.nodeId()), 0);
  }

  @Override
  public void setattr(Setattr.Request request, AttrReply reply) {
    File file = node(request.nodeId());
    if (request.sets(SetattrFlags.SIZE)) {
      file.resize(request.size());
    }
    if (request.sets(SetattrFlags.MTIME)) {
      file.modifiedAt(request.mtime(), request.mtimeNanos());
    }
    reply.attributes(file, 0);
  }

  @Override
  public void create(Create.Request request, CreateReply reply) {
    File file = add(request.name().toString(), request.mode());
    held.incrementAndGet();
    reply.created(file.id, file, Timeouts.NONE, 0, 0);
  }

  @Override
  public void mkdir(Mkdir.Request request, EntryReply reply) {
    give(add(request.name().toString(), S_IFDIR | request.mode()), reply);
  }

  @Override
  public void unlink(Unlink.Request request, EmptyReply reply) {
    names.remove(request.name().toString());
    reply.ok();
  }

  @Override
  public void rmdir(Rmdir.Request request, EmptyReply reply) {
    names.remove(request.name().toString());
    reply.ok();
  }

  @Override
  public void read(Read.Request request, DataReply reply) {
    reply.data(node(request.nodeId()).data(), request.offset());
  }

  @Override
  public void write(Write.Request request, WriteReply reply) {
    largestWrite.accumulateAndGet(request.size(), Math::max);
    node(request.nodeId())
        .put(request.data(), request.dataOffset(), request.size(), request.offset());
    reply.written(request.size());
  }

  @Override
  public void readdir(Readdir.Request request, DirectoryReply reply) {
    long next = 0;
    for (Map.Entry<String, File> entry : names.entrySet()) {
      next++;
      File file = entry.getValue();
      if (next > request.offset()
          && !reply.add(Name.of(entry.getKey()), file.id, file.mode, next)) {
        break;
      }
    }
    reply.send();
  }
}
