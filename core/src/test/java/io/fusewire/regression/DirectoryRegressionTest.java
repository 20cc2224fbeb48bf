package io.fusewire.regression;

import static org.assertj.core.api.Assertions.assertThat;

import io.fusewire.raw.DirectoryPlusReply;
import io.fusewire.raw.DirectoryReply;
import io.fusewire.raw.FileAttributes;
import io.fusewire.raw.RawFileSystem;
import io.fusewire.raw.Readdir;
import io.fusewire.raw.Readdirplus;
import io.fusewire.raw.Timeouts;
import io.fusewire.transport.memory.Message;
import io.fusewire.wire.Name;
import io.fusewire.wire.Opcode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The seed's defects in directory answers. */
@Timeout(60)
class DirectoryRegressionTest {
  private static final int DIRENT_BYTES = 24;
  private static final int PLUS_BYTES = 128 + DIRENT_BYTES;
  private static final int BYTES_MAX = 4096;
  private static final int STEP = 7;
  private static final List<String> NAMES = names();

  private static List<String> names() {
    List<String> names = new ArrayList<>();
    for (int length = 1; length <= 60; length++) {
      names.add("n".repeat(length));
    }
    return names;
  }

  /** Lists the names; cookies are no positions, but grow from one to the next. */
  private static final class Listing implements RawFileSystem {
    final AtomicInteger lookups = new AtomicInteger();

    @Override
    public void readdir(Readdir.Request request, DirectoryReply reply) {
      for (int i = first(request.offset()); i < NAMES.size(); i++) {
        if (!reply.add(Name.of(NAMES.get(i)), i + 2L, 0100644, cookie(i + 1))) {
          break;
        }
      }
      reply.send();
    }

    @Override
    public void readdirplus(Readdirplus.Request request, DirectoryPlusReply reply) {
      for (int i = first(request.offset()); i < NAMES.size(); i++) {
        FileAttributes file = FileAttributes.file(i + 2L, 0644, 0);
        if (!reply.add(Name.of(NAMES.get(i)), i + 2L, file, Timeouts.NONE, cookie(i + 1))) {
          break;
        }
        lookups.incrementAndGet();
      }
      reply.send();
    }

    /** Opaque to the kernel: with the highest bit set, as hashes have. */
    private static long cookie(int index) {
      return Long.MIN_VALUE | (long) index << 32;
    }

    private static int first(long cookie) {
      return (int) ((cookie & Long.MAX_VALUE) >>> 32);
    }
  }

  private static byte[] frame(Opcode opcode, long cookie, int size) {
    return Body.start().u64(0, cookie).u32(size, 0).u64(0).u32(0, 0).frame(opcode, 4);
  }

  /** Reads the whole directory with answers of at most this size. */
  private static List<String> list(InMemory session, Opcode opcode, int size) throws Exception {
    int head = opcode == Opcode.READDIR ? 0 : PLUS_BYTES - DIRENT_BYTES;
    List<String> names = new ArrayList<>();
    long cookie = 0;
    while (true) {
      Message answer = session.ask(frame(opcode, cookie, size));
      assertThat(answer.error()).isZero();
      byte[] bytes = InMemory.bytes(answer);
      assertThat(bytes.length).isLessThanOrEqualTo(size);
      if (bytes.length == 0) {
        return names;
      }
      int at = 0;
      while (at < bytes.length) {
        int length = InMemory.u32(answer, at + head + 16L);
        cookie = InMemory.u64(answer, at + head + 8L);
        int start = at + head + DIRENT_BYTES;
        names.add(new String(bytes, start, length, StandardCharsets.UTF_8));
        at = start + (length + 7 & ~7);
      }
      assertThat(at).isEqualTo(bytes.length);
    }
  }

  /** R65: no answer is larger than asked for, padding included, whatever the size. */
  @ParameterizedTest
  @EnumSource(Mode.class)
  void r65_noAnswerIsLargerThanAskedFor(Mode mode) throws Exception {
    try (InMemory session = InMemory.serve(new Listing(), mode)) {
      for (int size = DIRENT_BYTES; size <= BYTES_MAX; size++) {
        for (Opcode opcode : new Opcode[] {Opcode.READDIR, Opcode.READDIRPLUS}) {
          Message answer = session.ask(frame(opcode, 0, size));
          assertThat(answer.error()).isZero();
          assertThat(answer.body().byteSize()).isLessThanOrEqualTo(size);
          assertThat(answer.body().byteSize() % 8).isZero();
        }
      }
    }
  }

  /** R66: every name comes once, and as many lookups are counted as were delivered. */
  @ParameterizedTest
  @EnumSource(Mode.class)
  void r66_everyNameComesOnceAndLookupsAreThoseDelivered(Mode mode) throws Exception {
    Listing listing = new Listing();
    int largest = PLUS_BYTES + 64;
    try (InMemory session = InMemory.serve(listing, mode)) {
      for (int size = largest; size <= BYTES_MAX; size += STEP * STEP) {
        listing.lookups.set(0);
        assertThat(list(session, Opcode.READDIR, size)).isEqualTo(NAMES);
        assertThat(listing.lookups).hasValue(0);
        assertThat(list(session, Opcode.READDIRPLUS, size)).isEqualTo(NAMES);
        assertThat(listing.lookups).hasValue(NAMES.size());
      }
    }
  }
}
