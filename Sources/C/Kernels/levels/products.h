// Products of small matrices, for training: sums stay in registers, b is read where it lies, and
// what follows a product (bias, relu) happens before it leaves the registers.
//
// Invariant: an element is the sum over k of a[r][k] · b[k][c] in runs of DEPTH, k rising in one
// accumulator; its bits do not depend on its place. Columns outside b and y are neither read nor
// written.

#define DEPTH 128
/// Vectors of columns that a tile takes at most.
#define BROAD (LEVEL == 2 ? 4 : 2)
#define TALL 8

/// What is the same for all tiles of a strip of columns.
typedef struct {
  ptrdiff_t a_row, a_column, b_row, y_row, inner;
  /// Columns in the last vector, 1 to W.
  ptrdiff_t last;
  float factor;
  bool adds, relu;
} product_strip;

typedef void (*product_tile)(
    const product_strip *s, const float *a, const float *b, const float *bias, float *y);

/// R rows by V vectors of columns, the last one not whole where PART. Arrays are as large as the
/// largest tile, so that they are registers.
#define PRODUCT_TILE(R, V, PART)                                                     \
  static void product_##R##_##V##_##PART(                                            \
      const product_strip *s, const float *a, const float *b, const float *bias, float *y) { \
    const ptrdiff_t a_row = s->a_row, a_column = s->a_column, b_row = s->b_row;      \
    const ptrdiff_t y_row = s->y_row, last = s->last;                                \
    vf sum[R][V];                                                                    \
    ALL(r, R) ALL(v, V) sum[r][v] = (vf)0.0f;                                        \
    for (ptrdiff_t k = s->inner; k > 0; k--, a += a_column, b += b_row) {            \
      vf right[V];                                                                   \
      ALL(v, V) right[v] = PART && v == V - 1 ? load_up_to(b + v * W, last, 0) : load(b + v * W); \
      ALL(r, R) {                                                                    \
        vf left = (vf)a[r * a_row];                                                  \
        ALL(v, V) sum[r][v] = fma_(left, right[v], sum[r][v]);                       \
      }                                                                              \
    }                                                                                \
    vf factor = (vf)s->factor;                                                       \
    ALL(v, V) {                                                                      \
      const ptrdiff_t n = PART && v == V - 1 ? last : W;                             \
      vf shift = bias == NULL ? (vf)0.0f : load_up_to(bias + v * W, n, 0);           \
      ALL(r, R) {                                                                    \
        float *place = y + r * y_row + v * W;                                        \
        vf value = sum[r][v] * factor;                                               \
        if (s->adds) value += load_up_to(place, n, 0);                               \
        if (bias != NULL) value += shift;                                            \
        if (s->relu) value = value < 0 ? (vf)0.0f : value;                           \
        store_up_to(place, value, n);                                                \
      }                                                                              \
    }                                                                                \
  }
#define ALL(i, n) _Pragma("clang loop unroll(full)") for (int i = 0; i < n; i++)

#define PRODUCT_TILES(R, V) PRODUCT_TILE(R, V, 0) PRODUCT_TILE(R, V, 1)
#define PRODUCT_COLUMN(V)                                                            \
  PRODUCT_TILES(1, V) PRODUCT_TILES(2, V) PRODUCT_TILES(3, V) PRODUCT_TILES(4, V)    \
  PRODUCT_TILES(5, V) PRODUCT_TILES(6, V) PRODUCT_TILES(7, V) PRODUCT_TILES(8, V)
#define PRODUCT_NAMES(R, V) {product_##R##_##V##_0, product_##R##_##V##_1}
#define PRODUCT_ROW(V)                                                               \
  {                                                                                  \
    PRODUCT_NAMES(1, V), PRODUCT_NAMES(2, V), PRODUCT_NAMES(3, V), PRODUCT_NAMES(4, V), \
    PRODUCT_NAMES(5, V), PRODUCT_NAMES(6, V), PRODUCT_NAMES(7, V), PRODUCT_NAMES(8, V), \
  }
PRODUCT_COLUMN(1) PRODUCT_COLUMN(2)
#if LEVEL == 2
PRODUCT_COLUMN(3) PRODUCT_COLUMN(4)
#endif

