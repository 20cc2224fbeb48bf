package io.fusewire.sim;

import io.fusewire.raw.Access;
import io.fusewire.raw.AttrReply;
import io.fusewire.raw.Create;
import io.fusewire.raw.CreateReply;
import io.fusewire.raw.DataReply;
import io.fusewire.raw.DirectoryPlusReply;
import io.fusewire.raw.DirectoryReply;
import io.fusewire.raw.EmptyReply;
import io.fusewire.raw.EntryReply;
import io.fusewire.raw.Execution;
import io.fusewire.raw.Flush;
import io.fusewire.raw.Forget;
import io.fusewire.raw.Fsync;
import io.fusewire.raw.Getattr;
import io.fusewire.raw.Getxattr;
import io.fusewire.raw.Interrupt;
import io.fusewire.raw.Link;
import io.fusewire.raw.Listxattr;
import io.fusewire.raw.Lookup;
import io.fusewire.raw.Mkdir;
import io.fusewire.raw.Mknod;
import io.fusewire.raw.Negotiation;
import io.fusewire.raw.Open;
import io.fusewire.raw.OpenReply;
import io.fusewire.raw.Opendir;
import io.fusewire.raw.RawFileSystem;
import io.fusewire.raw.RawRequest;
import io.fusewire.raw.Read;
import io.fusewire.raw.Readdir;
import io.fusewire.raw.Readdirplus;
import io.fusewire.raw.Release;
import io.fusewire.raw.Releasedir;
import io.fusewire.raw.Rename;
import io.fusewire.raw.Reply;
import io.fusewire.raw.Rmdir;
import io.fusewire.raw.Setattr;
import io.fusewire.raw.Setlk;
import io.fusewire.raw.Setxattr;
import io.fusewire.raw.Statfs;
import io.fusewire.raw.StatfsReply;
import io.fusewire.raw.Timeouts;
import io.fusewire.raw.Unlink;
import io.fusewire.raw.Write;
import io.fusewire.raw.WriteReply;
import io.fusewire.raw.XattrReply;
import io.fusewire.wire.Errno;
import io.fusewire.wire.Name;
import io.fusewire.wire.Opcode;
import io.fusewire.wire.flag.InitFlags;
import io.fusewire.wire.flag.OpenFlags;
import java.util.ArrayList;
import java.util.List;

/**
 * A small tree whose handlers behave well and badly, as drawn from a seed, in virtual time. It
 * watches itself: what must not happen is in {@link #problems}.
 */
final class SimFileSystem implements RawFileSystem {
  private static final Name DOT = Name.of(".");

  /** As the one of a backing file: the kernel is not a real one. */
  private static final int DESCRIPTOR = 0;

  private final SimTree tree = new SimTree();
  private final SimHandlers handlers;
  private boolean isDestroyed;

  SimFileSystem(SimHandlers handlers) {
    this.handlers = handlers;
  }

  SimTree tree() {
    return tree;
  }

  /** What happened that must not; empty for a correct library. */
  List<String> problems() {
    return handlers.problems();
  }

  /** Handlers that have not answered, though perhaps somebody else has. */
  int handlersLeft() {
    return handlers.openNow();
  }

  /** How many requests reached a handler. */
  long started() {
    return handlers.started();
  }

  boolean isDestroyed() {
    return isDestroyed;
  }

  @Override
  public Execution execution(Opcode opcode) {
    return handlers.execution(opcode);
  }

  @Override
  public boolean interruptible(Opcode opcode) {
    return handlers.interruptible(opcode);
  }

  /** True while no handler keeps the thread. */
  boolean isQuiet() {
    return handlers.isQuiet();
  }

  @Override
  public void destroy() {
    if (isDestroyed) {
      handlers.problem("destroyed twice");
    }
    isDestroyed = true;
    handlers.close();
  }

  private <R extends Reply> void serve(
      RawRequest request, R reply, SimHandlers.Answer<? super R> answer) {
    if (isDestroyed) {
      handlers.problem("a handler ran after destroy(): " + request);
    }
    handlers.serve(request, reply, answer);
  }

  // ---- entries -----------------------------------------------------------------------------

