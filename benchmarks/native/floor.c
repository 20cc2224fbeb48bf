// The floor: a null file system in plain C straight on /dev/fuse, with no library in between.
// What any FUSE server can reach at best on this machine is what this one reaches.
//
//   cc -O2 -pthread -o floor floor.c
//   ./floor [--readers N] [--duty] [--control] MOUNTPOINT
//
// Its files, all of them synthetic; no answer is cached by the kernel (time-outs are 0):
//   f<N>              empty files, any N
//   big               256 MiB
//   b<0..999>         32 MiB each
//   d10k/n00000..     10 000 names
//   c<thread>_<n>     made by create, gone after unlink; one at a time for each thread
// Reads are answered from a constant buffer, writes are thrown away.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

// Newer than the header of Debian 12 (protocol 7.38).
#ifndef FUSE_DIRECT_IO_ALLOW_MMAP
#define FUSE_DIRECT_IO_ALLOW_MMAP (1ULL << 36)
#endif

enum {
  PROTOCOL_MINOR = 45,
  PAGE = 4096,
  MAX_WRITE = 1 << 20,
  MAX_BACKGROUND = 64,
  // From this size on a read or write keeps its reader busy long enough to be worth another one.
  LARGE = 32 * 1024,
  // How many cheap requests end the free reading that follows a large write.
  FREE_READS = 16,
  READERS_MAX = 64,
};

// The same capabilities as io.fusewire.benchmarks.NullFileSystem asks for.
static const uint64_t capabilities =
    FUSE_ASYNC_READ | FUSE_ATOMIC_O_TRUNC | FUSE_BIG_WRITES | FUSE_PARALLEL_DIROPS |
    FUSE_ASYNC_DIO | FUSE_MAX_PAGES | FUSE_SETXATTR_EXT | FUSE_INIT_EXT |
    FUSE_DIRECT_IO_ALLOW_MMAP;

static void die(const char *what) {
  fprintf(stderr, "floor: %s: %s\n", what, strerror(errno));
  exit(1);
}

// ---- the null file system ----------------------------------------------------------------------

// A node id is a kind in the upper bits and an index within the kind below.
enum { KIND_SHIFT = 56, KIND_PLAIN = 1, KIND_BLOCK = 2, KIND_LISTED = 3, KIND_CREATED = 4 };
enum { NODE_ROOT = FUSE_ROOT_ID, NODE_BIG = 2, NODE_DIRECTORY = 3 };

enum {
  BLOCK_FILES = 1000,
  LISTED_FILES = 10000,
  CLIENT_THREADS = 1024,
  CREATED_SHIFT = 40,
  // A packed fuse_dirent with a name of six bytes.
  DIRENT_BYTES = (int)(sizeof(struct fuse_dirent) + 6 + 7) / 8 * 8,
};

static const uint64_t big_bytes = 256ULL << 20;
static const uint64_t block_bytes = 32ULL << 20;

static char *content;
static char *listing;
// For each client thread one more than the <n> of its c<thread>_<n>, or 0.
static _Atomic uint64_t created[CLIENT_THREADS];

static uint64_t node(uint64_t kind, uint64_t index) { return kind << KIND_SHIFT | index; }

// Reads a decimal number up to the character `end`; moves *text behind it.
static bool parse_number(const char **text, char end, uint64_t *value) {
  const char *p = *text;
  if (*p < '0' || *p > '9') return false;
  for (*value = 0; *p >= '0' && *p <= '9'; p++) *value = *value * 10 + (uint64_t)(*p - '0');
  *text = p + 1;
  return *p == end;
}

static bool parse_created(const char *name, uint64_t *thread, uint64_t *number) {
  const char *text = name + 1;
  return name[0] == 'c' && parse_number(&text, '_', thread) && *thread < CLIENT_THREADS &&
         parse_number(&text, 0, number) && *number < (1ULL << CREATED_SHIFT);
}

static uint64_t created_node(uint64_t thread, uint64_t number) {
  return node(KIND_CREATED, thread << CREATED_SHIFT | number);
}

