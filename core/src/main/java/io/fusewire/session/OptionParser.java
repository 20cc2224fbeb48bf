package io.fusewire.session;

import io.fusewire.dispatch.AdaptiveLimit;
import io.fusewire.linux.mount.MountFlags;
import io.fusewire.raw.Negotiation;
import io.fusewire.wire.flag.InitFlags;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.ObjIntConsumer;

/** Reads mount options from text, with the names users of FUSE know. */
final class OptionParser {
  private static final int MIB_SHIFT = 20;
  private static final Map<String, Consumer<MountOptions>> WORDS = new TreeMap<>();
  private static final Map<String, BiConsumer<MountOptions, String>> TEXTS = new TreeMap<>();
  private static final Map<String, ObjIntConsumer<MountOptions>> NUMBERS = new TreeMap<>();

  /** What fstab and mount(8) add for themselves; without effect on a mount. */
  private static final List<String> OF_FSTAB =
      List.of(
          "defaults",
          "auto",
          "noauto",
          "user",
          "nouser",
          "users",
          "owner",
          "group",
          "_netdev",
          "nofail");

  static {
    WORDS.put("allow_other", MountOptions::allowOther);
    WORDS.put("allow_root", MountOptions::allowRoot);
    WORDS.put("default_permissions", MountOptions::defaultPermissions);
    WORDS.put("nonempty", MountOptions::nonEmpty);
    WORDS.put("auto_unmount", MountOptions::autoUnmount);
    WORDS.put("replace_stale", MountOptions::replaceStale);
    WORDS.put("direct_io", MountOptions::directIo);
    WORDS.put("kernel_cache", MountOptions::kernelCache);
    WORDS.put("auto_cache", options -> options.require(InitFlags.AUTO_INVAL_DATA));
    WORDS.put("writeback_cache", MountOptions::writebackCache);
    WORDS.put("sync_read", options -> options.refuse(InitFlags.ASYNC_READ));
    WORDS.put("async_read", options -> options.require(InitFlags.ASYNC_READ));
    WORDS.put("dont_mask", MountOptions::dontMask);
    WORDS.put("handle_killpriv", MountOptions::handleKillpriv);
    WORDS.put("no_open_support", MountOptions::noOpenSupport);
    WORDS.put("no_opendir_support", MountOptions::noOpendirSupport);
    WORDS.put("posix_acl", options -> options.require(InitFlags.POSIX_ACL));
    WORDS.put("posix_locks", options -> options.require(InitFlags.POSIX_LOCKS));
    WORDS.put("no_posix_locks", options -> options.refuse(InitFlags.POSIX_LOCKS));
    WORDS.put("flock_locks", options -> options.require(InitFlags.FLOCK_LOCKS));
    WORDS.put("no_flock_locks", options -> options.refuse(InitFlags.FLOCK_LOCKS));
    WORDS.put("force_readdirplus", MountOptions::forceReaddirplus);
    WORDS.put("no_readdirplus", options -> options.refuse(InitFlags.DO_READDIRPLUS));
    TEXTS.put("fsname", MountOptions::fsName);
    TEXTS.put("subtype", MountOptions::subtype);
    TEXTS.put("context", (options, value) -> options.custom("context=" + value));
    TEXTS.put("custom", MountOptions::custom);
    TEXTS.put("require", (options, names) -> options.require(capabilities(names)));
    TEXTS.put("refuse", (options, names) -> options.refuse(capabilities(names)));
    TEXTS.put("rootmode", (options, octal) -> options.rootMode(mode(octal)));
    TEXTS.put("user_id", (options, value) -> options.userId(id("user_id", value)));
    TEXTS.put("group_id", (options, value) -> options.groupId(id("group_id", value)));
    TEXTS.put("uid", (options, value) -> options.uid(id("uid", value)));
    TEXTS.put("gid", (options, value) -> options.gid(id("gid", value)));
    NUMBERS.put("max_read", MountOptions::maxRead);
    NUMBERS.put("max_write", MountOptions::maxWrite);
    NUMBERS.put("max_pages", MountOptions::maxPages);
    NUMBERS.put("max_readahead", MountOptions::maxReadahead);
    NUMBERS.put("max_background", MountOptions::maxBackground);
    NUMBERS.put("congestion_threshold", MountOptions::congestionThreshold);
    NUMBERS.put("time_gran", MountOptions::timeGranularityNanos);
    TEXTS.put("transport", (options, text) -> options.transport(TransportKind.named(text)));
    NUMBERS.put("ring_depth", MountOptions::ringDepth);
    NUMBERS.put("workers", MountOptions::workers);
    NUMBERS.put("max_in_flight", MountOptions::maxInFlight);
    number("readers", 1, MountOptions.READERS_MAX, MountOptions::readers);
    number("platform_threads", 1, MountOptions.READERS_MAX, MountOptions::platformThreads);
    number("max_stack_depth", 1, Negotiation.MAX_STACK_DEPTH_MAX, MountOptions::maxStackDepth);
    NUMBERS.put("soft_in_flight", MountOptions::softInFlight);
    NUMBERS.put("parking_slots", MountOptions::parkingSlots);
    NUMBERS.put("max_waiting", MountOptions::maxWaiting);
    number(
        "max_in_flight_mib",
        1,
        Integer.MAX_VALUE,
        (options, mib) -> options.maxInFlightBytes((long) mib << MIB_SHIFT));
    number(
        "interrupt_grace",
        0,
        Integer.MAX_VALUE,
        (options, ms) -> options.interruptGrace(Duration.ofMillis(ms)));
    number(
        "soft_deadline",
        1,
        Integer.MAX_VALUE,
        (options, ms) -> options.softDeadline(Duration.ofMillis(ms)));
    number(
        "hard_deadline",
        1,
        Integer.MAX_VALUE,
        (options, ms) -> options.hardDeadline(Duration.ofMillis(ms)));
    number(
        "log_metrics",
        1,
        Integer.MAX_VALUE,
        (options, s) -> options.logMetrics(Duration.ofSeconds(s)));
    number(
        "adaptive_limit",
        AdaptiveLimit.DEFAULT.minimum(),
        AdaptiveLimit.MAXIMUM_MAX,
        (options, most) ->
            options.adaptiveLimit(AdaptiveLimit.between(AdaptiveLimit.DEFAULT.minimum(), most)));
    TEXTS.put(
        "dispatch", (options, name) -> options.dispatch(SchedulingOptions.dispatchNamed(name)));
    TEXTS.put("order", (options, name) -> options.ordering(SchedulingOptions.orderingNamed(name)));
    TEXTS.put("class_weights", MountOptions::classWeights);
  }

