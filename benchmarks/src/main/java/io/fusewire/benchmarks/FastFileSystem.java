package io.fusewire.benchmarks;

import io.fusewire.raw.AttrReply;
import io.fusewire.raw.Attributes;
import io.fusewire.raw.DataReply;
import io.fusewire.raw.DirectoryReply;
import io.fusewire.raw.EmptyReply;
import io.fusewire.raw.EntryReply;
import io.fusewire.raw.Execution;
import io.fusewire.raw.FileAttributes;
import io.fusewire.raw.Getattr;
import io.fusewire.raw.Getxattr;
import io.fusewire.raw.Lookup;
import io.fusewire.raw.Negotiation;
import io.fusewire.raw.Open;
import io.fusewire.raw.OpenReply;
import io.fusewire.raw.Opendir;
import io.fusewire.raw.RawFileSystem;
import io.fusewire.raw.Read;
import io.fusewire.raw.Readdir;
import io.fusewire.raw.Setattr;
import io.fusewire.raw.Timeouts;
import io.fusewire.raw.Write;
import io.fusewire.raw.WriteReply;
import io.fusewire.raw.XattrReply;
import io.fusewire.wire.Errno;
import io.fusewire.wire.Name;
import io.fusewire.wire.Opcode;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/** One file and one directory whose answers use the kernel's caches as far as it is told. */
final class FastFileSystem implements RawFileSystem {
  /** Bytes of the file. */
  static final int FILE_BYTES = 1 << 20;

  /** How many names the directory has. */
  static final int NAMES = 1000;

  private static final long ROOT = 1;
  private static final long FILE = 2;
  private static final long DIRECTORY = 3;
  private static final long FIRST_NAMED = 100;

  private final Answers answers;
  private final MemorySegment content = Arena.global().allocate(FILE_BYTES, 4096);
  private final Name[] names = new Name[NAMES];
  private final Attributes root = FileAttributes.directory(ROOT, 0755);
  private final Attributes file = FileAttributes.file(FILE, 0644, FILE_BYTES);
  private final Attributes directory = FileAttributes.directory(DIRECTORY, 0755);
  private final AtomicInteger writing = new AtomicInteger();
  private volatile int writingMost;

  /**
   * What answers allow.
   *
   * @param times for names and attributes
   * @param negative whether a missing name is remembered
   * @param opens whether OPEN and OPENDIR are answered, or with ENOSYS
   * @param fileFlags of open files
   * @param directoryFlags of open directories
   * @param xattrs whether GETXATTR is answered, or with ENOSYS
   * @param capabilities that are wanted from the kernel
   */
  record Answers(
      Timeouts times,
      boolean negative,
      boolean opens,
      int fileFlags,
      int directoryFlags,
      boolean xattrs,
      long capabilities) {
    /** No cache is used. */
    static final Answers PLAIN = new Answers(Timeouts.NONE, false, true, 0, 0, false, 0);

    Answers times(Timeouts value) {
      return new Answers(value, negative, opens, fileFlags, directoryFlags, xattrs, capabilities);
    }

    Answers withNegative() {
      return new Answers(times, true, opens, fileFlags, directoryFlags, xattrs, capabilities);
    }

    Answers withoutOpens() {
      return new Answers(times, negative, false, fileFlags, directoryFlags, xattrs, capabilities);
    }

    Answers file(int flags) {
      return new Answers(times, negative, opens, flags, directoryFlags, xattrs, capabilities);
    }

    Answers directory(int flags) {
      return new Answers(times, negative, opens, fileFlags, flags, xattrs, capabilities);
    }

    Answers withXattrs() {
      return new Answers(times, negative, opens, fileFlags, directoryFlags, true, capabilities);
    }

    Answers wants(long flags) {
      return new Answers(times, negative, opens, fileFlags, directoryFlags, xattrs, flags);
    }
  }

  FastFileSystem(Answers answers) {
    this.answers = answers;
    for (int i = 0; i < NAMES; i++) {
      names[i] = Name.of(String.format(Locale.ROOT, "name-%06d", i));
    }
  }

  /** The most WRITE requests that were here at one time. */
  int writingMost() {
    return writingMost;
  }

  @Override
  public void init(Negotiation negotiation) {
    negotiation.want(answers.capabilities());
  }

  @Override
  public Execution execution(Opcode opcode) {
    return Execution.INLINE;
  }

  @Override
  public void lookup(Lookup.Request request, EntryReply reply) {
    if (request.name().contentEquals("file")) {
      reply.entry(FILE, file, answers.times());
    } else if (request.name().contentEquals("directory")) {
      reply.entry(DIRECTORY, directory, answers.times());
    } else if (answers.negative()) {
      reply.negative(answers.times());
    } else {
      reply.error(Errno.ENOENT);
    }
  }

  private Attributes attributes(long node) {
    return node == ROOT ? root : node == DIRECTORY ? directory : file;
  }

  @Override
  public void getattr(Getattr.Request request, AttrReply reply) {
    reply.attributes(attributes(request.nodeId()), answers.times().attributeNanos());
  }

  @Override
  public void setattr(Setattr.Request request, AttrReply reply) {
    reply.attributes(attributes(request.nodeId()), answers.times().attributeNanos());
  }

  @Override
  public void open(Open.Request request, OpenReply reply) {
    if (answers.opens()) {
      reply.open(0, answers.fileFlags());
    } else {
      reply.noWork();
    }
  }

  @Override
  public void opendir(Opendir.Request request, OpenReply reply) {
    if (answers.opens()) {
      reply.open(0, answers.directoryFlags());
    } else {
      reply.noWork();
    }
  }

  @Override
  public void read(Read.Request request, DataReply reply) {
    long left = Math.max(0, FILE_BYTES - request.offset());
    reply.data(content, 0, Math.min(left, reply.limit()));
  }

  @Override
  public void write(Write.Request request, WriteReply reply) {
    int now = writing.incrementAndGet();
    if (now > writingMost) {
      writingMost = now;
    }
    writing.decrementAndGet();
    reply.written(request.size());
  }

  @Override
  public void getxattr(Getxattr.Request request, XattrReply reply) {
    reply.error(answers.xattrs() ? Errno.ENODATA : Errno.ENOSYS);
  }

  @Override
  public void readdir(Readdir.Request request, DirectoryReply reply) {
    for (int i = (int) request.offset(); i < NAMES; i++) {
      if (!reply.add(names[i], FIRST_NAMED + i, 0100644, i + 1L)) {
        break;
      }
    }
    reply.send();
  }

  @Override
  public void flush(io.fusewire.raw.Flush.Request request, EmptyReply reply) {
    reply.ok();
  }
}
