// The floor: a null file system in plain C straight on /dev/fuse, with no library in between.
// What any FUSE server can reach at best on this machine is what this one reaches.
//
//   cc -O2 -pthread -o floor floor.c
//   ./floor [--readers N] [--duty] [--control] MOUNTPOINT
#define _GNU_SOURCE
#include <pthread.h>

#include "device.h"

enum {
  // From this size on a read or write keeps its reader busy long enough to be worth another one.
  LARGE = 32 * 1024,
  // How many cheap requests end the free reading that follows a large write.
  FREE_READS = 16,
  READERS_MAX = 64,
};

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
static int reader_count = 1;

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
  const struct fuse_read_in *in = request->in;
  bool large_read = request->header->opcode == FUSE_READ && in->size > LARGE;
  if (large_write) {
    atomic_store_explicit(&free_reads, FREE_READS, memory_order_relaxed);
  }
  if (large_write || large_read) {
    give_duty_up(reader);
    return;
  }
  int left = atomic_load_explicit(&free_reads, memory_order_relaxed);
  if (left > 0) atomic_store_explicit(&free_reads, left - 1, memory_order_relaxed);
}

static void *read_and_serve(void *argument) {
  struct reader *reader = argument;
  size_t room;
  struct fuse_in_header *header = new_request(&room);
  struct reply reply;
  for (;;) {
    if (one_duty) take_duty(reader);
    size_t bytes = receive(header, room);
    if (bytes == 0) break;
    struct request request = in_one_piece(header);
    if (one_duty) pass_duty_on_if_large(reader, &request, bytes);
    uint64_t count = atomic_load_explicit(&reader->requests, memory_order_relaxed);
    atomic_store_explicit(&reader->requests, count + 1, memory_order_relaxed);
    if (serve(&request, &reply)) send_reply(&reply);
  }
  give_duty_up(reader);
  // The last one ends the process when the unmount came from outside.
  if (atomic_fetch_sub(&readers_left, 1) == 1) kill(getpid(), SIGTERM);
  return NULL;
}

static uint64_t served(void) {
  uint64_t requests = 0;
  for (int i = 0; i < reader_count; i++) requests += readers[i].requests;
  return requests;
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

  int signals = ending_signals();
  prepare_files();
  mount_at(mount_point);
  struct request init = receive_init();
  struct reply greeting;
  uint64_t granted = greet(&init, &greeting, 0);
  send_reply(&greeting);
  readers_left = reader_count;
  for (int i = 0; i < reader_count; i++) {
    if (pthread_create(&readers[i].thread, NULL, read_and_serve, &readers[i]) != 0) die("thread");
  }
  printf("ready capabilities=%llx\n", (unsigned long long)granted);
  fflush(stdout);
  wait_for_end(signals, control, served);
  umount2(mount_point, MNT_DETACH);
  return 0;
}
