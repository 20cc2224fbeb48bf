package io.fusewire.linux.sys;

/** Which processor this is; numbers of flags and system calls depend on it. */
final class Architecture {
  private Architecture() {}

  static boolean isArm() {
    return "aarch64".equals(System.getProperty("os.arch"));
  }
}
