package io.fusewire.transport.memory;

import io.fusewire.raw.Operation;
import io.fusewire.wire.Opcode;
import io.fusewire.wire.struct.InHeader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/** Makes request frames as the kernel sends them. */
public final class Frames {
  /** Where the struct of an opcode tells how much data follows it. */
  private static final Map<Opcode, Integer> SIZE_OFFSETS =
      Map.of(
          Opcode.WRITE, 16,
          Opcode.SETXATTR, 0,
          Opcode.IOCTL, 24,
          Opcode.NOTIFY_REPLY, 16);

  private static final int DATA_BYTES = 5;
  private static final int FORGET_ONE_BYTES = 16;

  private Frames() {}

  /** A frame with this header and body. */
  public static byte[] frame(int opcode, long unique, byte[] body) {
    byte[] frame = new byte[InHeader.SIZE + body.length];
    System.arraycopy(body, 0, frame, InHeader.SIZE, body.length);
    MemorySegment head = MemorySegment.ofArray(frame);
    InHeader.LEN.set(head, 0, frame.length);
    InHeader.OPCODE.set(head, 0, opcode);
    InHeader.UNIQUE.set(head, 0, unique);
    InHeader.NODEID.set(head, 0, 1);
    return frame;
  }

  /** A frame with an argument struct of zeros, and names. */
  public static byte[] frame(Opcode opcode, long unique, int argumentBytes, String... names) {
    byte[] text =
        names.length == 0
            ? new byte[0]
            : (String.join("\0", names) + "\0").getBytes(StandardCharsets.UTF_8);
    byte[] body = new byte[argumentBytes + text.length];
    System.arraycopy(text, 0, body, argumentBytes, text.length);
    return frame(opcode.number(), unique, body);
  }

  /** The same frame with a 32-bit number at this offset of its arguments. */
  public static byte[] with(byte[] frame, int offset, int value) {
    byte[] changed = frame.clone();
    MemorySegment.ofArray(changed)
        .set(ValueLayout.JAVA_INT_UNALIGNED, InHeader.SIZE + (long) offset, value);
    return changed;
  }

  /** A READ of this many bytes. */
  public static byte[] read(long unique, int size) {
    return with(frame(Opcode.READ, unique, 40), 16, size);
  }

  /** A good frame of any operation. */
  public static byte[] golden(Operation operation, long unique, long initFlags) {
    Opcode opcode = operation.opcode();
    int arguments = (int) operation.argumentBytes(initFlags);
    String[] names = new String[operation.names()];
    Arrays.fill(names, "name");
    byte[] plain = frame(opcode, unique, arguments, names);
    if (opcode == Opcode.BATCH_FORGET) {
      return with(longer(plain, FORGET_ONE_BYTES), 0, 1);
    }
    Integer sizeOffset = SIZE_OFFSETS.get(opcode);
    return sizeOffset == null ? plain : with(longer(plain, DATA_BYTES), sizeOffset, DATA_BYTES);
  }

  private static byte[] longer(byte[] frame, int bytes) {
    return cut(frame, frame.length + bytes);
  }

  /** The first bytes of a frame, with a header that tells this length. */
  public static byte[] cut(byte[] frame, int length) {
    byte[] changed = Arrays.copyOf(frame, length);
    if (length >= InHeader.SIZE) {
      InHeader.LEN.set(MemorySegment.ofArray(changed), 0, length);
    }
    return changed;
  }
}
