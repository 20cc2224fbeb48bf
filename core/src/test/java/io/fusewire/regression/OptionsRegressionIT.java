package io.fusewire.regression;

import static org.assertj.core.api.Assertions.assertThat;

import io.fusewire.FlatFileSystem;
import io.fusewire.linux.mount.RealMounts;
import io.fusewire.linux.sys.FileCalls;
import io.fusewire.linux.sys.Open;
import io.fusewire.wire.flag.InitFlags;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Options that had no effect in the seed, as the kernel and its users see them. */
@Timeout(60)
class OptionsRegressionIT {
  private static final int MIB = 1 << 20;

  @BeforeAll
  static void requireMounts() {
    RealMounts.requireHelper();
  }

  /** R53: max_write of 1 MiB gives WRITEs of 1 MiB, cached and direct; 64 KiB gives 64 KiB. */
  @ParameterizedTest
  @EnumSource(Mode.class)
  void r53_maxWriteIsTheSizeOfWrites(Mode mode) throws Exception {
    for (String caching : new String[] {"direct_io", "async_read"}) {
      for (int bytes : new int[] {MIB, 64 * 1024}) {
        FlatFileSystem fileSystem = new FlatFileSystem();
        fileSystem.put("file", new byte[0]);
        byte[] data = new byte[2 * MIB];
        new Random(bytes).nextBytes(data);
        try (RealMount real =
            RealMount.mount(
                mode.layer(fileSystem),
                mode.options().option("max_write=" + bytes + "," + caching))) {
          int fd = Sys.opened(real.path("file"), Open.WRONLY);
          assertThat(Sys.write(fd, data)).isEqualTo(data.length);
          FileCalls.close(fd);
          assertThat(fileSystem.largestWrite).as(caching).hasValue(bytes);
          assertThat(Arrays.mismatch(fileSystem.named("file").data(), data)).isEqualTo(-1);
        }
      }
    }
  }

  /** R54: max_background and congestion_threshold are the kernel's, as fusectl shows. */
  @ParameterizedTest
  @ValueSource(ints = {5, 33, 200})
  void r54_theLimitsAreVisibleInFusectl(int background) throws Exception {
    String options = "max_background=" + background + ",congestion_threshold=" + (background - 1);
    try (RealMount real =
        RealMount.mount(new FlatFileSystem(), Mode.INLINE.options().option(options))) {
      assertThat(real.connection().maxBackground()).isEqualTo(background);
      assertThat(real.connection().congestionThreshold()).isEqualTo(background - 1);
    }
  }

  /** max_readahead is the kernel's, as the backing device shows. */
  @ParameterizedTest
  @ValueSource(ints = {16, 64})
  void r53_maxReadaheadIsVisibleAtTheBackingDevice(int kib) throws Exception {
    String option = "max_readahead=" + kib * 1024;
    try (RealMount real =
        RealMount.mount(new FlatFileSystem(), Mode.INLINE.options().option(option))) {
      Path shown = Path.of("/sys/class/bdi", real.entry().device(), "read_ahead_kb");
      assertThat(Files.readString(shown).strip()).isEqualTo(Integer.toString(kib));
    }
  }

  /** time_gran makes the kernel cut the times it sends. */
  @ParameterizedTest
  @EnumSource(Mode.class)
  void r54_timeGranularityCutsTimes(Mode mode) throws Exception {
    Instant time = Instant.ofEpochSecond(1_000_000, 987_654_321);
    for (int granularity : new int[] {1, 1000, 1_000_000_000}) {
      FlatFileSystem fileSystem = new FlatFileSystem();
      fileSystem.put("file", new byte[1]);
      try (RealMount real =
          RealMount.mount(
              mode.layer(fileSystem), mode.options().option("time_gran=" + granularity))) {
        Files.setLastModifiedTime(real.path("file"), FileTime.from(time));
        assertThat(fileSystem.named("file").mtimeNanos())
            .isEqualTo(987_654_321 / granularity * granularity);
      }
    }
  }

  /** R55: the kernel's version and flags2 are there on a real mount. */
  @ParameterizedTest
  @EnumSource(Mode.class)
  void r55_theKernelsOfferIsSeenWhole(Mode mode) throws Exception {
    try (RealMount real = RealMount.mount(new FlatFileSystem(), mode)) {
      assertThat(real.mount.negotiation().kernel().major()).isEqualTo(7);
      if (real.mount.negotiation().kernel().minor() >= 38) {
        assertThat(real.mount.negotiation().offered() >>> 32).isNotZero();
        assertThat(real.mount.negotiation().grants(InitFlags.INIT_EXT)).isTrue();
      }
    }
  }

  /** R59: a name with comma, backslash and blank is the name in the mount table. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void r59_anyNameIsShownAsItIs(boolean byHelper) throws Exception {
    String name = "a,b\\c\\,d e";
    var options = Mode.INLINE.options().fsName(name);
    try (RealMount real =
        RealMount.mount(new FlatFileSystem(), byHelper ? options.autoUnmount() : options)) {
      assertThat(real.entry().source()).isEqualTo(name);
    }
  }

  /** R77: a time before 1970 survives the way to the file system and back. */
  @ParameterizedTest
  @EnumSource(Mode.class)
  void r77_timesBefore1970SurviveARoundTrip(Mode mode) throws Exception {
    FlatFileSystem fileSystem = new FlatFileSystem();
    fileSystem.put("file", new byte[1]);
    Instant before = Instant.ofEpochSecond(-86_400, 5);
    try (RealMount real = RealMount.mount(fileSystem, mode)) {
      // Java's own call makes 0 of times before 1970 that have a fraction.
      String time = "1969-12-31 00:00:00.000000005 UTC";
      assertThat(RealMount.run("touch", "-d", time, real.path("file").toString())).isZero();
      assertThat(fileSystem.named("file").mtime()).isEqualTo(-86_400);
      assertThat(Files.getLastModifiedTime(real.path("file")).toInstant()).isEqualTo(before);
    }
  }
}
