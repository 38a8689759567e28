// Columns of x[rows][cols]: sums, moments, and what normalisation makes of them. Rows are added in
// f32 in blocks of 64, blocks in double.

#define BLOCK 64

/// V vectors of columns beside each other, R rows at a time, V · R = 4: a loop over few columns has
/// as many sums in flight as one over many. `part` is how many columns there are where a vector is
/// not full.
#define STRIPS(CALL)                                                                 \
  {                                                                                  \
    ptrdiff_t c = 0;                                                                 \
    for (; c + 4 * W <= cols; c += 4 * W) CALL(4, 1, W);                             \
    for (; c + W <= cols; c += W) CALL(1, 4, W);                                     \
    if (c < cols) CALL(1, 4, cols - c);                                              \
  }

INLINE vf piece(const float *x, ptrdiff_t n) { return n == W ? load(x) : load_part(x, n, 0); }
INLINE void put(float *y, vf v, ptrdiff_t n) {
  if (n == W) store(y, v); else store_part(y, v, n);
}

#define UNROLL _Pragma("clang loop unroll(full)")
/// Runs BODY(s, p) for each vector of the strip in rows 0 ..< count: s is the number of its sum, p
/// its offset.
#define EACH_ROW(V, R, count, BODY)                                                  \
  {                                                                                  \
    ptrdiff_t r_ = 0;                                                                \
    for (; r_ + (R) <= (count); r_ += (R)) {                                         \
      UNROLL for (int i_ = 0; i_ < (R); i_++) {                                      \
        UNROLL for (int v_ = 0; v_ < (V); v_++) {                                    \
          BODY(i_ * (V) + v_, v_, (r_ + i_) * cols + v_ * W)                         \
        }                                                                            \
      }                                                                              \
    }                                                                                \
    for (; r_ < (count); r_++) {                                                     \
      UNROLL for (int v_ = 0; v_ < (V); v_++) { BODY(v_, v_, r_ * cols + v_ * W) }   \
    }                                                                                \
  }
/// The sum of vector v over the R rows.
#define TOGETHER(s, R, v) ((R) == 4 ? (s[0] + s[1]) + (s[2] + s[3]) : s[v])

INLINE void sum_strip(
    const int V, const int R, ptrdiff_t part, const float *x, double factor, float *y,
    ptrdiff_t rows, ptrdiff_t cols) {
  vd all[4] = {(vd)0.0, (vd)0.0, (vd)0.0, (vd)0.0};
  for (ptrdiff_t start = 0; start < rows; start += BLOCK) {
    ptrdiff_t count = rows - start < BLOCK ? rows - start : BLOCK;
    const float *block = x + start * cols;
    vf s[4] = {(vf)0.0f, (vf)0.0f, (vf)0.0f, (vf)0.0f};
#define ADD(i, v, at) s[i] += piece(block + at, part);
    EACH_ROW(V, R, count, ADD)
#undef ADD
    UNROLL for (int v = 0; v < V; v++) all[v] += wide(TOGETHER(s, R, v));
  }
  UNROLL for (int v = 0; v < V; v++) put(y + v * W, narrow(all[v] * factor), part);
}

static void kernel_column_sums(
    const float *x, double factor, float *y, ptrdiff_t rows, ptrdiff_t cols) {
#define CALL(V, R, part) sum_strip(V, R, part, x + c, factor, y + c, rows, cols)
  STRIPS(CALL)
#undef CALL
}

/// The greatest of sign · x; NaN if one is NaN.
INLINE void extreme_strip(
    const int V, const int R, ptrdiff_t part, const float *x, float sign, float *y,
    ptrdiff_t rows, ptrdiff_t cols) {
  vf s[4] = {(vf)-INFINITY, (vf)-INFINITY, (vf)-INFINITY, (vf)-INFINITY};
  vf odd[4] = {(vf)0.0f, (vf)0.0f, (vf)0.0f, (vf)0.0f};
#define ADD(i, v, at)                                                                \
  vf next = piece(x + at, part);                                                     \
  odd[i] = next != next ? next : odd[i];                                             \
  s[i] = greater(next * sign, s[i]);
  EACH_ROW(V, R, rows, ADD)
#undef ADD
  if (R == 4) {
    s[0] = greater(greater(s[0], s[1]), greater(s[2], s[3]));
    odd[0] = (odd[0] + odd[1]) + (odd[2] + odd[3]);
  }
  UNROLL for (int v = 0; v < V; v++) {
    put(y + v * W, odd[v] != odd[v] ? odd[v] : s[v] * sign, part);
  }
}

static void kernel_column_extremes(
    const float *x, float sign, float *y, ptrdiff_t rows, ptrdiff_t cols) {
#define CALL(V, R, part) extreme_strip(V, R, part, x + c, sign, y + c, rows, cols)
  STRIPS(CALL)
#undef CALL
}

