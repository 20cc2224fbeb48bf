package io.fusewire.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class DocumentTest {
  @TempDir private Path directory;

  @Test
  void onlyTheTablesAreReplaced() throws IOException {
    Path document = directory.resolve("benchmarks.md");
    String begin = "before\n<!-- tables: written by benchmarks/run --write -->\n";
    String end = "<!-- end of tables -->\nafter\n";
    Files.writeString(document, begin + "old\n" + end);
    Document.write(document, "new");
    assertThat(document).hasContent(begin + "\nnew\n" + end);
    Document.write(document, "newer");
    assertThat(document).hasContent(begin + "\nnewer\n" + end);
  }

  @Test
  void aDocumentWithoutMarksIsLeftAlone() throws IOException {
    Path document = directory.resolve("benchmarks.md");
    Files.writeString(document, "text\n");
    assertThatThrownBy(() -> Document.write(document, "new")).isInstanceOf(IOException.class);
    assertThat(document).hasContent("text\n");
  }
}
