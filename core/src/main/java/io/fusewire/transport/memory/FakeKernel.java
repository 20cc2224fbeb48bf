package io.fusewire.transport.memory;

import io.fusewire.wire.Errno;
import io.fusewire.wire.NotifyCode;
import io.fusewire.wire.Opcode;
import io.fusewire.wire.flag.InitFlags;
import io.fusewire.wire.struct.EntryOut;
import io.fusewire.wire.struct.InHeader;
import io.fusewire.wire.struct.InitStructs;
import io.fusewire.wire.struct.NotifyStructs;
import io.fusewire.wire.struct.OpenOut;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * The kernel's end of a FUSE connection inside this process, for tests: no mount, no root. It makes
 * requests in the wire format, queues, interrupts and forgets them as Linux does, refuses the
 * answers that Linux would refuse, and keeps count of lookups and open files.
 *
 * <p>It lives in the virtual time of a {@link SimExecutor} and belongs to that executor's thread.
 * Serve {@link #transport}, call {@link #connect}, make calls, and {@link #run}. When the file
 * system runs on the same executor, a seed repeats the whole session. Answers may also come from
 * other threads: then {@link #await}.
 */
public final class FakeKernel {
  private static final long FIRST_UNIQUE = 2;
  private static final long UNIQUE_STEP = 2;

  /** Marks a request that is sent again. */
  private static final long RESEND_BIT = Long.MIN_VALUE;

  private static final int MAX_BACKGROUND_DEFAULT = 12;
  private static final int MINOR_MAX_BACKGROUND = 13;
  private static final Duration POLL = Duration.ofMillis(20);

  private final KernelSettings settings;
  private final SimExecutor executor;
  private final SplittableRandom random;
  private final InMemoryTransport transport = new InMemoryTransport();
  private final DeviceQueue queue = new DeviceQueue();
  private final BackgroundRequests background = new BackgroundRequests(this::makePending);
  private final KernelNodes nodes = new KernelNodes();
  private final Map<Long, Call> processing = new LinkedHashMap<>();
  private final Set<OpenFile> open = new LinkedHashSet<>();
  private final List<Message> notifications = new ArrayList<>();
  private final List<String> violations = new ArrayList<>();
  private long nextUnique = FIRST_UNIQUE;
  private long initFlags;
  private int maxWrite;
  private int minor;
  private boolean isConnected = true;
  private boolean isInterruptible = true;
  private int readsScheduled;
  private int callsOpen;
  private long callsEnded;

  /**
   * A kernel that has just been asked to mount: INIT lies on its transport.
   *
   * @param seed decides when the server reads
   */
  public FakeKernel(KernelSettings settings, SimExecutor executor, long seed) {
    this.settings = settings;
    this.executor = executor;
    this.random = new SplittableRandom(seed);
    transport.knownNodes(nodes::isKnown);
    transport.deliver(init());
    nextUnique += UNIQUE_STEP;
  }

  private byte[] init() {
    byte[] frame = new byte[InHeader.SIZE + (int) InitStructs.IN.size()];
    MemorySegment memory = MemorySegment.ofArray(frame);
    InHeader.LEN.set(memory, 0, frame.length);
    InHeader.OPCODE.set(memory, 0, Opcode.INIT.number());
    InHeader.UNIQUE.set(memory, 0, nextUnique);
    InitStructs.IN_MAJOR.set(memory, InHeader.SIZE, 7);
    InitStructs.IN_MINOR.set(memory, InHeader.SIZE, settings.minor());
    InitStructs.IN_MAX_READAHEAD.set(memory, InHeader.SIZE, settings.maxReadahead());
    InitStructs.IN_FLAGS.set(memory, InHeader.SIZE, (int) settings.capabilities());
    InitStructs.IN_FLAGS2.set(memory, InHeader.SIZE, (int) (settings.capabilities() >>> 32));
    return frame;
  }

  /** What the server is to be started on. */
  public InMemoryTransport transport() {
    return transport;
  }

  /** The time and the order of everything here. */
  public SimExecutor executor() {
    return executor;
  }

  /**
   * Takes the answer to INIT, once the server was started.
   *
   * @throws IllegalStateException when the server refused
   */
  public void connect() {
    Message answer = transport.poll();
    if (answer == null || answer.error() != 0) {
      throw new IllegalStateException("the server did not accept INIT: " + answer);
    }
    MemorySegment body = answer.body();
    minor = InitStructs.OUT_MINOR.get(body, 0);
    long flags = Integer.toUnsignedLong(InitStructs.OUT_FLAGS.get(body, 0));
    if ((flags & InitFlags.INIT_EXT) != 0) {
      flags |= (long) InitStructs.OUT_FLAGS2.get(body, 0) << 32;
    }
    initFlags = flags & settings.capabilities();
    maxWrite = InitStructs.OUT_MAX_WRITE.get(body, 0);
    int asked = InitStructs.OUT_MAX_BACKGROUND.get(body, 0);
    boolean isHonoured = minor >= MINOR_MAX_BACKGROUND && asked > 0;
    background.limit(isHonoured ? asked : MAX_BACKGROUND_DEFAULT);
  }

  /** The capabilities that both sides want. */
  public long initFlags() {
    return initFlags;
  }

  /** The largest WRITE in bytes. */
  public int maxWrite() {
    return maxWrite;
  }

  // ---- calls -------------------------------------------------------------------------------

  /** Makes a request whose caller waits for the answer. */
  public Call call(RequestFrame frame) {
    return submit(new Call(frame, Call.Kind.FOREGROUND, null, executor.nanos()));
  }

  /** Makes a request that nobody waits for, such as read-ahead; it may have to wait its turn. */
  public Call background(RequestFrame frame) {
    return submit(new Call(frame, Call.Kind.BACKGROUND, null, executor.nanos()));
  }

  /**
   * Makes a request of bytes as they are but for the unique; such as no kernel sends. A message
   * whose header does not tell its length gets no answer: that call is over once it was read.
   *
   * @param like tells the opcode and the nodes
   */
  public Call raw(RequestFrame like, byte[] message) {
    return submit(new Call(like, Call.Kind.FOREGROUND, message.clone(), executor.nanos()));
  }

  private Call submit(Call call) {
    callsOpen++;
    if (!isConnected) {
      end(call, Errno.ENOTCONN, MemorySegment.NULL);
      return call;
    }
    call.frame.nodes().forEach(nodes::use);
    if (call.kind == Call.Kind.FOREGROUND) {
      makePending(call);
    } else {
      background.submit(call);
    }
    return call;
  }

  private void makePending(Call call) {
    call.unique = nextUnique;
    nextUnique += UNIQUE_STEP;
    call.state = Call.State.PENDING;
    queue.add(call);
  }

  /** Sends a signal to the caller of a request ({@code request_wait_answer}). */
  public void signal(Call call) {
    if (call.isEnded() || call.kind != Call.Kind.FOREGROUND) {
      return; // nobody waits
    }
    call.interrupted = true;
    if (call.state == Call.State.SENT && isInterruptible) {
      queue.interrupt(call);
    }
  }

  /** Kills the caller: a request that was not read ends at once, one that was is waited for. */
  public void kill(Call call) {
    signal(call);
    if (call.state == Call.State.PENDING && call.kind == Call.Kind.FOREGROUND) {
      queue.remove(call);
      end(call, Errno.EINTR, MemorySegment.NULL);
    }
  }

  /**
   * Closes an open file: FLUSH for files, and when it was answered RELEASE.
   *
   * @return the call whose answer close(2) waits for
   */
  public Call close(OpenFile file) {
    if (!open.remove(file)) {
      throw new IllegalArgumentException("not open: " + file);
    }
    transport.backing().closed(file);
    if (file.isDirectory()) {
      Call release = forced(Requests.releasedir(file.node(), file.handle()));
      nodes.unuse(file.node());
      return release;
    }
    return call(Requests.flush(file.node(), file.handle(), file.handle()))
        .then(
            flushed -> {
              forced(Requests.release(file.node(), file.handle(), file.flags()));
              nodes.unuse(file.node());
            });
  }

  private Call forced(RequestFrame frame) {
    return submit(new Call(frame, Call.Kind.FORCED_BACKGROUND, null, executor.nanos()));
  }

  // ---- nodes -------------------------------------------------------------------------------

  /**
   * Forgets a node unless a request or an open file uses it.
   *
   * @return false when it is in use or not known
   */
  public boolean forget(long node) {
    if (nodes.isUsed(node) || !isConnected) {
      return false;
    }
    long lookups = nodes.forget(node);
    if (lookups > 0) {
      queue.forget(node, lookups);
    }
    return lookups > 0;
  }

  /** Forgets every node that is not in use, as when the caches are dropped. */
  public void forgetAll() {
    nodes.known().forEach(this::forget);
  }

  /** The nodes that the kernel holds lookups of, without the root. */
  public List<Long> nodes() {
    return nodes.known();
  }

  /** How many lookups of a node the server has not had back: held, or on their way. */
  public long lookups(long node) {
    return nodes.lookups(node) + queue.forgetsWaiting(node);
  }

  /** What is open, in the order of opening. */
  public Collection<OpenFile> openFiles() {
    return List.copyOf(open);
  }

  // ---- running -----------------------------------------------------------------------------

  /**
   * Runs until nothing can happen any more without the outside.
   *
   * @param tasksMax how much may happen; more is taken for an endless loop
   */
  public void run(long tasksMax) {
    long end = executor.tasksRun() + tasksMax;
    while (step()) {
      if (executor.tasksRun() > end) {
        throw new IllegalStateException("still busy after " + tasksMax + " tasks");
      }
    }
  }

  /**
   * Takes what the server sent, lets it read, and runs one task.
   *
   * @return false when nothing happened
   */
  public boolean step() {
    boolean took = takeMessages();
    scheduleReads();
    return executor.step() || took;
  }

  /**
   * Runs until a call ends, also when the server answers from threads of its own.
   *
   * @throws IllegalStateException when it does not end in this (real) time
   */
  public Call await(Call call, Duration patience) throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    while (!call.isEnded()) {
      if (!step()) {
        Message message = transport.poll(POLL);
        if (message != null) {
          take(message);
        } else if (System.nanoTime() > end) {
          throw new IllegalStateException("no answer within " + patience + ": " + call);
        }
      }
    }
    return call;
  }

  private boolean takeMessages() {
    boolean took = false;
    Message message = transport.poll();
    while (message != null) {
      took = true;
      take(message);
      message = transport.poll();
    }
    return took;
  }

  private void scheduleReads() {
    while (readsScheduled < settings.readers() && isReadable()) {
      readsScheduled++;
      executor.after(random.nextLong(settings.readNanosMax() + 1), this::read);
    }
  }

  private boolean isReadable() {
    return isConnected && !queue.isEmpty() && transport.isReadable();
  }

  private void read() {
    readsScheduled--;
    if (!isReadable()) {
      return;
    }
    long bytesMax = transport.requestBytesMax();
    Object next = queue.next(bytesMax, minor);
    if (next instanceof Call call) {
      deliver(call, bytesMax);
    } else {
      deliver((byte[]) next);
    }
  }

  private void deliver(Call call, long bytesMax) {
    byte[] message = messageOf(call);
    if (message.length > bytesMax) {
      end(call, call.opcode() == Opcode.SETXATTR ? Errno.E2BIG : Errno.EIO, MemorySegment.NULL);
      return;
    }
    call.state = Call.State.SENT;
    processing.put(call.unique, call);
    if (call.interrupted && isInterruptible) {
      queue.interrupt(call);
    }
    deliver(message);
    if (!isAnswerable(message)) {
      transport.abandon(call.unique);
      end(call, Errno.EIO, MemorySegment.NULL);
    } else if (call.opcode().hasNoReply()) {
      end(call, 0, MemorySegment.NULL);
    }
  }

  private void deliver(byte[] message) {
    if (!transport.tryDeliver(message)) {
      throw new IllegalStateException("the transport stopped to read within a read");
    }
  }

  private byte[] messageOf(Call call) {
    byte[] message = call.raw == null ? call.frame.bytes(call.unique, initFlags) : call.raw;
    if (call.raw != null && message.length >= InHeader.SIZE) {
      InHeader.UNIQUE.set(MemorySegment.ofArray(message), 0, call.unique);
    }
    return message;
  }

  private static boolean isAnswerable(byte[] message) {
    return message.length >= InHeader.SIZE
        && InHeader.LEN.get(MemorySegment.ofArray(message), 0) == message.length;
  }

  // ---- answers -----------------------------------------------------------------------------

  private void take(Message message) {
    if (message.unique() == 0) {
      notified(message);
    } else if ((message.unique() & MessageRules.INTERRUPT_BIT) != 0) {
      interruptAnswered(message);
    } else {
      Call call = processing.get(message.unique());
      if (call == null) {
        violations.add("an answer to " + message.unique() + ", which is not being processed");
        return;
      }
      end(call, -message.error(), message.body());
    }
  }

  private void interruptAnswered(Message message) {
    Call victim = processing.get(message.unique() ^ MessageRules.INTERRUPT_BIT);
    if (message.error() == -Errno.ENOSYS) {
      isInterruptible = false;
    } else if (message.error() == -Errno.EAGAIN && victim != null) {
      queue.interrupt(victim);
    }
  }

  private void notified(Message message) {
    notifications.add(message);
    NotifyCode code = NotificationRules.code(message.error());
    if (code == NotifyCode.RESEND) {
      resend();
    } else if (code == NotifyCode.RETRIEVE) {
      MemorySegment body = message.body();
      Call call =
          new Call(
              RequestFrame.of(Opcode.NOTIFY_REPLY)
                  .node(NotifyStructs.RETRIEVE_NODEID.get(body, 0))
                  .set("offset", NotifyStructs.RETRIEVE_OFFSET.get(body, 0)),
              Call.Kind.FOREGROUND,
              null,
              executor.nanos()); // without data: nothing is cached here
      submit(call);
      call.unique = NotifyStructs.RETRIEVE_NOTIFY_UNIQUE.get(body, 0);
    }
  }

  private void end(Call call, int errno, MemorySegment body) {
    processing.remove(call.unique, call);
    queue.noInterrupt(call);
    if (errno == 0) {
      nodes.answered(call.opcode(), body);
      opened(call, body);
    }
    if (isConnected) {
      call.frame.nodes().forEach(nodes::unuse);
    }
    callsOpen--;
    callsEnded++;
    boolean counted = call.countedAsBackground;
    call.end(errno, body);
    if (counted && isConnected) {
      background.ended();
    }
  }

  private void opened(Call call, MemorySegment body) {
    OpenFile file =
        switch (call.opcode()) {
          case OPEN, OPENDIR -> openFile(call.frame.node(), call, body, 0);
          case CREATE, TMPFILE -> openFile(EntryOut.NODEID.get(body, 0), call, body, EntryOut.SIZE);
          default -> null;
        };
    if (file != null) {
      open.add(file);
      nodes.use(file.node());
      if (!file.isDirectory()) {
        transport.backing().opened(file);
      }
    }
  }

  private OpenFile openFile(long node, Call call, MemorySegment body, long offset) {
    return new OpenFile(
        call.unique,
        node,
        OpenOut.FH.get(body, offset),
        call.opcode() == Opcode.OPENDIR,
        call.frame.openFlags(),
        OpenOut.OPEN_FLAGS.get(body, offset),
        OpenOut.BACKING_ID.get(body, offset));
  }

  // ---- the end -----------------------------------------------------------------------------

  /** Sends all requests again that the server has, as when it asks for it after a crash. */
  public void resend() {
    List<Call> again = new ArrayList<>(processing.values());
    processing.clear();
    for (Call call : again.reversed()) {
      transport.abandon(call.unique);
      queue.noInterrupt(call);
      call.unique |= RESEND_BIT;
      call.state = Call.State.PENDING;
      queue.addFirst(call);
    }
  }

  /**
   * Aborts the connection: all callers get ECONNABORTED, nothing more is sent, no answer is taken.
   * The server notices with {@link #disconnect}, its next read.
   */
  public void abort() {
    if (!isConnected) {
      return;
    }
    isConnected = false;
    takeMessages();
    List<Call> left = new ArrayList<>(background.abort());
    left.addAll(queue.pending());
    left.addAll(processing.values());
    for (Call call : left) {
      transport.abandon(call.unique);
      end(call, Errno.ECONNABORTED, MemorySegment.NULL);
    }
    queue.clear();
  }

  /** Tells the server that the connection is over, aborting it if need be. */
  public void disconnect() {
    abort();
    transport.disconnect();
  }

  /**
   * Unmounts: closes what is open, lets the server finish, and ends the connection. What the server
   * still has not answered then gets ECONNABORTED. Nodes are not forgotten, as in Linux.
   *
   * @param tasksMax how much may happen meanwhile
   */
  public void unmount(long tasksMax) {
    openFiles().forEach(this::close);
    run(tasksMax);
    disconnect();
  }

  // ---- what was seen -----------------------------------------------------------------------

  /** What the server did that no server may do; empty for a correct one. */
  public List<String> violations() {
    List<String> all = new ArrayList<>(violations);
    all.addAll(transport.violations());
    return all;
  }

  /** What the server sent unasked and the kernel took. */
  public List<Message> notifications() {
    return List.copyOf(notifications);
  }

  /** The calls that the server has and has not answered, in the order in which it read them. */
  public Collection<Call> processing() {
    return List.copyOf(processing.values());
  }

  /** How many calls have not ended. */
  public int callsOpen() {
    return callsOpen;
  }

  /** How many calls have ended. */
  public long callsEnded() {
    return callsEnded;
  }

  /** How many background requests there are, active or not. */
  public int backgroundCalls() {
    return background.all();
  }

  /** The most background requests that the server could see at one time. */
  public int backgroundActiveMost() {
    return background.activeMost();
  }
}