  private OptionParser() {}

  static void parse(MountOptions options, String text) {
    for (String option : split(text)) {
      if (!option.isEmpty()) {
        apply(options, option);
      }
    }
  }

  private static void apply(MountOptions options, String option) {
    if (MountFlags.knows(option)) {
      options.flags = MountFlags.apply(options.flags, option);
      return;
    }
    int equals = option.indexOf('=');
    String name = equals < 0 ? option : option.substring(0, equals);
    String value = equals < 0 ? "" : option.substring(equals + 1);
    if (equals < 0 && WORDS.containsKey(name)) {
      WORDS.get(name).accept(options);
    } else if (!value.isEmpty() && TEXTS.containsKey(name)) {
      TEXTS.get(name).accept(options, value);
    } else if (!value.isEmpty() && NUMBERS.containsKey(name)) {
      NUMBERS.get(name).accept(options, number(name, value));
    } else if (!OF_FSTAB.contains(name) && !name.startsWith("x-") && !name.equals("comment")) {
      throw wrong(option, name, equals >= 0);
    }
  }

  private static IllegalArgumentException wrong(String option, String name, boolean hasValue) {
    if (hasValue && (WORDS.containsKey(name) || MountFlags.knows(name))) {
      return new IllegalArgumentException(
          "the mount option " + name + " takes no value: " + option);
    }
    if (TEXTS.containsKey(name) || NUMBERS.containsKey(name)) {
      String kind = NUMBERS.containsKey(name) ? "number" : "value";
      return new IllegalArgumentException(
          "the mount option " + name + " needs a " + kind + ": " + name + "=...");
    }
    List<String> known = new ArrayList<>(MountFlags.names());
    known.addAll(WORDS.keySet());
    known.addAll(TEXTS.keySet());
    known.addAll(NUMBERS.keySet());
    return new UnknownOptionException(option, known);
  }

  /** A user or group as the kernel numbers them; -1 is nobody there. */
  private static int id(String name, String value) {
    try {
      int id = Integer.parseUnsignedInt(value);
      if (id != -1) {
        return id;
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "the mount option " + name + " needs a number, not \"" + value + "\"", e);
    }
    throw new IllegalArgumentException("the mount option " + name + " cannot be " + value);
  }

  /** An option whose number must lie in a range. */
  private static void number(
      String name, int least, int most, ObjIntConsumer<MountOptions> option) {
    NUMBERS.put(
        name,
        (options, value) -> {
          if (value < least || value > most) {
            String upTo = most == Integer.MAX_VALUE ? " on" : " to " + most;
            throw new IllegalArgumentException(
                "the mount option "
                    + name
                    + " needs a number from "
                    + least
                    + upTo
                    + ", not "
                    + value);
          }
          option.accept(options, value);
        });
  }

  /** INIT capabilities by their names in linux/fuse.h without FUSE_, joined by {@code +}. */
  private static long capabilities(String names) {
    long flags = 0;
    for (String name : names.split("\\+", -1)) {
      Long flag = InitFlags.SET.flags().get(name.toUpperCase(Locale.ROOT));
      if (flag == null) {
        throw new IllegalArgumentException(
            "no INIT capability is called \""
                + name
                + "\"; there are "
                + new TreeSet<>(InitFlags.SET.flags().keySet()));
      }
      flags |= flag;
    }
    return flags;
  }

  private static int mode(String octal) {
    try {
      return Integer.parseUnsignedInt(octal, 8);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "the mount option rootmode needs an octal number, not \"" + octal + "\"", e);
    }
  }

  private static int number(String name, String value) {
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "the mount option " + name + " needs a number, not \"" + value + "\"", e);
    }
  }

  /** Splits at commas that no backslash precedes, and removes the backslashes. */
  private static List<String> split(String text) {
    List<String> parts = new ArrayList<>();
    StringBuilder part = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' && i + 1 < text.length()) {
        i++;
        part.append(text.charAt(i));
      } else if (c == ',') {
        parts.add(part.toString());
        part.setLength(0);
      } else {
        part.append(c);
      }
    }
    parts.add(part.toString());
    return parts;
  }
}
