package io.fusewire.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;

/**
 * File operations as data, drawn from a seed: the same script runs on a {@link FakeMount}, on a
 * directory of a real mount and on a model, and must give the same results everywhere.
 */
public final class KernelScript {
  private static final int FILES = 3;
  private static final int DIRECTORIES = 2;
  private static final int BYTES_MAX = 9000;

  /** One operation and its name for people. */
  private record Step(String text, Function<FileTarget, String> operation) {}

  private final long seed;
  private final SplittableRandom random;
  private final List<Step> steps = new ArrayList<>();

  private KernelScript(long seed) {
    this.seed = seed;
    this.random = new SplittableRandom(seed);
  }

  /** A script of so many operations; afterwards it looks at every name. */
  public static KernelScript random(long seed, int operations) {
    KernelScript script = new KernelScript(seed);
    for (int i = 0; i < operations; i++) {
      script.steps.add(script.step());
    }
    script.lookAtAll();
    return script;
  }

  private String path() {
    String file = random.nextInt(4) == 0 ? "/d" : "/f";
    String top = "/d" + random.nextInt(DIRECTORIES);
    return switch (random.nextInt(3)) {
      case 0 -> top;
      case 1 -> top + file + random.nextInt(DIRECTORIES);
      default -> "/f" + random.nextInt(FILES);
    };
  }

  private Step step() {
    String path = path();
    String other = path();
    String name = "user.x" + random.nextInt(2);
    long offset = random.nextInt(BYTES_MAX);
    int length = 1 + random.nextInt(BYTES_MAX);
    byte value = (byte) random.nextInt();
    return switch (random.nextInt(16)) {
      case 0, 1 -> new Step("create " + path, on -> on.create(path));
      case 2 -> new Step("mkdir " + path, on -> on.mkdir(path));
      case 3 -> new Step("unlink " + path, on -> on.unlink(path));
      case 4 -> new Step("rmdir " + path, on -> on.rmdir(path));
      case 5, 6 -> new Step("rename " + path + " " + other, on -> on.rename(path, other));
      case 7 -> new Step("link " + path + " " + other, on -> on.link(path, other));
      case 8 -> new Step("truncate " + path + " " + offset, on -> on.truncate(path, offset));
      case 9, 10 ->
          new Step(
              "write " + path + " " + offset + " " + length,
              on -> on.write(path, offset, length, value));
      case 11 ->
          new Step(
              "read " + path + " " + offset + " " + length, on -> on.read(path, offset, length));
      case 12 -> new Step("list " + path, on -> on.list(path));
      case 13 -> new Step("setxattr " + path, on -> on.setxattr(path, name, value));
      case 14 -> new Step("getxattr " + path, on -> on.getxattr(path, name));
      default -> new Step("removexattr " + path, on -> on.removexattr(path, name));
    };
  }

  private void lookAtAll() {
    List<String> paths = new ArrayList<>(List.of("/"));
    for (int i = 0; i < FILES; i++) {
      paths.add("/f" + i);
    }
    for (int i = 0; i < DIRECTORIES; i++) {
      paths.add("/d" + i);
      for (int k = 0; k < DIRECTORIES; k++) {
        paths.add("/d" + i + "/f" + k);
        paths.add("/d" + i + "/d" + k);
      }
    }
    for (String path : paths) {
      steps.add(new Step("stat " + path, on -> on.stat(path)));
      steps.add(new Step("list " + path, on -> on.list(path)));
      steps.add(new Step("read " + path, on -> on.read(path, 0, 2 * BYTES_MAX)));
      steps.add(new Step("getxattr " + path, on -> on.getxattr(path, "user.x0")));
    }
  }

  /** Runs it: one line for each step, with its result. */
  public List<String> run(FileTarget target) {
    List<String> results = new ArrayList<>();
    for (Step step : steps) {
      results.add(step.text + " = " + step.operation.apply(target));
    }
    return results;
  }

  /**
   * Runs it on a target and on the model, and compares each result.
   *
   * @throws AssertionError naming the seed and the first step that differs
   */
  public void check(FileTarget target, String what) {
    List<String> expected = run(new ModelFiles());
    List<String> found = run(target);
    for (int i = 0; i < expected.size(); i++) {
      if (!expected.get(i).equals(found.get(i))) {
        throw new AssertionError(
            "script "
                + seed
                + ", step "
                + i
                + " on "
                + what
                + ": "
                + found.get(i)
                + "; expected was "
                + expected.get(i)
                + "; before it: "
                + expected.subList(Math.max(0, i - 12), i));
      }
    }
  }
}
