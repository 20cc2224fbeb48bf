package io.fusewire.session;

import io.fusewire.raw.Backing;
import io.fusewire.raw.DelegatingFileSystem;
import io.fusewire.raw.EmptyReply;
import io.fusewire.raw.RawFileSystem;
import io.fusewire.raw.Release;

/** Tells the mount's backing files of each RELEASE, before the file system may answer it. */
final class BackedFileSystem extends DelegatingFileSystem {
  private final Backing backing;

  BackedFileSystem(RawFileSystem next, Backing backing) {
    super(next);
    this.backing = backing;
  }

  @Override
  public void release(Release.Request request, EmptyReply reply) {
    backing.closed(request.nodeId(), request.openFlags());
    next.release(request, reply);
  }
}
