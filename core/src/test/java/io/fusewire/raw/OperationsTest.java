package io.fusewire.raw;

import static org.assertj.core.api.Assertions.assertThat;

import io.fusewire.wire.Opcode;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The catalogue against the opcodes of the protocol. */
@Timeout(10)
class OperationsTest {
  /** The handshake, which comes before; and what only CUSE and virtiofs with DAX use. */
  private static final Set<Opcode> NOT_SERVED =
      EnumSet.of(
          Opcode.INIT, Opcode.DESTROY, Opcode.CUSE_INIT, Opcode.SETUPMAPPING, Opcode.REMOVEMAPPING);

  @Test
  void everyOpcodeIsServedOrListedAsNotServed() {
    for (Opcode opcode : Opcode.values()) {
      Operation operation = Operations.of(opcode.number());
      if (NOT_SERVED.contains(opcode)) {
        assertThat(operation).as(opcode.name()).isNull();
      } else {
        assertThat(Objects.requireNonNull(operation, opcode.name()).opcode()).isEqualTo(opcode);
      }
    }
  }

  @Test
  void everyOpcodeIsInTheCatalogueOnce() {
    assertThat(Operations.all()).doesNotHaveDuplicates();
    assertThat(Operations.all().stream().map(Operation::opcode)).doesNotHaveDuplicates();
    assertThat(Operations.all()).hasSize(Opcode.values().length - NOT_SERVED.size());
  }

  @Test
  void numbersOutOfRangeAreNotServed() {
    for (int number : new int[] {-1, 0, 7, Operations.LIMIT, 4096, Integer.MAX_VALUE}) {
      assertThat(Operations.of(number)).isNull();
    }
  }
}
