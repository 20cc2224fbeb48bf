// Measures a mounted file system: operations per second, latencies, and what they cost the server.
//
//   cc -O2 -pthread -o client client.c
//   ./client --dir MOUNTPOINT --workload stat --threads 8 --seconds 1 --pid SERVER
//
// The files it uses are those of floor.c. The result is one JSON object on one line.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "histogram.h"
#include "usage.h"

enum {
  NAMES = 1000,
  BLOCK_FILES = 32,
  SMALL = 4096,
  MIDDLE = 128 * 1024,
  LARGE = 1 << 20,
  LISTING = 32 * 1024,
  THREADS_MAX = 512,
};

static const uint64_t big_bytes = 256ULL << 20;
static const uint64_t block_bytes = 32ULL << 20;

// ---- workloads ---------------------------------------------------------------------------------

struct worker {
  const struct workload *workload;
  pthread_t thread;
  unsigned index;
  int file;
  uint64_t offset;
  uint64_t random;
  uint64_t serial;
  char *buffer;
  bool mapped;
  // All operations, those of the warm-up too.
  uint64_t operations;
  uint64_t errors;
  int first_error;
  struct histogram latencies;
};

// One kind of operation; functions return a negative value on failure, with errno set.
struct workload {
  const char *name;
  int (*open)(struct worker *);
  int (*run)(struct worker *);
};

static int directory;
static char names[NAMES][8];

static uint64_t next_random(struct worker *worker) {
  uint64_t x = worker->random;
  x ^= x << 13;
  x ^= x >> 7;
  x ^= x << 17;
  return worker->random = x;
}

static const char *next_name(struct worker *worker) { return names[worker->serial++ % NAMES]; }

static int open_nothing(struct worker *worker) {
  (void)worker;
  return 0;
}

static int open_file(struct worker *worker, const char *name, int flags) {
  return worker->file = openat(directory, name, flags);
}

static int open_name(struct worker *worker) {
  return open_file(worker, next_name(worker), O_RDONLY);
}

static int open_big(struct worker *worker) { return open_file(worker, "big", O_RDWR | O_DIRECT); }

static int open_numbered(struct worker *worker, int flags) {
  char name[16];
  snprintf(name, sizeof name, "b%u", worker->index % BLOCK_FILES);
  return open_file(worker, name, O_RDWR | flags);
}

static int open_block(struct worker *worker) { return open_numbered(worker, O_DIRECT); }

static int open_cached(struct worker *worker) { return open_numbered(worker, 0); }

static int map_block(struct worker *worker) {
  if (open_cached(worker) < 0) return -1;
  free(worker->buffer);
  worker->buffer = mmap(NULL, block_bytes, PROT_READ, MAP_SHARED, worker->file, 0);
  worker->mapped = true;
  return worker->buffer == MAP_FAILED ? -1 : 0;
}

static int stat_name(struct worker *worker) {
  struct stat result;
  return fstatat(directory, next_name(worker), &result, 0);
}

static int stat_open_file(struct worker *worker) {
  struct stat result;
  return fstat(worker->file, &result);
}

static int stat_missing(struct worker *worker) {
  (void)worker;
  struct stat result;
  int error = fstatat(directory, "missing", &result, 0);
  return error < 0 && errno == ENOENT ? 0 : -1;
}

static int open_and_close(struct worker *worker) {
  int file = openat(directory, next_name(worker), O_RDONLY);
  return file < 0 ? file : close(file);
}

static int whole(ssize_t moved, size_t wanted) {
  if (moved >= 0 && (size_t)moved != wanted) errno = EIO;
  return (size_t)moved == wanted ? 0 : -1;
}

static int create_write_unlink(struct worker *worker, size_t bytes) {
  char name[48];
  snprintf(name, sizeof name, "c%u_%llu", worker->index, (unsigned long long)worker->serial++);
  int file = openat(directory, name, O_CREAT | O_EXCL | O_RDWR, 0644);
  if (file < 0) return -1;
  int written = bytes == 0 ? 0 : whole(pwrite(file, worker->buffer, bytes, 0), bytes);
  if (close(file) < 0 || written < 0) return -1;
  return unlinkat(directory, name, 0);
}

static int create_and_unlink(struct worker *worker) { return create_write_unlink(worker, 0); }

