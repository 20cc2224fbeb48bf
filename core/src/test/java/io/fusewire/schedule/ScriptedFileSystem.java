package io.fusewire.schedule;

import io.fusewire.raw.AttrReply;
import io.fusewire.raw.Create;
import io.fusewire.raw.CreateReply;
import io.fusewire.raw.DataReply;
import io.fusewire.raw.DirectoryPlusReply;
import io.fusewire.raw.EmptyReply;
import io.fusewire.raw.EntryReply;
import io.fusewire.raw.Execution;
import io.fusewire.raw.FileAttributes;
import io.fusewire.raw.Forget;
import io.fusewire.raw.Fsync;
import io.fusewire.raw.Getattr;
import io.fusewire.raw.Lookup;
import io.fusewire.raw.Open;
import io.fusewire.raw.OpenReply;
import io.fusewire.raw.RawFileSystem;
import io.fusewire.raw.RawRequest;
import io.fusewire.raw.Read;
import io.fusewire.raw.Readdirplus;
import io.fusewire.raw.Release;
import io.fusewire.raw.Reply;
import io.fusewire.raw.Setattr;
import io.fusewire.raw.Setlk;
import io.fusewire.raw.Timeouts;
import io.fusewire.raw.Write;
import io.fusewire.raw.WriteReply;
import io.fusewire.wire.Name;
import io.fusewire.wire.Opcode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A file system whose handlers do what the test says: unless told otherwise they keep their reply,
 * and the test answers it. Belongs to the test's thread.
 */
public class ScriptedFileSystem implements RawFileSystem {
  /** The node that every good answer with a node gives. */
  public static final long NODE = 42;

  /** The file handle that every good answer with one gives. */
  public static final long HANDLE = 7;

  /** A handler of any operation. */
  @FunctionalInterface
  public interface Script {
    void serve(RawRequest request, Reply reply);
  }

  /** Opcodes and node ids, in the order in which handlers were called: {@code READ 3}. */
  public final List<String> started = new ArrayList<>();

  /** What was forgotten and released: {@code FORGET 42 1}. */
  public final List<String> takenBack = new ArrayList<>();

  private final Map<Long, Reply> kept = new LinkedHashMap<>();
  private final Map<Long, String> keptWhat = new HashMap<>();
  private final Execution execution;
  private Script script = this::keep;

  /** All handlers are declared to run this way. */
  public ScriptedFileSystem(Execution execution) {
    this.execution = execution;
  }

  /** All handlers run on the executor of the test. */
  public ScriptedFileSystem() {
    this(Execution.VIRTUAL);
  }

  /** Says what handlers do from now on. */
  public final void handle(Script with) {
    script = with;
  }

  /** Handlers answer at once from now on. */
  public final void answerAtOnce() {
    script = (request, reply) -> good(reply);
  }

  /** Gives a good answer that was kept; true when it reached its caller. */
  public final boolean answer(long unique) {
    return good(Objects.requireNonNull(kept.remove(unique), "no handler has it"));
  }

  /** The reply that a handler kept. */
  public final Reply kept(long unique) {
    return Objects.requireNonNull(kept.get(unique), "no handler has it");
  }

  /** The requests whose handlers have run and whose answers are kept. */
  public final List<Long> waiting() {
    return List.copyOf(kept.keySet());
  }

  /** Answers all that was kept but one that the test has answered itself. */
  public final void answerAllBut(long unique) {
    kept.remove(unique);
    answerAll();
  }

  /** Answers all that was kept. */
  public final void answerAll() {
    waiting().forEach(this::answer);
  }

  /** Keeps a reply beyond its handler: what handlers do unless told otherwise. */
  public final void keep(RawRequest request, Reply reply) {
    keptWhat.put(request.unique(), started.getLast());
    kept.put(request.unique(), reply.later());
  }

  /** What a handler that kept its reply has put into {@link #started}. */
  public final String keptWhat(long unique) {
    return Objects.requireNonNull(keptWhat.get(unique), "no handler has it");
  }

  /** Gives a good answer; true when it reached its caller. */
  public static boolean good(Reply reply) {
    FileAttributes attributes = FileAttributes.file(NODE, 0644, 0);
    return switch (reply) {
      case AttrReply r -> r.attributes(attributes, 0);
      case CreateReply r -> r.created(NODE, attributes, Timeouts.NONE, HANDLE, 0);
      case DataReply r -> r.data(new byte[1]);
      case DirectoryPlusReply r -> {
        r.addName(Name.of("."), 1, 0, 1);
        r.add(Name.of("a"), NODE, attributes, Timeouts.NONE, 2);
        r.add(Name.of("b"), NODE + 1, attributes, Timeouts.NONE, 3);
        yield r.send();
      }
      case EmptyReply r -> r.ok();
      case EntryReply r -> r.entry(NODE, attributes, Timeouts.NONE);
      case OpenReply r -> r.open(HANDLE, 0);
      case WriteReply r -> r.written(1);
      default -> throw new IllegalArgumentException("no good answer is known: " + reply);
    };
  }

  @Override
  public Execution execution(Opcode opcode) {
    return execution;
  }

  /** Any operation. */
  final void serve(RawRequest request, Reply reply) {
    started.add(Opcode.describe(request.opcode()) + " " + request.nodeId());
    script.serve(request, reply);
  }

  @Override
  public void forget(Forget.Request request) {
    takenBack.add("FORGET " + request.nodeId() + " " + request.lookups());
  }

  @Override
  public void release(Release.Request request, EmptyReply reply) {
    takenBack.add("RELEASE " + request.nodeId() + " " + request.fileHandle());
    reply.ok();
  }

  @Override
  public void lookup(Lookup.Request request, EntryReply reply) {
    serve(request, reply);
  }

  @Override
  public void create(Create.Request request, CreateReply reply) {
    serve(request, reply);
  }

  @Override
  public void open(Open.Request request, OpenReply reply) {
    serve(request, reply);
  }

  @Override
  public void readdirplus(Readdirplus.Request request, DirectoryPlusReply reply) {
    serve(request, reply);
  }

  @Override
  public void getattr(Getattr.Request request, AttrReply reply) {
    serve(request, reply);
  }

  @Override
  public void setattr(Setattr.Request request, AttrReply reply) {
    serve(request, reply);
  }

  @Override
  public void read(Read.Request request, DataReply reply) {
    serve(request, reply);
  }

  @Override
  public void write(Write.Request request, WriteReply reply) {
    serve(request, reply);
  }

  @Override
  public void fsync(Fsync.Request request, EmptyReply reply) {
    serve(request, reply);
  }

  @Override
  public void setlk(Setlk.Request request, EmptyReply reply) {
    serve(request, reply);
  }
}
