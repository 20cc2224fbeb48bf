// Measures a mounted file system: operations per second, latencies, and what they cost the server.
//
//   cc -O2 -pthread -o client client.c
//   ./client --dir MOUNTPOINT --workload stat --threads 8 --seconds 1 --pid SERVER
//
// The files it uses are those of floor.c. The result is one JSON object on one line.
#define _GNU_SOURCE
#include <dirent.h>
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
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum {
  NAMES = 1000,
  BLOCK_FILES = 32,
  SMALL = 4096,
  LARGE = 1 << 20,
  LISTING = 32 * 1024,
  THREADS_MAX = 512,
};

static const uint64_t big_bytes = 256ULL << 20;
static const uint64_t block_bytes = 32ULL << 20;

static void die(const char *what) {
  fprintf(stderr, "client: %s: %s\n", what, strerror(errno));
  exit(1);
}

static uint64_t nanos(clockid_t clock) {
  struct timespec time;
  if (clock_gettime(clock, &time) != 0) die("clock_gettime");
  return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

// ---- latencies ---------------------------------------------------------------------------------

// Counts nanoseconds in classes that are 1/32 of their power of two wide: 3 % resolution.
enum { FINE_BITS = 5, FINE = 1 << FINE_BITS, CLASSES = (64 - FINE_BITS + 1) * FINE };

struct histogram {
  uint64_t counts[CLASSES];
  uint64_t total;
};

static unsigned class_of(uint64_t value) {
  if (value < FINE) return (unsigned)value;
  unsigned shift = 63 - FINE_BITS - (unsigned)__builtin_clzll(value);
  return (shift << FINE_BITS) + (unsigned)(value >> shift);
}

static double middle_of(unsigned class) {
  if (class < 2 * FINE) return class;
  unsigned shift = (class >> FINE_BITS) - 1;
  uint64_t first = (uint64_t)(FINE + class % FINE) << shift;
  return (double)first + (double)(1ULL << shift) / 2;
}

static void record(struct histogram *histogram, uint64_t value) {
  histogram->counts[class_of(value)]++;
  histogram->total++;
}

static void merge(struct histogram *into, const struct histogram *from) {
  for (unsigned i = 0; i < CLASSES; i++) into->counts[i] += from->counts[i];
  into->total += from->total;
}

// The latency that this share of the operations did not exceed, in microseconds.
static double quantile(const struct histogram *histogram, double share) {
  double wanted = share * (double)histogram->total;
  double seen = 0;
  for (unsigned i = 0; i < CLASSES; i++) {
    seen += (double)histogram->counts[i];
    if (seen > 0 && seen >= wanted) return middle_of(i) / 1000;
  }
  return 0;
}

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

static int open_block(struct worker *worker) {
  char name[16];
  snprintf(name, sizeof name, "b%u", worker->index % BLOCK_FILES);
  return open_file(worker, name, O_RDWR | O_DIRECT);
}

static int stat_name(struct worker *worker) {
  struct stat result;
  return fstatat(directory, next_name(worker), &result, 0);
}

static int stat_open_file(struct worker *worker) {
  struct stat result;
  return fstat(worker->file, &result);
}

static int open_and_close(struct worker *worker) {
  int file = openat(directory, next_name(worker), O_RDONLY);
  return file < 0 ? file : close(file);
}

static int create_and_unlink(struct worker *worker) {
  char name[48];
  snprintf(name, sizeof name, "c%u_%llu", worker->index, (unsigned long long)worker->serial++);
  int file = openat(directory, name, O_CREAT | O_EXCL | O_RDWR, 0644);
  if (file < 0 || close(file) < 0) return -1;
  return unlinkat(directory, name, 0);
}

static int whole(ssize_t moved, size_t wanted) {
  if (moved >= 0 && (size_t)moved != wanted) errno = EIO;
  return (size_t)moved == wanted ? 0 : -1;
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

static off_t next_block(struct worker *worker) {
  uint64_t here = worker->offset;
  worker->offset = (here + LARGE) % block_bytes;
  return (off_t)here;
}

static int read_block(struct worker *worker) {
  return whole(pread(worker->file, worker->buffer, LARGE, next_block(worker)), LARGE);
}

static int write_block(struct worker *worker) {
  return whole(pwrite(worker->file, worker->buffer, LARGE, next_block(worker)), LARGE);
}

static int list_directory(struct worker *worker) {
  int file = openat(directory, "d10k", O_RDONLY | O_DIRECTORY);
  if (file < 0) return -1;
  long bytes;
  do {
    bytes = syscall(SYS_getdents64, file, worker->buffer, LISTING);
  } while (bytes > 0);
  return close(file) < 0 || bytes < 0 ? -1 : 0;
}

static const struct workload workloads[] = {
    {"stat", open_nothing, stat_name},
    {"getattr", open_name, stat_open_file},
    {"open-close", open_nothing, open_and_close},
    {"create-unlink", open_nothing, create_and_unlink},
    {"readdir", open_nothing, list_directory},
    {"read4k", open_big, read_page},
    {"write4k", open_big, write_page},
    {"read1m", open_block, read_block},
    {"write1m", open_block, write_block},
};

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
  free(worker->buffer);
  return NULL;
}

// ---- what it cost ------------------------------------------------------------------------------

struct usage {
  uint64_t time;
  // CPU time in nanoseconds.
  uint64_t server;
  uint64_t client;
  uint64_t machine_busy;
  uint64_t machine_stolen;
  uint64_t switches;
  // Calls of read(2), write(2) and their like.
  uint64_t calls;
};

// The number behind this key in a status file of /proc; 0 when it is not there.
static uint64_t status_number(const char *path, const char *key) {
  FILE *file = fopen(path, "re");
  char line[256];
  size_t length = strlen(key);
  uint64_t value = 0;
  while (file != NULL && fgets(line, sizeof line, file) != NULL) {
    if (strncmp(line, key, length) == 0) value = strtoull(line + length, NULL, 10);
  }
  if (file != NULL) fclose(file);
  return value;
}

static uint64_t context_switches(int pid) {
  char path[320];
  snprintf(path, sizeof path, "/proc/%d/task", pid);
  DIR *tasks = opendir(path);
  if (tasks == NULL) die(path);
  uint64_t sum = 0;
  for (struct dirent *task = readdir(tasks); task != NULL; task = readdir(tasks)) {
    if (task->d_name[0] == '.') continue;
    snprintf(path, sizeof path, "/proc/%d/task/%s/status", pid, task->d_name);
    sum += status_number(path, "voluntary_ctxt_switches:");
    sum += status_number(path, "nonvoluntary_ctxt_switches:");
  }
  closedir(tasks);
  return sum;
}

static uint64_t read_and_write_calls(int pid) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/io", pid);
  return status_number(path, "syscr:") + status_number(path, "syscw:");
}

