// What a measurement costs: clocks of the two processes and of the machine.
#pragma once
#include <dirent.h>
#include <errno.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static void die(const char *what) {
  fprintf(stderr, "client: %s: %s\n", what, strerror(errno));
  exit(1);
}

static uint64_t nanos(clockid_t clock) {
  struct timespec time;
  if (clock_gettime(clock, &time) != 0) die("clock_gettime");
  return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

struct usage {
  uint64_t time;
  // CPU time in nanoseconds.
  uint64_t server;
  uint64_t client;
  uint64_t machine_busy;
  uint64_t machine_stolen;
  // Of the threads that live: a server that ends threads takes their counts with them.
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

// What takes long to read is read outside: the clocks at both ends belong to the same moment.
static void measure_clocks(struct usage *usage, int pid) {
  clockid_t server;
  usage->time = nanos(CLOCK_MONOTONIC);
  if (pid != 0) {
    if (clock_getcpuclockid(pid, &server) != 0) die("no such server");
    usage->server = nanos(server);
  }
  usage->client = nanos(CLOCK_PROCESS_CPUTIME_ID);
  read_machine(usage);
}

static void count_calls(struct usage *usage, int pid) {
  if (pid == 0) return;
  usage->switches = context_switches(pid);
  usage->calls = read_and_write_calls(pid);
}

// The thread that looks at the clocks must get a CPU when it wakes, among many that work. Fails
// without privilege: then figures of many threads are less exact.
static void come_first(void) {
  struct sched_param priority = {.sched_priority = 1};
  sched_setscheduler(0, SCHED_FIFO, &priority);
}
