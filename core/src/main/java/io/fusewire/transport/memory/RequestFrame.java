package io.fusewire.transport.memory;

import io.fusewire.raw.Operation;
import io.fusewire.raw.Operations;
import io.fusewire.wire.Opcode;
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
import io.fusewire.wire.struct.InHeader;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A request in the making, as the kernel lays it out: header, arguments, names, data, extensions.
 * Fields are named as in C and placed by the declared structs. For one thread.
 */
public final class RequestFrame {
  private final Operation operation;
  private final byte[] arguments;
  private final ByteArrayOutputStream payload = new ByteArrayOutputStream();
  private final List<Long> nodes = new ArrayList<>();
  private byte[] extensions = new byte[0];
  private long node;
  private int uid;
  private int gid;
  private int pid;

  private RequestFrame(Operation operation) {
    this.operation = operation;
    this.arguments = new byte[(int) operation.arguments().size()];
  }

  /**
   * An empty request of this opcode.
   *
   * @throws NullPointerException for an opcode that the library does not serve
   */
  public static RequestFrame of(Opcode opcode) {
    return new RequestFrame(Objects.requireNonNull(Operations.of(opcode.number()), opcode.name()));
  }

  /** The opcode. */
  public Opcode opcode() {
    return operation.opcode();
  }

  /** The node the request is about. */
  public RequestFrame node(long id) {
    node = id;
    return alsoAbout(id);
  }

  /** The node the request is about. */
  public long node() {
    return node;
  }

  /** Tells that the arguments name this node too, so that it is not forgotten meanwhile. */
  public RequestFrame alsoAbout(long id) {
    nodes.add(id);
    return this;
  }

  /** All nodes that the request names. */
  List<Long> nodes() {
    return nodes;
  }

  /** Who asks. */
  public RequestFrame caller(int user, int group, int process) {
    uid = user;
    gid = group;
    pid = process;
    return this;
  }

  /** Sets a field of the arguments; one of an embedded struct is named {@code lk.start}. */
  public RequestFrame set(String field, long value) {
    set(operation.arguments(), 0, field, value);
    return this;
  }

  private void set(Struct struct, long base, String name, long value) {
    int dot = name.indexOf('.');
    Field field = find(struct, dot < 0 ? name : name.substring(0, dot));
    MemorySegment memory = MemorySegment.ofArray(arguments);
    switch (field) {
      case U8 each -> memory.set(ValueLayout.JAVA_BYTE, base + each.offset(), (byte) value);
      case U16 each -> each.set(memory, base, (int) value);
      case U32 each -> each.set(memory, base, (int) value);
      case I32 each -> each.set(memory, base, (int) value);
      case U64 each -> each.set(memory, base, value);
      case I64 each -> each.set(memory, base, value);
      case Embedded each ->
          set(each.struct(), base + each.offset(), name.substring(dot + 1), value);
      case Reserved each -> throw new IllegalArgumentException(each.name() + " is not in use");
    }
  }

  private static Field find(Struct struct, String name) {
    for (Field field : struct.fields()) {
      if (field.name().equals(name)) {
        return field;
      }
    }
    throw new IllegalArgumentException(struct.name() + " has no field " + name);
  }

  /** The flags of open(2) with which OPEN, CREATE and TMPFILE begin. */
  int openFlags() {
    return MemorySegment.ofArray(arguments).get(ValueLayout.JAVA_INT_UNALIGNED, 0);
  }

  /** Appends a name and its NUL. */
  public RequestFrame name(String name) {
    payload.writeBytes(name.getBytes(StandardCharsets.UTF_8));
    payload.write(0);
    return this;
  }

  /** Appends data. */
  public RequestFrame data(byte[] bytes) {
    payload.writeBytes(bytes);
    return this;
  }

  /** Puts extension records at the end; their length is a multiple of 8 bytes. */
  public RequestFrame extensions(byte[] records) {
    extensions = records.clone();
    return this;
  }

  /** The message, laid out for a connection with these INIT capabilities. */
  public byte[] bytes(long unique, long initFlags) {
    int head = (int) operation.argumentBytes(initFlags);
    byte[] tail = payload.toByteArray();
    byte[] frame = new byte[InHeader.SIZE + head + tail.length + extensions.length];
    System.arraycopy(arguments, 0, frame, InHeader.SIZE, head);
    System.arraycopy(tail, 0, frame, InHeader.SIZE + head, tail.length);
    System.arraycopy(extensions, 0, frame, frame.length - extensions.length, extensions.length);
    MemorySegment memory = MemorySegment.ofArray(frame);
    InHeader.LEN.set(memory, 0, frame.length);
    InHeader.OPCODE.set(memory, 0, operation.opcode().number());
    InHeader.UNIQUE.set(memory, 0, unique);
    InHeader.NODEID.set(memory, 0, node);
    InHeader.UID.set(memory, 0, uid);
    InHeader.GID.set(memory, 0, gid);
    InHeader.PID.set(memory, 0, pid);
    InHeader.TOTAL_EXTLEN.set(memory, 0, extensions.length / Long.BYTES);
    return frame;
  }

  @Override
  public String toString() {
    return opcode() + " node=" + node;
  }
}
