package io.fusewire.transport.uring;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The CPUs the kernel has a queue for, which are all that may ever be there, and those that are.
 *
 * @param possible numbers from 0
 * @param online a part of them
 */
record CpuList(List<Integer> possible, List<Integer> online) {
  private static final Path DIRECTORY = Path.of("/sys/devices/system/cpu");

  /** Asks the kernel. */
  static CpuList ofThisMachine() throws IOException {
    List<Integer> possible = parse(Files.readString(DIRECTORY.resolve("possible")));
    List<Integer> online = parse(Files.readString(DIRECTORY.resolve("online")));
    return new CpuList(possible, online);
  }

  /** Reads a list such as {@code 0-3,8}. */
  static List<Integer> parse(String text) {
    List<Integer> cpus = new ArrayList<>();
    for (String part : text.strip().split(",", -1)) {
      String[] ends = part.split("-", -1);
      int last = Integer.parseInt(ends[ends.length - 1]);
      for (int cpu = Integer.parseInt(ends[0]); cpu <= last; cpu++) {
        cpus.add(cpu);
      }
    }
    return List.copyOf(cpus);
  }
}
