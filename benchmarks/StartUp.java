import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * Time from the start of the command to the first answer of its mount, with and without the AOT
 * cache, in turns. Run by {@code benchmarks/start-up}; needs a built ./fusewire and /dev/fuse.
 */
final class StartUp {
  private static final int ROUNDS_DEFAULT = 15;
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private record Sample(double wallMillis, double cpuMillis) {}

  private StartUp() {}

  public static void main(String[] arguments) throws Exception {
    int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : ROUNDS_DEFAULT;
    Path root = Path.of(System.getProperty("root", ".")).toRealPath();
    Path jar = root.resolve("cli/target/fusewire.jar");
    Map<String, List<String>> commands = new LinkedHashMap<>();
    String java = ProcessHandle.current().info().command().orElseThrow();
    commands.put(
        "`java -jar`, no cache", List.of(java, "-XX:+UseSerialGC", "-jar", jar.toString()));
    commands.put(
        "`java -jar`, AOT cache",
        List.of(
            java, "-XX:+UseSerialGC", "-XX:AOTCache=" + jar + ".aot", "-jar", jar.toString()));
    commands.put("`./fusewire`", List.of(root.resolve("fusewire").toString()));
    Map<String, List<Sample>> samples = new LinkedHashMap<>();
    Path mount = Files.createTempDirectory("fusewire-start").toRealPath();
    for (int round = -1; round < rounds; round++) {
      for (Map.Entry<String, List<String>> each : commands.entrySet()) {
        Sample sample = start(each.getValue(), mount);
        if (round >= 0) { // the first one warms the page cache
          samples.computeIfAbsent(each.getKey(), key -> new ArrayList<>()).add(sample);
        }
      }
    }
    Files.delete(mount);
    System.out.println("| Command | ms, median (min..max) | ratio | CPU ms, median | ratio |");
    System.out.println("|---|---|---|---|---|");
    List<Sample> first = samples.values().iterator().next();
    samples.forEach((name, all) -> System.out.println(row(name, all, first)));
  }

  private static Sample start(List<String> command, Path mount) throws Exception {
    Object before = Files.getAttribute(mount, "unix:dev");
    List<String> words = new ArrayList<>(command);
    words.addAll(List.of("mount", "memory", mount.toString()));
    long began = System.nanoTime();
    Process process =
        new ProcessBuilder(words)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    // Once it is mounted, this stat is a request, and waits for its answer.
    while (Files.getAttribute(mount, "unix:dev").equals(before)) {
      if (!process.isAlive() || System.nanoTime() - began > LIMIT.toNanos()) {
        throw new IOException("no mount: " + words);
      }
      LockSupport.parkNanos(200_000);
    }
    long ended = System.nanoTime();
    Duration cpu = process.info().totalCpuDuration().orElse(Duration.ZERO);
    process.destroy();
    process.waitFor();
    return new Sample((ended - began) / 1e6, cpu.toMillis());
  }

  private static String row(String name, List<Sample> all, List<Sample> first) {
    double[] wall = sorted(all.stream().mapToDouble(Sample::wallMillis).toArray());
    double median = median(wall);
    double cpu = median(sorted(all.stream().mapToDouble(Sample::cpuMillis).toArray()));
    double firstCpu = median(sorted(first.stream().mapToDouble(Sample::cpuMillis).toArray()));
    double firstMedian = median(sorted(first.stream().mapToDouble(Sample::wallMillis).toArray()));
    return "| %s | %.0f (%.0f..%.0f) | %.2f | %.0f | %.2f |"
        .formatted(
            name,
            median,
            wall[0],
            wall[wall.length - 1],
            median / firstMedian,
            cpu,
            cpu / firstCpu);
  }

  private static double[] sorted(double[] values) {
    java.util.Arrays.sort(values);
    return values;
  }

  private static double median(double[] sorted) {
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
