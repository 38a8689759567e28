// Losses fused with their gradients.

/// What one row of logits comes to, and its gradient in dx if there is one.
typedef struct {
  float sum;   // Σ e^(x - top)
  float less;  // top - x[class]
  bool correct;
} row_loss;

INLINE bool first_greatest(const float *x, float top, ptrdiff_t class) {
  if (!(x[class] >= top)) return false;
  for (ptrdiff_t c = 0; c < class; c++) {
    if (x[c] >= top) return false;
  }
  return true;
}

INLINE row_loss row_cross_entropy(
    const float *x, ptrdiff_t class, float scale, float *dx, ptrdiff_t cols) {
  row_loss result;
  float target = x[class];
  if (cols < W) {
    vf v = load_part(x, cols, -INFINITY);
    float shift = finite_or_zero(top(v));
    result.correct = first_greatest(x, shift, class);
    vf e = exp_(v - shift);
    result.sum = total(e);
    result.less = shift - target;
    if (dx) store_part(dx, e * (scale / result.sum), cols);
  } else {
    float shift = finite_or_zero(row_top(x, cols));
    result.correct = first_greatest(x, shift, class);
    result.less = shift - target;
    result.sum = dx ? row_exp(x, shift, dx, cols) : row_exp_sum(x, shift, cols);
    if (dx) kernel_binary_scalar(maas_mul, dx, scale / result.sum, dx, cols);
  }
  if (dx) dx[class] -= scale;
  result.correct = result.correct && result.sum == result.sum;
  return result;
}

static double kernel_cross_entropy(
    const float *x, const int32_t *classes, float scale, float *dx, ptrdiff_t *correct,
    ptrdiff_t rows, ptrdiff_t cols) {
  double loss = 0;
  ptrdiff_t right = 0;
  for (ptrdiff_t start = 0; start < rows; start += W) {
    ptrdiff_t n = rows - start < W ? rows - start : W;
    vf sums = (vf)1.0f, less = (vf)0.0f;
    for (ptrdiff_t i = 0; i < n; i++) {
      ptrdiff_t r = start + i;
      row_loss row = row_cross_entropy(
          x + r * cols, classes[r], scale, dx ? dx + r * cols : NULL, cols);
      sums[i] = row.sum;
      less[i] = row.less;
      right += row.correct;
    }
    vf losses = log_(sums) + less;
    for (ptrdiff_t i = 0; i < n; i++) loss += losses[i];
  }
  if (correct) *correct = right;
  return loss;
}

INLINE vd wide(vf v) { return __builtin_convertvector(v, vd); }

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
