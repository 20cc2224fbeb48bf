package io.fusewire.filesystems.passthrough;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/** Lists of names of extended attributes, each ended by NUL, as listxattr(2) gives them. */
final class XattrNames {
  private static final byte[] TRUSTED = "trusted.".getBytes(StandardCharsets.US_ASCII);

  private XattrNames() {}

  /**
   * Takes the names out that only root may see; listxattr(2) does it for callers without
   * CAP_SYS_ADMIN, which the server has.
   *
   * @return the length of what is left
   */
  static long untrusted(MemorySegment list, long length) {
    long kept = 0;
    long start = 0;
    for (long at = 0; at < length; at++) {
      if (list.get(ValueLayout.JAVA_BYTE, at) != 0) {
        continue;
      }
      long bytes = at + 1 - start;
      if (!isTrusted(list, start, bytes)) {
        MemorySegment.copy(list, start, list, kept, bytes);
        kept += bytes;
      }
      start = at + 1;
    }
    return kept;
  }

  private static boolean isTrusted(MemorySegment list, long start, long bytes) {
    return bytes > TRUSTED.length
        && list.asSlice(start, TRUSTED.length).mismatch(MemorySegment.ofArray(TRUSTED)) < 0;
  }
}
