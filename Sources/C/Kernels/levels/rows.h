// Softmax and its like: each row by itself, in a fixed order.

/// The greatest element of a row, NaN passed over.
INLINE float row_top(const float *x, ptrdiff_t cols) {
  vf best = (vf)-INFINITY;
  ptrdiff_t c = 0;
  for (; c + W <= cols; c += W) best = greater(load(x + c), best);
  if (c < cols) best = greater(load_part(x + c, cols - c, -INFINITY), best);
  return top(best);
}

/// y = e^(x - shift), and the sum of y.
INLINE float row_exp(const float *x, float shift, float *y, ptrdiff_t cols) {
  vf sum = (vf)0.0f;
  ptrdiff_t c = 0;
  for (; c + W <= cols; c += W) {
    vf e = exp_(load(x + c) - shift);
    store(y + c, e);
    sum += e;
  }
  if (c < cols) {
    vf e = exp_(load_part(x + c, cols - c, -INFINITY) - shift);
    store_part(y + c, e, cols - c);
    sum += e;
  }
  return total(sum);
}

/// The sum of e^(x - shift).
INLINE float row_exp_sum(const float *x, float shift, ptrdiff_t cols) {
  vf sum = (vf)0.0f;
  ptrdiff_t c = 0;
  for (; c + W <= cols; c += W) sum += exp_(load(x + c) - shift);
  if (c < cols) sum += exp_(load_part(x + c, cols - c, -INFINITY) - shift);
  return total(sum);
}

/// A row that is all -inf, or holds inf, has no top to subtract: 0 keeps the NaN where it belongs.
INLINE float finite_or_zero(float x) { return x > -INFINITY ? x : 0; }

static void kernel_softmax(const float *x, float *y, ptrdiff_t rows, ptrdiff_t cols) {
  for (ptrdiff_t r = 0; r < rows; r++, x += cols, y += cols) {
    if (cols > 0 && cols < W) {
      vf v = load_part(x, cols, -INFINITY);
      vf e = exp_(v - finite_or_zero(top(v)));
      store_part(y, e * (1.0f / total(e)), cols);
      continue;
    }
    float sum = row_exp(x, finite_or_zero(row_top(x, cols)), y, cols);
    kernel_binary_scalar(maas_mul, y, 1.0f / sum, y, cols);
  }
}

/// Σ a b over a row.
INLINE float row_dot(const float *a, const float *b, ptrdiff_t cols) {
  vf sum = (vf)0.0f;
  ptrdiff_t c = 0;
  for (; c + W <= cols; c += W) sum = fma_(load(a + c), load(b + c), sum);
  if (c < cols) {
    sum = fma_(load_part(a + c, cols - c, 0), load_part(b + c, cols - c, 0), sum);
  }
  return total(sum);
}
INLINE float row_sum(const float *a, ptrdiff_t cols) {
  vf sum = (vf)0.0f;
  ptrdiff_t c = 0;
  for (; c + W <= cols; c += W) sum += load(a + c);
  if (c < cols) sum += load_part(a + c, cols - c, 0);
  return total(sum);
}

static void kernel_softmax_backward(
    const float *y, const float *dy, float *dx, ptrdiff_t rows, ptrdiff_t cols) {
  for (ptrdiff_t r = 0; r < rows; r++, y += cols, dy += cols, dx += cols) {
    vf dot = (vf)row_dot(y, dy, cols);
    ptrdiff_t c = 0;
    for (; c + W <= cols; c += W) store(dx + c, load(y + c) * (load(dy + c) - dot));
    if (c == cols) continue;
    vf last = load_part(y + c, cols - c, 0) * (load_part(dy + c, cols - c, 0) - dot);
    store_part(dx + c, last, cols - c);
  }
}

static void kernel_log_softmax(const float *x, float *y, ptrdiff_t rows, ptrdiff_t cols) {
  for (ptrdiff_t r = 0; r < rows; r++, x += cols, y += cols) {
    float shift = finite_or_zero(row_top(x, cols));
    vf less = log_((vf)row_exp_sum(x, shift, cols));
    ptrdiff_t c = 0;
    for (; c + W <= cols; c += W) store(y + c, load(x + c) - shift - less);
    if (c < cols) store_part(y + c, load_part(x + c, cols - c, 0) - shift - less, cols - c);
  }
}

static void kernel_log_softmax_backward(
    const float *y, const float *dy, float *dx, ptrdiff_t rows, ptrdiff_t cols) {
  for (ptrdiff_t r = 0; r < rows; r++, y += cols, dy += cols, dx += cols) {
    vf less = -(vf)row_sum(dy, cols);
    ptrdiff_t c = 0;
    for (; c + W <= cols; c += W) {
      store(dx + c, fma_(less, exp_(load(y + c)), load(dy + c)));
    }
    if (c == cols) continue;
    vf last = fma_(less, exp_(load_part(y + c, cols - c, 0)), load_part(dy + c, cols - c, 0));
    store_part(dx + c, last, cols - c);
  }
}
