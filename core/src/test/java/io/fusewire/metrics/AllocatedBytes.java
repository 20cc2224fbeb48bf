package io.fusewire.metrics;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.function.LongSupplier;

/** The heap bytes that a thread has allocated, exact. By reflection: the core has no management. */
final class AllocatedBytes {
  private AllocatedBytes() {}

  static LongSupplier ofThisThread() throws ReflectiveOperationException {
    Object bean =
        Class.forName("java.lang.management.ManagementFactory")
            .getMethod("getThreadMXBean")
            .invoke(null);
    MethodHandle read =
        MethodHandles.publicLookup()
            .findVirtual(
                Class.forName("com.sun.management.ThreadMXBean"),
                "getCurrentThreadAllocatedBytes",
                MethodType.methodType(long.class))
            .bindTo(bean);
    LongSupplier bytes =
        () -> {
          try {
            return (long) read.invokeExact();
          } catch (Throwable e) {
            throw new IllegalStateException(e);
          }
        };
    // The first call links, which allocates.
    if (bytes.getAsLong() < 0) {
      throw new IllegalStateException("this JVM does not count allocated bytes");
    }
    return bytes;
  }
}