  private void entry(EntryReply reply, SimTree.Node node) {
    tree.hold(node);
    handlers.orElse(
        () -> reply.entry(node.id, node.attributes(), Timeouts.NONE), () -> takeBack(node));
  }

  private void takeBack(SimTree.Node node) {
    if (node.id != SimTree.ROOT) {
      tree.forget(node.id, 1);
    }
  }

  @Override
  public void lookup(Lookup.Request request, EntryReply reply) {
    serve(request, reply, r -> entry(r, tree.child(request.nodeId(), request.name().toString())));
  }

  @Override
  public void mkdir(Mkdir.Request request, EntryReply reply) {
    serve(
        request,
        reply,
        r -> entry(r, tree.create(request.nodeId(), request.name().toString(), true)));
  }

  @Override
  public void mknod(Mknod.Request request, EntryReply reply) {
    serve(
        request,
        reply,
        r -> entry(r, tree.create(request.nodeId(), request.name().toString(), false)));
  }

  @Override
  public void link(Link.Request request, EntryReply reply) {
    serve(
        request,
        reply,
        r ->
            entry(
                r,
                tree.link(request.existingNodeId(), request.nodeId(), request.name().toString())));
  }

  @Override
  public void create(Create.Request request, CreateReply reply) {
    serve(
        request,
        reply,
        r -> {
          SimTree.Node node = tree.create(request.nodeId(), request.name().toString(), false);
          tree.hold(node);
          long handle = tree.open(node);
          handlers.orElse(
              () -> {
                if (isBacked(node)) {
                  r.openBacking(DESCRIPTOR);
                }
                return r.created(
                    node.id, node.attributes(), Timeouts.NONE, handle, openFlags(handle));
              },
              () -> {
                tree.release(handle);
                takeBack(node);
              });
        });
  }

  @Override
  public void unlink(Unlink.Request request, EmptyReply reply) {
    serve(
        request,
        reply,
        r -> {
          tree.remove(request.nodeId(), request.name().toString(), false);
          r.ok();
        });
  }

  @Override
  public void rmdir(Rmdir.Request request, EmptyReply reply) {
    serve(
        request,
        reply,
        r -> {
          tree.remove(request.nodeId(), request.name().toString(), true);
          r.ok();
        });
  }

  @Override
  public void rename(Rename.Request request, EmptyReply reply) {
    serve(
        request,
        reply,
        r -> {
          String name = request.name().toString();
          String newName = request.newName().toString();
          tree.rename(request.nodeId(), name, request.newParent(), newName);
          r.ok();
        });
  }

  @Override
  public void forget(Forget.Request request) {
    if (isDestroyed) {
      handlers.problem("FORGET after destroy()");
    }
    handlers.guarded(() -> tree.forget(request.nodeId(), request.lookups()));
  }

  @Override
  public void interrupt(Interrupt.Request request) {
    handlers.interrupt(request.victim());
  }

  // ---- attributes --------------------------------------------------------------------------

  @Override
  public void getattr(Getattr.Request request, AttrReply reply) {
    serve(request, reply, r -> r.attributes(tree.node(request.nodeId()).attributes(), 0));
  }

  @Override
  public void setattr(Setattr.Request request, AttrReply reply) {
    serve(request, reply, r -> r.attributes(tree.node(request.nodeId()).attributes(), 0));
  }

  @Override
  public void access(Access.Request request, EmptyReply reply) {
    serve(request, reply, r -> check(tree.node(request.nodeId()), r));
  }

  private static void check(SimTree.Node node, EmptyReply reply) {
    if (node.isDirectory) {
      reply.ok();
    } else {
      reply.error(Errno.EACCES);
    }
  }

  @Override
  public void statfs(Statfs.Request request, StatfsReply reply) {
    serve(request, reply, r -> r.error(Errno.ENOSYS));
  }

  @Override
  public void getxattr(Getxattr.Request request, XattrReply reply) {
    serve(request, reply, r -> r.value(new byte[request.name().length()]));
  }

  @Override
  public void listxattr(Listxattr.Request request, XattrReply reply) {
    serve(request, reply, r -> r.value(new byte[500]));
  }

  @Override
  public void setxattr(Setxattr.Request request, EmptyReply reply) {
    serve(request, reply, EmptyReply::ok);
  }

