package io.fusewire;

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
import io.fusewire.raw.Rename;
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
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** One directory of files in memory, which counts what the kernel asks for and holds. */
public class FlatFileSystem implements RawFileSystem {
  private static final int S_IFREG = 0100000;
  private static final int S_IFDIR = 0040000;

  /** Lookups that the kernel holds. */
  public final AtomicLong held = new AtomicLong();

  /** How often destroy() was called. */
  public final AtomicInteger destroyed = new AtomicInteger();

  /** Bytes of the largest WRITE. */
  public final AtomicInteger largestWrite = new AtomicInteger();

  private final AtomicLong ids = new AtomicLong(ROOT + 1);
  private final Map<String, File> names = new ConcurrentSkipListMap<>();
  private final Map<Long, File> nodes = new ConcurrentHashMap<>();
  private final Attributes root = FileAttributes.directory(ROOT, 0755);

  /** A file or an empty directory; its own lock guards it. */
  public static final class File implements Attributes {
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

    /** A copy of what it contains. */
    public synchronized byte[] data() {
      return data.clone();
    }

    /** Cuts it off or adds zeros. */
    public synchronized void resize(long size) {
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
  public final File put(String name, byte[] content) {
    File file = add(name, S_IFREG | 0644);
    file.put(MemorySegment.ofArray(content), 0, content.length, 0);
    return file;
  }

  /** The file with this name. */
  public final File named(String name) {
    File file = names.get(name);
    if (file == null) {
      throw new FuseException(Errno.ENOENT);
    }
    return file;
  }

  /** The names that there are. */
  public final List<String> namesNow() {
    return List.copyOf(names.keySet());
  }

  /** Makes a file; one that has the name loses it. */
  protected final File add(String name, int mode) {
    File file = new File(ids.getAndIncrement(), mode);
    nodes.put(file.id, file);
    names.put(name, file);
    return file;
  }

  private File addNew(String name, int mode) {
    if (names.containsKey(name)) { // the kernel makes one name at a time
      throw new FuseException(Errno.EEXIST);
    }
    return add(name, mode);
  }

  /** Counts lookups that the kernel got or gave back. */
  protected void count(long nodeId, long lookups) {
    held.addAndGet(lookups);
  }

  /** The file with this node id. */
  protected final File node(long id) {
    File file = nodes.get(id);
    if (file == null) {
      throw new FuseException(Errno.ESTALE);
    }
    return file;
  }

  /** Answers with an entry. What nobody takes comes back as a forget. */
  protected final void give(File file, EntryReply reply) {
    count(file.id, 1);
    reply.entry(file.id, file, Timeouts.NONE);
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
      count(request.nodeId(), -request.lookups());
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
    File file = addNew(request.name().toString(), request.mode());
    count(file.id, 1);
    reply.created(file.id, file, Timeouts.NONE, 0, 0);
  }

  @Override
  public void mkdir(Mkdir.Request request, EntryReply reply) {
    give(addNew(request.name().toString(), S_IFDIR | request.mode()), reply);
  }

  @Override
  public void rename(Rename.Request request, EmptyReply reply) {
    names.put(request.newName().toString(), named(request.name().toString()));
    names.remove(request.name().toString());
    reply.ok();
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
