// The connection: the mount, /dev/fuse, and the conversation with the benchmark.
#pragma once
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/signalfd.h>
#include <sys/uio.h>
#include <unistd.h>

#include "protocol.h"

static int device;

static void mount_at(const char *mount_point) {
  char options[128];
  device = open("/dev/fuse", O_RDWR | O_CLOEXEC);
  if (device < 0) die("/dev/fuse");
  snprintf(options, sizeof options, "fd=%d,rootmode=40000,user_id=%d,group_id=%d", device,
           getuid(), getgid());
  if (mount("floor", mount_point, "fuse.floor", MS_NOSUID | MS_NODEV, options) != 0) die("mount");
}

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
static struct fuse_in_header *new_request(size_t *bytes) {
  size_t head = sizeof(struct fuse_in_header) + sizeof(struct fuse_write_in);
  size_t all = 2 * PAGE + MAX_WRITE;
  char *memory = mmap(NULL, all, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
  if (memory == MAP_FAILED) die("memory");
  *bytes = all - PAGE + head;
  return (struct fuse_in_header *)(memory + PAGE - head);
}

// Reads one request; 0 when the connection is over.
static size_t receive(struct fuse_in_header *request, size_t room) {
  for (;;) {
    ssize_t bytes = read(device, request, room);
    if (bytes > 0) return (size_t)bytes;
    if (errno == ENODEV) return 0;
    // ENOENT: the request was withdrawn while it was copied.
    if (errno != EINTR && errno != ENOENT && errno != EAGAIN) die("read(/dev/fuse)");
  }
}

// Receives INIT; the memory is never given back.
static struct request receive_init(void) {
  size_t room;
  struct fuse_in_header *header = new_request(&room);
  if (receive(header, room) == 0 || header->opcode != FUSE_INIT) die("no INIT");
  return in_one_piece(header);
}

// A descriptor that becomes readable when the process shall end. Call it before threads start.
static int ending_signals(void) {
  sigset_t ending;
  sigemptyset(&ending);
  sigaddset(&ending, SIGINT);
  sigaddset(&ending, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &ending, NULL);
  int signals = signalfd(-1, &ending, SFD_CLOEXEC);
  if (signals < 0) die("signalfd");
  return signals;
}

static void print_counts(uint64_t requests) {
  printf("{\"requests\":%llu,\"heapBytes\":0,\"collections\":0,\"pauseMillis\":0,"
         "\"compilationMillis\":0}\n",
         (unsigned long long)requests);
  fflush(stdout);
}

// Serves commands until a signal, or with control until the end of standard input.
static void wait_for_end(int signals, bool control, uint64_t (*requests)(void)) {
  struct pollfd sources[] = {{signals, POLLIN, 0}, {STDIN_FILENO, POLLIN, 0}};
  for (;;) {
    if (poll(sources, control ? 2 : 1, -1) < 0 && errno != EINTR) die("poll");
    if (sources[0].revents != 0) return;
    if (control && sources[1].revents != 0) {
      char line[64];
      if (fgets(line, sizeof line, stdin) == NULL) return;
      print_counts(requests());
    }
  }
}
