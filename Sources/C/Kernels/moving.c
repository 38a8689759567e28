// What memory bounds: copies, conversions, and the random numbers that are made once.
#include <math.h>
#include <string.h>

#include "MaasKernels.h"

void maas_gather_rows(
    const float *x, const int32_t *ids, float *y, ptrdiff_t count, ptrdiff_t cols) {
  for (ptrdiff_t i = 0; i < count; i++) {
    memcpy(y + i * cols, x + (ptrdiff_t)ids[i] * cols, (size_t)cols * sizeof(float));
  }
}

void maas_gather_bytes(
    const uint8_t *x, const int32_t *ids, float factor, float *y, ptrdiff_t count,
    ptrdiff_t cols) {
  for (ptrdiff_t i = 0; i < count; i++) {
    maas_u8_to_f32(x + (ptrdiff_t)ids[i] * cols, factor, y + i * cols, cols);
  }
}

void maas_gather_i32(const int32_t *x, const int32_t *ids, int32_t *y, ptrdiff_t count) {
  for (ptrdiff_t i = 0; i < count; i++) y[i] = x[ids[i]];
}

void maas_transpose(const float *x, float *y, ptrdiff_t rows, ptrdiff_t cols) {
  const ptrdiff_t side = 16;
  for (ptrdiff_t r0 = 0; r0 < rows; r0 += side) {
    ptrdiff_t r1 = r0 + side < rows ? r0 + side : rows;
    for (ptrdiff_t c0 = 0; c0 < cols; c0 += side) {
      ptrdiff_t c1 = c0 + side < cols ? c0 + side : cols;
      for (ptrdiff_t c = c0; c < c1; c++) {
        for (ptrdiff_t r = r0; r < r1; r++) y[c * rows + r] = x[r * cols + c];
      }
    }
  }
}

#define MOVE_PLANE(T)                                                                \
  static void move_plane_##T(                                                        \
      const T *x, T *y, ptrdiff_t rows, ptrdiff_t cols, ptrdiff_t down, ptrdiff_t right) { \
    if (right == 1) {                                                                \
      for (ptrdiff_t r = 0; r < rows; r++) {                                         \
        memcpy(y + r * cols, x + r * down, (size_t)cols * sizeof(T));                \
      }                                                                              \
    } else if (right == 0) {                                                         \
      for (ptrdiff_t r = 0; r < rows; r++) {                                         \
        T value = x[r * down];                                                       \
        for (ptrdiff_t c = 0; c < cols; c++) y[r * cols + c] = value;                \
      }                                                                              \
    } else if (down == 1) {                                                          \
      for (ptrdiff_t r0 = 0; r0 < rows; r0 += 16) {                                  \
        ptrdiff_t r1 = r0 + 16 < rows ? r0 + 16 : rows;                              \
        for (ptrdiff_t c0 = 0; c0 < cols; c0 += 16) {                                \
          ptrdiff_t c1 = c0 + 16 < cols ? c0 + 16 : cols;                            \
          for (ptrdiff_t r = r0; r < r1; r++) {                                      \
            for (ptrdiff_t c = c0; c < c1; c++) y[r * cols + c] = x[r + c * right];  \
          }                                                                          \
        }                                                                            \
      }                                                                              \
    } else {                                                                         \
      for (ptrdiff_t r = 0; r < rows; r++) {                                         \
        for (ptrdiff_t c = 0; c < cols; c++) y[r * cols + c] = x[r * down + c * right]; \
      }                                                                              \
    }                                                                                \
  }
MOVE_PLANE(uint8_t)
MOVE_PLANE(uint32_t)
MOVE_PLANE(uint64_t)

