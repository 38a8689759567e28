// The vector that a level works with, and its few primitives. LEVEL is defined by the including
// file, which also sets the target; W is the number of f32 lanes.
//
// Invariant: a loop takes whole vectors with `load` and `store`, and the rest with `load_part` and
// `store_part` in the same arithmetic, so that an element's bits do not depend on its place; no
// lane outside the array is read or written. Multiplications and additions are fused only where
// `fma` says so.
#include <math.h>
#include <string.h>

#include "../include/MaasKernels.h"
#include "../table.h"

#define W (LEVEL == 2 ? 16 : LEVEL == 1 ? 8 : 4)
#define INLINE static inline __attribute__((always_inline))

typedef float vf __attribute__((ext_vector_type(W)));
typedef int32_t vi __attribute__((ext_vector_type(W)));
typedef uint32_t vu __attribute__((ext_vector_type(W)));
typedef double vd __attribute__((ext_vector_type(W)));
typedef uint64_t vl __attribute__((ext_vector_type(W)));
typedef float vf_anywhere __attribute__((ext_vector_type(W), aligned(4), may_alias));

INLINE vf load(const float *x) { return *(const vf_anywhere *)x; }
INLINE void store(float *y, vf v) { *(vf_anywhere *)y = v; }

#if LEVEL == 2
INLINE __mmask16 lanes(ptrdiff_t n) { return (__mmask16)((1u << n) - 1); }
/// The first n < W lanes from x, `other` in the rest.
INLINE vf load_part(const float *x, ptrdiff_t n, float other) {
  return (vf)_mm512_mask_loadu_ps(_mm512_set1_ps(other), lanes(n), x);
}
INLINE void store_part(float *y, vf v, ptrdiff_t n) {
  _mm512_mask_storeu_ps(y, lanes(n), (__m512)v);
}
#elif LEVEL == 1
INLINE vi lanes(ptrdiff_t n) {
  const vi index = {0, 1, 2, 3, 4, 5, 6, 7};
  return index < (vi)((int32_t)n);
}
INLINE vf load_part(const float *x, ptrdiff_t n, float other) {
  vi mask = lanes(n);
  return mask ? (vf)_mm256_maskload_ps(x, (__m256i)mask) : (vf)other;
}
INLINE void store_part(float *y, vf v, ptrdiff_t n) {
  _mm256_maskstore_ps(y, (__m256i)lanes(n), (__m256)v);
}
#else
INLINE vf load_part(const float *x, ptrdiff_t n, float other) {
  vf v = other;
  for (ptrdiff_t i = 0; i < n; i++) v[i] = x[i];
  return v;
}
INLINE void store_part(float *y, vf v, ptrdiff_t n) {
  for (ptrdiff_t i = 0; i < n; i++) y[i] = v[i];
}
#endif

/// The first n lanes, or all W where n is greater.
INLINE vf load_up_to(const float *x, ptrdiff_t n, float other) {
  return n >= W ? load(x) : load_part(x, n, other);
}
INLINE void store_up_to(float *y, vf v, ptrdiff_t n) {
  if (n >= W) store(y, v); else store_part(y, v, n);
}

/// The first lane whose mask is set, or W.
INLINE int first_lane(vi mask) {
#if LEVEL == 2
  return __builtin_ctz(_mm512_movepi32_mask((__m512i)mask) | 1u << W);
#elif LEVEL == 1
  return __builtin_ctz((unsigned)_mm256_movemask_ps((__m256)mask) | 1u << W);
#else
  int lane = 0;
  while (lane < W && !mask[lane]) lane++;
  return lane;
#endif
}

