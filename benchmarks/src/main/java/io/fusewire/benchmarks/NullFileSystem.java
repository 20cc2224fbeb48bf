package io.fusewire.benchmarks;

import io.fusewire.raw.AttrReply;
import io.fusewire.raw.Attributes;
import io.fusewire.raw.Create;
import io.fusewire.raw.CreateReply;
import io.fusewire.raw.DataReply;
import io.fusewire.raw.DirectoryReply;
import io.fusewire.raw.EmptyReply;
import io.fusewire.raw.EntryReply;
import io.fusewire.raw.Execution;
import io.fusewire.raw.Forget;
import io.fusewire.raw.Fsync;
import io.fusewire.raw.Getattr;
import io.fusewire.raw.Lookup;
import io.fusewire.raw.Negotiation;
import io.fusewire.raw.Open;
import io.fusewire.raw.OpenReply;
import io.fusewire.raw.Opendir;
import io.fusewire.raw.RawFileSystem;
import io.fusewire.raw.Read;
import io.fusewire.raw.Readdir;
import io.fusewire.raw.Release;
import io.fusewire.raw.Releasedir;
import io.fusewire.raw.Setattr;
import io.fusewire.raw.Statfs;
import io.fusewire.raw.StatfsReply;
import io.fusewire.raw.Timeouts;
import io.fusewire.raw.Unlink;
import io.fusewire.raw.Write;
import io.fusewire.raw.WriteReply;
import io.fusewire.wire.Errno;
import io.fusewire.wire.Opcode;
import io.fusewire.wire.flag.InitFlags;
import io.fusewire.wire.flag.OpenFlags;
import io.fusewire.wire.flag.SetattrFlags;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;

/**
 * A file system that does no work, to measure what the library costs. Its files are those of {@link
 * NullFiles}; reads are answered from a constant buffer, writes are thrown away, and the kernel may
 * cache no answer. All handlers run inline and allocate nothing.
 */
public final class NullFileSystem implements RawFileSystem {
  /** The capabilities in use if the kernel offers them; the same as in {@code native/floor.c}. */
  static final long CAPABILITIES =
      InitFlags.ASYNC_READ
          | InitFlags.ATOMIC_O_TRUNC
          | InitFlags.BIG_WRITES
          | InitFlags.PARALLEL_DIROPS
          | InitFlags.ASYNC_DIO
          | InitFlags.MAX_PAGES
          | InitFlags.SETXATTR_EXT
          | InitFlags.INIT_EXT
          | InitFlags.DIRECT_IO_ALLOW_MMAP;

  private static final int PAGE = 4096;
  private static final int CONTENT_BYTES = 1 << 20;

  /** Bytes of a {@code fuse_dirent} with a name of six bytes: 24 + 6, padded to a multiple of 8. */
  private static final int DIRENT_BYTES = 32;

  private final NullFiles files = new NullFiles();
  private final MemorySegment content = Arena.global().allocate(CONTENT_BYTES, PAGE);
  private final MemorySegment listing = pack();
  private final LongAdder requests = new LongAdder();
  // One for each reading thread: an answer is given before the next request is read.
  private final ThreadLocal<NullAttributes> attributes =
      ThreadLocal.withInitial(NullAttributes::new);

  /** Makes the file system. */
  public NullFileSystem() {
    content.fill((byte) 'x');
  }

  /** The attributes of whatever node was asked for last. */
  private static final class NullAttributes implements Attributes {
    private long node;
    private long size;

    NullAttributes of(long id) {
      node = id;
      size = NullFiles.size(id);
      return this;
    }

    @Override
    public long ino() {
      return node;
    }

    @Override
    public int mode() {
      return NullFiles.isDirectory(node) ? 0040755 : 0100644;
    }

    @Override
    public long size() {
      return size;
    }
  }

  private static MemorySegment pack() {
    MemorySegment memory =
        Arena.global().allocate((long) NullFiles.LISTED_FILES * DIRENT_BYTES, PAGE);
    for (int i = 0; i < NullFiles.LISTED_FILES; i++) {
      byte[] name = String.format(Locale.ROOT, "n%05d", i).getBytes(StandardCharsets.US_ASCII);
      long base = (long) i * DIRENT_BYTES;
      memory.set(ValueLayout.JAVA_LONG, base, NullFiles.listed(i));
      memory.set(ValueLayout.JAVA_LONG, base + 8, i + 1);
      memory.set(ValueLayout.JAVA_INT, base + 16, name.length);
      memory.set(ValueLayout.JAVA_INT, base + 20, 0100000 >>> 12);
      MemorySegment.copy(name, 0, memory, ValueLayout.JAVA_BYTE, base + 24, name.length);
    }
    return memory;
  }