static void read_machine(struct usage *usage) {
  FILE *file = fopen("/proc/stat", "re");
  unsigned long long user, nice, system, idle, wait, hard, soft, stolen;
  if (file == NULL || fscanf(file, "cpu %llu %llu %llu %llu %llu %llu %llu %llu", &user, &nice,
                             &system, &idle, &wait, &hard, &soft, &stolen) != 8) {
    die("/proc/stat");
  }
  fclose(file);
  uint64_t tick = 1000000000u / (uint64_t)sysconf(_SC_CLK_TCK);
  usage->machine_busy = (user + nice + system + hard + soft) * tick;
  usage->machine_stolen = stolen * tick;
}

static struct usage measure_usage(int pid) {
  struct usage usage = {0};
  clockid_t server;
  read_machine(&usage);
  if (pid != 0) {
    if (clock_getcpuclockid(pid, &server) != 0) die("no such server");
    usage.switches = context_switches(pid);
    usage.calls = read_and_write_calls(pid);
    usage.server = nanos(server);
  }
  usage.client = nanos(CLOCK_PROCESS_CPUTIME_ID);
  usage.time = nanos(CLOCK_MONOTONIC);
  return usage;
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
  bool mixed = strcmp(options->workload, "mixed") == 0;
  struct worker *workers = calloc(options->threads, sizeof *workers);
  if (workers == NULL) die("memory");
  pthread_barrier_init(&start, NULL, options->threads + 1);
  for (unsigned i = 0; i < options->threads; i++) {
    const char *name = !mixed ? options->workload : i == 0 ? "stat" : "read1m";
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
  // In the mixed workload rates and latencies are those of the first thread's stats alone.
  bool mixed = strcmp(options->workload, "mixed") == 0;
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
         (double)(after.switches - before.switches) / each,
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
  fprintf(stderr, " mixed (one thread of stat, the others read1m)\n");
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
  if (strcmp(options->workload, "mixed") != 0 && find_workload(options->workload) == NULL) {
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
  sleep_for(options.warmup);
  struct usage before = measure_usage(options.pid);
  phase = MEASURING;
  sleep_for(options.seconds);
  phase = OVER;
  struct usage after = measure_usage(options.pid);
  for (unsigned i = 0; i < options.threads; i++) pthread_join(workers[i].thread, NULL);
  print_result(&options, workers, before, after);
  return 0;
}