  @Override
  public void init(Negotiation negotiation) {
    negotiation.want(InitFlags.PASSTHROUGH);
  }

  // ---- open files --------------------------------------------------------------------------

  private void open(OpenReply reply, SimTree.Node node) {
    long handle = tree.open(node);
    handlers.orElse(
        () -> {
          if (isBacked(node)) {
            reply.openBacking(DESCRIPTOR);
          }
          return reply.open(handle, node.isDirectory ? 0 : openFlags(handle));
        },
        () -> tree.release(handle));
  }

  /** Most files, and not with all opens. */
  private static boolean isBacked(SimTree.Node node) {
    return !node.isDirectory && node.id % 4 != 0;
  }

  private static int openFlags(long handle) {
    return handle % 5 == 0 ? OpenFlags.DIRECT_IO : 0;
  }

  @Override
  public void open(Open.Request request, OpenReply reply) {
    serve(request, reply, r -> open(r, tree.node(request.nodeId())));
  }

  @Override
  public void opendir(Opendir.Request request, OpenReply reply) {
    serve(request, reply, r -> open(r, tree.directory(request.nodeId())));
  }

  /** The kernel has let go of the handle, whatever the answer will be. */
  @Override
  public void release(Release.Request request, EmptyReply reply) {
    handlers.guarded(() -> tree.release(request.fileHandle()));
    serve(request, reply, EmptyReply::ok);
  }

  @Override
  public void releasedir(Releasedir.Request request, EmptyReply reply) {
    handlers.guarded(() -> tree.release(request.fileHandle()));
    serve(request, reply, EmptyReply::ok);
  }

  @Override
  public void flush(Flush.Request request, EmptyReply reply) {
    serve(request, reply, r -> used(request.fileHandle(), r));
  }

  @Override
  public void fsync(Fsync.Request request, EmptyReply reply) {
    serve(request, reply, r -> used(request.fileHandle(), r));
  }

  @Override
  public void setlk(Setlk.Request request, EmptyReply reply) {
    serve(request, reply, r -> used(request.fileHandle(), r));
  }

  private void used(long handle, EmptyReply reply) {
    tree.opened(handle);
    reply.ok();
  }

  @Override
  public void read(Read.Request request, DataReply reply) {
    serve(
        request,
        reply,
        r -> {
          tree.opened(request.fileHandle());
          r.data(new byte[request.size() - request.size() / 3]);
        });
  }

  @Override
  public void write(Write.Request request, WriteReply reply) {
    serve(
        request,
        reply,
        r -> {
          SimTree.Node node = tree.opened(request.fileHandle());
          node.size = Math.max(node.size, request.offset() + request.size());
          r.written(request.size());
        });
  }

  @Override
  public void readdir(Readdir.Request request, DirectoryReply reply) {
    serve(
        request,
        reply,
        r -> {
          SimTree.Node directory = tree.opened(request.fileHandle());
          long next = request.offset();
          for (var entry : directory.children.entrySet().stream().skip(next).toList()) {
            SimTree.Node child = entry.getValue();
            if (!r.add(Name.of(entry.getKey()), child.id, child.attributes().mode(), ++next)) {
              break;
            }
          }
          r.send();
        });
  }

  @Override
  public void readdirplus(Readdirplus.Request request, DirectoryPlusReply reply) {
    serve(request, reply, r -> list(request, r));
  }

  private void list(Readdirplus.Request request, DirectoryPlusReply reply) {
    SimTree.Node directory = tree.opened(request.fileHandle());
    long next = request.offset();
    List<SimTree.Node> held = new ArrayList<>();
    if (next == 0) {
      reply.addName(DOT, directory.id, directory.attributes().mode(), 1);
    }
    for (var entry : directory.children.entrySet().stream().skip(next).toList()) {
      SimTree.Node child = entry.getValue();
      Name name = Name.of(entry.getKey());
      if (!reply.add(name, child.id, child.attributes(), Timeouts.NONE, ++next)) {
        break;
      }
      tree.hold(child);
      held.add(child);
    }
    handlers.orElse(reply::send, () -> held.forEach(this::takeBack));
  }
}