static int make_small_file(struct worker *worker) { return create_write_unlink(worker, SMALL); }

// Opens a file and reads its first bytes.
static int read_first_bytes(struct worker *worker) {
  char name[16];
  snprintf(name, sizeof name, "b%u", (unsigned)(worker->serial++ % BLOCK_FILES));
  int file = openat(directory, name, O_RDONLY);
  if (file < 0) return -1;
  int result = whole(pread(file, worker->buffer, SMALL, 0), SMALL);
  return close(file) < 0 ? -1 : result;
}

static off_t random_page(struct worker *worker) {
  return (off_t)(next_random(worker) % (big_bytes / SMALL) * SMALL);
}

static int read_page(struct worker *worker) {
  return whole(pread(worker->file, worker->buffer, SMALL, random_page(worker)), SMALL);
}

static int write_page(struct worker *worker) {
  return whole(pwrite(worker->file, worker->buffer, SMALL, random_page(worker)), SMALL);
}

static off_t next_place(struct worker *worker, size_t bytes) {
  uint64_t here = worker->offset;
  worker->offset = (here + bytes) % block_bytes;
  return (off_t)here;
}

static int read_middle(struct worker *worker) {
  return whole(pread(worker->file, worker->buffer, MIDDLE, next_place(worker, MIDDLE)), MIDDLE);
}

// Touches a page; the first pass over the file makes the kernel read it.
static int touch_page(struct worker *worker) {
  worker->random += (uint64_t)worker->buffer[next_place(worker, SMALL)];
  return 0;
}

static int read_block(struct worker *worker) {
  return whole(pread(worker->file, worker->buffer, LARGE, next_place(worker, LARGE)), LARGE);
}

static int write_block(struct worker *worker) {
  return whole(pwrite(worker->file, worker->buffer, LARGE, next_place(worker, LARGE)), LARGE);
}

// What getdents64 returns; the C library's struct dirent leaves room for the longest name.
struct listed {
  uint64_t node;
  int64_t offset;
  unsigned short bytes;
  unsigned char type;
  char name[];
};

static int stat_listed(int file, const char *buffer, long bytes) {
  for (long at = 0; at < bytes;) {
    const struct listed *entry = (const struct listed *)(buffer + at);
    struct stat result;
    if (fstatat(file, entry->name, &result, AT_SYMLINK_NOFOLLOW) < 0) return -1;
    at += entry->bytes;
  }
  return 0;
}

static int list(struct worker *worker, bool attributes) {
  int file = openat(directory, "d10k", O_RDONLY | O_DIRECTORY);
  if (file < 0) return -1;
  long bytes;
  do {
    bytes = syscall(SYS_getdents64, file, worker->buffer, LISTING);
    if (attributes && stat_listed(file, worker->buffer, bytes) < 0) bytes = -1;
  } while (bytes > 0);
  return close(file) < 0 || bytes < 0 ? -1 : 0;
}

static int list_directory(struct worker *worker) { return list(worker, false); }

static int list_with_attributes(struct worker *worker) { return list(worker, true); }

static const struct workload workloads[] = {
    {"stat", open_nothing, stat_name},
    {"getattr", open_name, stat_open_file},
    {"open-close", open_nothing, open_and_close},
    {"lookup-miss", open_nothing, stat_missing},
    {"first-byte", open_nothing, read_first_bytes},
    {"create-unlink", open_nothing, create_and_unlink},
    {"small-file", open_nothing, make_small_file},
    {"readdir", open_nothing, list_directory},
    {"readdir-stat", open_nothing, list_with_attributes},
    {"read4k", open_big, read_page},
    {"write4k", open_big, write_page},
    {"read128k", open_block, read_middle},
    {"read1m", open_block, read_block},
    {"write1m", open_block, write_block},
    {"seqread", open_cached, read_block},
    {"seqwrite", open_cached, write_block},
    {"mmap", map_block, touch_page},
};

// Two kinds at once: the first thread does stats, and the figures are those of its stats alone.
static const struct {
  const char *name;
  const char *others;
} mixtures[] = {{"mixed", "read1m"}, {"interference", "write1m"}};

static const char *others_of(const char *name) {
  for (size_t i = 0; i < sizeof mixtures / sizeof *mixtures; i++) {
    if (strcmp(mixtures[i].name, name) == 0) return mixtures[i].others;
  }
  return NULL;
}

