package io.fusewire.metrics;

import org.jspecify.annotations.Nullable;

/**
 * Follows each request from its arrival to its answer, for those who plug a tracer in; see
 * docs/guide/metrics.md for OpenTelemetry. Called on the request path by many threads: it must not
 * block and must not throw.
 */
public interface RequestTracer {
  /**
   * A request arrived. On the thread that read it.
   *
   * @param opcode the number on the wire; {@link io.fusewire.wire.Opcode#describe} names it
   * @param unique the kernel's number of this request
   * @param nodeId what it is about
   * @param uid whose process asked
   * @param pid which process asked; 0 when it is in another pid namespace
   * @return what {@link #end} gets, or null to be told no more about this request
   */
  @Nullable Object begin(int opcode, long unique, long nodeId, int uid, int pid);

  /**
   * The request was answered, or needs no answer and was served. Once for each span, on any thread.
   *
   * @param span what {@link #begin} gave
   * @param errno 0 or positive
   */
  void end(Object span, int errno);
}
