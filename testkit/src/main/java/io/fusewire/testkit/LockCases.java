package io.fusewire.testkit;

import io.fusewire.linux.sys.Fcntl;
import io.fusewire.linux.sys.FileCalls;
import io.fusewire.linux.sys.Lock;
import io.fusewire.linux.sys.Open;
import io.fusewire.wire.Errno;
import java.nio.file.Path;
import java.util.Map;

/** Locks of whole files and of ranges. */
final class LockCases {
  private LockCases() {}

  static void addTo(Map<String, PosixCase> cases) {
    cases.put("locks: flock excludes another open file", LockCases::whole);
    cases.put("locks: flock shares reading", LockCases::shared);
    cases.put("locks: a range excludes, others do not", LockCases::range);
    cases.put("locks: closing releases", LockCases::closing);
  }

  private static OpenFile open(Path directory) {
    return OpenFile.open(directory.resolve("file"), Open.CREAT | Open.RDWR);
  }

  private static void whole(Path directory) {
    try (OpenFile first = open(directory);
        OpenFile second = open(directory)) {
      int exclusive = Lock.LOCK_EX | Lock.LOCK_NB;
      Check.equal(0, FileCalls.flock(first.fd(), exclusive), "first");
      Check.fails(Errno.EAGAIN, FileCalls.flock(second.fd(), exclusive), "second");
      Check.equal(0, FileCalls.flock(first.fd(), Lock.LOCK_UN), "unlock");
      Check.equal(0, FileCalls.flock(second.fd(), exclusive), "second again");
    }
  }

  private static void shared(Path directory) {
    try (OpenFile first = open(directory);
        OpenFile second = open(directory)) {
      Check.equal(0, FileCalls.flock(first.fd(), Lock.LOCK_SH | Lock.LOCK_NB), "first");
      Check.equal(0, FileCalls.flock(second.fd(), Lock.LOCK_SH | Lock.LOCK_NB), "second");
      int result = FileCalls.flock(second.fd(), Lock.LOCK_EX | Lock.LOCK_NB);
      Check.fails(Errno.EAGAIN, result, "upgrade");
    }
  }

  private static void range(Path directory) {
    try (OpenFile first = open(directory);
        OpenFile second = open(directory)) {
      Check.equal(0, first.lock(Fcntl.OFD_SETLK, Lock.F_WRLCK, 0), "first");
      Check.fails(Errno.EAGAIN, second.lock(Fcntl.OFD_SETLK, Lock.F_WRLCK, 5), "overlapping");
      Check.equal(Lock.F_WRLCK, second.lock(Fcntl.OFD_GETLK, Lock.F_RDLCK, 5), "who holds it");
      Check.equal(0, second.lock(Fcntl.OFD_SETLK, Lock.F_WRLCK, 100), "beside");
      Check.equal(0, first.lock(Fcntl.OFD_SETLK, Lock.F_UNLCK, 0), "unlock");
      Check.equal(0, second.lock(Fcntl.OFD_SETLK, Lock.F_WRLCK, 0), "free again");
    }
  }

  private static void closing(Path directory) {
    try (OpenFile second = open(directory)) {
      try (OpenFile first = open(directory)) {
        Check.equal(0, first.lock(Fcntl.OFD_SETLK, Lock.F_WRLCK, 0), "range");
        Check.equal(0, FileCalls.flock(first.fd(), Lock.LOCK_EX | Lock.LOCK_NB), "whole");
      }
      Check.equal(0, second.lock(Fcntl.OFD_SETLK, Lock.F_WRLCK, 0), "range");
      Check.equal(0, FileCalls.flock(second.fd(), Lock.LOCK_EX | Lock.LOCK_NB), "whole");
    }
  }
}
