package io.fusewire.schedule;

import io.fusewire.raw.DelegatingFileSystem;
import io.fusewire.raw.EmptyReply;
import io.fusewire.raw.Rename;

/** Keeps the replies of renames like those of everything else. */
final class RenamingFileSystem extends DelegatingFileSystem {
  private final ScriptedFileSystem files;

  RenamingFileSystem(ScriptedFileSystem files) {
    super(files);
    this.files = files;
  }

  @Override
  public void rename(Rename.Request request, EmptyReply reply) {
    files.serve(request, reply);
  }
}
