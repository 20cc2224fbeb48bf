package io.fusewire.raw;

import io.fusewire.wire.Frame;
import io.fusewire.wire.Opcode;
import io.fusewire.wire.layout.Struct;
import java.util.function.Function;

/**
 * All that the pipeline must know of an opcode: the shape of its message and which handler serves
 * it. Each opcode's file declares one.
 */
public final class Operation {
  /** Calls the handler of one opcode. */
  @FunctionalInterface
  interface Handler<Q extends RawRequest, R extends Reply> {
    void serve(RawFileSystem fileSystem, Q request, R reply);
  }

  /** Tells what a request touches. */
  @FunctionalInterface
  interface Order<Q extends RawRequest> {
    void keys(Q request, OrderKeys keys);
  }

  private final Opcode opcode;
  private final Struct struct;
  private final long argumentBytes;
  private final long shortArgumentBytes;
  private final long fullArgumentsFlag;
  private final int names;
  private final Function<Frame, ? extends RawRequest> requests;
  private final Function<ReplySink, ? extends Reply> replies;
  private final Handler<RawRequest, Reply> handler;
  private final boolean sizedData;
  private final RequestClass requestClass;
  private final boolean sync;
  private final boolean lastUse;
  private final Undo undo;
  private final Order<RawRequest> order;

  @SuppressWarnings("unchecked")
  private <Q extends RawRequest, R extends Reply> Operation(
      Shape<Q, R> shape, Handler<Q, R> handler) {
    this.opcode = shape.opcode;
    this.struct = shape.struct;
    this.argumentBytes = shape.argumentBytes;
    this.shortArgumentBytes = shape.shortArgumentBytes;
    this.fullArgumentsFlag = shape.fullArgumentsFlag;
    this.names = shape.names;
    this.requests = shape.requests;
    this.replies = shape.replies;
    this.sizedData = shape.sizedData;
    this.requestClass = shape.requestClass;
    this.sync = shape.sync;
    this.lastUse = shape.lastUse;
    this.undo = shape.undo;
    this.order = (Order<RawRequest>) (Order<?>) shape.order;
    // The casts hold because a slot only ever passes what these two factories made.
    this.handler = (Handler<RawRequest, Reply>) (Handler<?, ?>) handler;
  }

  static <Q extends RawRequest, R extends Reply> Shape<Q, R> of(
      Opcode opcode, Function<Frame, Q> requests, Function<ReplySink, R> replies) {
    return new Shape<>(opcode, requests, replies);
  }

  /** The declaration in the making: what lies in the message. */
  static final class Shape<Q extends RawRequest, R extends Reply> {
    private final Opcode opcode;
    private final Function<Frame, Q> requests;
    private final Function<ReplySink, R> replies;
    private Struct struct = Struct.named("none");
    private long argumentBytes;
    private long shortArgumentBytes;
    private long fullArgumentsFlag;
    private int names;
    private boolean sizedData;
    private RequestClass requestClass = RequestClass.METADATA;
    private boolean sync;
    private boolean lastUse;
    private Undo undo = Undo.NOTHING;
    private Order<? super Q> order = (request, keys) -> {};

    private Shape(Opcode opcode, Function<Frame, Q> requests, Function<ReplySink, R> replies) {
      this.opcode = opcode;
      this.requests = requests;
      this.replies = replies;
    }

    /** The struct behind the header. */
    Shape<Q, R> arguments(Struct in) {
      struct = in;
      argumentBytes = in.size();
      shortArgumentBytes = argumentBytes;
      return this;
    }

    /** The kernel sends only the first bytes of the struct unless this INIT flag was negotiated. */
    Shape<Q, R> shortWithout(long initFlag, long bytes) {
      fullArgumentsFlag = initFlag;
      shortArgumentBytes = bytes;
      return this;
    }

    /** The number of names behind the struct. */
    Shape<Q, R> names(int count) {
      names = count;
      return this;
    }

    /** The struct has a size field that tells how much data follows; the request checks it. */
    Shape<Q, R> sizedData() {
      sizedData = true;
      return this;
    }

    /** How urgent it is; METADATA unless said. */
    Shape<Q, R> urgency(RequestClass of) {
      requestClass = of;
      return this;
    }

    /** It makes data durable: data that streams in must not keep it waiting. */
    Shape<Q, R> sync() {
      sync = true;
      return this;
    }

    /** It is the last use of what the file system gave: nobody can ask for it again. */
    Shape<Q, R> lastUse() {
      lastUse = true;
      return this;
    }

    /** What its answer gives to the kernel. */
    Shape<Q, R> gives(Undo what) {
      undo = what;
      return this;
    }

    /** It only reads its node. */
    Shape<Q, R> readsNode() {
      return ordered((request, keys) -> keys.shared(request.nodeId()));
    }

    /** It changes its node. */
    Shape<Q, R> changesNode() {
      return ordered((request, keys) -> keys.exclusive(request.nodeId()));
    }

    /** It changes the name it carries, in the directory that is its node. */
    Shape<Q, R> changesName() {
      return ordered((request, keys) -> keys.name(request.nodeId(), request.frame.name(0)));
    }

    /** What it touches; nothing unless said. */
    Shape<Q, R> ordered(Order<? super Q> by) {
      order = by;
      return this;
    }

    Operation serve(Handler<Q, R> handler) {
      return new Operation(this, handler);
    }
  }

  /** The opcode this is about. */
  public Opcode opcode() {
    return opcode;
  }

  /** The operation's own struct behind the header, as C declares it; without fields for none. */
  public Struct arguments() {
    return struct;
  }

  /** Bytes of the operation's own struct behind the header, given the negotiated INIT flags. */
  public long argumentBytes(long initFlags) {
    boolean full = (initFlags & fullArgumentsFlag) == fullArgumentsFlag;
    return full ? argumentBytes : shortArgumentBytes;
  }

  /** The number of names in the payload. */
  public int names() {
    return names;
  }

  /** Makes the request view of a slot; done once for each slot and opcode. */
  public RawRequest newRequest(Frame frame) {
    return requests.apply(frame);
  }

  /** Makes a reply object that talks to this slot. */
  public Reply newReply(ReplySink sink) {
    return replies.apply(sink);
  }

  /** Checks names and data of a frame whose payload is known; false for a malformed one. */
  public boolean accepts(Frame frame, RawRequest request) {
    return frame.parseNames(names) && (!sizedData || request.dataFits());
  }

  /** How urgent this request is. */
  public RequestClass requestClass(RawRequest request) {
    return request.isBackground() ? RequestClass.BACKGROUND : requestClass;
  }

  /** True when it makes data durable. */
  public boolean sync() {
    return sync;
  }

  /** True when its handler must run even if somebody has answered for it: it is sent once. */
  public boolean isLastUse() {
    return lastUse;
  }

  /** What its answer gives to the kernel. */
  public Undo undo() {
    return undo;
  }

  /** Tells what this request touches; called after {@link #accepts}. */
  public void orderKeys(RawRequest request, OrderKeys keys) {
    order.keys(request, keys);
  }

  /** Calls the file system. */
  public void serve(RawFileSystem fileSystem, RawRequest request, Reply reply) {
    handler.serve(fileSystem, request, reply);
  }

  @Override
  public String toString() {
    return opcode.name();
  }
}
