package io.fusewire.transport;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadFactory;

/**
 * The platform threads of one executor, to be joined by its owner: an executor that has terminated
 * may have threads that are only about to end. Safe for all threads.
 */
public final class OwnedThreads implements ThreadFactory {
  private final ThreadFactory factory;
  private final Queue<Thread> made = new ConcurrentLinkedQueue<>();

  /** Makes daemon threads as this says. */
  public OwnedThreads(Thread.Builder.OfPlatform builder) {
    factory = builder.daemon(true).factory();
  }

  @Override
  public Thread newThread(Runnable task) {
    Thread thread = factory.newThread(task);
    made.add(thread);
    return thread;
  }

  /** Waits until all of them have ended; their executor has terminated. */
  public void join() throws InterruptedException {
    for (Thread thread : made) {
      thread.join();
    }
  }
}
