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

  private static List<Path> sources(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> !file.toString().contains("/target/"))
          .sorted()
          .toList();
    }
  }
}
