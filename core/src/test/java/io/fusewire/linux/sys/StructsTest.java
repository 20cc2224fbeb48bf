package io.fusewire.linux.sys;

import static org.assertj.core.api.Assertions.assertThat;

import io.fusewire.wire.layout.Field;
import io.fusewire.wire.layout.Reserved;
import io.fusewire.wire.layout.Struct;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The declared structs against the numbers that a C program printed with {@code sizeof} and {@code
 * offsetof} (glibc 2.36; the same on x86-64 and aarch64).
 */
@Timeout(10)
class StructsTest {
  private static void assertLayout(Struct struct, long size, Map<String, Long> offsets) {
    assertThat(struct.size()).as(struct.name()).isEqualTo(size);
    Map<String, Long> declared =
        struct.fields().stream()
            .filter(field -> !(field instanceof Reserved))
            .collect(Collectors.toMap(Field::name, Field::offset));
    assertThat(declared).as(struct.name()).containsAllEntriesOf(offsets);
  }

  @Test
  void smallStructs() {
    assertLayout(
        FlockBuffer.STRUCT,
        32,
        Map.of("l_type", 0L, "l_whence", 2L, "l_start", 8L, "l_len", 16L, "l_pid", 24L));
    assertLayout(TimespecBuffer.STRUCT, 16, Map.of("tv_sec", 0L, "tv_nsec", 8L));
    assertLayout(IovecBuffer.STRUCT, 16, Map.of("iov_base", 0L, "iov_len", 8L));
    assertLayout(PollBuffer.STRUCT, 8, Map.of("fd", 0L, "events", 4L, "revents", 6L));
    assertLayout(OpenHow.STRUCT, 24, Map.of("flags", 0L, "mode", 8L, "resolve", 16L));
    assertLayout(
        CapabilityBuffer.STRUCT, 8 + 2 * 12, Map.of("effective[0]", 8L, "effective[1]", 20L));
    assertThat(DirentBuffer.NAME).isEqualTo(19);
    assertLayout(
        DirentBuffer.STRUCT, 24, Map.of("d_ino", 0L, "d_off", 8L, "d_reclen", 16L, "d_type", 18L));
  }

  @Test
  void messages() {
    assertLayout(
        MessageBuffer.STRUCT,
        56,
        Map.of(
            "msg_name", 0L,
            "msg_namelen", 8L,
            "msg_iov", 16L,
            "msg_iovlen", 24L,
            "msg_control", 32L,
            "msg_controllen", 40L,
            "msg_flags", 48L));
  }

  @Test
  void statistics() {
    assertLayout(
        StatvfsBuffer.STRUCT,
        112,
        Map.of("f_bsize", 0L, "f_blocks", 16L, "f_ffree", 48L, "f_fsid", 64L, "f_namemax", 80L));
    assertLayout(
        StatxBuffer.STRUCT,
        256,
        Map.of(
            "stx_mask", 0L,
            "stx_mode", 28L,
            "stx_ino", 32L,
            "stx_attributes_mask", 56L,
            "stx_atime", 64L,
            "stx_mtime", 112L,
            "stx_rdev_major", 128L,
            "stx_dev_minor", 140L,
            "stx_mnt_id", 144L,
            "stx_dio_mem_align", 152L));
    assertThat(StatxBuffer.BTIME.offset()).isEqualTo(80);
    assertThat(StatxBuffer.CTIME.offset()).isEqualTo(96);
  }
}
