// The floor on FUSE over io_uring: the same null file system in plain C, one pinned thread with a
// ring for each possible CPU. Answers are written into the ring's payload, so a read costs one copy
// here, as it does in a library whose file system hands its bytes over.
//
//   cc -O2 -pthread -o ring ring.c -luring
//   ./ring [--depth N] [--control] MOUNTPOINT
#define _GNU_SOURCE
#include <liburing.h>
#include <pthread.h>
#include <sched.h>

#include "device.h"

// Newer than the header of Debian 12.
#ifndef FUSE_OVER_IO_URING
#define FUSE_OVER_IO_URING (1ULL << 41)
enum { FUSE_IO_URING_CMD_REGISTER = 1, FUSE_IO_URING_CMD_COMMIT_AND_FETCH = 2 };
struct fuse_uring_ent_in_out {
  uint64_t flags;
  uint64_t commit_id;
  uint32_t payload_sz;
  uint32_t padding;
  uint64_t reserved;
};
struct fuse_uring_req_header {
  char in_out[128];
  char op_in[128];
  struct fuse_uring_ent_in_out ring_ent_in_out;
};
struct fuse_uring_cmd_req {
  uint64_t flags;
  uint64_t commit_id;
  uint16_t qid;
  uint8_t padding[6];
};
#endif

enum { QUEUES_MAX = 256, DEPTH_MAX = 256, SQE_BYTES = 128 };

struct entry {
  struct fuse_uring_req_header *header;
  char *payload;
  struct iovec parts[2];
};

struct queue {
  pthread_t thread;
  unsigned index;
  struct io_uring ring;
  struct entry *entries;
  _Atomic uint64_t requests;
} __attribute__((aligned(64)));

static struct queue queues[QUEUES_MAX];
static unsigned queue_count;
static unsigned depth = 32;
static _Atomic uint64_t device_requests;
static pthread_barrier_t greeted;

static void *memory(size_t bytes) {
  void *result = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
  if (result == MAP_FAILED) die("memory");
  return result;
}

static void ask(struct queue *queue, unsigned index, uint32_t command, uint64_t commit) {
  struct io_uring_sqe *sqe = io_uring_get_sqe(&queue->ring);
  if (sqe == NULL) die("no room in the ring");
  memset(sqe, 0, SQE_BYTES);
  sqe->opcode = IORING_OP_URING_CMD;
  sqe->flags = IOSQE_FIXED_FILE;
  sqe->cmd_op = command;
  sqe->user_data = index;
  struct fuse_uring_cmd_req *request = (struct fuse_uring_cmd_req *)sqe->cmd;
  request->qid = (uint16_t)queue->index;
  request->commit_id = commit;
  if (command == FUSE_IO_URING_CMD_REGISTER) {
    sqe->addr = (uint64_t)queue->entries[index].parts;
    sqe->len = 2;
  }
}

static void prepare(struct queue *queue) {
  struct io_uring_params params = {.flags = IORING_SETUP_SQE128 | IORING_SETUP_SUBMIT_ALL};
  errno = -io_uring_queue_init_params(depth, &queue->ring, &params);
  if (errno != 0) die("io_uring_setup");
  errno = -io_uring_register_files(&queue->ring, &device, 1);
  if (errno != 0) die("registering /dev/fuse");
  io_uring_register_ring_fd(&queue->ring); // saves a look-up in each call; does without as well
  queue->entries = calloc(depth, sizeof *queue->entries);
  if (queue->entries == NULL) die("memory");
  for (unsigned i = 0; i < depth; i++) {
    struct entry *entry = &queue->entries[i];
    entry->header = memory(PAGE);
    entry->payload = memory(MAX_WRITE);
    entry->parts[0] = (struct iovec){entry->header, sizeof *entry->header};
    entry->parts[1] = (struct iovec){entry->payload, MAX_WRITE};
    ask(queue, i, FUSE_IO_URING_CMD_REGISTER, 0);
  }
}

// Answers the request in this entry and asks for the next one.
static void answer(struct queue *queue, unsigned index) {
  struct entry *entry = &queue->entries[index];
  struct fuse_in_header *in = (struct fuse_in_header *)entry->header->in_out;
  struct request request = {in, entry->header->op_in, entry->payload};
  struct reply reply;
  serve(&request, &reply);
  size_t body = reply.header.len - sizeof reply.header - reply.data_bytes;
  memcpy(entry->payload, &reply.body, body);
  if (reply.data_bytes > 0) memcpy(entry->payload + body, reply.data, reply.data_bytes);
  entry->header->ring_ent_in_out.payload_sz = (uint32_t)(body + reply.data_bytes);
  memcpy(entry->header->in_out, &reply.header, sizeof reply.header);
  ask(queue, index, FUSE_IO_URING_CMD_COMMIT_AND_FETCH, entry->header->ring_ent_in_out.commit_id);
}

