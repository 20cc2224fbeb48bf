package io.fusewire.linux.ffi;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Makes method handles for functions of the C library. Pointers are passed as raw addresses, which
 * costs no liveness check; errno is captured into the segment that is the handle's first argument.
 * The handles must be kept in static final fields: only those the JIT compiler sees through.
 */
public final class NativeBinder {
  /** A C int. */
  public static final MemoryLayout INT = ValueLayout.JAVA_INT;

  /** A C long, size_t, off_t or pointer. */
  public static final MemoryLayout LONG = ValueLayout.JAVA_LONG;

  private static final Linker LINKER = Linker.nativeLinker();

  private NativeBinder() {}

  /** Binds a function. */
  public static MethodHandle bind(String function, MemoryLayout result, MemoryLayout... arguments) {
    return bind(
        function, result, arguments, new Linker.Option[] {Linker.Option.captureCallState("errno")});
  }

  /**
   * The linker makes code for each shape of a function, which takes ten milliseconds of a start,
   * and there are about forty shapes. So all are bound as functions of longs, of which there are
   * eight, and the handle converts: a callee looks at the low half of a register alone where it has
   * an int, and so does this for a result. The JIT compiler leaves nothing of the conversions.
   */
  private static MethodHandle bind(
      String function, MemoryLayout result, MemoryLayout[] arguments, Linker.Option[] options) {
    MemoryLayout[] longs = new MemoryLayout[arguments.length];
    Arrays.fill(longs, LONG);
    MethodHandle wide =
        LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow(function),
            FunctionDescriptor.of(LONG, longs),
            options);
    MethodType type = wide.type().changeReturnType(carrier(result));
    int first = type.parameterCount() - arguments.length; // behind the segment for errno
    for (int i = 0; i < arguments.length; i++) {
      type = type.changeParameterType(first + i, carrier(arguments[i]));
    }
    return MethodHandles.explicitCastArguments(wide, type);
  }

  private static Class<?> carrier(MemoryLayout layout) {
    return ((ValueLayout) layout).carrier();
  }

  /** Binds a function, or gives null where the C library has none of this name. */
  public static @Nullable MethodHandle bindIfPresent(
      String function, MemoryLayout result, MemoryLayout... arguments) {
    boolean present = LINKER.defaultLookup().find(function).isPresent();
    return present ? bind(function, result, arguments) : null;
  }

  /** Binds a function that has variable arguments from this index on. */
  public static MethodHandle bindVariadic(
      String function, int firstVariable, MemoryLayout result, MemoryLayout... arguments) {
    return bind(
        function,
        result,
        arguments,
        new Linker.Option[] {
          Linker.Option.captureCallState("errno"), Linker.Option.firstVariadicArg(firstVariable)
        });
  }

  /** What a failing handle call becomes: a handle with our signatures throws nothing itself. */
  public static AssertionError broken(Throwable cause) {
    return new AssertionError("a native call failed inside the Java runtime", cause);
  }
}
