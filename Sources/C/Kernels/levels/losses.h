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

#if LEVEL == 2
/// 16 rows at once, each no longer than a vector: a lane is a row.
INLINE vf short_cross_entropy(
    const float *x, const int32_t *classes, float scale, float *dx, ptrdiff_t *right,
    ptrdiff_t rows, ptrdiff_t cols) {
  __m512 v[W], room[W];
  for (int r = 0; r < W; r++) {
    v[r] = (__m512)(r < rows ? load_part(x + r * cols, cols, 0) : (vf)0.0f);
  }
  turn_16(v, room);
  vi class = 0;
  memcpy(&class, classes, (size_t)rows * sizeof(int32_t));
  vf highest = (vf)-INFINITY, target = (vf)0.0f, sum = (vf)0.0f;
  vi first = (vi)(int32_t)cols;
  for (int c = 0; c < cols; c++) highest = greater((vf)v[c], highest);
  vf shift = highest > -INFINITY ? highest : (vf)0.0f;
  for (int c = (int)cols - 1; c >= 0; c--) first = (vf)v[c] >= shift ? (vi)c : first;
  for (int c = 0; c < cols; c++) {
    target = class == (vi)c ? (vf)v[c] : target;
    vf e = exp_((vf)v[c] - shift);
    sum += e;
    v[c] = (__m512)e;
  }
  vi correct = (first == class) & (sum == sum);
  *right += __builtin_popcount(_mm512_movepi32_mask((__m512i)correct) & lanes(rows));
  if (dx) {
    vf share = scale / sum;
    for (int c = 0; c < cols; c++) {
      vf slope = (vf)v[c] * share;
      v[c] = (__m512)(class == (vi)c ? slope - scale : slope);
    }
    turn_16(v, room);
    for (int r = 0; r < rows; r++) store_part(dx + r * cols, (vf)v[r], cols);
  }
  return log_(sum) + (shift - target);
}
#else
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
#endif

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
    const float *block = x + start * cols;
    float *dblock = dx ? dx + start * cols : NULL;
    float losses[W];
#if LEVEL == 2
    if (cols < W) {
      store(losses, short_cross_entropy(block, classes + start, scale, dblock, &right, n, cols));
      for (ptrdiff_t i = 0; i < n; i++) loss += losses[i];
      continue;
    }
#endif
    float sums[W], less[W];
    for (ptrdiff_t i = 0; i < n; i++) {
      const float *row = block + i * cols;
      float *drow = dblock ? dblock + i * cols : NULL;
      ptrdiff_t class = classes[start + i];
#if LEVEL == 2
      row_loss one = long_cross_entropy(row, class, scale, drow, cols);
#else
      row_loss one = cols < W ? short_cross_entropy(row, class, scale, drow, cols)
                              : long_cross_entropy(row, class, scale, drow, cols);
#endif
      sums[i] = one.sum;
      less[i] = one.less;
      right += one.correct;
    }
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

/// log cosh d: Taylor's series near 0, where the difference of large numbers would say nothing.
INLINE vf log_cosh_(vf d) {
  vf a = abs_(d), q = d * d;
  vf series = POLY(q, 0.5f, -0.083333336f, 0.022222223f, -0.0067460317f, 0.0021869488f);
  vf far = a - 0.6931471805599453f + log_one_more(exp_(-2.0f * a));
  return a < 0.4f ? q * series : far;
}

/// The loss of a prediction x against t.
INLINE vf distance_of(maas_distance kind, vf x, vf t, float p) {
  vf d = x - t, a = abs_(d);
  switch (kind) {
    case maas_absolute: return a;
    case maas_huber: return a > p ? p * (a - 0.5f * p) : 0.5f * d * d;
    case maas_log_cosh: return log_cosh_(d);
    case maas_poisson: return exp_(x) - t * x;
    default: return d < 0 ? -p * d : (1.0f - p) * d;
  }
}
/// Its derivative by x; 0 where the two sides differ.
INLINE vf distance_slope(maas_distance kind, vf x, vf t, float p) {
  vf d = x - t;
  switch (kind) {
    case maas_absolute: return d != 0 ? sign_of((vf)1.0f, d) : (vf)0.0f;
    case maas_huber: return abs_(d) > p ? sign_of((vf)p, d) : d;
    case maas_log_cosh: return tanh_(d);
    case maas_poisson: return exp_(x) - t;
    default: return d < 0 ? (vf)-p : (d > 0 ? (vf)(1.0f - p) : (vf)0.0f);
  }
}

INLINE double distance_loss(
    maas_distance kind, const float *x, const float *t, float p, float scale, float *dx,
    ptrdiff_t n) {
  vd loss = (vd)0.0;
  for (ptrdiff_t i = 0; i < n; i += W) {
    bool whole = i + W <= n;
    vf v = whole ? load(x + i) : load_part(x + i, n - i, 0);
    vf goal = whole ? load(t + i) : load_part(t + i, n - i, 0);
    vf one = distance_of(kind, v, goal, p);
    if (!whole) one = lane_numbers() < (vi)(int32_t)(n - i) ? one : (vf)0.0f;
    loss += wide(one);
    if (dx) store_up_to(dx + i, distance_slope(kind, v, goal, p) * scale, n - i);
  }
  return total_double(loss);
}

static double kernel_distance_loss(
    maas_distance kind, const float *x, const float *t, float p, float scale, float *dx,
    ptrdiff_t n) {
  switch (kind) {
    case maas_absolute: return distance_loss(maas_absolute, x, t, p, scale, dx, n);
    case maas_huber: return distance_loss(maas_huber, x, t, p, scale, dx, n);
    case maas_log_cosh: return distance_loss(maas_log_cosh, x, t, p, scale, dx, n);
    case maas_poisson: return distance_loss(maas_poisson, x, t, p, scale, dx, n);
    default: return distance_loss(maas_quantile, x, t, p, scale, dx, n);
  }
}