// The node with this name, or 0.
static uint64_t find(uint64_t parent, const char *name) {
  uint64_t thread, number;
  const char *digits = name + 1;
  if (parent == NODE_DIRECTORY) {
    bool found = name[0] == 'n' && parse_number(&digits, 0, &number) && number < LISTED_FILES;
    return found ? node(KIND_LISTED, number) : 0;
  }
  if (parent != NODE_ROOT) return 0;
  switch (name[0]) {
    case 'f':
      return parse_number(&digits, 0, &number) ? node(KIND_PLAIN, number) : 0;
    case 'b':
      if (strcmp(name, "big") == 0) return NODE_BIG;
      return parse_number(&digits, 0, &number) && number < BLOCK_FILES ? node(KIND_BLOCK, number)
                                                                       : 0;
    case 'c':
      if (!parse_created(name, &thread, &number) || created[thread] != number + 1) return 0;
      return created_node(thread, number);
    default:
      return strcmp(name, "d10k") == 0 ? NODE_DIRECTORY : 0;
  }
}

static bool is_directory(uint64_t id) { return id == NODE_ROOT || id == NODE_DIRECTORY; }

static uint64_t size_of(uint64_t id) {
  if (id == NODE_BIG) return big_bytes;
  return id >> KIND_SHIFT == KIND_BLOCK ? block_bytes : 0;
}