static const struct workload *find_workload(const char *name) {
  for (size_t i = 0; i < sizeof workloads / sizeof *workloads; i++) {
    if (strcmp(workloads[i].name, name) == 0) return &workloads[i];
  }
  return NULL;
}

// ---- workers -----------------------------------------------------------------------------------

enum phase { WARMING_UP, MEASURING, OVER };
static _Atomic enum phase phase = WARMING_UP;
static pthread_barrier_t start;

static void *work(void *argument) {
  struct worker *worker = argument;
  if (posix_memalign((void **)&worker->buffer, SMALL, LARGE) != 0) die("memory");
  memset(worker->buffer, 'y', LARGE);
  worker->file = -1;
  if (worker->workload->open(worker) < 0) die("open");
  pthread_barrier_wait(&start);
  uint64_t before = nanos(CLOCK_MONOTONIC);
  for (;;) {
    int result = worker->workload->run(worker);
    int error = errno;
    uint64_t after = nanos(CLOCK_MONOTONIC);
    enum phase now = atomic_load_explicit(&phase, memory_order_relaxed);
    worker->operations++;
    if (now == MEASURING) record(&worker->latencies, after - before);
    if (result < 0) {
      if (worker->errors++ == 0) worker->first_error = error;
    }
    if (now == OVER) break;
    before = after;
  }
  if (worker->file >= 0) close(worker->file);
  if (worker->mapped) {
    munmap(worker->buffer, block_bytes);
  } else {
    free(worker->buffer);
  }
  return NULL;
}

// ---- one measurement ---------------------------------------------------------------------------

struct options {
  const char *directory;
  const char *workload;
  unsigned threads;
  double seconds;
  double warmup;
  int pid;
  int cpu;
};

static void sleep_for(double seconds) {
  struct timespec time = {(time_t)seconds, (long)((seconds - (double)(time_t)seconds) * 1e9)};
  while (nanosleep(&time, &time) != 0) {
  }
}

static struct worker *start_workers(const struct options *options) {
  const char *others = others_of(options->workload);
  struct worker *workers = calloc(options->threads, sizeof *workers);
  if (workers == NULL) die("memory");
  pthread_barrier_init(&start, NULL, options->threads + 1);
  for (unsigned i = 0; i < options->threads; i++) {
    const char *name = others == NULL ? options->workload : i == 0 ? "stat" : others;
    workers[i].workload = find_workload(name);
    workers[i].index = i;
    workers[i].serial = i * 37;
    workers[i].random = 0x9e3779b97f4a7c15u * (i + 1);
    if (pthread_create(&workers[i].thread, NULL, work, &workers[i]) != 0) die("pthread_create");
  }
  pthread_barrier_wait(&start);
  return workers;
}

static void print_result(const struct options *options, const struct worker *workers,
                         struct usage before, struct usage after) {
  bool mixed = others_of(options->workload) != NULL;
  static struct histogram latencies;
  uint64_t measured = 0, operations = 0, errors = 0;
  int first_error = 0;
  for (unsigned i = 0; i < options->threads; i++) {
    if (!mixed || i == 0) merge(&latencies, &workers[i].latencies);
    measured += workers[i].latencies.total;
    operations += workers[i].operations;
    errors += workers[i].errors;
    if (workers[i].first_error != 0) first_error = workers[i].first_error;
  }
  double elapsed = (double)(after.time - before.time);
  double each = measured > 0 ? (double)measured : 1;
  double server = (double)(after.server - before.server);
  double client = (double)(after.client - before.client);
  double machine = elapsed * (double)sysconf(_SC_NPROCESSORS_ONLN);
  double other = (double)(after.machine_busy - before.machine_busy) - server - client;
  char status[64];
  snprintf(status, sizeof status, "/proc/%d/status", options->pid);
  uint64_t peak = status_number(status, "VmHWM:");
  uint64_t threads = status_number(status, "Threads:");
  printf("{\"workload\":\"%s\",\"threads\":%u,\"opsPerSecond\":%.1f", options->workload,
         options->threads, (double)latencies.total / elapsed * 1e9);
  printf(",\"p50Micros\":%.2f,\"p99Micros\":%.2f,\"p999Micros\":%.2f", quantile(&latencies, 0.5),
         quantile(&latencies, 0.99), quantile(&latencies, 0.999));
  printf(",\"serverMicrosPerOp\":%.3f,\"clientMicrosPerOp\":%.3f", server / each / 1000,
         client / each / 1000);
  printf(",\"serverSwitchesPerOp\":%.3f,\"serverCallsPerOp\":%.3f",
         (double)(after.switches > before.switches ? after.switches - before.switches : 0) / each,
         (double)(after.calls - before.calls) / each);
  printf(",\"otherCpuPercent\":%.1f,\"stolenPercent\":%.1f", other > 0 ? other / machine * 100 : 0,
         (double)(after.machine_stolen - before.machine_stolen) / machine * 100);
  printf(",\"serverPeakKilobytes\":%llu,\"serverThreads\":%llu", (unsigned long long)peak,
         (unsigned long long)threads);
  printf(",\"operations\":%llu,\"errors\":%llu,\"firstError\":%d}\n",
         (unsigned long long)operations, (unsigned long long)errors, first_error);
}

