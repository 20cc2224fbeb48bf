package io.fusewire.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class ErrnoTest {
  private static final Set<String> ALIASES = Set.of("EWOULDBLOCK", "EDEADLOCK", "ENOTSUP");

  @Test
  void everyConstantIsNamedAsItIsCalled() throws Exception {
    Set<Integer> numbers = new TreeSet<>();
    for (Field field : Errno.class.getFields()) {
      if (field.getName().startsWith("E") && !ALIASES.contains(field.getName())) {
        int number = field.getInt(null);
        assertThat(Errno.name(number)).isEqualTo(field.getName());
        assertThat(Errno.describe(number)).matches(field.getName() + " \\(.+\\)");
        assertThat(numbers.add(number)).as(field.getName()).isTrue();
      }
    }
    // 1 to 133 (EHWPOISON), of which 41 and 58 are other names' numbers.
    assertThat(numbers).hasSize(131).contains(1, 133).doesNotContain(0, 41, 58);
  }

  @Test
  void aliasesHaveTheNumbersOfTheirOriginals() {
    assertThat(Errno.EWOULDBLOCK).isEqualTo(Errno.EAGAIN);
    assertThat(Errno.EDEADLOCK).isEqualTo(Errno.EDEADLK).isEqualTo(35);
    assertThat(Errno.ENOTSUP).isEqualTo(Errno.EOPNOTSUPP).isEqualTo(95);
    assertThat(Errno.name(35)).isEqualTo("EDEADLK");
    assertThat(Errno.name(95)).isEqualTo("EOPNOTSUPP");
  }

  @Test
  void numbersWithoutANameAreShownAsNumbers() {
    assertThat(Errno.name(0)).isEqualTo("0");
    assertThat(Errno.name(58)).isEqualTo("58");
    assertThat(Errno.name(511)).isEqualTo("511");
    assertThat(Errno.name(-2)).isEqualTo("-2");
    assertThat(Errno.describe(511)).isEqualTo("511 (unknown error)");
  }

  @Test
  void theDescriptionIsThatOfTheCLibrary() {
    assertThat(Errno.describe(Errno.ENOENT)).isEqualTo("ENOENT (No such file or directory)");
    assertThat(Errno.describe(Errno.ENOTCONN))
        .isEqualTo("ENOTCONN (Transport endpoint is not connected)");
  }
}
