package io.fusewire.filesystems.passthrough;

import io.fusewire.session.Fusewire;
import io.fusewire.session.Mount;
import io.fusewire.session.MountOptions;
import java.nio.file.Files;
import java.nio.file.Path;

/** Asks for backing files as whoever runs it, uses the mount, and says how it stands. */
final class BackingMain {
  private BackingMain() {}

  public static void main(String[] arguments) throws Exception {
    Path point = Path.of(arguments[1]);
    PassthroughOptions options = PassthroughOptions.defaults().withBacking(true);
    try (Mount mount =
        Fusewire.mount(
            new PassthroughFileSystem(Path.of(arguments[0]), options),
            point,
            MountOptions.create().fsName("passthrough-backing"))) {
      for (int i = 0; i < 3; i++) {
        Files.writeString(point.resolve("f" + i), "text " + i);
        System.out.println(Files.readString(point.resolve("f" + i)));
      }
      System.out.println(mount.backing());
    }
  }
}
