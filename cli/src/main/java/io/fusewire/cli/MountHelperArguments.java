package io.fusewire.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * The argument forms of mount(8).
 *
 * <p>{@code mount -t fuse.fusewire SOURCE MNT} runs {@code mount.fuse.fusewire SOURCE MNT [-sfnv]
 * [-N NAMESPACE] [-o OPTIONS] [-t TYPE]} where that is linked to the launcher, which then puts
 * {@value #MARK} in front. Otherwise it runs mount.fuse(8), and that {@code fusewire SOURCE MNT -o
 * OPTIONS}. The source is {@code memory}, a directory to mirror, or {@code passthrough#DIRECTORY}.
 */
final class MountHelperArguments {
  private static final String MARK = "mount-helper";
  private static final List<String> COMMANDS =
      List.of("mount", "umount", "unmount", "doctor", "help");
  private static final List<String> FOREGROUND = List.of("-f", "-d", "--debug");
  private static final String MEMORY = "memory";
  private static final String PASSTHROUGH = "passthrough";

  private final List<String> translated;
  private final boolean fake;

  private MountHelperArguments(List<String> translated, boolean fake) {
    this.translated = translated;
    this.fake = fake;
  }

  static MountHelperArguments of(String... arguments) {
    boolean marked = arguments[0].equals(MARK);
    List<String> given = List.of(arguments).subList(marked ? 1 : 0, arguments.length);
    if (given.size() < 2 || given.getFirst().startsWith("-")) {
      return new MountHelperArguments(given, false);
    }
    if (!marked && (COMMANDS.contains(given.getFirst()) || source(given.getFirst()).isEmpty())) {
      return new MountHelperArguments(given, false); // a mistyped command: the parser says so
    }
    List<String> words = new ArrayList<>(List.of("mount"));
    List<String> source = source(given.getFirst());
    words.addAll(source.isEmpty() ? List.of(given.getFirst()) : source);
    List<String> rest = given.subList(1, given.size());
    words.addAll(marked ? withoutWordsOfMount(rest) : rest);
    if (rest.stream().noneMatch(FOREGROUND::contains) || marked) {
      words.add("--background");
    }
    return new MountHelperArguments(words, marked && rest.contains("-f"));
  }

  /** Without the words of mount(8) that change nothing for us; ro comes among the options. */
  private static List<String> withoutWordsOfMount(List<String> given) {
    List<String> words = new ArrayList<>();
    for (int i = 0; i < given.size(); i++) {
      switch (given.get(i)) {
        case "-N", "-t" -> i++; // we are in the namespace already, and know our type
        case "-f", "-s", "-n", "-v", "-w", "-r" -> {}
        default -> words.add(given.get(i));
      }
    }
    return words;
  }

  /** The file system and what it needs; empty when this names none. */
  private static List<String> source(String text) {
    if (text.equals(MEMORY) || text.equals(MEMORY + "#")) {
      return List.of(MEMORY);
    }
    if (text.startsWith(PASSTHROUGH + "#")) {
      return List.of(PASSTHROUGH, text.substring(PASSTHROUGH.length() + 1));
    }
    return text.startsWith("/") ? List.of(PASSTHROUGH, text) : List.of();
  }

  /** True when mount(8) wants everything but the mount ({@code mount -f}). */
  boolean isFake() {
    return fake;
  }

  /** The arguments as {@code fusewire} takes them. */
  String[] translated() {
    return translated.toArray(String[]::new);
  }
}
