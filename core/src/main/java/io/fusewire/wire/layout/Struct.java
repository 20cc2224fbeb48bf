package io.fusewire.wire.layout;

import java.util.ArrayList;
import java.util.List;

/**
 * A C struct, declared field by field in C order; offsets and size follow from the field widths.
 *
 * <p>Every integer is aligned to its width, and the size is rounded up to the widest field, which
 * is what the C compilers of x86-64 and aarch64 do with the structs of {@code linux/fuse.h}. A test
 * compares all declarations with numbers that a C compiler printed.
 *
 * <p>Declared once in static initializers, read-only afterwards: safe to use from any thread.
 */
public final class Struct {
  private final String name;
  private final List<Field> fields = new ArrayList<>();
  private long end;
  private long alignment = 1;

  private Struct(String name) {
    this.name = name;
  }

  /** Starts the declaration of the struct with this C name, such as {@code fuse_read_in}. */
  public static Struct named(String name) {
    return new Struct(name);
  }

  /** Appends an unsigned 8-bit field. */
  public U8 u8(String field) {
    return add(new U8(field, place(1, 1)));
  }

  /** Appends an unsigned 16-bit field. */
  public U16 u16(String field) {
    return add(new U16(field, place(2, 2)));
  }

  /** Appends an unsigned 32-bit field. */
  public U32 u32(String field) {
    return add(new U32(field, place(4, 4)));
  }

  /** Appends a signed 32-bit field. */
  public I32 i32(String field) {
    return add(new I32(field, place(4, 4)));
  }

  /** Appends an unsigned 64-bit field. */
  public U64 u64(String field) {
    return add(new U64(field, place(8, 8)));
  }

  /** Appends a signed 64-bit field. */
  public I64 i64(String field) {
    return add(new I64(field, place(8, 8)));
  }

  /** Appends an embedded struct. */
  public Embedded embed(String field, Struct struct) {
    return add(new Embedded(field, place(struct.size(), struct.alignment), struct));
  }

  /** Appends an array of {@code count} integers of {@code width} bytes that nobody reads. */
  public Reserved reserved(String field, int width, int count) {
    return add(new Reserved(field, place((long) width * count, width), width * count));
  }

  /** The C name. */
  public String name() {
    return name;
  }

  /** The size in bytes, as C's {@code sizeof} gives it. */
  public long size() {
    return (end + alignment - 1) / alignment * alignment;
  }

  /** The fields in declaration order. */
  public List<Field> fields() {
    return List.copyOf(fields);
  }

  private long place(long bytes, long align) {
    long offset = (end + align - 1) / align * align;
    end = offset + bytes;
    alignment = Math.max(alignment, align);
    return offset;
  }

  private <F extends Field> F add(F field) {
    fields.add(field);
    return field;
  }

  @Override
  public String toString() {
    return name + "[" + size() + "]";
  }
}
