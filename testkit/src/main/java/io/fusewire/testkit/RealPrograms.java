package io.fusewire.testkit;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Programs people use, as shell scripts for an empty directory of the file system under test. The
 * key is the program that must be installed; gcc brings C programs where the shell has no word for
 * it. Any user can run them.
 */
public final class RealPrograms {
  /** The scripts for {@link Shell#run} by the program that they need. */
  public static final Map<String, String> ALL = Collections.unmodifiableMap(all());

  /** Two processes count in a shared mapping; what they wrote is in the file afterwards. */
  private static final String MAPPING =
      """
      #include <fcntl.h>
      #include <stdio.h>
      #include <sys/mman.h>
      #include <sys/wait.h>
      #include <unistd.h>
      int main(void) {
        int fd = open("mapped", O_RDWR | O_CREAT, 0600);
        if (ftruncate(fd, 65536)) return 1;
        char *map = mmap(0, 65536, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        if (map == MAP_FAILED) return 2;
        int child = fork() == 0;
        for (int i = 0; i < 10000; i++) __atomic_add_fetch((int *) map, 1, __ATOMIC_SEQ_CST);
        for (int i = child; i < 4096; i += 2) map[8192 + i] = child ? 'c' : 'p';
        if (child) return 0;
        int status, count;
        wait(&status);
        if (msync(map, 65536, MS_SYNC) || pread(fd, &count, 4, 0) != 4) return 3;
        return status || count != 20000;
      }
      """;

  /** Record locks of fcntl(2) keep processes apart, and ranges keep out of each other's way. */
  private static final String LOCKING =
      """
      #include <errno.h>
      #include <fcntl.h>
      #include <sys/wait.h>
      #include <unistd.h>
      static int lock(int fd, int how, int type, int start) {
        struct flock range = {.l_type = type, .l_whence = SEEK_SET, .l_start = start, .l_len = 10};
        return fcntl(fd, how, &range);
      }
      int main(void) {
        int fd = open("locked", O_RDWR | O_CREAT, 0600), count = 0, status;
        if (pwrite(fd, &count, 4, 100) != 4 || lock(fd, F_SETLK, F_WRLCK, 0)) return 1;
        if (fork() == 0) {
          struct flock held = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 1};
          if (lock(fd, F_SETLK, F_WRLCK, 5) == 0 || (errno != EAGAIN && errno != EACCES)) return 2;
          if (lock(fd, F_SETLK, F_WRLCK, 10)) return 3;
          return fcntl(fd, F_GETLK, &held) || held.l_type != F_WRLCK || held.l_pid != getppid();
        }
        wait(&status);
        if (status || lock(fd, F_SETLK, F_UNLCK, 0)) return 4;
        int child = fork() == 0;
        for (int i = 0; i < 200; i++) {
          if (lock(fd, F_SETLKW, F_WRLCK, 100) || pread(fd, &count, 4, 100) != 4) return 5;
          count++;
          if (pwrite(fd, &count, 4, 100) != 4 || lock(fd, F_SETLK, F_UNLCK, 100)) return 6;
        }
        if (child) return 0;
        wait(&status);
        return status || pread(fd, &count, 4, 100) != 4 || count != 400;
      }
      """;

  private RealPrograms() {}

  private static Map<String, String> all() {
    Map<String, String> scripts = new LinkedHashMap<>();
    scripts.put(
        "sha256sum",
        """
        mkdir a b; dd if=/dev/urandom of=a/x bs=1M count=8 status=none; seq 20000 > a/y
        ln a/x a/hard; ln -s y a/soft; cp -a a/. b; mv b/x b/z
        (cd a && sha256sum y) > sums; (cd b && sha256sum -c ../sums); cmp a/x b/z
        split -n 7 a/x part.; cat part.* | cmp - a/x; truncate -s 1000 b/z; head -c 1000 a/x | cmp - b/z
        shuf a/y | sort -n -o sorted; cmp sorted a/y; rm -r a b
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
        touch -d 2001-02-03 d/f5; setfattr -n user.note -v text d/f6
        acl=yes; setfacl -m u:1234:r d/f7 2>refusal || { grep "not supported" refusal; acl=no; }
        rsync -aHAX d/ e/; test -z "$(rsync -aHAXnic d/ e/)"
        test "$(getfattr --only-values -n user.note e/f6)" = text
        test $acl = no || getfacl e/f7 | grep -q user:1234:r--
        test $(stat -c %i e/h) = $(stat -c %i e/f1)
        echo more >> d/f7; rsync -aHAX --inplace --delete d/ e/; cmp d/f7 e/f7
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
        = "ok 5000 "
        for i in 1 2; do (for j in $(seq 10); do
        sqlite3 -cmd '.timeout 20000' $mode.db "INSERT INTO t VALUES($i, $j)"; done) & done; wait
        test "$(sqlite3 $mode.db 'PRAGMA integrity_check; SELECT count(*) FROM t' | tr '\\n' ' ')" \
        = "ok 5020 "; done
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
        flock -s f sh -c 'flock -s -n f true; ! flock -n f true'
        """);
    scripts.put("cc", c("mapping", MAPPING));
    scripts.put("gcc", c("locking", LOCKING));
    scripts.put(
        "make",
        """
        echo 'int answer(void); int main(void) { return answer() - 42; }' > main.c
        echo 'int answer(void) { return 42; }' > answer.c
        printf 'all: main.o answer.o\\n\\tgcc -o all main.o answer.o\\n' > Makefile
        make -s -j2; ./all; make -s -q
        """);
    return scripts;
  }

  private static String c(String name, String source) {
    return "cat > %1$s.c <<'END'\n%2$sEND\ngcc -O1 -o %1$s %1$s.c; timeout 40 ./%1$s\n"
        .formatted(name, source);
  }
}
