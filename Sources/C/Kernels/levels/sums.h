// Sums in an order that depends on the lengths alone.

/// Up to 8 arrays at element i, along the tree.
#define AT(k) load(arrays[k] + i)
#define AT_PART(k) load_part(arrays[k] + i, n - i, 0)
#define TREE(count, AT)                                                              \
  (count == 1   ? AT(0)                                                              \
   : count == 2 ? AT(0) + AT(1)                                                      \
   : count == 3 ? (AT(0) + AT(1)) + AT(2)                                            \
   : count == 4 ? (AT(0) + AT(1)) + (AT(2) + AT(3))                                  \
   : count == 5 ? ((AT(0) + AT(1)) + (AT(2) + AT(3))) + AT(4)                        \
   : count == 6 ? ((AT(0) + AT(1)) + (AT(2) + AT(3))) + (AT(4) + AT(5))              \
   : count == 7 ? ((AT(0) + AT(1)) + (AT(2) + AT(3))) + ((AT(4) + AT(5)) + AT(6))    \
                : ((AT(0) + AT(1)) + (AT(2) + AT(3))) +                              \
                      ((AT(4) + AT(5)) + (AT(6) + AT(7))))

/// More than 8: the greatest power of two to the left.
static vf sum_at(const float *const *arrays, ptrdiff_t count, ptrdiff_t i, ptrdiff_t n) {
  if (count <= 8) return i + W <= n ? TREE(count, AT) : TREE(count, AT_PART);
  ptrdiff_t left = 8;
  while (left * 2 < count) left *= 2;
  return sum_at(arrays, left, i, n) + sum_at(arrays + left, count - left, i, n);
}

static void kernel_sum_arrays(
    float *y, const float *const *arrays, ptrdiff_t count, ptrdiff_t n) {
  ptrdiff_t i = 0;
#define CASE(k)                                                                      \
  case k:                                                                            \
    for (; i + W <= n; i += W) store(y + i, TREE(k, AT));                            \
    break;
  switch (count) {
    CASE(1) CASE(2) CASE(3) CASE(4) CASE(5) CASE(6) CASE(7) CASE(8)
    default:
      for (; i + W <= n; i += W) store(y + i, sum_at(arrays, count, i, n));
  }
#undef CASE
  if (i < n) store_part(y + i, sum_at(arrays, count, i, n), n - i);
}

static void kernel_sum_columns(const float *x, float *y, ptrdiff_t rows, ptrdiff_t cols) {
  ptrdiff_t c = 0;
  for (; c + 4 * W <= cols; c += 4 * W) {
    vf s0 = (vf)0.0f, s1 = s0, s2 = s0, s3 = s0;
    for (const float *p = x + c, *end = p + rows * cols; p != end; p += cols) {
      s0 += load(p);
      s1 += load(p + W);
      s2 += load(p + 2 * W);
      s3 += load(p + 3 * W);
    }
    store(y + c, s0);
    store(y + c + W, s1);
    store(y + c + 2 * W, s2);
    store(y + c + 3 * W, s3);
  }
  for (; c < cols; c += W) {
    bool whole = c + W <= cols;
    vf sum = (vf)0.0f;
    for (ptrdiff_t r = 0; r < rows; r++) {
      const float *p = x + r * cols + c;
      sum += whole ? load(p) : load_part(p, cols - c, 0);
    }
    if (whole) {
      store(y + c, sum);
    } else {
      store_part(y + c, sum, cols - c);
    }
  }
}

static double kernel_sum(const float *x, ptrdiff_t n) {
  vd a = (vd)0.0, b = (vd)0.0;
  ptrdiff_t i = 0;
  for (; i + 2 * W <= n; i += 2 * W) {
    a += wide(load(x + i));
    b += wide(load(x + i + W));
  }
  if (i + W <= n) {
    a += wide(load(x + i));
    i += W;
  }
  if (i < n) b += wide(load_part(x + i, n - i, 0));
  return total_double(a + b);
}

static void kernel_sum_rows(const float *x, float *y, ptrdiff_t rows, ptrdiff_t cols) {
  for (ptrdiff_t r = 0; r < rows; r++) y[r] = (float)kernel_sum(x + r * cols, cols);
}

static double kernel_dot(const float *x, const float *z, ptrdiff_t n) {
  vd a = (vd)0.0, b = (vd)0.0;
  ptrdiff_t i = 0;
  for (; i + 2 * W <= n; i += 2 * W) {
    a += wide(load(x + i)) * wide(load(z + i));
    b += wide(load(x + i + W)) * wide(load(z + i + W));
  }
  if (i + W <= n) {
    a += wide(load(x + i)) * wide(load(z + i));
    i += W;
  }
  if (i < n) b += wide(load_part(x + i, n - i, 0)) * wide(load_part(z + i, n - i, 0));
  return total_double(a + b);
}

/// The greatest of sign · x.
INLINE float extreme(const float *x, float sign, ptrdiff_t n) {
  vf best = (vf)-INFINITY, nan = (vf)0.0f;
  for (ptrdiff_t i = 0; i < n; i += W) {
    vf v = i + W <= n ? load(x + i) : load_part(x + i, n - i, -sign * INFINITY);
    nan = v != v ? v : nan;
    best = greater(v * sign, best);
  }
  if (__builtin_reduce_or(nan != nan)) return NAN;
  return sign * top(best);
}
static float kernel_greatest(const float *x, ptrdiff_t n) { return extreme(x, 1, n); }
static float kernel_least(const float *x, ptrdiff_t n) { return extreme(x, -1, n); }

static ptrdiff_t kernel_first_nonfinite(const float *x, ptrdiff_t n) {
  for (ptrdiff_t start = 0; start < n; start += 1024) {
    ptrdiff_t end = start + 1024 < n ? start + 1024 : n;
    vi seen = (vi)0;
    for (ptrdiff_t i = start; i < end; i += W) {
      vf v = i + W <= n ? load(x + i) : load_part(x + i, n - i, 0);
      seen |= !(abs_(v) < INFINITY);
    }
    if (!__builtin_reduce_or(seen)) continue;
    for (ptrdiff_t i = start; i < end; i++) {
      if (!(fabsf(x[i]) < INFINITY)) return i;
    }
  }
  return -1;
}
