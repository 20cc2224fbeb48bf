package io.fusewire.schedule;

import io.fusewire.metrics.RequestTracer;
import io.fusewire.metrics.SessionMetrics;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a scheduler runs in; all of it can be replaced in tests.
 *
 * @param virtual runs handlers that may block in Java, and cancel hooks
 * @param platform runs handlers that sit in system calls, or null: the transport's threads do
 * @param platformMax how many of those run at most
 * @param admission who is served
 * @param metrics counts
 * @param tracer follows requests, or null
 * @param clock nanoseconds, as {@link System#nanoTime}
 */
public record Environment(
    Executor virtual,
    @Nullable Executor platform,
    int platformMax,
    Admission admission,
    SessionMetrics metrics,
    @Nullable RequestTracer tracer,
    LongSupplier clock) {}
