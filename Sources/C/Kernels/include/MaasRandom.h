// Philox4x32-10, a counter-based generator: Salmon, Moraes, Dror, Shaw, "Parallel random numbers:
// as easy as 1, 2, 3", SC 2011. A word depends on its key and place alone, so any thread can make
// any part of a stream.
#ifndef MAAS_RANDOM_H
#define MAAS_RANDOM_H

#include <stdint.h>

/// Four words at one place of the stream.
typedef struct {
  uint32_t word[4];
} maas_random_block;

/// A stream of 2^66 words: the key of the generator and the upper half of its counter.
typedef struct {
  uint32_t key[2];
  uint32_t upper[2];
} maas_random;

/// Ten rounds over a counter, as published.
static inline maas_random_block maas_philox(maas_random_block counter, uint32_t k0, uint32_t k1) {
  uint32_t c0 = counter.word[0], c1 = counter.word[1];
  uint32_t c2 = counter.word[2], c3 = counter.word[3];
  for (int round = 0; round < 10; round++) {
    uint64_t p0 = (uint64_t)0xD2511F53u * c0;
    uint64_t p1 = (uint64_t)0xCD9E8D57u * c2;
    c0 = (uint32_t)(p1 >> 32) ^ c1 ^ k0;
    c2 = (uint32_t)(p0 >> 32) ^ c3 ^ k1;
    c1 = (uint32_t)p1;
    c3 = (uint32_t)p0;
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  maas_random_block result = {{c0, c1, c2, c3}};
  return result;
}

/// The stream of (seed, place, index): `place` tells the uses of one seed apart (a layer, the
/// shuffle), `index` the turns of one use (an epoch, a layer's number).
static inline maas_random maas_random_make(uint64_t seed, uint64_t place, uint64_t index) {
  maas_random_block counter = {
      {(uint32_t)place, (uint32_t)(place >> 32), (uint32_t)index, (uint32_t)(index >> 32)}};
  maas_random_block made = maas_philox(counter, (uint32_t)seed, (uint32_t)(seed >> 32));
  maas_random stream = {{made.word[0], made.word[1]}, {made.word[2], made.word[3]}};
  return stream;
}

/// Words 4 · block ..< 4 · block + 4 of the stream.
static inline maas_random_block maas_random_at(maas_random stream, uint64_t block) {
  maas_random_block counter = {
      {(uint32_t)block, (uint32_t)(block >> 32), stream.upper[0], stream.upper[1]}};
  return maas_philox(counter, stream.key[0], stream.key[1]);
}

#endif
