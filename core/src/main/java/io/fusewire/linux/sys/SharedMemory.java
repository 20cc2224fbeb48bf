package io.fusewire.linux.sys;

import java.lang.foreign.MemorySegment;

/**
 * Anonymous memory that can be seen at two addresses, one of which can be given other memory later:
 * the kernel goes on writing to an address while a reader keeps what it had. Page aligned, zero,
 * and resident only where it was touched; the caller frees it once.
 */
public final class SharedMemory {
  private static final int PROT_READ_WRITE = 3;
  private static final int MAP_SHARED_ANONYMOUS_NORESERVE = 0x01 | 0x20 | 0x4000;
  private static final int MREMAP_MAYMOVE = 1;
  private static final int MREMAP_FIXED = 2;
  private static final int MADV_REMOVE = 9;

  private SharedMemory() {}

  /** Takes memory; OutOfMemoryError when the kernel has none. */
  public static MemorySegment allocate(long bytes) {
    long address =
        MemoryCalls.mmap(0, bytes, PROT_READ_WRITE, MAP_SHARED_ANONYMOUS_NORESERVE, -1, 0);
    return NativeMemory.mapped(checked("mmap", bytes, address), bytes);
  }

  /** A second address of memory of {@link #allocate}. */
  public static MemorySegment alias(MemorySegment memory) {
    long bytes = memory.byteSize();
    long address = MemoryCalls.mremap(memory.address(), 0, bytes, MREMAP_MAYMOVE, 0);
    return NativeMemory.mapped(checked("mremap", bytes, address), bytes);
  }

  /** Makes an alias one of other memory of the same size; what it was stays where else it is. */
  public static void redirect(MemorySegment alias, MemorySegment memory) {
    long bytes = memory.byteSize();
    var _ =
        checked(
            "mremap",
            bytes,
            MemoryCalls.mremap(
                memory.address(), 0, bytes, MREMAP_MAYMOVE | MREMAP_FIXED, alias.address()));
  }

  /** Makes a page-aligned part zero again, at all its addresses, and gives its pages back. */
  public static void discard(MemorySegment memory, long offset, long bytes) {
    MemoryCalls.madvise(memory.address() + offset, bytes, MADV_REMOVE);
  }

  private static long checked(String call, long bytes, long address) {
    if (address < 0 && address > -4096) {
      throw new OutOfMemoryError(call + " of " + bytes + " bytes failed with errno " + -address);
    }
    return address;
  }
}