/// By vectors of columns, rows, and whether the last vector is a part of one.
static const product_tile product_tiles[BROAD][TALL][2] = {
  PRODUCT_ROW(1), PRODUCT_ROW(2),
#if LEVEL == 2
  PRODUCT_ROW(3), PRODUCT_ROW(4),
#endif
};

/// How many rows fit into registers beside so many vectors.
INLINE ptrdiff_t tallest(ptrdiff_t vectors) {
  return LEVEL == 2 ? (vectors == 4 ? 6 : TALL) : (vectors == 2 ? 4 : TALL);
}

#if LEVEL == 2
/// Up to 16 rows of b, `rows` of them, with n <= 16 numbers each, as columns of the panel.
INLINE void product_turn(
    const float *b, ptrdiff_t step, ptrdiff_t rows, ptrdiff_t n, float *panel, ptrdiff_t width) {
  __m512 x[16], t[16];
  ALL(i, 16) x[i] = i < rows ? (__m512)load_up_to(b + i * step, n, 0) : _mm512_setzero_ps();
  turn_16(x, t);
  for (int i = 0; i < n; i++) store(panel + i * width, (vf)x[i]);
}
#endif

/// Columns first ..< first + count of a b that lies transposed, `inner` rows of it, in rows of
/// `width` numbers.
INLINE void product_pack(
    const float *b, ptrdiff_t step, ptrdiff_t inner, ptrdiff_t count, float *panel,
    ptrdiff_t width) {
#if LEVEL == 2
  for (ptrdiff_t c = 0; c < count; c += W) {
    for (ptrdiff_t k = 0; k < inner; k += W) {
      product_turn(
          b + c * step + k, step, count - c, inner - k < W ? inner - k : W, panel + k * width + c,
          width);
    }
  }
#else
  for (ptrdiff_t k = 0; k < inner; k++) {
    for (ptrdiff_t c = 0; c < count; c++) panel[k * width + c] = b[c * step + k];
  }
#endif
}

/// All rows by one strip of columns, in tiles as equal as can be.
INLINE void product_rows(
    const product_strip *s, ptrdiff_t vectors, bool part, ptrdiff_t rows, const float *a,
    const float *b, const float *bias, float *y) {
  ptrdiff_t most = tallest(vectors), tiles = (rows + most - 1) / most;
  for (ptrdiff_t r = 0; tiles > 0; tiles--) {
    ptrdiff_t count = (rows - r + tiles - 1) / tiles;
    product_tiles[vectors - 1][count - 1][part](s, a + r * s->a_row, b, bias, y + r * s->y_row);
    r += count;
  }
}

static void kernel_product(
    const maas_product_sizes *p, const float *a, const float *b, const float *bias, float *y) {
  float panel[DEPTH * BROAD * W] __attribute__((aligned(64)));
  const ptrdiff_t vectors = (p->columns + W - 1) / W, strips = (vectors + BROAD - 1) / BROAD;
  for (ptrdiff_t k = 0; k < p->inner; k += DEPTH) {
    product_strip s = {
        .a_row = p->a_row, .a_column = p->a_column, .b_row = p->b_row, .y_row = p->y_row,
        .inner = p->inner - k < DEPTH ? p->inner - k : DEPTH, .factor = p->factor,
        .adds = p->adds || k > 0};
    const bool ends = k + s.inner == p->inner;
    s.relu = p->relu && ends;
    for (ptrdiff_t strip = 0, v = 0; strip < strips; strip++) {
      const ptrdiff_t count = (vectors - v + strips - strip - 1) / (strips - strip);
      const ptrdiff_t c = v * W, left = p->columns - c;
      const bool part = left < count * W;
      s.last = part ? left - (count - 1) * W : W;
      const float *right = b + k * p->b_row + c;
      if (p->b_turned) {
        s.b_row = count * W;
        product_pack(
            b + c * p->b_row + k, p->b_row, s.inner, part ? left : count * W, panel, s.b_row);
        right = panel;
      }
      product_rows(
          &s, count, part, p->rows, a + k * p->a_column, right,
          ends && bias != NULL ? bias + c : NULL, y + c);
      v += count;
    }
  }
}
