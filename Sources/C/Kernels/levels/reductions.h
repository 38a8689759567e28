// Reductions of the middle axis of x[outer][n][inner] to y[outer][inner], added and multiplied in
// double (columns.h: in blocks), in an order that depends on the sizes alone.

/// How many columns are reduced together.
#define STRIP 2048

/// Σ (x - shift)².
INLINE double squares(const float *x, float shift, ptrdiff_t n) {
  vd a = (vd)0.0, b = (vd)0.0;
  const vd s = (vd)(double)shift;
  ptrdiff_t i = 0;
  for (; i + 2 * W <= n; i += 2 * W) {
    vd p = wide(load(x + i)) - s, q = wide(load(x + i + W)) - s;
    a += p * p;
    b += q * q;
  }
  double rest = total_double(a + b);
  for (; i < n; i++) rest += ((double)x[i] - shift) * ((double)x[i] - shift);
  return rest;
}
INLINE double product(const float *x, ptrdiff_t n) {
  vd a = (vd)1.0;
  ptrdiff_t i = 0;
  for (; i + W <= n; i += W) a *= wide(load(x + i));
  double result = 1;
  for (int lane = 0; lane < W; lane++) result *= a[lane];
  for (; i < n; i++) result *= (double)x[i];
  return result;
}
INLINE double reduced_row(maas_reduction op, const float *x, float shift, ptrdiff_t n) {
  switch (op) {
    case maas_reduce_sum: return kernel_sum(x, n);
    case maas_reduce_squares: return squares(x, shift, n);
    case maas_reduce_product: return product(x, n);
    case maas_reduce_max: return kernel_greatest(x, n);
    case maas_reduce_min: return kernel_least(x, n);
  }
  return 0;
}

/// A strip of neighbouring columns, row by row, for what columns.h does not have.
static void reduced_strip(
    maas_reduction op, double factor, const float *x, const float *shift, float *y, ptrdiff_t n,
    ptrdiff_t inner, ptrdiff_t width) {
  double sums[STRIP];
  for (ptrdiff_t c = 0; c < width; c++) sums[c] = op == maas_reduce_product ? 1 : 0;
  for (ptrdiff_t r = 0; r < n; r++, x += inner) {
    if (op == maas_reduce_product) {
      for (ptrdiff_t c = 0; c < width; c++) sums[c] *= (double)x[c];
      continue;
    }
    for (ptrdiff_t c = 0; c < width; c++) {
      double d = (double)x[c] - (shift ? (double)shift[c] : 0.0);
      sums[c] += d * d;
    }
  }
  for (ptrdiff_t c = 0; c < width; c++) y[c] = (float)(sums[c] * factor);
}

static void reduced_columns(
    maas_reduction op, double factor, const float *x, const float *shift, float *y, ptrdiff_t n,
    ptrdiff_t inner) {
  switch (op) {
    case maas_reduce_sum: kernel_column_sums(x, factor, y, n, inner); return;
    case maas_reduce_max: kernel_column_extremes(x, 1, y, n, inner); return;
    case maas_reduce_min: kernel_column_extremes(x, -1, y, n, inner); return;
    default: break;
  }
  for (ptrdiff_t c = 0; c < inner; c += STRIP) {
    ptrdiff_t width = inner - c < STRIP ? inner - c : STRIP;
    reduced_strip(op, factor, x + c, shift ? shift + c : NULL, y + c, n, inner, width);
  }
}

static void kernel_reduce(
    maas_reduction op, double factor, const float *x, const float *shift, float *y,
    ptrdiff_t outer, ptrdiff_t n, ptrdiff_t inner) {
  for (ptrdiff_t o = 0; o < outer; o++, x += n * inner, y += inner) {
    if (inner == 1) {
      double all = reduced_row(op, x, shift ? shift[o] : 0, n);
      y[0] = op == maas_reduce_max || op == maas_reduce_min ? (float)all : (float)(all * factor);
      continue;
    }
    reduced_columns(op, factor, x, shift ? shift + o * inner : NULL, y, n, inner);
  }
}