static void *run_queue(void *argument) {
  struct queue *queue = argument;
  cpu_set_t cpus;
  CPU_ZERO(&cpus);
  CPU_SET(queue->index, &cpus);
  sched_setaffinity(0, sizeof cpus, &cpus); // fails for a CPU that is absent: it has no callers
  prepare(queue);
  pthread_barrier_wait(&greeted);
  for (;;) {
    int result = io_uring_submit_and_wait(&queue->ring, 1);
    if (result < 0 && result != -EINTR) return NULL;
    struct io_uring_cqe *cqe;
    unsigned head, seen = 0;
    io_uring_for_each_cqe(&queue->ring, head, cqe) {
      seen++;
      if (cqe->res != 0) {
        errno = -cqe->res;
        if (errno != ENOTCONN && errno != ECANCELED) die("io_uring command");
        return NULL;
      }
      answer(queue, (unsigned)cqe->user_data);
    }
    io_uring_cq_advance(&queue->ring, seen);
    uint64_t count = atomic_load_explicit(&queue->requests, memory_order_relaxed);
    atomic_store_explicit(&queue->requests, count + seen, memory_order_relaxed);
  }
}

// What never comes through a ring: FORGET, INTERRUPT, and requests before the rings are there.
static void *read_device(void *argument) {
  (void)argument;
  size_t room;
  struct fuse_in_header *header = new_request(&room);
  struct reply reply;
  while (receive(header, room) > 0) {
    struct request request = in_one_piece(header);
    device_requests++;
    if (serve(&request, &reply)) send_reply(&reply);
  }
  kill(getpid(), SIGTERM);
  return NULL;
}

static uint64_t served(void) {
  uint64_t requests = device_requests;
  for (unsigned i = 0; i < queue_count; i++) requests += queues[i].requests;
  return requests;
}

static unsigned possible_cpus(void) {
  FILE *file = fopen("/sys/devices/system/cpu/possible", "re");
  unsigned first, last;
  int numbers = file == NULL ? 0 : fscanf(file, "%u-%u", &first, &last);
  if (file != NULL) fclose(file);
  return numbers == 2 ? last + 1 : 1;
}

static int usage(void) {
  fprintf(stderr,
          "ring [--depth N] [--control] MOUNTPOINT\n"
          "  --depth N    requests under way for each CPU, 1 to %d (32)\n"
          "  --control    every line on standard input prints counts, its end unmounts\n",
          DEPTH_MAX);
  return 2;
}

int main(int count, char **arguments) {
  bool control = false;
  const char *mount_point = NULL;
  for (int i = 1; i < count; i++) {
    if (strcmp(arguments[i], "--control") == 0) {
      control = true;
    } else if (strcmp(arguments[i], "--depth") == 0 && i + 1 < count) {
      depth = (unsigned)atoi(arguments[++i]);
    } else if (arguments[i][0] != '-' && mount_point == NULL) {
      mount_point = arguments[i];
    } else {
      return usage();
    }
  }
  queue_count = possible_cpus();
  if (mount_point == NULL || depth < 1 || depth > DEPTH_MAX || queue_count > QUEUES_MAX) {
    return usage();
  }

  int signals = ending_signals();
  prepare_files();
  mount_at(mount_point);
  struct request init = receive_init();
  struct reply greeting;
  uint64_t granted = greet(&init, &greeting, FUSE_OVER_IO_URING);
  if ((granted & FUSE_OVER_IO_URING) == 0) {
    umount2(mount_point, MNT_DETACH);
    fprintf(stderr, "ring: the kernel offers no io_uring for FUSE (fuse.enable_uring)\n");
    return 3;
  }
  pthread_barrier_init(&greeted, NULL, queue_count + 1);
  for (unsigned i = 0; i < queue_count; i++) {
    queues[i].index = i;
    if (pthread_create(&queues[i].thread, NULL, run_queue, &queues[i]) != 0) die("thread");
  }
  send_reply(&greeting);
  pthread_barrier_wait(&greeted);
  pthread_t reader;
  if (pthread_create(&reader, NULL, read_device, NULL) != 0) die("thread");
  printf("ready capabilities=%llx\n", (unsigned long long)(granted & ~FUSE_OVER_IO_URING));
  fflush(stdout);
  wait_for_end(signals, control, served);
  umount2(mount_point, MNT_DETACH);
  // The kernel lets go of the rings only when they are closed; the process ends with them.
  _exit(0);
}
