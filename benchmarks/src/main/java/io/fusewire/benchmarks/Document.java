package io.fusewire.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The document with the published figures; only what lies between two marks is replaced. */
final class Document {
  private static final String BEGIN = "<!-- tables: written by benchmarks/run --write -->\n";
  private static final String END = "<!-- end of tables -->\n";

  private Document() {}

  /** Puts new tables in. */
  static void write(Path document, String tables) throws IOException {
    String text = Files.readString(document);
    int begin = text.indexOf(BEGIN);
    int end = text.indexOf(END);
    if (begin < 0 || end < begin) {
      throw new IOException(document + " has no marks to put tables between");
    }
    String before = text.substring(0, begin + BEGIN.length());
    Files.writeString(document, before + "\n" + tables + "\n" + text.substring(end));
  }
}
