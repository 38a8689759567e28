// W blocks of Philox at once (MaasRandom.h has one), and what is made of their words.

typedef struct {
  vu word[4];
} blocks;

INLINE vu high_half(vl v) { return __builtin_convertvector(v >> 32, vu); }
INLINE vu low_half(vl v) { return __builtin_convertvector(v, vu); }

/// The blocks with counters (first + lane, second) of a stream.
INLINE blocks blocks_at(maas_random stream, vu first, vu second) {
  vu c0 = first, c1 = second, c2 = (vu)stream.upper[0], c3 = (vu)stream.upper[1];
  uint32_t k0 = stream.key[0], k1 = stream.key[1];
  for (int round = 0; round < 10; round++) {
    vl p0 = __builtin_convertvector(c0, vl) * 0xD2511F53u;
    vl p1 = __builtin_convertvector(c2, vl) * 0xCD9E8D57u;
    c0 = high_half(p1) ^ c1 ^ k0;
    c2 = high_half(p0) ^ c3 ^ k1;
    c1 = low_half(p1);
    c3 = low_half(p0);
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  return (blocks){{c0, c1, c2, c3}};
}

/// Words first ..< first + 4 W of the stream, in order; `first` is a multiple of 4.
INLINE void words_at(maas_random stream, uint64_t first, uint32_t words[4 * W]) {
  vl block = __builtin_convertvector(lane_numbers(), vl) + first / 4;
  blocks made = blocks_at(stream, low_half(block), high_half(block));
  for (int i = 0; i < W; i++) {
    for (int j = 0; j < 4; j++) words[4 * i + j] = made.word[j][i];
  }
}

/// Runs DO for each i in 0 ..< n with `word`, the word start + i of the stream.
#define EACH_WORD(DO)                                                                \
  for (ptrdiff_t i = 0; i < n;) {                                                    \
    uint32_t words[4 * W];                                                           \
    uint64_t skip = (start + (uint64_t)i) % 4;                                       \
    words_at(stream, start + (uint64_t)i - skip, words);                             \
    ptrdiff_t end = n - i < 4 * W - (ptrdiff_t)skip ? n : i + 4 * W - (ptrdiff_t)skip; \
    for (const uint32_t *w = words + skip; i < end; i++, w++) {                      \
      uint32_t word = *w;                                                            \
      DO;                                                                            \
    }                                                                                \
  }

static void kernel_random_words(
    maas_random stream, uint64_t start, uint32_t *y, ptrdiff_t n) {
  EACH_WORD(y[i] = word)
}

static void kernel_random_uniform(
    maas_random stream, uint64_t start, float low, float high, float *y, ptrdiff_t n) {
  float width = high - low;
  EACH_WORD(y[i] = low + width * ((float)(word >> 8) * 0x1p-24f))
}

static void kernel_dropout(
    maas_random stream, const int32_t *samples, float rate, const float *x, float *y,
    ptrdiff_t rows, ptrdiff_t cols) {
  // Column 64 q + 16 j + l has word j of block 16 q + l, so that lanes need no shuffle.
  const uint64_t edge = (uint64_t)ceil((double)rate * 0x1p32);
  const vu limit = (vu)(uint32_t)(edge > 0xffffffffu ? 0xffffffffu : edge);
  const float factor = 1.0f / (1.0f - rate);
  for (ptrdiff_t r = 0; r < rows; r++, x += cols, y += cols) {
    vu sample = (vu)(uint32_t)(samples ? samples[r] : (int32_t)r);
    for (ptrdiff_t q = 0; q * 64 < cols; q++) {
      for (ptrdiff_t l = 0; l < 16; l += W) {
        blocks made = blocks_at(stream, (vu)lane_numbers() + (uint32_t)(q * 16 + l), sample);
        for (ptrdiff_t j = 0; j < 4; j++) {
          ptrdiff_t c = q * 64 + j * 16 + l;
          if (c >= cols) break;
          bool whole = c + W <= cols;
          vf v = whole ? load(x + c) : load_part(x + c, cols - c, 0);
          v = made.word[j] >= limit ? v * factor : (vf)0.0f;
          if (whole) {
            store(y + c, v);
          } else {
            store_part(y + c, v, cols - c);
          }
        }
      }
    }
  }
}
