package io.fusewire.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fusewire.testkit.RealPrograms;
import io.fusewire.testkit.Shell;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Mounts of a user without rights, who finds a device for everybody. It runs in a mount namespace
 * of its own, which takes all mounts away when the test ends.
 */
@Timeout(120)
class OrdinaryUserIT {
  /** $1 is the configuration of fuse; %s stands for the words of the command. */
  private static final String PREPARE =
      """
      mknod -m 0666 fuse c 10 229; mount --bind fuse /dev/fuse
      printf '%s\\n' "$1" > conf; mount --bind conf /etc/fuse.conf
      user() { setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; }
      third() { setpriv --reuid=1234 --regid=1234 --clear-groups "$@"; }
      fw() { user %s "$@"; }
      export HOME=$PWD/home; cd home
      """;

  @TempDir Path temporary;
  private Path directory = Path.of("");

  @BeforeEach
  void prepare() throws Exception {
    Mounts.require();
    directory = temporary.toRealPath();
    Files.setAttribute(directory, "unix:mode", 0755);
    Path home = Files.createDirectory(directory.resolve("home"));
    Files.setAttribute(home, "unix:uid", 65534);
  }

  /** Runs a script in which {@code fw} is the command as the user, and gives back its output. */
  private String inNamespace(String configuration, String script) throws Exception {
    List<String> classPath = new ArrayList<>();
    for (String location : CommandProcess.locations()) {
      Path copy = directory.resolve("part" + classPath.size() + suffix(location));
      Shell.run(directory, "cp -r \"$1\" \"$2\"; chmod -R a+rX \"$2\"", location, copy.toString());
      classPath.add(copy.toString());
    }
    String command = String.join(" ", CommandProcess.words(classPath));
    String all = PREPARE.replace("user %s", "user " + command) + script;
    return Shell.run(
        directory,
        "exec unshare --mount --propagation private sh -euc \"$1\" sh \"$2\"",
        all,
        configuration);
  }

  private static String suffix(String location) {
    return location.endsWith(".jar") ? ".jar" : "";
  }

  @Test
  void mountsServesAndUnmounts() throws Exception {
    String said =
        inNamespace(
            "mount_max = 1000",
            """
            fw mount memory mnt --background; user sh -c 'echo text > mnt/f; cat mnt/f'
            cat mnt/f 2>&1 || echo root is kept out
            fw umount mnt; ! grep "$HOME/mnt" /proc/mounts
            fw mount memory mnt -o allow_other 2>&1 || echo status $?
            fw mount memory /srv 2>&1 || echo status $?
            fw mount memory /srv/below 2>&1 || echo status $?
            """);
    assertThat(said)
        .contains("is mounted on " + directory + "/home/mnt; leave with ")
        .contains("\ntext\n")
        .contains("root is kept out")
        .contains("Add the line user_allow_other to /etc/fuse.conf")
        .contains("Mount on a directory of your own.")
        .contains("mkdir(\"/srv/below\"): EACCES");
    assertThat(said.lines().filter("status 1"::equals)).hasSize(3);
  }

  @Test
  void allowRootLetsInOwnerAndRootAndNobodyElse() throws Exception {
    String said =
        inNamespace(
            "user_allow_other",
            """
            fw mount memory mnt --background -o mode=777,allow_root; user sh -c 'echo text > mnt/f'
            for who in user env third; do
              $who cat mnt/f 2>&1 || :; $who touch mnt/by-$who 2>&1 || echo refused
            done
            fw umount mnt
            """);
    assertThat(said.lines().filter("text"::equals)).as(said).hasSize(2);
    assertThat(said.lines().filter("refused"::equals)).as(said).hasSize(1);
    assertThat(said).contains("Permission denied");
  }

  @Test
  void allowOtherLetsEverybodyIn() throws Exception {
    String said =
        inNamespace(
            "user_allow_other",
            """
            fw mount memory mnt --background -o mode=777,allow_other
            user sh -c 'echo text > mnt/f'; third cat mnt/f; cat mnt/f; third touch mnt/mine
            fw umount mnt
            """);
    assertThat(said.lines().filter("text"::equals)).hasSize(2);
  }

  @Test
  void aKilledServerLeavesThePlaceUsable() throws Exception {
    String said =
        inNamespace(
            "mount_max = 1000",
            """
            server() { for p in /proc/[0-9]*; do
              words=$(tr '\\0' ' ' 2>&1 < $p/cmdline) || continue
              case $words in /*/java\\ *${HOME%/home}/part0*\\ mount\\ memory\\ mnt\\ $1*) echo ${p#/proc/};;
              esac; done; }
            fw mount memory mnt -o auto_unmount --background; kill -9 $(server -o)
            n=0; while grep -q "$HOME/mnt" /proc/mounts && [ $n -lt 200 ]; do
              n=$((n + 1)); sleep 0.05; done; ! grep "$HOME/mnt" /proc/mounts
            fw mount memory mnt -b; kill -9 $(server -b); user ls mnt 2>&1 || echo client is told
            fw mount memory mnt 2>&1 || echo refused
            fw mount memory mnt -b -o replace_stale; user touch mnt/f; fw umount mnt
            """);
    assertThat(said).contains("client is told", "ENOTCONN", "-o replace_stale", "refused");
  }

  @Test
  void realProgramsRunOnBothFileSystems() throws Exception {
    Path scripts = Files.createDirectory(directory.resolve("scripts"));
    for (Map.Entry<String, String> script : RealPrograms.ALL.entrySet()) {
      Files.writeString(scripts.resolve(script.getKey()), script.getValue());
    }
    String said =
        inNamespace(
            "mount_max = 1000",
            """
            user mkdir source
            fw mount memory memory --background; fw mount passthrough source mirror --background
            for mount in memory mirror; do for script in ../scripts/*; do
              dir=$mount/$(basename $script); user mkdir $dir
              user sh -c "cd $dir && exec sh -eu \\"\\$1\\"" sh $PWD/$script > log 2>&1 || {
                echo "FAILED $script on $mount"; cat log; }
            done; echo $mount done; fw umount $mount; done
            """);
    assertThat(said).contains("memory done", "mirror done").doesNotContain("FAILED");
  }
}
