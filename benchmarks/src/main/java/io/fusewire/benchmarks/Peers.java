package io.fusewire.benchmarks;

import io.fusewire.benchmarks.Variant.Kind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** All servers of the comparison with other libraries. */
final class Peers {
  /** Plain C on io_uring, a pinned thread for each CPU. */
  static final Variant RING =
      new Variant(
          "c-ring",
          "c-ring",
          "C, io_uring pinned",
          Kind.FLOOR,
          true,
          (settings, places) -> Launches.program(places.nativeProgram("ring"), "--control"));

  static final Variant WORKERS =
      Variant.ours("fusewire-workers", "Fusewire, 4 workers", false, "workers=4");
  static final Variant VIRTUAL =
      Variant.ours("fusewire-virtual", "Fusewire, virtual threads", false, "dispatch=virtual");
  static final Variant OUR_RING =
      Variant.ours("fusewire-ring", "Fusewire, io_uring", true, "transport=uring");
  static final Variant RING_WORKERS =
      Variant.ours(
          "fusewire-ring-workers",
          "Fusewire, io_uring, 4 workers",
          true,
          "transport=uring",
          "workers=4");
  static final Variant RING_VIRTUAL =
      Variant.ours(
          "fusewire-ring-virtual",
          "Fusewire, io_uring, virtual threads",
          true,
          "transport=uring",
          "dispatch=virtual");

  static final Variant LIBFUSE = program("libfuse", "libfuse", "libfuse", Kind.PEER, false);
  static final Variant LIBFUSE_SHIPPED =
      program("libfuse-shipped", "libfuse", "libfuse as shipped", Kind.SHIPPED, false, "--shipped");
  static final Variant LIBFUSE_RING =
      program("libfuse-ring", "libfuse-ring", "libfuse, io_uring", Kind.PEER, true, "-oio_uring");
  static final Variant LIBFUSE_RING_SHIPPED =
      program(
          "libfuse-ring-shipped",
          "libfuse-ring",
          "libfuse, io_uring, as shipped",
          Kind.SHIPPED,
          true,
          "-oio_uring",
          "--shipped");

  static final Variant JFUSE = inJvm("jfuse", "jfuse", "jfuse", Kind.PEER);
  static final Variant JFUSE_SHIPPED =
      inJvm("jfuse-shipped", "jfuse", "jfuse as shipped", Kind.SHIPPED, "--shipped");
  static final Variant JNR = inJvm("jnr-fuse", "jnr-fuse", "jnr-fuse", Kind.PEER);
  static final Variant JNR_SHIPPED =
      inJvm("jnr-fuse-shipped", "jnr-fuse", "jnr-fuse as shipped", Kind.SHIPPED, "--shipped");

  static final Variant FUSER_1 = program("fuser-1", "fuser", "fuser, 1 thread", Kind.PEER, false);
  static final Variant FUSER_2 =
      program("fuser-2", "fuser", "fuser, 2 threads", Kind.PEER, false, "--threads", "2");
  static final Variant FUSER_SHIPPED =
      program("fuser-shipped", "fuser", "fuser as shipped", Kind.SHIPPED, false, "--shipped");

  static final Variant RFUSE3_ROOT =
      program("rfuse3-root", "rfuse3", "rfuse3, privileged", Kind.PEER, false);
  static final Variant RFUSE3_ROOT_WORKERS =
      program(
          "rfuse3-root-workers",
          "rfuse3",
          "rfuse3, privileged, 4 workers",
          Kind.PEER,
          false,
          "--workers",
          "4");
  static final Variant RFUSE3_USER =
      program("rfuse3-user", "rfuse3", "rfuse3, unprivileged", Kind.PEER, false, "--unprivileged");
  static final Variant RFUSE3_USER_WORKERS =
      program(
          "rfuse3-user-workers",
          "rfuse3",
          "rfuse3, unprivileged, 4 workers",
          Kind.PEER,
          false,
          "--unprivileged",
          "--workers",
          "4");
  static final Variant RFUSE3_SHIPPED =
      program("rfuse3-shipped", "rfuse3", "rfuse3 as shipped", Kind.SHIPPED, false, "--shipped");

  static final Variant GO = program("go-fuse", "go-fuse", "go-fuse", Kind.PEER, false);
  static final Variant GO_SHIPPED =
      program("go-fuse-shipped", "go-fuse", "go-fuse as shipped", Kind.SHIPPED, false, "--shipped");

  private Peers() {}

  /** Every server, in the order of the tables. */
  static List<Variant> all() {
    List<Variant> all = new ArrayList<>();
    all.addAll(List.of(Variant.ONE_READER, Variant.TWO_READERS, Variant.READING_DUTY, RING));
    all.addAll(List.of(Variant.FUSEWIRE, WORKERS, VIRTUAL));
    all.addAll(List.of(OUR_RING, RING_WORKERS, RING_VIRTUAL));
    all.addAll(List.of(LIBFUSE, LIBFUSE_SHIPPED, LIBFUSE_RING, LIBFUSE_RING_SHIPPED));
    all.addAll(List.of(JFUSE, JFUSE_SHIPPED, JNR, JNR_SHIPPED));
    all.addAll(List.of(FUSER_1, FUSER_2, FUSER_SHIPPED));
    all.addAll(List.of(RFUSE3_ROOT, RFUSE3_ROOT_WORKERS, RFUSE3_USER, RFUSE3_USER_WORKERS));
    all.addAll(List.of(RFUSE3_SHIPPED, GO, GO_SHIPPED));
    return all;
  }

  private static Variant program(
      String name, String peer, String label, Kind kind, boolean ring, String... options) {
    return new Variant(
        name,
        peer,
        label,
        kind,
        ring,
        (settings, places) -> Launches.program(places.peer(peer).resolve("server"), "", options));
  }

  private static Variant inJvm(
      String name, String peer, String label, Kind kind, String... options) {
    String main = peer.equals("jfuse") ? "JfuseServer" : "JnrFuseServer";
    return new Variant(
        name,
        peer,
        label,
        kind,
        false,
        (settings, places) -> {
          Path folder = places.peer(peer);
          return Launches.peerInJvm(folder, main, options);
        });
  }
}
