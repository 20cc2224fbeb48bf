package io.fusewire.wire.struct;

import io.fusewire.wire.layout.Embedded;
import io.fusewire.wire.layout.Field;
import io.fusewire.wire.layout.I32;
import io.fusewire.wire.layout.I64;
import io.fusewire.wire.layout.Reserved;
import io.fusewire.wire.layout.Struct;
import io.fusewire.wire.layout.U16;
import io.fusewire.wire.layout.U32;
import io.fusewire.wire.layout.U64;
import io.fusewire.wire.layout.U8;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The layout as a C compiler sees it, and as this library declares it, in the same words. */
public final class Abi {
  private static final List<String> PACKAGES =
      List.of("io/fusewire/raw", "io/fusewire/wire/struct");

  private Abi() {}

  /** What a C compiler printed for the header of protocol 7.45: the lines of {@code abi.golden}. */
  public static Set<String> golden() throws IOException {
    try (InputStream in = Objects.requireNonNull(Abi.class.getResourceAsStream("/abi.golden"))) {
      return new TreeSet<>(new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList());
    }
  }

  /** Every struct that some class of the library declares, whoever may see it. */
  static List<Struct> declared() throws IOException {
    List<Struct> structs = new ArrayList<>();
    for (Class<?> type : classes()) {
      for (java.lang.reflect.Field field : type.getDeclaredFields()) {
        if (field.getType() == Struct.class && Modifier.isStatic(field.getModifiers())) {
          field.setAccessible(true);
          structs.add(valueOf(field));
        }
      }
    }
    return structs;
  }

  private static Struct valueOf(java.lang.reflect.Field field) {
    try {
      return (Struct) Objects.requireNonNull(field.get(null));
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }

  private static List<Class<?>> classes() throws IOException {
    List<Class<?>> classes = new ArrayList<>();
    for (String directory : PACKAGES) {
      try (Stream<Path> files = Files.list(root().resolve(directory))) {
        files
            .map(file -> Objects.requireNonNull(file.getFileName()).toString())
            .filter(name -> name.endsWith(".class") && !name.equals("package-info.class"))
            .map(name -> directory.replace('/', '.') + "." + name.replace(".class", ""))
            .forEach(name -> classes.add(load(name)));
      }
    }
    return classes;
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name);
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  /** Where the classes under test lie; tests and their own classes lie elsewhere. */
  private static Path root() {
    String name = Struct.class.getName().replace('.', '/') + ".class";
    try {
      Path file = Path.of(Objects.requireNonNull(Struct.class.getResource("Struct.class")).toURI());
      return file.resolve("../" + "../".repeat(name.split("/", -1).length - 1)).normalize();
    } catch (URISyntaxException e) {
      throw new UncheckedIOException(new IOException(e));
    }
  }

  /** The lines that the C program prints for this struct. */
  static List<String> lines(Struct struct) {
    List<String> lines = new ArrayList<>();
    lines.add("struct " + struct.name() + " " + struct.size());
    for (Field field : struct.fields()) {
      lines.add(
          "field "
              + struct.name()
              + "."
              + field.name()
              + " "
              + field.offset()
              + " "
              + bytes(field));
    }
    return lines;
  }

  private static long bytes(Field field) {
    return switch (field) {
      case U8 _ -> 1;
      case U16 _ -> 2;
      case U32 _, I32 _ -> 4;
      case U64 _, I64 _ -> 8;
      case Embedded embedded -> embedded.struct().size();
      case Reserved reserved -> reserved.bytes();
    };
  }
}
