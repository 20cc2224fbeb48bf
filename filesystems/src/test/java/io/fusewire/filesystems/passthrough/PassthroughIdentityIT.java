package io.fusewire.filesystems.passthrough;

import io.fusewire.filesystems.Needs;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Root's mount makes and checks everything as its caller, exactly as the plain directory does. */
class PassthroughIdentityIT {
  private static final String AS =
      """
      as() { user=$1; groups=$2; shift 2
        if [ -n "$groups" ]; then set -- --groups=$groups "$@"; else set -- --clear-groups "$@"; fi
        setpriv --reuid=$user --regid=$user "$@"; }
      owner() { stat -c %u:%g "$1"; }
      mode() { stat -c %a "$1"; }
      is() { test "$1" = "$2" || { echo "$3: $1 instead of $2"; exit 1; }; }
      """;

  private static final Map<String, String> SCRIPTS = scripts();

  private static Map<String, String> scripts() {
    Map<String, String> scripts = new LinkedHashMap<>();
    scripts.put(
        "files, directories, links, pipes and sockets belong to their maker",
        """
        mkdir d; chmod 777 d
        as 1234 '' sh -euc 'cd d; touch f; mkdir m; ln -s x s; mkfifo p; ln f h'
        for i in f m s p h; do is $(owner d/$i) 1234:1234 $i; done
        touch d/root; is $(owner d/root) 0:0 root
        """);
    scripts.put(
        "the caller's umask counts, the server's does not",
        """
        mkdir d; chmod 777 d
        as 1234 '' sh -euc 'cd d; umask 0; touch a; mkdir b; umask 077; touch c; mkdir e; umask 22; touch g'
        is $(mode d/a) 666 a; is $(mode d/b) 777 b; is $(mode d/c) 600 c; is $(mode d/e) 700 e
        is $(mode d/g) 644 g
        """);
    scripts.put(
        "supplementary groups let in, and only the caller's own",
        """
        mkdir d zero; chgrp 777 d; chmod 770 d zero
        as 1234 777 sh -euc 'cd d; touch f; mkdir m; echo x > f; mknod p p'
        is $(owner d/f) 1234:1234 f
        ! as 1234 '' touch d/no; ! as 1234 776 touch d/no; ! as 1234 777 touch zero/no
        ! as 1234 '' ls d
        """);
    scripts.put(
        "a setgid directory hands its group and its bit on",
        """
        mkdir d; chgrp 777 d; chmod 2777 d
        as 1234 '' sh -euc 'cd d; touch f; mkdir m; ln -s x s; mkfifo p'
        for i in f m s p; do is $(owner d/$i) 1234:777 $i; done
        is $(mode d/m) 2755 m; is $(mode d/f) 644 f
        """);
    scripts.put(
        "writing, truncating and changing owners clears set-id",
        """
        make() { rm -f f; echo text > f; chown 1234:1234 f; chmod 6777 f; }
        make; as 4321 '' sh -c 'echo more >> f'; is $(mode f) 777 write
        make; as 4321 '' sh -c ': > f'; is $(mode f) 777 open-truncate
        make; as 4321 '' truncate -s 2 f; is $(mode f) 777 truncate
        make; as 4321 '' fallocate -l 9000 f; is $(mode f) 777 fallocate
        make; echo more >> f; is $(mode f) 6777 "write by root"
        make; as 1234 777 chgrp 777 f; is $(mode f) 777 chgrp
        make; chown 99 f; is $(mode f) 777 "chown by root"
        mkdir d; chmod 6777 d; chown 99 d; is $(mode d) 6777 "chown of a directory"
        """);
    scripts.put(
        "chown of only the user or only the group leaves the other",
        """
        touch f; chown 5:6 f; chown 7 f; is $(owner f) 7:6 user; chgrp 8 f; is $(owner f) 7:8 group
        ! as 1234 '' chown 1234 f; ! as 1234 '' chmod 777 f
        chown 1234 f; as 1234 '' touch -d 2001-02-03 f; touch -d 1999-01-01 f
        is $(stat -c %Y f) $(date -d 1999-01-01 +%s) time
        """);
    scripts.put(
        "a sticky directory protects what others made",
        """
        mkdir d; chmod 1777 d; as 1234 '' touch d/f
        ! as 4321 '' rm -f d/f; ! as 4321 '' mv d/f d/g; as 1234 '' mv d/f d/g; as 1234 '' rm d/g
        """);
    scripts.put(
        "chmod drops setgid for a group that is not the caller's",
        """
        touch f; chown 1234:777 f; as 1234 '' chmod 2755 f; is $(mode f) 755 outside
        as 1234 777 chmod 2755 f; is $(mode f) 2755 inside
        """);
    return scripts;
  }

  @TestFactory
  Stream<DynamicTest> onTheMount() {
    return tests(PassthroughOptions.defaults(), PassthroughMount::directory);
  }

  @TestFactory
  Stream<DynamicTest> onTheMountWithBackingFiles() {
    return tests(PassthroughBackingIT.BACKING, PassthroughMount::directory);
  }

  /** The expectations themselves are right: a plain file system meets them. */
  @TestFactory
  Stream<DynamicTest> onThePlainDirectory() {
    return tests(PassthroughOptions.defaults(), PassthroughMount::backing);
  }

  private static Stream<DynamicTest> tests(
      PassthroughOptions options, Function<PassthroughMount, Path> where) {
    return SCRIPTS.entrySet().stream()
        .map(
            script ->
                DynamicTest.dynamicTest(
                    script.getKey(),
                    () -> {
                      Needs.program("setpriv");
                      try (PassthroughMount mount = PassthroughMount.mount(options)) {
                        Needs.run(where.apply(mount), "umask 22\n" + AS + script.getValue());
                      }
                    }));
  }
}
