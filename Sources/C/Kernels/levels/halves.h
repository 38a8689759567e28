// Numbers rounded to bfloat16: the upper half of an f32.

typedef uint16_t vh __attribute__((ext_vector_type(W)));
typedef uint16_t vh_anywhere __attribute__((ext_vector_type(W), aligned(2), may_alias));

/// To nearest, ties to even; a NaN stays one.
INLINE vh to_half(vf x) {
  vu bits = (vu)x;
  vu even = bits >> 16 & 1;
  vu rounded = bits + 0x7FFF + even;
  vu quiet = bits | 0x400000;
  return __builtin_convertvector((x == x ? rounded : quiet) >> 16, vh);
}

static void kernel_to_halves(const float *x, uint16_t *y, ptrdiff_t n) {
  ptrdiff_t i = 0;
  for (; i + W <= n; i += W) *(vh_anywhere *)(y + i) = to_half(load(x + i));
  if (i == n) return;
  vh last = to_half(load_part(x + i, n - i, 0));
  memcpy(y + i, &last, (size_t)(n - i) * sizeof(uint16_t));
}