/// The sum of doubles in 8 lanes.
static void kernel_reduce_f64(
    maas_reduction op, double factor, const double *x, const double *shift, double *y,
    ptrdiff_t outer, ptrdiff_t n, ptrdiff_t inner) {
  for (ptrdiff_t o = 0; o < outer; o++) {
    for (ptrdiff_t c = 0; c < inner; c++) {
      const double *p = x + o * n * inner + c;
      double s = shift ? shift[o * inner + c] : 0;
      double lanes[8];
      for (int k = 0; k < 8; k++) {
        lanes[k] = op == maas_reduce_product ? 1
                   : op == maas_reduce_max   ? -INFINITY
                   : op == maas_reduce_min   ? INFINITY
                                             : 0;
      }
#define LANES(step)                                                                  \
  {                                                                                  \
    ptrdiff_t r = 0;                                                                 \
    for (; r + 8 <= n; r += 8) {                                                     \
      for (int k = 0; k < 8; k++) {                                                  \
        double v = p[(r + k) * inner];                                               \
        step;                                                                        \
      }                                                                              \
    }                                                                                \
    for (int k = 0; r < n; r++, k++) {                                               \
      double v = p[r * inner];                                                       \
      step;                                                                          \
    }                                                                                \
    break;                                                                           \
  }
      switch (op) {
        case maas_reduce_sum: LANES(lanes[k] += v)
        case maas_reduce_squares: LANES(lanes[k] += (v - s) * (v - s))
        case maas_reduce_product: LANES(lanes[k] *= v)
        case maas_reduce_max: LANES(lanes[k] = MAXIMUM(lanes[k], v))
        case maas_reduce_min: LANES(lanes[k] = MINIMUM(lanes[k], v))
      }
      double all = lanes[0];
      for (int k = 1; k < 8; k++) {
        all = op == maas_reduce_product ? all * lanes[k]
              : op == maas_reduce_max   ? MAXIMUM(all, lanes[k])
              : op == maas_reduce_min   ? MINIMUM(all, lanes[k])
                                        : all + lanes[k];
      }
      bool extreme = op == maas_reduce_max || op == maas_reduce_min;
      y[o * inner + c] = extreme ? all : all * factor;
    }
  }
}

/// The first place of the greatest of sign · x, a NaN before all.
INLINE ptrdiff_t first_extreme(const float *x, float sign, ptrdiff_t n) {
  float best = extreme(x, sign, n);
  for (ptrdiff_t i = 0; i < n; i += W) {
    vf v = i + W <= n ? load(x + i) : load_part(x + i, n - i, -sign * INFINITY);
    vi hit = best == best ? v == best : v != v;
    if (!__builtin_reduce_or(hit)) continue;
    ptrdiff_t at = i + first_lane(hit);
    return at < n ? at : n - 1;
  }
  return 0;
}
static void kernel_argmin_rows(const float *x, int32_t *ids, ptrdiff_t rows, ptrdiff_t cols) {
  for (ptrdiff_t r = 0; r < rows; r++, x += cols) ids[r] = (int32_t)first_extreme(x, -1, cols);
}
/// Short rows go number by number: to find the greatest first costs more.
static void kernel_argmax_rows(const float *x, int32_t *ids, ptrdiff_t rows, ptrdiff_t cols) {
  for (ptrdiff_t r = 0; r < rows; r++, x += cols) {
    if (cols > 4 * W) {
      ids[r] = (int32_t)first_extreme(x, 1, cols);
      continue;
    }
    ptrdiff_t best = 0;
    for (ptrdiff_t c = 1; c < cols && x[best] == x[best]; c++) {
      if (x[c] > x[best] || x[c] != x[c]) best = c;
    }
    ids[r] = (int32_t)best;
  }
}
