// Latencies in classes, and their quantiles.
#pragma once
#include <stdint.h>

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
