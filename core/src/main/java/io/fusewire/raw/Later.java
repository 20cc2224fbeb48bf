package io.fusewire.raw;

import io.fusewire.wire.Errno;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;

/** Answers a request when a future is done. Use inside a handler, which may then return at once. */
public final class Later {
  private static final System.Logger LOG = System.getLogger("io.fusewire");

  private Later() {}

  /**
   * Answers with a future's result, or with an error: {@link FuseException#errnoOf}; EIO is logged.
   *
   * @param stage the future
   * @param reply what {@code reply.later()} gave
   * @param answer gives the result to the reply; called on the thread that completes the future
   */
  public static <T, R extends Reply> void complete(
      CompletionStage<T> stage, R reply, BiConsumer<? super T, ? super R> answer) {
    var _ =
        stage
            .thenAccept(value -> answer.accept(value, reply))
            .exceptionally(
                failure -> {
                  fail(failure, reply);
                  return null;
                });
  }

  private static void fail(Throwable failure, Reply reply) {
    int errno = FuseException.errnoOf(failure);
    if (errno == Errno.EIO) {
      Throwable cause = failure.getCause();
      LOG.log(System.Logger.Level.ERROR, "an answer failed", cause == null ? failure : cause);
    }
    reply.error(errno);
  }
}
