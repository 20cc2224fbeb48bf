package io.fusewire.linux.ffi;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
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
    return LINKER.downcallHandle(
        LINKER.defaultLookup().findOrThrow(function),
        FunctionDescriptor.of(result, arguments),
        Linker.Option.captureCallState("errno"));
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
    return LINKER.downcallHandle(
        LINKER.defaultLookup().findOrThrow(function),
        FunctionDescriptor.of(result, arguments),
        Linker.Option.captureCallState("errno"),
        Linker.Option.firstVariadicArg(firstVariable));
  }

  /** What a failing handle call becomes: a handle with our signatures throws nothing itself. */
  public static AssertionError broken(Throwable cause) {
    return new AssertionError("a native call failed inside the Java runtime", cause);
  }
}
