package io.fusewire.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.fusewire.Logs;
import io.fusewire.transport.memory.Requests;
import java.lang.ref.WeakReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is left of a session that was closed. */
@Timeout(30)
class ClosedSessionTest {
  @Test
  void nothingOfItIsKeptThoughItsFileSystemHasAReplyThatItNeverGave() throws Exception {
    WeakReference<ScriptedFileSystem> files;
    try (Logs logs = Logs.caught()) {
      files = closedWithAnOpenRequest();
      assertThat(logs.messages()).isNotEmpty();
    }
    while (files.get() != null) {
      System.gc();
    }
    assertThat(files.get()).isNull();
  }

  @SuppressWarnings("resource") // its own close() would want all answers
  private static WeakReference<ScriptedFileSystem> closedWithAnOpenRequest() throws Exception {
    ScriptedFileSystem files = new ScriptedFileSystem();
    ManualSession session = new ManualSession(files, options -> options);
    session.send(Requests.getattr(3));
    session.run();
    assertThat(files.waiting()).hasSize(1);
    session.mount.close();
    return new WeakReference<>(files);
  }
}
