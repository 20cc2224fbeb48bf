package io.fusewire.regression;

import io.fusewire.transport.memory.Frames;
import io.fusewire.wire.Opcode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes a request field by field, as the kernel does, without the library's own structs. */
final class Body {
  private static final int BYTES_MAX = 1 << 16;

  private final ByteBuffer buffer = ByteBuffer.allocate(BYTES_MAX).order(ByteOrder.nativeOrder());

  static Body start() {
    return new Body();
  }

  Body u64(long... values) {
    for (long value : values) {
      buffer.putLong(value);
    }
    return this;
  }

  Body u32(int... values) {
    for (int value : values) {
      buffer.putInt(value);
    }
    return this;
  }

  Body name(String name) {
    buffer.put(name.getBytes(StandardCharsets.UTF_8)).put((byte) 0);
    return this;
  }

  byte[] frame(Opcode opcode, long unique) {
    byte[] body = Arrays.copyOf(buffer.array(), buffer.position());
    return Frames.frame(opcode.number(), unique, body);
  }

  /** INIT of a kernel that speaks 7.minor and offers these capabilities. */
  static byte[] init(int minor, long offer) {
    Body body = start().u32(7, minor, 1 << 20, (int) offer);
    if (minor >= 36) {
      body.u32((int) (offer >>> 32)).u32(new int[11]);
    }
    return body.frame(Opcode.INIT, 2);
  }
}
