package io.fusewire.raw;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A layer hides no operation of the file system below it. */
@Timeout(60)
class DelegatingFileSystemTest {
  static List<Method> methods() {
    return Arrays.stream(RawFileSystem.class.getMethods()).filter(Method::isDefault).toList();
  }

  private static final class Plain extends DelegatingFileSystem {
    Plain(RawFileSystem next) {
      super(next);
    }
  }

  /** R69: a layer forwards every operation, those that the interface gets later too. */
  @ParameterizedTest
  @MethodSource("methods")
  void r69_everyMethodReachesTheFileSystemBelow(Method method) throws ReflectiveOperationException {
    List<Method> called = new ArrayList<>();
    RawFileSystem recording =
        (RawFileSystem)
            Proxy.newProxyInstance(
                RawFileSystem.class.getClassLoader(),
                new Class<?>[] {RawFileSystem.class},
                (proxy, call, arguments) -> {
                  called.add(call);
                  return call.getReturnType() == boolean.class
                      ? (Object) true
                      : call.getReturnType() == Execution.class ? Execution.PLATFORM : null;
                });
    method.invoke(new Plain(recording), new Object[method.getParameterCount()]);
    assertThat(called).extracting(Method::getName).containsExactly(method.getName());
    assertThat(called.getFirst().getParameterTypes()).isEqualTo(method.getParameterTypes());
  }
}
