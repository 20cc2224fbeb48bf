package io.fusewire.transport;

import io.fusewire.raw.Operation;
import io.fusewire.raw.Operations;
import io.fusewire.raw.RawRequest;
import io.fusewire.wire.Errno;
import io.fusewire.wire.Frame;
import io.fusewire.wire.struct.InHeader;
import org.jspecify.annotations.Nullable;

/** Looks at the frame that came into a slot and says what it asks. Used by the reading thread. */
final class Intake {
  /** As the answer to a frame: none, for it has no id. */
  static final int NO_ID = -1;

  private static final System.Logger LOG = System.getLogger("io.fusewire");

  private final Frame frame;
  private final long initFlags;
  private final @Nullable RawRequest[] views = new RawRequest[Operations.LIMIT];
  private @Nullable Operation operation;
  private @Nullable RawRequest request;

  Intake(Frame frame, long initFlags) {
    this.frame = frame;
    this.initFlags = initFlags;
  }

  /** The operation of the last good frame; null after a bad one. */
  @Nullable Operation operation() {
    return operation;
  }

  /** The request in the last good frame. */
  @Nullable RawRequest request() {
    return request;
  }

  /**
   * Takes a frame in.
   *
   * @return 0 for a good one, else the errno to answer with, or {@link #NO_ID}
   */
  int take(long bytes) {
    operation = null;
    if (bytes < InHeader.SIZE || frame.length() != bytes) {
      LOG.log(System.Logger.Level.ERROR, "a message of {0} bytes whose header does not fit", bytes);
      return bytes < InHeader.SIZE ? NO_ID : Errno.EIO;
    }
    Operation found = Operations.of(frame.opcode());
    if (found == null) {
      return Errno.ENOSYS;
    }
    long arguments = found.argumentBytes(initFlags);
    long payload = frame.payloadAfter(arguments);
    int payloadBytes = (int) (bytes - InHeader.SIZE - arguments);
    RawRequest view = view(found);
    if (payloadBytes < 0
        || !frame.setParts(arguments, payload, payloadBytes)
        || !found.accepts(frame, view)) {
      LOG.log(System.Logger.Level.ERROR, "malformed {0} of {1} bytes", found, bytes);
      return Errno.EINVAL;
    }
    operation = found;
    request = view;
    return 0;
  }

  private RawRequest view(Operation of) {
    int index = of.opcode().number();
    RawRequest view = views[index];
    if (view == null) {
      view = of.newRequest(frame);
      views[index] = view;
    }
    return view;
  }
}
