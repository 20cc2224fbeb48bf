package io.fusewire.linux.sys;

import io.fusewire.wire.layout.I32;
import io.fusewire.wire.layout.Struct;
import io.fusewire.wire.layout.U32;
import java.lang.foreign.MemorySegment;

/**
 * A thread's capabilities ({@code struct __user_cap_header_struct} and two {@code struct
 * __user_cap_data_struct} behind it).
 */
public final class CapabilityBuffer {
  public static final Struct STRUCT = Struct.named("capabilities");
  public static final U32 VERSION = STRUCT.u32("version");
  public static final I32 PID = STRUCT.i32("pid");
  private static final U32 EFFECTIVE_LOW = STRUCT.u32("effective[0]");
  private static final U32 PERMITTED_LOW = STRUCT.u32("permitted[0]");
  private static final U32 INHERITABLE_LOW = STRUCT.u32("inheritable[0]");
  private static final U32 EFFECTIVE_HIGH = STRUCT.u32("effective[1]");
  private static final U32 PERMITTED_HIGH = STRUCT.u32("permitted[1]");
  private static final U32 INHERITABLE_HIGH = STRUCT.u32("inheritable[1]");

  /** Bytes of header and data. */
  public static final long BYTES = STRUCT.size();

  /** Where the data begin. */
  static final long DATA = EFFECTIVE_LOW.offset();

  public static final int CAP_CHOWN = 0;
  public static final int CAP_DAC_OVERRIDE = 1;
  public static final int CAP_DAC_READ_SEARCH = 2;
  public static final int CAP_FOWNER = 3;
  public static final int CAP_FSETID = 4;
  public static final int CAP_SETGID = 6;
  public static final int CAP_SETUID = 7;
  public static final int CAP_SYS_ADMIN = 21;

  private static final int VERSION_3 = 0x20080522;

  private CapabilityBuffer() {}

  /** Prepares a buffer for the calling thread. */
  public static void prepare(MemorySegment buffer) {
    VERSION.set(buffer, 0, VERSION_3);
    PID.set(buffer, 0, 0);
  }

  /** The effective set, a bit for each capability. */
  public static long effective(MemorySegment buffer) {
    return join(EFFECTIVE_LOW.get(buffer, 0), EFFECTIVE_HIGH.get(buffer, 0));
  }

  /** The permitted set. */
  public static long permitted(MemorySegment buffer) {
    return join(PERMITTED_LOW.get(buffer, 0), PERMITTED_HIGH.get(buffer, 0));
  }

  /** The inheritable set. */
  public static long inheritable(MemorySegment buffer) {
    return join(INHERITABLE_LOW.get(buffer, 0), INHERITABLE_HIGH.get(buffer, 0));
  }

  /** Changes the effective set of the buffer. */
  public static void setEffective(MemorySegment buffer, long capabilities) {
    EFFECTIVE_LOW.set(buffer, 0, (int) capabilities);
    EFFECTIVE_HIGH.set(buffer, 0, (int) (capabilities >>> Integer.SIZE));
  }

  private static long join(int low, int high) {
    return Integer.toUnsignedLong(low) | Integer.toUnsignedLong(high) << Integer.SIZE;
  }
}
