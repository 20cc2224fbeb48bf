package io.fusewire.linux.mount;

import io.fusewire.linux.ffi.LinuxException;
import io.fusewire.wire.Errno;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Mounts through fusermount3: for ordinary users, and for auto_unmount. */
final class HelperMounter implements Mounter {
  @Override
  public MountedDevice mount(MountRequest asked) throws LinuxException {
    MountRequest request = MountPoints.prepare(asked);
    if (!Files.exists(Path.of(FuseDevice.PATH))) {
      throw new LinuxException(
          "open(\"" + FuseDevice.PATH + "\")", Errno.ENOENT, FuseDevice.NO_FUSE);
    }
    List<String> options = options(request);
    if (!Mounters.mayMount()) {
      options.remove(Fusermount.AUTO_UNMOUNT); // for an ordinary user it may wait in vain
    }
    return Fusermount.mount(request, options);
  }

  static List<String> options(MountRequest request) {
    List<String> options = new ArrayList<>();
    options.add("fsname=" + escape(request.fsName()));
    if (request.subtype() != null) {
      options.add("subtype=" + escape(request.subtype()));
    }
    options.addAll(MountFlags.names(request.flags()));
    options.addAll(request.kernelOptions());
    if (request.autoUnmount()) {
      options.add(Fusermount.AUTO_UNMOUNT);
    }
    return options;
  }

  /** A backslash keeps comma and backslash from ending an option's value. */
  private static String escape(String value) {
    return value.replace("\\", "\\\\").replace(",", "\\,");
  }
}
