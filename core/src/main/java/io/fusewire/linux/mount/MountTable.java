package io.fusewire.linux.mount;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The mounts that this process sees ({@code /proc/self/mountinfo}, proc(5)). */
public final class MountTable {
  private static final Path MOUNTINFO = Path.of("/proc/self/mountinfo");

  /**
   * One mount.
   *
   * @param id of the mount, unique while it lives; the next mount may get it again
   * @param parent the mount that this one is mounted on
   * @param device {@code major:minor} of its files
   * @param mountPoint absolute path
   * @param type such as {@code fuse.hello}
   * @param source what was mounted
   */
  public record Entry(
      int id, int parent, String device, String mountPoint, String type, String source) {
    /** True for FUSE mounts of any subtype. */
    public boolean isFuse() {
      return type.equals("fuse") || type.startsWith("fuse.") || type.startsWith("fuseblk");
    }

    /** The minor device number: for FUSE the number of the connection. */
    public int minor() {
      return Integer.parseInt(device.substring(device.indexOf(':') + 1));
    }
  }

  private MountTable() {}

  /** All mounts, oldest first. */
  public static List<Entry> read() throws IOException {
    List<Entry> entries = new ArrayList<>();
    for (String line : Files.readAllLines(MOUNTINFO, StandardCharsets.ISO_8859_1)) {
      Entry entry = parse(line);
      if (entry != null) {
        entries.add(entry);
      }
    }
    return entries;
  }

  /** The topmost mount on exactly this path, or null. */
  public static @Nullable Entry at(String mountPoint) throws IOException {
    Entry found = null;
    for (Entry entry : read()) {
      if (entry.mountPoint().equals(mountPoint)) {
        found = entry;
      }
    }
    return found;
  }

  /** All FUSE mounts, oldest first. */
  public static List<Entry> fuseMounts() throws IOException {
    return read().stream().filter(Entry::isFuse).toList();
  }

  /** The mount with this id, or null when it is gone. */
  public static @Nullable Entry withId(int id) throws IOException {
    for (Entry entry : read()) {
      if (entry.id() == id) {
        return entry;
      }
    }
    return null;
  }

  /** True when another mount lies on the same path on top of this one. */
  static boolean isCovered(int id) throws IOException {
    Entry below = withId(id);
    for (Entry entry : read()) {
      if (below != null && entry.parent() == id && entry.mountPoint().equals(below.mountPoint())) {
        return true;
      }
    }
    return false;
  }

  static @Nullable Entry parse(String line) {
    String[] halves = line.split(" - ", 2);
    if (halves.length != 2) {
      return null;
    }
    String[] left = halves[0].split(" ", -1);
    String[] right = halves[1].split(" ", -1);
    if (left.length < 6 || right.length < 2) {
      return null;
    }
    return new Entry(
        Integer.parseInt(left[0]),
        Integer.parseInt(left[1]),
        left[2],
        unescape(left[4]),
        right[0],
        unescape(right[1]));
  }

  /** Undoes the octal escapes of blank, tab, newline and backslash; the bytes are UTF-8. */
  private static String unescape(String text) {
    byte[] bytes = new byte[text.length()];
    int length = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' && i + 3 < text.length()) {
        bytes[length] = (byte) Integer.parseInt(text.substring(i + 1, i + 4), 8);
        i += 3;
      } else {
        bytes[length] = (byte) c;
      }
      length++;
    }
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }
}
