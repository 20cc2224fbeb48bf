package io.fusewire.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fusewire.raw.*;
import io.fusewire.session.Fusewire;
import io.fusewire.wire.Errno;
import java.nio.file.Path;

/** A read-only file system with one file; see the README. */
public final class HelloFileSystem implements RawFileSystem {
  private static final byte[] TEXT = "Hello, FUSE!\n".getBytes(UTF_8);
  private final Attributes root = FileAttributes.directory(ROOT, 0755);
  private final Attributes file = FileAttributes.file(2, 0444, TEXT.length);

  /** Makes the file system. */
  public HelloFileSystem() {}

  @Override
  public void lookup(Lookup.Request request, EntryReply reply) {
    if (request.name().contentEquals("hello")) reply.entry(2, file, Timeouts.NONE);
    else reply.error(Errno.ENOENT);
  }

  @Override
  public void getattr(Getattr.Request request, AttrReply reply) {
    reply.attributes(request.nodeId() == ROOT ? root : file, 0);
  }

  @Override
  public void readdir(Readdir.Request request, DirectoryReply reply) {
    if (request.offset() == 0) reply.add(io.fusewire.wire.Name.of("hello"), 2, file.mode(), 1);
    reply.send();
  }

  @Override
  public void read(Read.Request request, DataReply reply) {
    reply.data(TEXT, request.offset());
  }

  /** Mounts it where the argument says, until it is unmounted. */
  public static void main(String[] arguments) throws Exception {
    try (var mount = Fusewire.mount(new HelloFileSystem(), Path.of(arguments[0]))) {
      mount.join();
    }
  }
}