void maas_move(
    const void *x, void *y, ptrdiff_t size, ptrdiff_t rank, const ptrdiff_t *sizes,
    const ptrdiff_t *strides) {
  ptrdiff_t at[32] = {0}, from = 0, outer = rank - 2;
  for (ptrdiff_t k = 0; k < rank; k++) {
    if (sizes[k] == 0) return;
  }
  ptrdiff_t rows = rank > 1 ? sizes[rank - 2] : 1, down = rank > 1 ? strides[rank - 2] : 0;
  ptrdiff_t cols = sizes[rank - 1], right = strides[rank - 1];
  char *to = y;
  for (;;) {
    switch (size) {
      case 1: move_plane_uint8_t((const uint8_t *)x + from, (uint8_t *)to, rows, cols, down, right); break;
      case 4: move_plane_uint32_t((const uint32_t *)x + from, (uint32_t *)to, rows, cols, down, right); break;
      default: move_plane_uint64_t((const uint64_t *)x + from, (uint64_t *)to, rows, cols, down, right);
    }
    to += rows * cols * size;
    ptrdiff_t k = outer - 1;
    for (; k >= 0; k--) {
      from += strides[k];
      if (++at[k] < sizes[k]) break;
      from -= strides[k] * sizes[k];
      at[k] = 0;
    }
    if (k < 0) return;
  }
}

void maas_u8_to_f32(const uint8_t *x, float factor, float *y, ptrdiff_t n) {
  for (ptrdiff_t i = 0; i < n; i++) y[i] = factor * (float)x[i];
}

void maas_i32_to_f32(const int32_t *x, float *y, ptrdiff_t n) {
  for (ptrdiff_t i = 0; i < n; i++) y[i] = (float)x[i];
}

void maas_f64_to_f32(const double *x, float *y, ptrdiff_t n) {
  for (ptrdiff_t i = 0; i < n; i++) y[i] = (float)x[i];
}

void maas_f32_to_f64(const float *x, double *y, ptrdiff_t n) {
  for (ptrdiff_t i = 0; i < n; i++) y[i] = x[i];
}

bool maas_f64_to_i32(const double *x, int32_t *y, ptrdiff_t n) {
  bool exact = true;
  for (ptrdiff_t i = 0; i < n; i++) {
    double v = x[i] == x[i] ? x[i] : 0.5;
    v = v < -2147483648.0 ? -2147483648.0 : v > 2147483647.0 ? 2147483647.0 : v;
    y[i] = (int32_t)v;
    exact &= (double)y[i] == x[i];
  }
  return exact;
}

void maas_fill(float value, float *y, ptrdiff_t n) {
  for (ptrdiff_t i = 0; i < n; i++) y[i] = value;
}

void maas_random_normal(
    maas_random stream, uint64_t start, float mean, float deviation, float *y, ptrdiff_t n) {
  for (ptrdiff_t i = 0; i < n; i += 2) {
    uint64_t place = start + (uint64_t)i;
    maas_random_block block = maas_random_at(stream, place / 4);
    // In (0, 1], as the logarithm of 0 is not to be had.
    double u = ((double)block.word[place % 4] + 1) * 0x1p-32;
    double angle = (double)block.word[place % 4 + 1] * (0x1p-32 * 6.283185307179586);
    double radius = sqrt(-2 * log(u));
    y[i] = (float)(mean + deviation * radius * cos(angle));
    if (i + 1 < n) y[i + 1] = (float)(mean + deviation * radius * sin(angle));
  }
}

ptrdiff_t maas_dense_packed(ptrdiff_t inner, ptrdiff_t cols) {
  return inner * ((cols + 15) / 16 * 16);
}

void maas_dense_pack(const float *w, float *packed, ptrdiff_t inner, ptrdiff_t cols) {
  for (ptrdiff_t c = 0; c < cols; c += 64) {
    ptrdiff_t used = cols - c >= 64 ? 64 : cols - c;
    ptrdiff_t width = (used + 15) / 16 * 16;
    for (ptrdiff_t k = 0; k < inner; k++) {
      for (ptrdiff_t i = 0; i < width; i++) {
        *packed++ = i < used ? w[k * cols + c + i] : 0;
      }
    }
  }
}

ptrdiff_t maas_recurrent_packed(ptrdiff_t units, ptrdiff_t gates) {
  return (units + 15) / 16 * 16 * units * gates;
}

void maas_recurrent_pack(const float *w, float *packed, ptrdiff_t units, ptrdiff_t gates) {
  for (ptrdiff_t u = 0; u < units; u += 16) {
    ptrdiff_t used = units - u >= 16 ? 16 : units - u;
    for (ptrdiff_t k = 0; k < units; k++) {
      for (ptrdiff_t g = 0; g < gates; g++, packed += 16) {
        memset(packed, 0, 16 * sizeof(float));
        memcpy(packed, w + (k * gates + g) * units + u, (size_t)used * sizeof(float));
      }
    }
  }
}
