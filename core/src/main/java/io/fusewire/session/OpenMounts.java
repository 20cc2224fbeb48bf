package io.fusewire.session;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The mounts of this process, closed together when it ends: on SIGTERM, Ctrl-C or exit. */
final class OpenMounts {
  private static final Set<Session> SESSIONS = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(OpenMounts::closeAll, "fusewire-shutdown"));
  }

  private OpenMounts() {}

  static void add(Session session) {
    SESSIONS.add(session);
  }

  static void remove(Session session) {
    SESSIONS.remove(session);
  }

  /** Closes all at the same time: each may have to wait for its own users. */
  private static void closeAll() {
    List<Thread> closers = new ArrayList<>();
    for (Session session : SESSIONS) {
      closers.add(
          Thread.ofPlatform().name("fusewire-close-" + session.name()).start(session::close));
    }
    for (Thread closer : closers) {
      try {
        closer.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
