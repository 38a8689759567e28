// The order of numbers, by radix: each pass sorts by 11 bits and keeps the order of equals, so the
// result is stable. Keys are the bits of a number, changed so that they rise as the numbers do.
#include <math.h>
#include <string.h>

#include "MaasKernels.h"

#define BITS 11
#define BUCKETS (1 << BITS)

/// -0 counts as 0, and NaN as the greatest.
static uint32_t key_of_float(float x) {
  uint32_t bits;
  x = x == 0 ? 0 : x;
  memcpy(&bits, &x, 4);
  if (x != x) return UINT32_MAX;
  return bits & 0x80000000u ? ~bits : bits | 0x80000000u;
}
static uint64_t key_of_double(double x) {
  uint64_t bits;
  x = x == 0 ? 0 : x;
  memcpy(&bits, &x, 8);
  if (x != x) return UINT64_MAX;
  return bits >> 63 ? ~bits : bits | 0x8000000000000000u;
}
static uint32_t key_of_int(int32_t x) { return (uint32_t)x ^ 0x80000000u; }

/// Passes over the keys; one in which all fall into the same bucket is left out.
#define ORDER(name, T, K, key)                                                       \
  void maas_order_##name(const T *x, int32_t *order, uint32_t *work, ptrdiff_t n) {  \
    enum { passes = (8 * sizeof(K) + BITS - 1) / BITS };                             \
    K *keys = (K *)work, *other = keys + n;                                          \
    int32_t *ids = order, *spare = (int32_t *)(other + n);                           \
    int32_t counts[passes][BUCKETS] = {{0}};                                         \
    for (ptrdiff_t i = 0; i < n; i++) {                                              \
      K k = keys[i] = key(x[i]);                                                     \
      ids[i] = (int32_t)i;                                                           \
      for (int p = 0; p < passes; p++) counts[p][(k >> (p * BITS)) & (BUCKETS - 1)]++; \
    }                                                                                \
    for (int p = 0; p < passes && n > 1; p++) {                                      \
      int32_t *count = counts[p], start = 0;                                         \
      if (count[(keys[0] >> (p * BITS)) & (BUCKETS - 1)] == n) continue;             \
      for (int b = 0; b < BUCKETS; b++) {                                            \
        int32_t here = count[b];                                                     \
        count[b] = start;                                                            \
        start += here;                                                               \
      }                                                                              \
      for (ptrdiff_t i = 0; i < n; i++) {                                            \
        ptrdiff_t to = count[(keys[i] >> (p * BITS)) & (BUCKETS - 1)]++;             \
        other[to] = keys[i];                                                         \
        spare[to] = ids[i];                                                          \
      }                                                                              \
      K *k = keys;                                                                   \
      keys = other;                                                                  \
      other = k;                                                                     \
      int32_t *o = ids;                                                              \
      ids = spare;                                                                   \
      spare = o;                                                                     \
    }                                                                                \
    if (ids != order) memcpy(order, ids, (size_t)n * sizeof *order);                 \
  }
/// The number that has a key.
static float float_of_key(uint32_t key) {
  uint32_t bits = key & 0x80000000u ? key & 0x7fffffffu : ~key;
  float x;
  if (key == UINT32_MAX) return NAN;
  memcpy(&x, &bits, 4);
  return x;
}

void maas_sort_f32(const float *x, float *y, uint32_t *work, ptrdiff_t n) {
  enum { passes = 3 };
  uint32_t *keys = work, *other = work + n;
  int32_t counts[passes][BUCKETS] = {{0}};
  for (ptrdiff_t i = 0; i < n; i++) {
    uint32_t k = keys[i] = key_of_float(x[i]);
    for (int p = 0; p < passes; p++) counts[p][(k >> (p * BITS)) & (BUCKETS - 1)]++;
  }
  for (int p = 0; p < passes && n > 1; p++) {
    int32_t *count = counts[p], start = 0;
    if (count[(keys[0] >> (p * BITS)) & (BUCKETS - 1)] == n) continue;
    for (int b = 0; b < BUCKETS; b++) {
      int32_t here = count[b];
      count[b] = start;
      start += here;
    }
    for (ptrdiff_t i = 0; i < n; i++) {
      other[count[(keys[i] >> (p * BITS)) & (BUCKETS - 1)]++] = keys[i];
    }
    uint32_t *k = keys;
    keys = other;
    other = k;
  }
  for (ptrdiff_t i = 0; i < n; i++) y[i] = float_of_key(keys[i]);
}

ORDER(f32, float, uint32_t, key_of_float)
ORDER(f64, double, uint64_t, key_of_double)
ORDER(i32, int32_t, uint32_t, key_of_int)