/// Blocks are joined as in Chan, Golub & LeVeque 1979: no large sums are subtracted.
INLINE void moments_strip(
    const int V, const int R, ptrdiff_t part, const float *x, float *mean, float *variance,
    ptrdiff_t rows, ptrdiff_t cols) {
  vd middle[4] = {(vd)0.0, (vd)0.0, (vd)0.0, (vd)0.0};
  vd spread[4] = {(vd)0.0, (vd)0.0, (vd)0.0, (vd)0.0};
  for (ptrdiff_t start = 0; start < rows; start += BLOCK) {
    ptrdiff_t count = rows - start < BLOCK ? rows - start : BLOCK;
    const float *block = x + start * cols;
    vf s[4] = {(vf)0.0f, (vf)0.0f, (vf)0.0f, (vf)0.0f}, m[4], q[4];
#define ADD(i, v, at) s[i] += piece(block + at, part);
    EACH_ROW(V, R, count, ADD)
#undef ADD
    UNROLL for (int v = 0; v < V; v++) m[v] = TOGETHER(s, R, v) * (1.0f / (float)count);
    UNROLL for (int v = 0; v < 4; v++) q[v] = (vf)0.0f;
#define ADD(i, v, at)                                                                \
  vf off = piece(block + at, part) - m[v];                                           \
  q[i] = fma_(off, off, q[i]);
    EACH_ROW(V, R, count, ADD)
#undef ADD
    double share = (double)count / (double)(start + count);
    UNROLL for (int v = 0; v < V; v++) {
      vd apart = wide(m[v]) - middle[v];
      middle[v] += apart * share;
      spread[v] += wide(TOGETHER(q, R, v)) + apart * apart * (share * (double)start);
    }
  }
  UNROLL for (int v = 0; v < V; v++) {
    put(mean + v * W, narrow(middle[v]), part);
    put(variance + v * W, narrow(spread[v] * (1.0 / (double)rows)), part);
  }
}

static void kernel_column_moments(
    const float *x, float *mean, float *variance, ptrdiff_t rows, ptrdiff_t cols) {
#define CALL(V, R, part) moments_strip(V, R, part, x + c, mean + c, variance + c, rows, cols)
  STRIPS(CALL)
#undef CALL
}

INLINE void slopes_strip(
    const int V, const int R, ptrdiff_t part, const float *x, const float *mean, const float *dy,
    float *sums, float *products, ptrdiff_t rows, ptrdiff_t cols) {
  vd all[4] = {(vd)0.0, (vd)0.0, (vd)0.0, (vd)0.0};
  vd both[4] = {(vd)0.0, (vd)0.0, (vd)0.0, (vd)0.0};
  vf m[4];
  UNROLL for (int v = 0; v < V; v++) m[v] = piece(mean + v * W, part);
  for (ptrdiff_t start = 0; start < rows; start += BLOCK) {
    ptrdiff_t count = rows - start < BLOCK ? rows - start : BLOCK;
    const float *block = x + start * cols, *slopes = dy + start * cols;
    vf s[4] = {(vf)0.0f, (vf)0.0f, (vf)0.0f, (vf)0.0f};
    vf q[4] = {(vf)0.0f, (vf)0.0f, (vf)0.0f, (vf)0.0f};
#define ADD(i, v, at)                                                                \
  vf slope = piece(slopes + at, part);                                               \
  s[i] += slope;                                                                     \
  q[i] = fma_(slope, piece(block + at, part) - m[v], q[i]);
    EACH_ROW(V, R, count, ADD)
#undef ADD
    UNROLL for (int v = 0; v < V; v++) {
      all[v] += wide(TOGETHER(s, R, v));
      both[v] += wide(TOGETHER(q, R, v));
    }
  }
  UNROLL for (int v = 0; v < V; v++) {
    put(sums + v * W, narrow(all[v]), part);
    put(products + v * W, narrow(both[v]), part);
  }
}

static void kernel_column_slopes(
    const float *x, const float *mean, const float *dy, float *sums, float *products,
    ptrdiff_t rows, ptrdiff_t cols) {
#define CALL(V, R, part) \
  slopes_strip(V, R, part, x + c, mean + c, dy + c, sums + c, products + c, rows, cols)
  STRIPS(CALL)
#undef CALL
}

INLINE void scale_strip(
    const int V, const int R, ptrdiff_t part, const float *x, const float *mean,
    const float *factor, const float *shift, float *y, ptrdiff_t rows, ptrdiff_t cols) {
  vf m[4], f[4], t[4];
  UNROLL for (int v = 0; v < V; v++) {
    m[v] = piece(mean + v * W, part);
    f[v] = piece(factor + v * W, part);
    t[v] = piece(shift + v * W, part);
  }
#define ADD(i, v, at) put(y + at, fma_(piece(x + at, part) - m[v], f[v], t[v]), part);
  EACH_ROW(V, R, rows, ADD)
#undef ADD
}

static void kernel_scale_columns(
    const float *x, const float *mean, const float *factor, const float *shift, float *y,
    ptrdiff_t rows, ptrdiff_t cols) {
#define CALL(V, R, part) \
  scale_strip(V, R, part, x + c, mean + c, factor + c, shift + c, y + c, rows, cols)
  STRIPS(CALL)
#undef CALL
}

INLINE void centre_strip(
    const int V, const int R, ptrdiff_t part, const float *x, const float *mean, const float *dy,
    const float *factor, const float *tilt, const float *shift, float *dx, ptrdiff_t rows,
    ptrdiff_t cols) {
  vf m[4], f[4], k[4], t[4];
  UNROLL for (int v = 0; v < V; v++) {
    m[v] = piece(mean + v * W, part);
    f[v] = piece(factor + v * W, part);
    k[v] = piece(tilt + v * W, part);
    t[v] = piece(shift + v * W, part);
  }
#define ADD(i, v, at)                                                                \
  vf least = fma_(piece(x + at, part) - m[v], k[v], t[v]);                           \
  put(dx + at, fma_(piece(dy + at, part), f[v], -least), part);
  EACH_ROW(V, R, rows, ADD)
#undef ADD
}

static void kernel_centre_slopes(
    const float *x, const float *mean, const float *dy, const float *factor, const float *tilt,
    const float *shift, float *dx, ptrdiff_t rows, ptrdiff_t cols) {
#define CALL(V, R, part)                                                             \
  centre_strip(V, R, part, x + c, mean + c, dy + c, factor + c, tilt + c, shift + c, dx + c, \
               rows, cols)
  STRIPS(CALL)
#undef CALL
}