static int usage(void) {
  fprintf(stderr,
          "client --dir MOUNTPOINT --workload NAME [options]\n"
          "  --threads N    threads that do the same at the same time, 1 to %d (1)\n"
          "  --seconds S    time that is measured (1)\n"
          "  --warmup S     time before that (0.2)\n"
          "  --pid PID      the server, whose CPU time, context switches and memory to report\n"
          "  --cpu N        run on this CPU only\n"
          "workloads:",
          THREADS_MAX);
  for (size_t i = 0; i < sizeof workloads / sizeof *workloads; i++) {
    fprintf(stderr, " %s", workloads[i].name);
  }
  fprintf(stderr, " mixed (one thread of stat, the others read1m)"
                  " interference (the others write1m)\n");
  return 2;
}

static bool parse(int count, char **arguments, struct options *options) {
  for (int i = 1; i < count; i += 2) {
    const char *name = arguments[i];
    if (i + 1 == count) return false;
    const char *value = arguments[i + 1];
    if (strcmp(name, "--dir") == 0) {
      options->directory = value;
    } else if (strcmp(name, "--workload") == 0) {
      options->workload = value;
    } else if (strcmp(name, "--threads") == 0) {
      options->threads = (unsigned)strtoul(value, NULL, 10);
    } else if (strcmp(name, "--seconds") == 0) {
      options->seconds = strtod(value, NULL);
    } else if (strcmp(name, "--warmup") == 0) {
      options->warmup = strtod(value, NULL);
    } else if (strcmp(name, "--pid") == 0) {
      options->pid = atoi(value);
    } else if (strcmp(name, "--cpu") == 0) {
      options->cpu = atoi(value);
    } else {
      return false;
    }
  }
  if (options->directory == NULL || options->workload == NULL) return false;
  if (others_of(options->workload) == NULL && find_workload(options->workload) == NULL) {
    return false;
  }
  return options->threads >= 1 && options->threads <= THREADS_MAX && options->seconds > 0;
}

int main(int count, char **arguments) {
  struct options options = {.threads = 1, .seconds = 1, .warmup = 0.2, .cpu = -1};
  if (!parse(count, arguments, &options)) return usage();
  if (options.cpu >= 0) {
    cpu_set_t cpus;
    CPU_ZERO(&cpus);
    CPU_SET((unsigned)options.cpu, &cpus);
    if (sched_setaffinity(0, sizeof cpus, &cpus) != 0) die("--cpu");
  }
  directory = open(options.directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0) die(options.directory);
  for (unsigned i = 0; i < NAMES; i++) snprintf(names[i], sizeof names[i], "f%u", i);

  struct worker *workers = start_workers(&options);
  come_first();
  sleep_for(options.warmup);
  struct usage before = {0}, after = {0};
  count_calls(&before, options.pid);
  measure_clocks(&before, options.pid);
  phase = MEASURING;
  sleep_for(options.seconds);
  phase = OVER;
  measure_clocks(&after, options.pid);
  count_calls(&after, options.pid);
  for (unsigned i = 0; i < options.threads; i++) pthread_join(workers[i].thread, NULL);
  print_result(&options, workers, before, after);
  return 0;
}
