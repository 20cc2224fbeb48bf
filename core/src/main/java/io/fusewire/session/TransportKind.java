package io.fusewire.session;

import io.fusewire.wire.Opcode;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The ways in which requests can come in. */
public enum TransportKind {
  /**
   * Through io_uring where the kernel offers it and it is faster, which it is for file systems
   * whose usual operations run inline; else on {@code /dev/fuse}.
   */
  AUTO,

  /** Through io_uring; no mount without. */
  URING,

  /** On {@code /dev/fuse}. */
  DEV;

  /** The system property that names the kind for mounts that do not: auto, uring or dev. */
  public static final String PROPERTY = "io.fusewire.transport";

  /** The operations that decide. */
  static final List<Opcode> HOT = List.of(Opcode.LOOKUP, Opcode.GETATTR, Opcode.READ);

  /** What a mount has unless it says otherwise. */
  static TransportKind standard() {
    return named(System.getProperty(PROPERTY, "auto"));
  }

  /** As text: {@code auto}, {@code uring} or {@code dev}. */
  static TransportKind named(String name) {
    return Arrays.stream(values())
        .filter(kind -> kind.name().toLowerCase(Locale.ROOT).equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "unknown transport \"" + name + "\": write auto, uring or dev"));
  }
}
