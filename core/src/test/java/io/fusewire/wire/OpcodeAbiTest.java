package io.fusewire.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.fusewire.wire.struct.Abi;
import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Opcodes and notify codes against the enums of linux/fuse.h. */
@Timeout(10)
class OpcodeAbiTest {
  @Test
  void opcodesAreThoseOfTheHeader() throws IOException {
    Set<String> declared = new TreeSet<>();
    for (Opcode opcode : Opcode.values()) {
      String prefix = opcode == Opcode.CUSE_INIT ? "" : "FUSE_";
      declared.add("opcode " + prefix + opcode.name() + " " + opcode.number());
      assertThat(Opcode.of(opcode.number())).isEqualTo(opcode);
      assertThat(Opcode.describe(opcode.number())).isEqualTo(opcode.name());
    }
    assertThat(declared).isEqualTo(golden("opcode"));
  }

  private static Set<String> golden(String kind) throws IOException {
    Set<String> lines = Abi.golden();
    lines.removeIf(line -> !line.startsWith(kind + " "));
    return lines;
  }

  @Test
  void notifyCodesAreThoseOfTheHeader() throws IOException {
    Set<String> declared = new TreeSet<>();
    for (NotifyCode code : NotifyCode.values()) {
      declared.add("notify FUSE_NOTIFY_" + code.name() + " " + code.number());
    }
    assertThat(declared).isEqualTo(golden("notify"));
  }

  @Test
  void unknownNumbersAreNoOpcodes() {
    for (int number : new int[] {-1, 0, 7, 19, 54, 63, 64, 4095, Integer.MIN_VALUE}) {
      assertThat(Opcode.of(number)).isNull();
      assertThat(Opcode.describe(number)).isEqualTo("OPCODE_" + number);
    }
  }
}
