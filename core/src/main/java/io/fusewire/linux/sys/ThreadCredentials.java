package io.fusewire.linux.sys;

/**
 * Credentials of the calling thread alone.
 *
 * <p>These are the kernel's own calls: the C library's functions of the same names change all
 * threads of the process. Only for platform threads, and each change must be undone before the
 * thread serves anybody else. An id of -1 stays as it is.
 */
public final class ThreadCredentials {
  private static final boolean ARM = Architecture.isArm();
  private static final int SYS_SETRESUID = ARM ? 147 : 117;
  private static final int SYS_SETRESGID = ARM ? 149 : 119;
  private static final int SYS_SETFSUID = ARM ? 151 : 122;
  private static final int SYS_SETFSGID = ARM ? 152 : 123;
  private static final int SYS_GETGROUPS = ARM ? 158 : 115;
  private static final int SYS_SETGROUPS = ARM ? 159 : 116;
  private static final int SYS_CAPGET = ARM ? 90 : 125;
  private static final int SYS_CAPSET = ARM ? 91 : 126;

  private ThreadCredentials() {}

  /** setresuid(2): real, effective and saved user. */
  public static int setresuid(int real, int effective, int saved) {
    return (int) ProcessCalls.syscall(SYS_SETRESUID, real, effective, saved, 0);
  }

  /** setresgid(2): real, effective and saved group. */
  public static int setresgid(int real, int effective, int saved) {
    return (int) ProcessCalls.syscall(SYS_SETRESGID, real, effective, saved, 0);
  }

  /**
   * setfsuid(2): the user whose permissions file access is checked with. It gives no errors but the
   * user before; {@code setfsuid(-1)} tells which it is now.
   */
  public static int setfsuid(int user) {
    return (int) ProcessCalls.syscall(SYS_SETFSUID, user, 0, 0, 0);
  }

  /** setfsgid(2): the group, as {@link #setfsuid} is for the user. */
  public static int setfsgid(int group) {
    return (int) ProcessCalls.syscall(SYS_SETFSGID, group, 0, 0, 0);
  }

  /** getgroups(2): supplementary groups, 32 bits each; their number. */
  public static int getgroups(int count, long groupsAddress) {
    return (int) ProcessCalls.syscall(SYS_GETGROUPS, count, groupsAddress, 0, 0);
  }

  /** setgroups(2): supplementary groups, 32 bits each. */
  public static int setgroups(int count, long groupsAddress) {
    return (int) ProcessCalls.syscall(SYS_SETGROUPS, count, groupsAddress, 0, 0);
  }

  /** capget(2) into a {@link CapabilityBuffer}. */
  public static int capget(long capabilityAddress) {
    return (int)
        ProcessCalls.syscall(
            SYS_CAPGET, capabilityAddress, capabilityAddress + CapabilityBuffer.DATA, 0, 0);
  }

  /** capset(2) from a {@link CapabilityBuffer}. */
  public static int capset(long capabilityAddress) {
    return (int)
        ProcessCalls.syscall(
            SYS_CAPSET, capabilityAddress, capabilityAddress + CapabilityBuffer.DATA, 0, 0);
  }
}
