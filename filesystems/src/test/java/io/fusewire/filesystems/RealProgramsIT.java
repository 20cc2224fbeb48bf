package io.fusewire.filesystems;

import static org.assertj.core.api.Assertions.assertThat;

import io.fusewire.filesystems.memory.MemoryFileSystem;
import io.fusewire.filesystems.memory.MemoryOptions;
import io.fusewire.filesystems.passthrough.PassthroughFileSystem;
import io.fusewire.filesystems.passthrough.PassthroughOptions;
import io.fusewire.session.MountOptions;
import io.fusewire.testkit.MountFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Programs people use, on real mounts of both file systems. */
class RealProgramsIT {
  private static final Map<String, String> SCRIPTS = scripts();

  @TempDir Path source;
  private MountFixture memory;
  private MountFixture passthrough;

  private static Map<String, String> scripts() {
    Map<String, String> scripts = new LinkedHashMap<>();
    scripts.put(
        "sha256sum",
        """
        mkdir a b; dd if=/dev/urandom of=a/x bs=1M count=8 status=none; seq 20000 > a/y
        ln a/x a/hard; ln -s y a/soft; cp -a a/. b; mv b/x b/z
        (cd a && sha256sum y) > sums; (cd b && sha256sum -c ../sums); cmp a/x b/z; rm -r a b
        test ! -e a
        """);
    scripts.put(
        "git",
        """
        export HOME=$PWD GIT_CONFIG_GLOBAL=/dev/null
        git init -q one; cd one; git config user.name n; git config user.email e@example.org
        for i in 1 2 3 4 5; do seq $i 1000 > f$i; git add .; git commit -qm c$i; done
        cd ..; git clone -q --no-hardlinks one two; cd two; git fsck --strict; git gc -q
        test -z "$(git status --porcelain)"; test $(git rev-list --count HEAD) = 5
        """);
    scripts.put(
        "tar",
        """
        mkdir d; for i in $(seq 100); do echo $i > d/f$i; done; ln d/f1 d/h; ln -s f2 d/s
        mkfifo d/p; chmod 751 d/f3; touch -d 1999-12-31T23:59:59.123456789 d/f4
        tar cf d.tar d; mkdir e; tar xpf d.tar -C e; tar df d.tar -C e
        test $(stat -c %h e/d/h) = 2
        test "$(stat -c %a e/d/f3)" = 751
        """);
    scripts.put(
        "rsync",
        """
        mkdir d; for i in $(seq 50); do seq $i > d/f$i; done; ln d/f1 d/h; ln -s f2 d/s
        touch -d 2001-02-03 d/f5; rsync -aHX d/ e/; test -z "$(rsync -aHXnic d/ e/)"
        echo more >> d/f7; rsync -aHX --inplace d/ e/; cmp d/f7 e/f7
        """);
    scripts.put(
        "sqlite3",
        """
        for mode in wal delete; do
        sqlite3 $mode.db "PRAGMA journal_mode=$mode; CREATE TABLE t(a,b);
        WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM c WHERE x<5000)
        INSERT INTO t SELECT x, randomblob(100) FROM c; UPDATE t SET b=zeroblob(10) WHERE a%3=0;
        BEGIN; DELETE FROM t; ROLLBACK;"
        test "$(sqlite3 $mode.db 'PRAGMA integrity_check; SELECT count(*) FROM t' | tr '\\n' ' ')" \
        = "ok 5000 "; done
        """);
    scripts.put(
        "sh",
        """
        (for i in $(seq 300); do echo a >> log; done) & (for i in $(seq 300); do echo b >> log; done)
        wait; test $(wc -l < log) = 600; test $(grep -c a log) = 300
        """);
    scripts.put(
        "flock",
        """
        touch f; flock -n f sh -c '! flock -n f true'; flock -n f true
        """);
    scripts.put(
        "gcc",
        """
        echo 'int answer(void); int main(void) { return answer() - 42; }' > main.c
        echo 'int answer(void) { return 42; }' > answer.c
        printf 'all: main.o answer.o\\n\\tgcc -o all main.o answer.o\\n' > Makefile
        make -s -j2; ./all; make -s -q
        """);
    return scripts;
  }

  @BeforeEach
  void mount() throws IOException {
    Needs.fuse();
    memory =
        MountFixture.mount(
            new MemoryFileSystem(),
            MountOptions.create().fsName("memory-programs").defaultPermissions().allowOther());
    passthrough =
        MountFixture.mount(
            new PassthroughFileSystem(source, PassthroughOptions.defaults().withKernelChecks(true)),
            MountOptions.create().fsName("passthrough-programs").defaultPermissions().allowOther());
  }

  @AfterEach
  void close() throws IOException {
    if (passthrough != null) {
      passthrough.close();
    }
    if (memory != null) {
      memory.close();
    }
  }

  private static Stream<DynamicTest> on(MountFixture fixture) {
    return SCRIPTS.entrySet().stream()
        .map(
            script ->
                DynamicTest.dynamicTest(
                    script.getKey(),
                    () -> {
                      Needs.program(script.getKey());
                      Path directory = fixture.directory().resolve("case-" + script.getKey());
                      Needs.run(Files.createDirectory(directory), script.getValue());
                    }));
  }

  @TestFactory
  Stream<DynamicTest> inMemory() {
    return on(memory);
  }

  @TestFactory
  Stream<DynamicTest> mirrored() {
    return on(passthrough);
  }

  @Test
  void asAnotherUser() throws Exception {
    Needs.program("setpriv");
    for (MountFixture fixture : new MountFixture[] {memory, passthrough}) {
      Path directory = fixture.directory();
      Needs.run(
          directory,
          """
          chmod 755 .; mkdir open closed; chmod 777 open; echo secret > closed/f; chmod 700 closed
          setpriv --reuid=65534 --regid=65534 --clear-groups sh -euc '
            echo mine > open/f; test $(stat -c %u:%g open/f) = 65534:65534
            ! cat closed/f; ! touch new; ! chown 0 open/f'
          """);
    }
  }

  @Test
  void manyFilesInOneDirectory() throws Exception {
    String script =
        """
        mkdir many; cd many; seq -f f%%g %1$d | xargs touch
        test $(ls -U | sort -u | wc -l) = %1$d; cd ..; rm -r many
        """;
    Needs.run(memory.directory(), script.formatted(100_000));
    Needs.run(passthrough.directory(), script.formatted(10_000));
  }

  @Test
  void aFullFileSystemLosesNothing() throws Exception {
    int size = 4 << 20;
    MountOptions options = MountOptions.create().fsName("memory-full");
    MemoryOptions own = MemoryOptions.defaults().withBytesMax(size);
    try (MountFixture full = MountFixture.mount(new MemoryFileSystem(own), options)) {
      Path kept = full.directory().resolve("kept");
      byte[] content = new byte[1 << 20];
      new java.util.Random(1).nextBytes(content);
      Files.write(kept, content);
      String said =
          Needs.run(full.directory(), "LC_ALL=C dd if=/dev/zero of=big bs=64k 2>&1 || echo failed");
      assertThat(said).contains("No space left on device").contains("failed");
      assertThat(Files.readAllBytes(kept)).isEqualTo(content);
      Files.delete(full.directory().resolve("big"));
      Files.write(full.directory().resolve("again"), content);
    }
  }
}