#if LEVEL == 2
/// A square of 16 rows becomes its columns; t is room to work in.
INLINE void turn_16(__m512 x[16], __m512 t[16]) {
#define PAIR(f, a, b) (__m512) _mm512_##f##_pd((__m512d)(a), (__m512d)(b))
  for (int i = 0; i < 8; i++) {
    t[2 * i] = _mm512_unpacklo_ps(x[2 * i], x[2 * i + 1]);
    t[2 * i + 1] = _mm512_unpackhi_ps(x[2 * i], x[2 * i + 1]);
  }
  for (int i = 0; i < 16; i += 4) {
    x[i] = PAIR(unpacklo, t[i], t[i + 2]);
    x[i + 1] = PAIR(unpackhi, t[i], t[i + 2]);
    x[i + 2] = PAIR(unpacklo, t[i + 1], t[i + 3]);
    x[i + 3] = PAIR(unpackhi, t[i + 1], t[i + 3]);
  }
#undef PAIR
  for (int i = 0; i < 4; i++) {
    t[i] = _mm512_shuffle_f32x4(x[i], x[4 + i], 0x88);
    t[4 + i] = _mm512_shuffle_f32x4(x[i], x[4 + i], 0xdd);
    t[8 + i] = _mm512_shuffle_f32x4(x[8 + i], x[12 + i], 0x88);
    t[12 + i] = _mm512_shuffle_f32x4(x[8 + i], x[12 + i], 0xdd);
  }
  for (int i = 0; i < 8; i++) {
    x[i] = _mm512_shuffle_f32x4(t[i], t[8 + i], 0x88);
    x[8 + i] = _mm512_shuffle_f32x4(t[i], t[8 + i], 0xdd);
  }
}
#endif

INLINE vi lane_numbers(void) {
  vi v;
  for (int i = 0; i < W; i++) v[i] = i;
  return v;
}

/// a · b + c, in one rounding where the processor has it.
INLINE vf fma_(vf a, vf b, vf c) {
#if LEVEL > 0
  return __builtin_elementwise_fma(a, b, c);
#else
  return a * b + c;
#endif
}

INLINE vf abs_(vf x) { return (vf)((vu)x & 0x7fffffffu); }
INLINE vf sign_of(vf magnitude, vf sign) {
  return (vf)(((vu)magnitude & 0x7fffffffu) | ((vu)sign & 0x80000000u));
}
INLINE vd wide(vf v) { return __builtin_convertvector(v, vd); }
INLINE vf narrow(vd v) { return __builtin_convertvector(v, vf); }

/// b where a is NaN.
INLINE vf greater(vf a, vf b) { return a > b ? a : b; }

#if LEVEL == 2
#define HALVES_F(v, OP)                                                              \
  typedef float v8 __attribute__((ext_vector_type(8)));                              \
  typedef float v4 __attribute__((ext_vector_type(4)));                              \
  v8 h8 = OP(v.lo, v.hi);                                                            \
  v4 h4 = OP(h8.lo, h8.hi);
#elif LEVEL == 1
#define HALVES_F(v, OP)                                                              \
  typedef float v4 __attribute__((ext_vector_type(4)));                              \
  v4 h4 = OP(v.lo, v.hi);
#else
#define HALVES_F(v, OP) vf h4 = v;
#endif
#define PLUS(a, b) ((a) + (b))
#define GREATER(a, b) ((a) > (b) ? (a) : (b))

/// The sum of all lanes, halves first.
INLINE float total(vf v) {
  HALVES_F(v, PLUS)
  return (h4.x + h4.z) + (h4.y + h4.w);
}
/// The greatest lane.
INLINE float top(vf v) {
  HALVES_F(v, GREATER)
  float a = GREATER(h4.x, h4.z), b = GREATER(h4.y, h4.w);
  return GREATER(a, b);
}
INLINE double total_double(vd v) {
  typedef double d2 __attribute__((ext_vector_type(2)));
  typedef double d4 __attribute__((ext_vector_type(4)));
#if LEVEL == 2
  typedef double d8 __attribute__((ext_vector_type(8)));
  d8 h8 = v.lo + v.hi;
  d4 h4 = h8.lo + h8.hi;
#elif LEVEL == 1
  d4 h4 = v.lo + v.hi;
#else
  d4 h4 = v;
#endif
  d2 h2 = h4.lo + h4.hi;
  return h2.x + h2.y;
}
