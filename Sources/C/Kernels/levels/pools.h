// Pooling of images [n][height][width][channels], a vector of channels at a time.

/// The part of a window that lies inside the image along one axis: taps first ..< end.
typedef struct {
  ptrdiff_t start, first, end;
} taps;

INLINE taps taps_at(const maas_window *w, int axis, ptrdiff_t place) {
  ptrdiff_t start = place * w->stride[axis] - w->before[axis];
  ptrdiff_t step = w->dilation[axis], size = w->size[axis], length = w->image[axis];
  if (start >= 0 && start + (size - 1) * step < length) return (taps){start, 0, size};
  ptrdiff_t first = start < 0 ? (-start + step - 1) / step : 0;
  ptrdiff_t end = start >= length ? 0 : (length - 1 - start) / step + 1;
  end = end < size ? end : size;
  return (taps){start, first, end > first ? end : first};
}

/// Runs BODY for each place of the result: rows `i`, columns `j` of the window, the offset `corner`
/// of its first tap in x, and `y_at`, the offset in y.
#define EACH_PLACE(w, BODY)                                                          \
  {                                                                                  \
    const ptrdiff_t c = (w)->channels;                                               \
    const ptrdiff_t down = (w)->dilation[0] * (w)->image[1] * c;                     \
    const ptrdiff_t right = (w)->dilation[1] * c;                                    \
    ptrdiff_t y_at = 0;                                                              \
    for (ptrdiff_t n = 0; n < (w)->images; n++) {                                    \
      for (ptrdiff_t row = 0; row < (w)->area[0]; row++) {                           \
        taps i = taps_at(w, 0, row);                                                 \
        for (ptrdiff_t column = 0; column < (w)->area[1]; column++, y_at += c) {     \
          taps j = taps_at(w, 1, column);                                            \
          ptrdiff_t corner =                                                         \
              ((n * (w)->image[0] + i.start) * (w)->image[1] + j.start) * c;         \
          for (ptrdiff_t k = 0; k < c; k += W) {                                     \
            ptrdiff_t left = c - k;                                                  \
            BODY                                                                     \
          }                                                                          \
        }                                                                            \
      }                                                                              \
    }                                                                                \
  }

/// Runs BODY for each tap inside, `at` its offset in x. Windows of 2 × 2, by far the most, unrolled.
#define EACH_TAP(BODY)                                                               \
  if (i.first == 0 && i.end == 2 && j.first == 0 && j.end == 2) {                    \
    _Pragma("clang loop unroll(full)")                                               \
    for (int a = 0; a < 2; a++) {                                                    \
      _Pragma("clang loop unroll(full)")                                             \
      for (int b = 0; b < 2; b++) {                                                  \
        const ptrdiff_t at = corner + a * down + b * right + k;                      \
        BODY                                                                         \
      }                                                                              \
    }                                                                                \
  } else {                                                                           \
    for (ptrdiff_t a = i.first; a < i.end; a++) {                                    \
      for (ptrdiff_t b = j.first; b < j.end; b++) {                                  \
        const ptrdiff_t at = corner + a * down + b * right + k;                      \
        BODY                                                                         \
      }                                                                              \
    }                                                                                \
  }

static void kernel_max_pool(const maas_window *w, const float *x, float *y) {
  EACH_PLACE(w, {
    vf best = (vf)-INFINITY;
    EACH_TAP({
      vf v = load_up_to(x + at, left, 0);
      best = ((v > best) | (v != v)) ? v : best;
    })
    store_up_to(y + y_at + k, best, left);
  })
}

INLINE void clear(float *x, ptrdiff_t n) { memset(x, 0, (size_t)n * sizeof(float)); }
/// Zeros where no window that stands apart from others writes: the rim, or all.
INLINE void clear_image(const maas_window *w, float *dx) {
  const ptrdiff_t line = w->image[1] * w->channels, image = w->image[0] * line;
  if (!maas_window_tiles(w)) {
    clear(dx, w->images * image);
    return;
  }
  const ptrdiff_t rows = w->area[0] * w->stride[0];
  const ptrdiff_t whole = w->area[1] * w->stride[1] * w->channels;
  for (ptrdiff_t n = 0; n < w->images; n++, dx += image) {
    for (ptrdiff_t row = 0; row < rows && whole < line; row++) {
      clear(dx + row * line + whole, line - whole);
    }
    clear(dx + rows * line, image - rows * line);
  }
}

static void kernel_max_pool_backward(
    const maas_window *w, const float *x, const float *dy, float *dx) {
  bool once = maas_window_stands_apart(w);
  clear_image(w, dx);
  EACH_PLACE(w, {
    vf best = (vf)-INFINITY;
    // Where nothing is greater than -inf, the first tap has it.
    vi winner = (vi)(int32_t)(i.first * w->size[1] + j.first);
    EACH_TAP({
      vf v = load_up_to(x + at, left, 0);
      vi better = (v > best) | (v != v);
      best = better ? v : best;
      winner = better ? (vi)(int32_t)(a * w->size[1] + b) : winner;
    })
    vf slope = load_up_to(dy + y_at + k, left, 0);
    EACH_TAP({
      vf share = winner == (vi)(int32_t)(a * w->size[1] + b) ? slope : (vf)0.0f;
      if (!once) share += load_up_to(dx + at, left, 0);
      store_up_to(dx + at, share, left);
    })
  })
}

static void kernel_sum_pool(const maas_window *w, float factor, const float *x, float *y) {
  EACH_PLACE(w, {
    vf sum = (vf)0.0f;
    EACH_TAP({ sum += load_up_to(x + at, left, 0); })
    store_up_to(y + y_at + k, sum * factor, left);
  })
}

static void kernel_sum_pool_backward(
    const maas_window *w, float factor, const float *dy, float *dx) {
  bool once = maas_window_stands_apart(w);
  clear_image(w, dx);
  EACH_PLACE(w, {
    vf slope = load_up_to(dy + y_at + k, left, 0) * factor;
    EACH_TAP({
      store_up_to(dx + at, once ? slope : slope + load_up_to(dx + at, left, 0), left);
    })
  })
}
