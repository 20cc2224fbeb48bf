package io.fusewire.dispatch;

import java.time.Duration;
import java.util.List;

/**
 * A request that is not answered yet, as it was at one moment.
 *
 * @param operation the opcode's name
 * @param unique the kernel's number of it
 * @param nodeId what it is about
 * @param pid the calling process; 0 for the kernel itself
 * @param command the name of that process, empty when it cannot be told
 * @param age since it was read
 * @param stage where it is
 * @param waitsFor the request whose handler must end first, when nodes are ordered; else empty
 * @param interrupted the caller got a signal
 * @param stack of the thread that runs its handler, empty when none does
 */
public record InFlightRequest(
    String operation,
    long unique,
    long nodeId,
    int pid,
    String command,
    Duration age,
    Stage stage,
    String waitsFor,
    boolean interrupted,
    List<StackTraceElement> stack) {
  /** Where a request is. */
  public enum Stage {
    /** It waits for its turn: for a permit, a worker, or an earlier request of the same node. */
    QUEUED,

    /** Its handler runs. */
    RUNNING,

    /** Its handler has returned; the answer is to come later. */
    ANSWER_LATER
  }

  /** One line, and the stack below it. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(operation);
    text.append(" unique=").append(unique).append(" node=").append(nodeId);
    text.append(" pid=").append(pid).append(" (").append(command).append(')');
    text.append(" age=").append(age.toMillis()).append("ms ").append(stage);
    text.append(waitsFor.isEmpty() ? "" : ", waits for ").append(waitsFor);
    text.append(interrupted ? ", interrupted" : "");
    stack.forEach(frame -> text.append("\n    at ").append(frame));
    return text.toString();
  }
}
