package io.fusewire.linux.mount;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The flags of mount(2) and the option names that set or clear them. */
public final class MountFlags {
  public static final long RDONLY = 1;
  public static final long NOSUID = 1 << 1;
  public static final long NODEV = 1 << 2;
  public static final long NOEXEC = 1 << 3;
  public static final long SYNCHRONOUS = 1 << 4;
  public static final long MANDLOCK = 1 << 6;
  public static final long DIRSYNC = 1 << 7;
  public static final long NOSYMFOLLOW = 1 << 8;
  public static final long NOATIME = 1 << 10;
  public static final long NODIRATIME = 1 << 11;
  public static final long SILENT = 1 << 15;
  public static final long RELATIME = 1 << 21;
  public static final long I_VERSION = 1 << 23;
  public static final long STRICTATIME = 1 << 24;
  public static final long LAZYTIME = 1 << 25;

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
    pair("mand", "nomand", MANDLOCK);
    pair("nosymfollow", "symfollow", NOSYMFOLLOW);
    pair("silent", "loud", SILENT);
    pair("iversion", "noiversion", I_VERSION);
    pair("lazytime", "nolazytime", LAZYTIME);
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

  /** All option names that set or clear a flag. */
  public static List<String> names() {
    List<String> names = new ArrayList<>(SETS.keySet());
    names.addAll(CLEARS.keySet());
    return names;
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
