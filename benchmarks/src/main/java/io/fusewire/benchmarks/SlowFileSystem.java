package io.fusewire.benchmarks;

import io.fusewire.raw.AttrReply;
import io.fusewire.raw.DataReply;
import io.fusewire.raw.DelegatingFileSystem;
import io.fusewire.raw.EntryReply;
import io.fusewire.raw.Execution;
import io.fusewire.raw.Getattr;
import io.fusewire.raw.Lookup;
import io.fusewire.raw.RawFileSystem;
import io.fusewire.raw.Read;
import io.fusewire.raw.Reply;
import io.fusewire.raw.Write;
import io.fusewire.raw.WriteReply;
import io.fusewire.wire.Opcode;
import java.util.function.Consumer;

/**
 * A file system in front of a {@link SlowStore}: the operations that go to it wait on their
 * threads, or are answered later by the store's.
 */
final class SlowFileSystem extends DelegatingFileSystem {
  private final SlowStore store;
  private final boolean blocks;

  /**
   * Behind the store is this file system.
   *
   * @param blocks whether handlers wait on their threads
   */
  SlowFileSystem(RawFileSystem next, SlowStore store, boolean blocks) {
    super(next);
    this.store = store;
    this.blocks = blocks;
  }

  private boolean isSlow(Opcode opcode) {
    return switch (opcode) {
      case WRITE -> true;
      case READ, GETATTR, LOOKUP -> !store.isForWritesOnly();
      default -> false;
    };
  }

  @Override
  public Execution execution(Opcode opcode) {
    return blocks && isSlow(opcode) ? Execution.VIRTUAL : super.execution(opcode);
  }

  @SuppressWarnings("unchecked") // later() gives a reply of the same class
  private <R extends Reply> void slowly(Opcode opcode, R reply, Consumer<R> answer) {
    if (!isSlow(opcode)) {
      answer.accept(reply);
    } else if (blocks) {
      store.await();
      answer.accept(reply);
    } else {
      R own = (R) reply.later();
      store.then(() -> answer.accept(own));
    }
  }

  @Override
  public void write(Write.Request request, WriteReply reply) {
    slowly(Opcode.WRITE, reply, own -> next.write(request, own));
  }

  @Override
  public void read(Read.Request request, DataReply reply) {
    slowly(Opcode.READ, reply, own -> next.read(request, own));
  }

  @Override
  public void getattr(Getattr.Request request, AttrReply reply) {
    slowly(Opcode.GETATTR, reply, own -> next.getattr(request, own));
  }

  @Override
  public void lookup(Lookup.Request request, EntryReply reply) {
    slowly(Opcode.LOOKUP, reply, own -> next.lookup(request, own));
  }
}
