// The null file system: what it shows, for every server in C. All files are synthetic; no answer is
// cached by the kernel (time-outs are 0):
//   f<N>              empty files, any N
//   big               256 MiB
//   b<0..999>         32 MiB each
//   d10k/n00000..     10 000 names
//   c<thread>_<n>     made by create, gone after unlink; one at a time for each thread
// Reads are answered from a constant buffer, writes are thrown away.
#pragma once
#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { PAGE = 4096, MAX_WRITE = 1 << 20, MAX_BACKGROUND = 64 };

static void die(const char *what) {
  fprintf(stderr, "null server: %s: %s\n", what, strerror(errno));
  exit(1);
}

// A node id is a kind in the upper bits and an index within the kind below.
enum { KIND_SHIFT = 56, KIND_PLAIN = 1, KIND_BLOCK = 2, KIND_LISTED = 3, KIND_CREATED = 4 };
enum { NODE_ROOT = 1, NODE_BIG = 2, NODE_DIRECTORY = 3 };

enum {
  BLOCK_FILES = 1000,
  LISTED_FILES = 10000,
  CLIENT_THREADS = 1024,
  CREATED_SHIFT = 40,
};

static const uint64_t big_bytes = 256ULL << 20;
static const uint64_t block_bytes = 32ULL << 20;

static char *content;
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

static void prepare_content(void) {
  content = mmap(NULL, MAX_WRITE, PROT_READ | PROT_WRITE,
                 MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
  if (content == MAP_FAILED) die("memory");
  memset(content, 'x', MAX_WRITE);
}

// How many bytes a read at this place gets.
static uint64_t readable(uint64_t id, uint64_t offset, uint64_t wanted) {
  uint64_t size = size_of(id);
  uint64_t left = offset < size ? size - offset : 0;
  uint64_t bytes = wanted < left ? wanted : left;
  return bytes < MAX_WRITE ? bytes : MAX_WRITE;
}

// Makes c<thread>_<n> exist; its node, or 0 for any other name.
static uint64_t create_name(const char *name) {
  uint64_t thread, number;
  if (!parse_created(name, &thread, &number)) return 0;
  created[thread] = number + 1;
  return created_node(thread, number);
}

// Removes c<thread>_<n>; false for any other name.
static bool remove_name(const char *name) {
  uint64_t thread, number;
  if (!parse_created(name, &thread, &number)) return false;
  created[thread] = 0;
  return true;
}
