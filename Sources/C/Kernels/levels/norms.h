// Normalisation of each row by itself.

/// The mean of a row and 1 / √(variance + ε).
typedef struct {
  float mean, inverse;
} row_scale;

INLINE row_scale scale_of_row(const float *x, float epsilon, ptrdiff_t cols) {
  float mean = row_sum(x, cols) / (float)cols;
  vf sum = (vf)0.0f;
  ptrdiff_t c = 0;
  for (; c + W <= cols; c += W) {
    vf off = load(x + c) - mean;
    sum = fma_(off, off, sum);
  }
  if (c < cols) {
    vf off = load_part(x + c, cols - c, mean) - mean;
    sum = fma_(off, off, sum);
  }
  return (row_scale){mean, 1.0f / sqrtf(total(sum) / (float)cols + epsilon)};
}

static void kernel_layer_norm(
    const float *x, const float *factor, const float *shift, float epsilon, float *y,
    ptrdiff_t rows, ptrdiff_t cols) {
  for (ptrdiff_t r = 0; r < rows; r++, x += cols, y += cols) {
    row_scale s = scale_of_row(x, epsilon, cols);
    for (ptrdiff_t c = 0; c < cols; c += W) {
      ptrdiff_t n = cols - c;
      vf off = (load_up_to(x + c, n, 0) - s.mean) * s.inverse;
      vf v = fma_(off, load_up_to(factor + c, n, 0), load_up_to(shift + c, n, 0));
      store_up_to(y + c, v, n);
    }
  }
}

/// One row of the gradient; what belongs to factor and shift is added to `sums`.
INLINE void layer_norm_slopes(
    const float *x, const float *factor, row_scale s, const float *dy, float *dx, float *sums,
    ptrdiff_t cols) {
  vf plain = (vf)0.0f, tilted = (vf)0.0f;
  for (ptrdiff_t c = 0; c < cols; c += W) {
    ptrdiff_t n = cols - c;
    vf off = (load_up_to(x + c, n, s.mean) - s.mean) * s.inverse;
    vf slope = load_up_to(dy + c, n, 0), own = slope * load_up_to(factor + c, n, 0);
    plain += own;
    tilted = fma_(own, off, tilted);
    float *factors = sums + c, *shifts = sums + cols + c;
    store_up_to(factors, fma_(slope, off, load_up_to(factors, n, 0)), n);
    store_up_to(shifts, slope + load_up_to(shifts, n, 0), n);
  }
  vf even = (vf)(total(plain) / (float)cols), tilt = (vf)(total(tilted) / (float)cols);
  for (ptrdiff_t c = 0; c < cols; c += W) {
    ptrdiff_t n = cols - c;
    vf off = (load_up_to(x + c, n, 0) - s.mean) * s.inverse;
    vf own = load_up_to(dy + c, n, 0) * load_up_to(factor + c, n, 0);
    store_up_to(dx + c, (own - fma_(off, tilt, even)) * s.inverse, n);
  }
}

static void kernel_layer_norm_backward(
    const float *x, const float *factor, float epsilon, const float *dy, float *dx,
    float *dfactor, float *dshift, float *sums, ptrdiff_t rows, ptrdiff_t cols) {
  memset(dfactor, 0, (size_t)cols * sizeof(float));
  memset(dshift, 0, (size_t)cols * sizeof(float));
  for (ptrdiff_t start = 0; start < rows; start += BLOCK) {
    ptrdiff_t end = rows - start < BLOCK ? rows : start + BLOCK;
    memset(sums, 0, (size_t)(2 * cols) * sizeof(float));
    for (ptrdiff_t r = start; r < end; r++) {
      const float *row = x + r * cols;
      layer_norm_slopes(row, factor, scale_of_row(row, epsilon, cols), dy + r * cols,
                        dx + r * cols, sums, cols);
    }
    kernel_binary(maas_add, dfactor, sums, dfactor, cols);
    kernel_binary(maas_add, dshift, sums + cols, dshift, cols);
  }
}
