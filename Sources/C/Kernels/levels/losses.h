// Losses fused with their gradients.

/// What one row of logits comes to.
typedef struct {
  float sum;   // Σ e^(x - top)
  float less;  // top - x[class]
  bool correct;
} row_loss;

/// Whether the first of the greatest elements stands at the class.
INLINE bool first_greatest(const float *x, float top, ptrdiff_t class) {
  if (!(x[class] >= top)) return false;
  for (ptrdiff_t c = 0; c < class; c++) {
    if (x[c] >= top) return false;
  }
  return true;
}

/// A row that fits in one vector.
INLINE row_loss short_cross_entropy(
    const float *x, ptrdiff_t class, float scale, float *dx, ptrdiff_t cols) {
  vf v = load_part(x, cols, -INFINITY);
  float target = x[class], shift = finite_or_zero(top(v));
  vf e = exp_(v - shift);
  float sum = total(e);
  bool correct = first_lane(v >= shift) == class && sum == sum;
  if (dx) {
    vf share = e * (scale / sum);
    share = lane_numbers() == (vi)(int32_t)class ? share - scale : share;
    store_part(dx, share, cols);
  }
  return (row_loss){sum, shift - target, correct};
}

INLINE row_loss long_cross_entropy(
    const float *x, ptrdiff_t class, float scale, float *dx, ptrdiff_t cols) {
  float target = x[class], shift = finite_or_zero(row_top(x, cols));
  bool first = first_greatest(x, shift, class);
  float sum = dx ? row_exp(x, shift, dx, cols) : row_exp_sum(x, shift, cols);
  if (dx) {
    kernel_binary_scalar(maas_mul, dx, scale / sum, dx, cols);
    dx[class] -= scale;
  }
  return (row_loss){sum, shift - target, first && sum == sum};
}

static double kernel_cross_entropy(
    const float *x, const int32_t *classes, float scale, float *dx, ptrdiff_t *correct,
    ptrdiff_t rows, ptrdiff_t cols) {
  double loss = 0;
  ptrdiff_t right = 0;
  for (ptrdiff_t start = 0; start < rows; start += W) {
    ptrdiff_t n = rows - start < W ? rows - start : W;
    float sums[W], less[W];
    for (ptrdiff_t i = 0; i < n; i++) {
      const float *row = x + (start + i) * cols;
      float *drow = dx ? dx + (start + i) * cols : NULL;
      ptrdiff_t class = classes[start + i];
      row_loss one = cols < W ? short_cross_entropy(row, class, scale, drow, cols)
                              : long_cross_entropy(row, class, scale, drow, cols);
      sums[i] = one.sum;
      less[i] = one.less;
      right += one.correct;
    }
    float losses[W];
    store(losses, log_(load_part(sums, n, 1)) + load_part(less, n, 0));
    for (ptrdiff_t i = 0; i < n; i++) loss += losses[i];
  }
  if (correct) *correct = right;
  return loss;
}


static double kernel_binary_cross_entropy(
    const float *x, const float *t, float scale, float *dx, ptrdiff_t *correct, ptrdiff_t n) {
  vd loss = (vd)0.0;
  vi right = (vi)0;
  for (ptrdiff_t i = 0; i < n; i += W) {
    bool whole = i + W <= n;
    // A lane outside: logit -200 against 0, whose loss is exactly 0.
    vf v = whole ? load(x + i) : load_part(x + i, n - i, -200);
    vf goal = whole ? load(t + i) : load_part(t + i, n - i, 0);
    vf e = exp_(-abs_(v));
    loss += wide(greater(v, (vf)0.0f) - v * goal + log_(1.0f + e) + (v != v ? v : (vf)0.0f));
    vi lanes_right = (v > 0) == (goal > 0.5f) & v == v;
    right -= lanes_right;
    if (!dx) continue;
    vf d = (sigmoid_(v) - goal) * scale;
    if (whole) {
      store(dx + i, d);
    } else {
      store_part(dx + i, d, n - i);
    }
  }
  if (correct) {
    ptrdiff_t count = 0;
    for (int lane = 0; lane < W; lane++) count += right[lane];
    *correct = count - (n % W ? W - n % W : 0);
  }
  return total_double(loss);
}

static double kernel_squared_error(
    const float *x, const float *t, float scale, float *dx, ptrdiff_t n) {
  vd sum = (vd)0.0;
  for (ptrdiff_t i = 0; i < n; i += W) {
    bool whole = i + W <= n;
    vf d = whole ? load(x + i) - load(t + i)
                 : load_part(x + i, n - i, 0) - load_part(t + i, n - i, 0);
    sum += wide(d) * wide(d);
    if (!dx) continue;
    d *= 2 * scale;
    if (whole) {
      store(dx + i, d);
    } else {
      store_part(dx + i, d, n - i);
    }
  }
  return total_double(sum);
}
