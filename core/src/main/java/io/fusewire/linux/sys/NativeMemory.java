package io.fusewire.linux.sys;

import java.lang.foreign.MemorySegment;

/**
 * Anonymous memory straight from the kernel: page aligned, zero, and resident only where it was
 * touched. The caller owns it and frees it once; use after that crashes.
 */
public final class NativeMemory {
  private static final int PROT_READ_WRITE = 3;
  private static final int MAP_PRIVATE_ANONYMOUS_NORESERVE = 0x02 | 0x20 | 0x4000;
  private static final int MADV_DONTNEED = 4;

  private NativeMemory() {}

  /** Takes memory; OutOfMemoryError when the kernel has none. */
  public static MemorySegment allocate(long bytes) {
    long address =
        MemoryCalls.mmap(0, bytes, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS_NORESERVE, -1, 0);
    if (address < 0 && address > -4096) {
      throw new OutOfMemoryError("mmap of " + bytes + " bytes failed with errno " + -address);
    }
    return mapped(address, bytes);
  }

  /** Memory that {@link MemoryCalls#mmap} gave; its use after munmap crashes. */
  public static MemorySegment mapped(long address, long bytes) {
    return MemorySegment.ofAddress(address).reinterpret(bytes);
  }

  /** Gives memory of {@link #allocate} back. */
  public static void free(MemorySegment memory) {
    MemoryCalls.munmap(memory.address(), memory.byteSize());
  }

  /** Makes a page-aligned part zero again and gives its pages back to the kernel. */
  public static void discard(MemorySegment memory, long offset, long bytes) {
    MemoryCalls.madvise(memory.address() + offset, bytes, MADV_DONTNEED);
  }
}
