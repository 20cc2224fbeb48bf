package io.fusewire.session;

import io.fusewire.raw.DelegatingFileSystem;
import io.fusewire.raw.DirectoryReply;
import io.fusewire.raw.RawFileSystem;
import io.fusewire.raw.Readdir;
import io.fusewire.wire.Errno;

/** The option force_readdirplus: READDIR is not there, whatever the file system has. */
final class ReaddirplusOnly extends DelegatingFileSystem {
  private ReaddirplusOnly(RawFileSystem next) {
    super(next);
  }

  /** The file system as the options want it. */
  static RawFileSystem layer(RawFileSystem fileSystem, MountOptions options) {
    return options.readdirplusOnly ? new ReaddirplusOnly(fileSystem) : fileSystem;
  }

  @Override
  public void readdir(Readdir.Request request, DirectoryReply reply) {
    reply.error(Errno.ENOSYS);
  }
}
