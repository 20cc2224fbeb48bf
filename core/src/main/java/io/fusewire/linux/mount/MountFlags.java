package io.fusewire.linux.mount;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The flags of mount(2) and the option names that set or clear them. */
public final class MountFlags {
  public static final long RDONLY = 1;
  public static final long NOSUID = 2;
  public static final long NODEV = 4;
  public static final long NOEXEC = 8;
  public static final long SYNCHRONOUS = 16;
  public static final long DIRSYNC = 128;
  public static final long NOATIME = 1024;
  public static final long NODIRATIME = 2048;
  public static final long RELATIME = 1 << 21;
  public static final long STRICTATIME = 1 << 24;

  private static final Map<String, Long> SETS = new LinkedHashMap<>();
  private static final Map<String, Long> CLEARS = new LinkedHashMap<>();

  static {
    pair("ro", "rw", RDONLY);
    pair("nosuid", "suid", NOSUID);
    pair("nodev", "dev", NODEV);
    pair("noexec", "exec", NOEXEC);
    pair("sync", "async", SYNCHRONOUS);
    pair("noatime", "atime", NOATIME);
    pair("nodiratime", "diratime", NODIRATIME);
    pair("relatime", "norelatime", RELATIME);
    pair("strictatime", "nostrictatime", STRICTATIME);
    SETS.put("dirsync", DIRSYNC);
  }

  private MountFlags() {}

  private static void pair(String sets, String clears, long flag) {
    SETS.put(sets, flag);
    CLEARS.put(clears, flag);
  }

  /** True when this option name sets or clears a flag. */
  public static boolean knows(String option) {
    return SETS.containsKey(option) || CLEARS.containsKey(option);
  }

  /** The flags after this option. */
  public static long apply(long flags, String option) {
    Long set = SETS.get(option);
    if (set != null) {
      return flags | set;
    }
    Long clear = CLEARS.get(option);
    return clear == null ? flags : flags & ~clear;
  }

  /** The option names of these flags. */
  public static List<String> names(long flags) {
    List<String> names = new ArrayList<>();
    SETS.forEach(
        (name, flag) -> {
          if ((flags & flag) != 0) {
            names.add(name);
          }
        });
    return names;
  }
}
