package io.fusewire.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fusewire.linux.mount.MountFlags;
import io.fusewire.linux.mount.MountRequest;
import io.fusewire.wire.flag.InitFlags;
import io.fusewire.wire.flag.OpenFlags;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Mount options as text. */
@Timeout(10)
class OptionParserTest {
  private static MountOptions parsed(String text) {
    return MountOptions.create().option(text);
  }

  @Test
  void optionsAreSeparatedByCommas() {
    MountOptions options = parsed("ro,allow_other,,max_read=65536,fsname=disk,");
    assertThat(options.flags & MountFlags.RDONLY).isEqualTo(MountFlags.RDONLY);
    assertThat(options.allowOther).isTrue();
    assertThat(options.maxRead).isEqualTo(65_536);
    assertThat(options.fsName).isEqualTo("disk");
  }

  @Test
  void aBackslashProtectsACommaAndItself() {
    assertThat(parsed("fsname=a\\,b,ro").fsName).isEqualTo("a,b");
    assertThat(parsed("fsname=a\\\\,allow_other").fsName).isEqualTo("a\\");
    assertThat(parsed("fsname=a\\\\,allow_other").allowOther).isTrue();
    assertThat(parsed("fsname=end\\").fsName).isEqualTo("end\\");
  }

  @Test
  void valuesMayHoldEqualsSigns() {
    assertThat(parsed("fsname=a=b").fsName).isEqualTo("a=b");
    assertThat(parsed("context=u:r:t:s0").request("/m").toString()).contains("context=u:r:t:s0");
  }

  @Test
  void laterOptionsWin() {
    assertThat(parsed("max_write=4096,max_write=8192").maxWrite).isEqualTo(8192);
    assertThat(parsed("ro,rw").flags & MountFlags.RDONLY).isZero();
    MountOptions options = parsed("async_read,sync_read");
    assertThat(options.required & InitFlags.ASYNC_READ).isZero();
    assertThat(options.refused & InitFlags.ASYNC_READ).isNotZero();
  }

  @Test
  void capabilitiesAndOpenFlagsHaveTheNamesUsersKnow() {
    MountOptions options = parsed("writeback_cache,posix_acl,direct_io,kernel_cache");
    assertThat(options.required).isEqualTo(InitFlags.WRITEBACK_CACHE | InitFlags.POSIX_ACL);
    assertThat(options.openFlags).isEqualTo(OpenFlags.DIRECT_IO | OpenFlags.KEEP_CACHE);
  }

  @Test
  void everyCapabilityCanBeRequiredOrRefusedByItsName() {
    MountOptions options = parsed("require=cache_symlinks+FLOCK_LOCKS,refuse=ASYNC_DIO");
    assertThat(options.required).isEqualTo(InitFlags.CACHE_SYMLINKS | InitFlags.FLOCK_LOCKS);
    assertThat(options.refused).isEqualTo(InitFlags.ASYNC_DIO);
    assertThatThrownBy(() -> parsed("require=NO_SUCH"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("NO_SUCH", "CACHE_SYMLINKS");
  }

  @Test
  void optionsOfTheKernelsFuseArePassedOn() {
    assertThat(
            parsed("user_id=7,group_id=8,rootmode=40700,custom=blksize=512")
                .request("/m")
                .kernelOptions())
        .containsExactly("user_id=7", "group_id=8", "rootmode=40700", "blksize=512");
    assertThatThrownBy(() -> parsed("rootmode=9")).hasMessageContaining("octal");
  }

  @Test
  void whatTheKernelMustKnowReachesTheMount() {
    MountRequest request =
        parsed("default_permissions,allow_root,max_read=4096,nonempty,auto_unmount").request("/m");
    assertThat(request.toString())
        .contains("default_permissions", "allow_other", "max_read=4096")
        .doesNotContain("allow_root");
    assertThat(request.nonEmpty()).isTrue();
    assertThat(request.autoUnmount()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"defaults", "noauto", "_netdev", "nofail", "x-systemd.automount", "user"})
  void whatFstabAddsIsIgnored(String option) {
    assertThat(parsed(option).request("/m")).isEqualTo(MountOptions.create().request("/m"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"allow_othr", "max_wrote=5", "=", "=5", "RO", " ro"})
  void unknownOptionsAreNamed(String option) {
    assertThatThrownBy(() -> parsed("ro," + option))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("unknown mount option: " + option);
  }

  @Test
  void theOptionThatWasMeantIsSuggested() {
    assertThatThrownBy(() -> parsed("allow_othr")).hasMessageEndingWith("mean allow_other?");
    assertThatThrownBy(() -> parsed("max_wrote=5")).hasMessageEndingWith("mean max_write?");
    assertThatThrownBy(() -> parsed("noatim")).hasMessageEndingWith("mean noatime?");
    assertThatThrownBy(() -> parsed("RO")).hasMessageEndingWith("mean ro?");
    assertThatThrownBy(() -> parsed("sise=5m"))
        .isInstanceOfSatisfying(
            UnknownOptionException.class,
            e -> assertThat(e.among(List.of("size"))).hasMessageEndingWith("did you mean size?"));
    assertThatThrownBy(() -> parsed("utterly_wrong"))
        .hasMessageContaining("There are ro, ")
        .hasMessageContaining("allow_other")
        .hasMessageContaining("fsname");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "max_read=x",
        "max_read=1.5",
        "uid=99999999999",
        "gid=root",
        "readers=0",
        "readers=65"
      })
  void wrongNumbersAreNamed(String option) {
    assertThatThrownBy(() -> parsed(option))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("needs a number")
        .hasMessageContaining(option.substring(0, option.indexOf('=')));
  }

  @ParameterizedTest
  @ValueSource(strings = {"max_read", "max_read=", "fsname", "fsname=", "subtype", "uid", "uid="})
  void missingValuesAreNamed(String option) {
    assertThatThrownBy(() -> parsed(option))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(option.replace("=", "") + " needs a ");
  }

  @Test
  void usersAndGroupsReachToTheEndOfTheirNumbers() {
    assertThat(parsed("uid=4294967294").uid).isEqualTo(-2);
    assertThat(parsed("gid=0").gid).isZero();
    assertThatThrownBy(() -> parsed("uid=4294967295")).hasMessageContaining("uid cannot be");
    assertThatThrownBy(() -> parsed("uid=-1")).hasMessageContaining("uid needs a number");
  }

  @Test
  void valuesOfWordsAreRefused() {
    for (String option : List.of("allow_other=1", "ro=1", "rw=", "sync=yes")) {
      assertThatThrownBy(() -> parsed(option))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("takes no value");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"max_read=-1", "max_write=-1", "time_gran=-5", "max_in_flight=-2"})
  void negativeNumbersAreRefused(String option) {
    assertThatThrownBy(() -> parsed(option))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("negative");
  }
}