  /** How many requests were served. */
  long requests() {
    return requests.sum();
  }

  @Override
  public void init(Negotiation negotiation) {
    negotiation.refuse(~(CAPABILITIES | InitFlags.OVER_IO_URING)).want(CAPABILITIES);
  }

  @Override
  public Execution execution(Opcode opcode) {
    return Execution.INLINE;
  }

  @Override
  public void lookup(Lookup.Request request, EntryReply reply) {
    requests.increment();
    long node = files.find(request.nodeId(), request.name());
    if (node == NullFiles.NONE) {
      reply.error(Errno.ENOENT);
    } else {
      reply.entry(node, attributes.get().of(node), Timeouts.NONE);
    }
  }

  @Override
  public void forget(Forget.Request request) {
    requests.increment();
  }

  @Override
  public void getattr(Getattr.Request request, AttrReply reply) {
    requests.increment();
    reply.attributes(attributes.get().of(request.nodeId()), 0);
  }

  @Override
  public void setattr(Setattr.Request request, AttrReply reply) {
    requests.increment();
    NullAttributes answer = attributes.get().of(request.nodeId());
    if (request.sets(SetattrFlags.SIZE)) {
      answer.size = request.size();
    }
    reply.attributes(answer, 0);
  }

  @Override
  public void open(Open.Request request, OpenReply reply) {
    requests.increment();
    reply.open(request.nodeId(), OpenFlags.NOFLUSH);
  }

  @Override
  public void opendir(Opendir.Request request, OpenReply reply) {
    requests.increment();
    reply.open(request.nodeId(), OpenFlags.NOFLUSH);
  }

  @Override
  public void create(Create.Request request, CreateReply reply) {
    requests.increment();
    long node = files.create(request.name());
    if (node == NullFiles.NONE) {
      reply.error(Errno.EPERM);
    } else {
      reply.created(node, attributes.get().of(node), Timeouts.NONE, node, OpenFlags.NOFLUSH);
    }
  }

  @Override
  public void unlink(Unlink.Request request, EmptyReply reply) {
    requests.increment();
    if (files.remove(request.name())) {
      reply.ok();
    } else {
      reply.error(Errno.EPERM);
    }
  }

  @Override
  public void read(Read.Request request, DataReply reply) {
    requests.increment();
    long left = Math.max(0, NullFiles.size(request.nodeId()) - request.offset());
    reply.data(content, 0, Math.min(Math.min(request.size(), left), CONTENT_BYTES));
  }

  @Override
  public void write(Write.Request request, WriteReply reply) {
    requests.increment();
    reply.written(request.size());
  }

  @Override
  public void readdir(Readdir.Request request, DirectoryReply reply) {
    requests.increment();
    boolean more =
        request.nodeId() == NullFiles.DIRECTORY && request.offset() < NullFiles.LISTED_FILES;
    long start = more ? request.offset() : NullFiles.LISTED_FILES;
    long count = Math.min(request.size() / DIRENT_BYTES, NullFiles.LISTED_FILES - start);
    reply.packed(listing, start * DIRENT_BYTES, count * DIRENT_BYTES);
  }

  @Override
  public void statfs(Statfs.Request request, StatfsReply reply) {
    requests.increment();
    reply.statfs(NullStatus.INSTANCE);
  }

  /** A file system that is always empty. */
  private static final class NullStatus implements Statfs.Status {
    private static final NullStatus INSTANCE = new NullStatus();
    private static final long BLOCKS = 1 << 20;

    @Override
    public long blocks() {
      return BLOCKS;
    }

    @Override
    public long freeBlocks() {
      return BLOCKS;
    }

    @Override
    public long files() {
      return BLOCKS;
    }

    @Override
    public long freeFiles() {
      return BLOCKS;
    }
  }

  @Override
  public void release(Release.Request request, EmptyReply reply) {
    requests.increment();
    reply.ok();
  }

  @Override
  public void releasedir(Releasedir.Request request, EmptyReply reply) {
    requests.increment();
    reply.ok();
  }

  @Override
  public void fsync(Fsync.Request request, EmptyReply reply) {
    requests.increment();
    reply.ok();
  }
}