static void prepare_files(void) {
  content = mmap(NULL, MAX_WRITE, PROT_READ | PROT_WRITE,
                 MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
  listing = calloc(LISTED_FILES, DIRENT_BYTES);
  if (content == MAP_FAILED || listing == NULL) die("memory");
  memset(content, 'x', MAX_WRITE);
  for (unsigned i = 0; i < LISTED_FILES; i++) {
    struct fuse_dirent *entry = (struct fuse_dirent *)(listing + (size_t)i * DIRENT_BYTES);
    char name[16];
    entry->ino = node(KIND_LISTED, i);
    entry->off = i + 1;
    entry->type = S_IFREG >> 12;
    entry->namelen = (uint32_t)snprintf(name, sizeof name, "n%05u", i);
    memcpy(entry->name, name, entry->namelen);
  }
}

// ---- requests and replies ----------------------------------------------------------------------

struct request {
  struct fuse_in_header header;
  union {
    struct fuse_init_in init;
    struct fuse_setattr_in setattr;
    struct fuse_read_in read;
    struct fuse_write_in write;
    struct {
      struct fuse_create_in in;
      char name[];
    } create;
    char name[1];
  } body;
};

struct reply {
  struct fuse_out_header header;
  union {
    struct fuse_init_out init;
    struct fuse_entry_out entry;
    struct fuse_attr_out attr;
    struct fuse_open_out open;
    struct fuse_write_out write;
    struct fuse_statfs_out statfs;
    struct {
      struct fuse_entry_out entry;
      struct fuse_open_out open;
    } create;
  } body;
  // What follows the body without having been copied into it.
  const char *data;
  size_t data_bytes;
};

static void put_attributes(struct fuse_attr *attr, uint64_t id) {
  memset(attr, 0, sizeof *attr);
  attr->ino = id;
  attr->size = size_of(id);
  attr->blocks = attr->size / 512;
  attr->mode = is_directory(id) ? S_IFDIR | 0755 : S_IFREG | 0644;
  attr->nlink = 1;
  attr->blksize = PAGE;
}

static void put_entry(struct fuse_entry_out *entry, uint64_t id) {
  memset(entry, 0, offsetof(struct fuse_entry_out, attr));
  entry->nodeid = id;
  put_attributes(&entry->attr, id);
}

static void put_open(struct fuse_open_out *open, uint64_t id) {
  memset(open, 0, sizeof *open);
  open->fh = id;
  open->open_flags = FOPEN_NOFLUSH;
}

static void lookup(const struct request *request, struct reply *reply) {
  uint64_t id = find(request->header.nodeid, request->body.name);
  if (id == 0) {
    reply->header.error = -ENOENT;
    return;
  }
  put_entry(&reply->body.entry, id);
  reply->header.len += sizeof reply->body.entry;
}

static void getattr(const struct request *request, struct reply *reply) {
  memset(&reply->body.attr, 0, offsetof(struct fuse_attr_out, attr));
  put_attributes(&reply->body.attr.attr, request->header.nodeid);
  if (request->header.opcode == FUSE_SETATTR && (request->body.setattr.valid & FATTR_SIZE) != 0) {
    reply->body.attr.attr.size = request->body.setattr.size;
  }
  reply->header.len += sizeof reply->body.attr;
}

static void open_node(const struct request *request, struct reply *reply) {
  put_open(&reply->body.open, request->header.nodeid);
  reply->header.len += sizeof reply->body.open;
}

static void create(const struct request *request, struct reply *reply) {
  uint64_t thread, number;
  if (!parse_created(request->body.create.name, &thread, &number)) {
    reply->header.error = -EPERM;
    return;
  }
  created[thread] = number + 1;
  put_entry(&reply->body.create.entry, created_node(thread, number));
  put_open(&reply->body.create.open, created_node(thread, number));
  reply->header.len += sizeof reply->body.create;
}

static void unlink_node(const struct request *request, struct reply *reply) {
  uint64_t thread, number;
  if (parse_created(request->body.name, &thread, &number)) {
    created[thread] = 0;
  } else {
    reply->header.error = -EPERM;
  }
}

static void put_data(struct reply *reply, const char *data, size_t bytes) {
  reply->data = data;
  reply->data_bytes = bytes;
  reply->header.len += (uint32_t)bytes;
}

static void read_file(const struct request *request, struct reply *reply) {
  const struct fuse_read_in *in = &request->body.read;
  uint64_t size = size_of(request->header.nodeid);
  uint64_t left = in->offset < size ? size - in->offset : 0;
  uint64_t bytes = in->size < left ? in->size : left;
  put_data(reply, content, bytes < MAX_WRITE ? bytes : MAX_WRITE);
}

static void write_file(const struct request *request, struct reply *reply) {
  reply->body.write.size = request->body.write.size;
  reply->body.write.padding = 0;
  reply->header.len += sizeof reply->body.write;
}

static void read_directory(const struct request *request, struct reply *reply) {
  const struct fuse_read_in *in = &request->body.read;
  if (request->header.nodeid != NODE_DIRECTORY || in->offset >= LISTED_FILES) return;
  size_t left = LISTED_FILES - in->offset;
  size_t fits = in->size / DIRENT_BYTES;
  put_data(reply, listing + in->offset * DIRENT_BYTES, (fits < left ? fits : left) * DIRENT_BYTES);
}

static void statfs_root(struct reply *reply) {
  memset(&reply->body.statfs, 0, sizeof reply->body.statfs);
  struct fuse_kstatfs *st = &reply->body.statfs.st;
  st->blocks = st->bfree = st->bavail = 1 << 20;
  st->bsize = st->frsize = PAGE;
  st->namelen = 255;
  reply->header.len += sizeof reply->body.statfs;
}

// Answers into *reply; false when the kernel expects no answer.
static bool serve(const struct request *request, struct reply *reply) {
  reply->header = (struct fuse_out_header){sizeof reply->header, 0, request->header.unique};
  reply->data_bytes = 0;
  switch (request->header.opcode) {
    case FUSE_LOOKUP:
      lookup(request, reply);
      break;
    case FUSE_GETATTR:
    case FUSE_SETATTR:
      getattr(request, reply);
      break;
    case FUSE_OPEN:
    case FUSE_OPENDIR:
      open_node(request, reply);
      break;
    case FUSE_CREATE:
      create(request, reply);
      break;
    case FUSE_UNLINK:
      unlink_node(request, reply);
      break;
    case FUSE_READ:
      read_file(request, reply);
      break;
    case FUSE_WRITE:
      write_file(request, reply);
      break;
    case FUSE_READDIR:
      read_directory(request, reply);
      break;
    case FUSE_STATFS:
      statfs_root(reply);
      break;
    case FUSE_RELEASE:
    case FUSE_RELEASEDIR:
    case FUSE_FSYNC:
    case FUSE_DESTROY:
      break;
    case FUSE_FORGET:
    case FUSE_BATCH_FORGET:
    case FUSE_INTERRUPT:
      return false;
    default:
      reply->header.error = -ENOSYS;
  }
  return true;
}

// ---- the device --------------------------------------------------------------------------------

static int device;
static bool one_duty;
static pthread_mutex_t duty = PTHREAD_MUTEX_INITIALIZER;
static atomic_int free_reads;
static atomic_int readers_left;

struct reader {
  pthread_t thread;
  bool on_duty;
  // Written by this reader only; others may look.
  _Atomic uint64_t requests;
} __attribute__((aligned(64)));

static struct reader readers[READERS_MAX];

static void send_reply(const struct reply *reply) {
  ssize_t sent;
  if (reply->data_bytes == 0) {
    sent = write(device, reply, reply->header.len);
  } else {
    struct iovec parts[] = {
        {(void *)reply, reply->header.len - reply->data_bytes},
        {(void *)reply->data, reply->data_bytes},
    };
    sent = writev(device, parts, 2);
  }
  // ENOENT: the caller was killed and waits no more. ENODEV: unmounted.
  if (sent < 0 && errno != ENOENT && errno != ENODEV) die("reply");
}

// Room for one request, so placed that the data of a WRITE starts on a page.
static struct request *new_request(size_t *bytes) {
  size_t head = sizeof(struct fuse_in_header) + sizeof(struct fuse_write_in);
  size_t all = 2 * PAGE + MAX_WRITE;
  char *memory = mmap(NULL, all, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
  if (memory == MAP_FAILED) die("memory");
  *bytes = all - PAGE + head;
  return (struct request *)(memory + PAGE - head);
}

// Reads one request; 0 when the connection is over.
static size_t receive(struct request *request, size_t room) {
  for (;;) {
    ssize_t bytes = read(device, request, room);
    if (bytes > 0) return (size_t)bytes;
    if (errno == ENODEV) return 0;
    // ENOENT: the request was withdrawn while it was copied.
    if (errno != EINTR && errno != ENOENT && errno != EAGAIN) die("read(/dev/fuse)");
  }
}

// The holder of the duty reads; it keeps the duty as long as the requests are cheap, so that
// nobody is woken. After a large write, whose copy happened within read(2), all read freely.
static void take_duty(struct reader *reader) {
  if (reader->on_duty || atomic_load_explicit(&free_reads, memory_order_relaxed) > 0) return;
  pthread_mutex_lock(&duty);
  reader->on_duty = true;
}

static void give_duty_up(struct reader *reader) {
  if (!reader->on_duty) return;
  reader->on_duty = false;
  pthread_mutex_unlock(&duty);
}

static void pass_duty_on_if_large(struct reader *reader, const struct request *request,
                                  size_t bytes) {
  bool large_write = bytes > LARGE;
  if (large_write) {
    atomic_store_explicit(&free_reads, FREE_READS, memory_order_relaxed);
  }
  if (large_write || (request->header.opcode == FUSE_READ && request->body.read.size > LARGE)) {
    give_duty_up(reader);
    return;
  }
  int left = atomic_load_explicit(&free_reads, memory_order_relaxed);
  if (left > 0) atomic_store_explicit(&free_reads, left - 1, memory_order_relaxed);
}

static void *read_and_serve(void *argument) {
  struct reader *reader = argument;
  size_t room;
  struct request *request = new_request(&room);
  struct reply reply;
  for (;;) {
    if (one_duty) take_duty(reader);
    size_t bytes = receive(request, room);
    if (bytes == 0) break;
    if (one_duty) pass_duty_on_if_large(reader, request, bytes);
    uint64_t count = atomic_load_explicit(&reader->requests, memory_order_relaxed);
    atomic_store_explicit(&reader->requests, count + 1, memory_order_relaxed);
    if (serve(request, &reply)) send_reply(&reply);
  }
  give_duty_up(reader);
  // The last one ends the process when the unmount came from outside.
  if (atomic_fetch_sub(&readers_left, 1) == 1) kill(getpid(), SIGTERM);
  return NULL;
}

// ---- the life of the mount ---------------------------------------------------------------------

// Answers INIT; returns the capabilities in use.
static uint64_t shake_hands(void) {
  size_t room;
  struct request *request = new_request(&room);
  struct reply reply;
  size_t bytes = receive(request, room);
  if (bytes == 0 || request->header.opcode != FUSE_INIT) die("no INIT");
  const struct fuse_init_in *in = &request->body.init;
  uint64_t offered = in->flags | (uint64_t)in->flags2 << 32;
  uint64_t granted = capabilities & offered;
  reply.header = (struct fuse_out_header){
      sizeof reply.header + sizeof reply.body.init, 0, request->header.unique};
  reply.data_bytes = 0;
  reply.body.init = (struct fuse_init_out){
      .major = FUSE_KERNEL_VERSION,
      .minor = in->minor < PROTOCOL_MINOR ? in->minor : PROTOCOL_MINOR,
      .max_readahead = in->max_readahead,
      .flags = (uint32_t)granted,
      .flags2 = (uint32_t)(granted >> 32),
      .max_background = MAX_BACKGROUND,
      .congestion_threshold = MAX_BACKGROUND * 3 / 4,
      .max_write = MAX_WRITE,
      .time_gran = 1,
      .max_pages = MAX_WRITE / PAGE,
  };
  send_reply(&reply);
  return granted;
}

static void mount_at(const char *mount_point) {
  char options[128];
  device = open("/dev/fuse", O_RDWR | O_CLOEXEC);
  if (device < 0) die("/dev/fuse");
  snprintf(options, sizeof options, "fd=%d,rootmode=40000,user_id=%d,group_id=%d", device,
           getuid(), getgid());
  if (mount("floor", mount_point, "fuse.floor", MS_NOSUID | MS_NODEV, options) != 0) die("mount");
}

static void print_counts(int reader_count) {
  uint64_t requests = 0;
  for (int i = 0; i < reader_count; i++) requests += readers[i].requests;
  printf("{\"requests\":%llu,\"heapBytes\":0,\"collections\":0,\"compilationMillis\":0}\n",
         (unsigned long long)requests);
  fflush(stdout);
}

// Serves commands until a signal, or with --control until the end of standard input.
static void wait_for_end(int signals, bool control, int reader_count) {
  struct pollfd sources[] = {{signals, POLLIN, 0}, {STDIN_FILENO, POLLIN, 0}};
  for (;;) {
    if (poll(sources, control ? 2 : 1, -1) < 0 && errno != EINTR) die("poll");
    if (sources[0].revents != 0) return;
    if (control && sources[1].revents != 0) {
      char line[64];
      if (fgets(line, sizeof line, stdin) == NULL) return;
      print_counts(reader_count);
    }
  }
}

static int usage(void) {
  fprintf(stderr,
          "floor [--readers N] [--duty] [--control] MOUNTPOINT\n"
          "  --readers N  threads that read /dev/fuse, 1 to %d (1)\n"
          "  --duty       one of them reads at a time and keeps doing so while requests are cheap\n"
          "  --control    every line on standard input prints counts, its end unmounts\n",
          READERS_MAX);
  return 2;
}

int main(int count, char **arguments) {
  int reader_count = 1;
  bool control = false;
  const char *mount_point = NULL;
  for (int i = 1; i < count; i++) {
    if (strcmp(arguments[i], "--duty") == 0) {
      one_duty = true;
    } else if (strcmp(arguments[i], "--control") == 0) {
      control = true;
    } else if (strcmp(arguments[i], "--readers") == 0 && i + 1 < count) {
      reader_count = atoi(arguments[++i]);
    } else if (arguments[i][0] != '-' && mount_point == NULL) {
      mount_point = arguments[i];
    } else {
      return usage();
    }
  }
  if (mount_point == NULL || reader_count < 1 || reader_count > READERS_MAX) return usage();

  sigset_t ending;
  sigemptyset(&ending);
  sigaddset(&ending, SIGINT);
  sigaddset(&ending, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &ending, NULL);
  int signals = signalfd(-1, &ending, SFD_CLOEXEC);
  if (signals < 0) die("signalfd");

  prepare_files();
  mount_at(mount_point);
  uint64_t granted = shake_hands();
  readers_left = reader_count;
  for (int i = 0; i < reader_count; i++) {
    if (pthread_create(&readers[i].thread, NULL, read_and_serve, &readers[i]) != 0) die("thread");
  }
  printf("ready capabilities=%llx\n", (unsigned long long)granted);
  fflush(stdout);
  wait_for_end(signals, control, reader_count);
  umount2(mount_point, MNT_DETACH);
  return 0;
}
