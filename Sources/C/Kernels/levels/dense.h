// Matrix products whose rows are independent: every element is bias + Σ x[k] · w[k], k rising, one
// accumulator an element, whatever rows stand beside it.
//
// Weights come packed: panels of 64 columns, the last one as many 16s as it needs, filled with
// zeros; a panel is [inner][its width]. See maas_dense_pack in moving.c.

#define PANEL 64

/// R rows by V vectors of columns: accumulators in registers, one pass over k.
#define TILE(R, V)                                                                   \
  static void tile_##R##_##V(                                                        \
      const float *x, ptrdiff_t x_step, const float *w, ptrdiff_t w_step, ptrdiff_t inner, \
      const float *bias, bool relu, float *y, ptrdiff_t y_step, ptrdiff_t cols) {    \
    vf sum[R][V];                                                                    \
    for (int r = 0; r < R; r++) {                                                    \
      for (int v = 0; v < V; v++) sum[r][v] = (vf)0.0f;                              \
    }                                                                                \
    for (ptrdiff_t k = 0; k < inner; k++) {                                          \
      vf weights[V];                                                                 \
      _Pragma("clang loop unroll(full)")                                             \
      for (int v = 0; v < V; v++) weights[v] = load(w + k * w_step + v * W);         \
      _Pragma("clang loop unroll(full)")                                             \
      for (int r = 0; r < R; r++) {                                                  \
        _Pragma("clang loop unroll(full)")                                           \
        for (int v = 0; v < V; v++) {                                                \
          sum[r][v] = fma_((vf)x[r * x_step + k], weights[v], sum[r][v]);            \
        }                                                                            \
      }                                                                              \
    }                                                                                \
    for (int v = 0; v < V; v++) {                                                    \
      ptrdiff_t left = cols - v * W;                                                 \
      if (left <= 0) break;                                                          \
      vf b = bias == NULL ? (vf)0.0f                                                 \
          : left >= W ? load(bias + v * W) : load_part(bias + v * W, left, 0);       \
      for (int r = 0; r < R; r++) {                                                  \
        vf value = sum[r][v] + b;                                                    \
        if (relu) value = value < 0 ? (vf)0.0f : value;                              \
        float *place = y + r * y_step + v * W;                                       \
        if (left >= W) store(place, value); else store_part(place, value, left);     \
      }                                                                              \
    }                                                                                \
  }

#if LEVEL == 2
TILE(6, 4) TILE(4, 4) TILE(2, 4) TILE(1, 4)
TILE(8, 2) TILE(4, 2) TILE(2, 2) TILE(1, 2)
TILE(8, 1) TILE(4, 1) TILE(2, 1) TILE(1, 1)
#define WIDEST 4
#else
TILE(4, 2) TILE(2, 2) TILE(1, 2)
TILE(4, 1) TILE(2, 1) TILE(1, 1)
#define WIDEST 2
#endif

#define ROWS_OF(R, V)                                                                \
  for (; rows - r >= R; r += R) {                                                    \
    tile_##R##_##V(x + r * inner, inner, w, w_step, inner, bias, relu, y + r * y_step, \
                   y_step, cols);                                                    \
  }

/// All rows by V vectors of columns.
INLINE void strip(
    int vectors, const float *x, const float *w, ptrdiff_t w_step, ptrdiff_t inner,
    const float *bias, bool relu, float *y, ptrdiff_t y_step, ptrdiff_t cols, ptrdiff_t rows) {
  ptrdiff_t r = 0;
#if LEVEL == 2
  if (vectors == 4) {
    ROWS_OF(6, 4) ROWS_OF(4, 4) ROWS_OF(2, 4) ROWS_OF(1, 4)
    return;
  }
  if (vectors == 2) {
    ROWS_OF(8, 2) ROWS_OF(4, 2) ROWS_OF(2, 2) ROWS_OF(1, 2)
    return;
  }
  ROWS_OF(8, 1)
#else
  if (vectors == 2) {
    ROWS_OF(4, 2) ROWS_OF(2, 2) ROWS_OF(1, 2)
    return;
  }
#endif
  ROWS_OF(4, 1) ROWS_OF(2, 1) ROWS_OF(1, 1)
}

static void kernel_dense(
    const float *x, const float *packed, const float *bias, bool relu, float *y, ptrdiff_t rows,
    ptrdiff_t inner, ptrdiff_t cols) {
  for (ptrdiff_t c = 0; c < cols; c += PANEL) {
    ptrdiff_t width = cols - c >= PANEL ? PANEL : (cols - c + 15) / 16 * 16;
    const float *panel = packed + c * inner;
    for (ptrdiff_t v = 0; v < width;) {
      int vectors = WIDEST;
      while (v + vectors * W > width) vectors /= 2;
      const float *b = bias == NULL ? NULL : bias + c + v;
      if (vectors == 4) {
        strip(4, x, panel + v, width, inner, b, relu, y + c + v, cols, cols - c - v, rows);
      } else if (vectors == 2) {
        strip(2, x, panel + v, width, inner, b, relu, y + c + v, cols, cols - c - v, rows);
      } else {
        strip(1, x, panel + v, width, inner, b, relu, y + c + v, cols, cols - c - v, rows);
      }
      v += vectors * W;
    }
  }
}
