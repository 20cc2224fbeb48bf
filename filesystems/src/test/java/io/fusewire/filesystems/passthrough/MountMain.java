package io.fusewire.filesystems.passthrough;

import io.fusewire.session.Fusewire;
import io.fusewire.session.Mount;
import io.fusewire.session.MountOptions;
import java.nio.file.Path;

/** Serves a passthrough in a process of its own until its input ends. */
final class MountMain {
  private MountMain() {}

  public static void main(String[] arguments) throws Exception {
    MountOptions options = MountOptions.create().fsName("passthrough-child");
    Path source = Path.of(arguments[0]);
    try (Mount mount =
        Fusewire.mount(new PassthroughFileSystem(source), Path.of(arguments[1]), options)) {
      System.out.println(mount.state());
      while (System.in.read() >= 0) {
        System.out.println("more");
      }
    }
  }
}
