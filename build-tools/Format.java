import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Formats all Java sources of the project, or with "check" tells which are not formatted. */
public final class Format {
  private Format() {}

  /** Arguments: check or write, then the project's root. */
  public static void main(String[] arguments) throws IOException, FormatterException {
    boolean check = arguments[0].equals("check");
    List<Path> different = new ArrayList<>();
    for (Path source : sources(Path.of(arguments[1]))) {
      String text = Files.readString(source);
      String formatted = format(text);
      if (!formatted.equals(text)) {
        different.add(source);
        if (!check) {
          Files.writeString(source, formatted);
        }
      }
    }
    if (check && !different.isEmpty()) {
      different.forEach(source -> System.err.println("not formatted: " + source));
      System.err.println("Run 'make fmt' and look at the result.");
      System.exit(1);
    }
  }

  private static String format(String text) throws FormatterException {
    JavaFormatterOptions.Style style = JavaFormatterOptions.Style.GOOGLE;
    String ordered =
        ImportOrderer.reorderImports(RemoveUnusedImports.removeUnusedImports(text), style);
    return new Formatter(JavaFormatterOptions.builder().style(style).build()).formatSource(ordered);
  }

  /** Of the modules and of this folder; never of their build output. */
  private static List<Path> sources(Path root) throws IOException {
    List<Path> sources = new ArrayList<>();
    for (Path folder : children(root)) {
      Path from = folder.endsWith("build-tools") ? folder : folder.resolve("src");
      if (Files.isDirectory(from)) {
        try (Stream<Path> files = Files.walk(from)) {
          files.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
        }
      }
    }
    if (sources.isEmpty()) {
      throw new IOException("no Java sources under " + root.toAbsolutePath());
    }
    return sources;
  }

  private static List<Path> children(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }
}
