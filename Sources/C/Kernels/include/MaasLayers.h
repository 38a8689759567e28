// What layers of images and normalisation need. The rules of MaasKernels.h hold.
#ifndef MAAS_LAYERS_H
#define MAAS_LAYERS_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

// MARK: Rows of x[rows][cols]

/// y = (x - mean) / √(variance + ε) · factor + shift, mean and variance those of the row.
void maas_layer_norm(
    const float *x, const float *factor, const float *shift, float epsilon, float *y,
    ptrdiff_t rows, ptrdiff_t cols);
/// Its gradients, with respect to x, factor[cols] and shift[cols]; `sums` is room for 2 · cols.
void maas_layer_norm_backward(
    const float *x, const float *factor, float epsilon, const float *dy, float *dx,
    float *dfactor, float *dshift, float *sums, ptrdiff_t rows, ptrdiff_t cols);

// MARK: Columns of x[rows][cols]
// Rows are added in f32 in blocks of 64, blocks in double.

/// y[c] = factor · Σ_r x[r][c].
void maas_column_sums(
    const float *x, double factor, float *y, ptrdiff_t rows, ptrdiff_t cols);
/// y[c] = the greatest x[r][c] for sign 1, the least for sign -1; NaN if one is NaN.
void maas_column_extremes(
    const float *x, float sign, float *y, ptrdiff_t rows, ptrdiff_t cols);
/// The mean and the biased variance of each column. rows >= 1.
void maas_column_moments(
    const float *x, float *mean, float *variance, ptrdiff_t rows, ptrdiff_t cols);
/// sums[c] = Σ_r dy[r][c]; products[c] = Σ_r dy[r][c] (x[r][c] - mean[c]).
void maas_column_slopes(
    const float *x, const float *mean, const float *dy, float *sums, float *products,
    ptrdiff_t rows, ptrdiff_t cols);
/// y = (x - mean[c]) factor[c] + shift[c].
void maas_scale_columns(
    const float *x, const float *mean, const float *factor, const float *shift, float *y,
    ptrdiff_t rows, ptrdiff_t cols);
/// dx = dy factor[c] - (x - mean[c]) tilt[c] - shift[c]: what normalisation gives back.
void maas_centre_slopes(
    const float *x, const float *mean, const float *dy, const float *factor, const float *tilt,
    const float *shift, float *dx, ptrdiff_t rows, ptrdiff_t cols);

// MARK: Pooling of images [n][height][width][channels]

/// How a window goes over images; two of each, for height and width. All are checked: steps are at
/// least 1, and the result has the area that they give.
typedef struct {
  ptrdiff_t images, channels;
  ptrdiff_t image[2], area[2];
  ptrdiff_t size[2], stride[2], before[2], dilation[2];
} maas_window;

/// Whether each place of the image lies in one window at most.
static inline bool maas_window_stands_apart(const maas_window *w) {
  for (int axis = 0; axis < 2; axis++) {
    if (w->dilation[axis] != 1 && w->size[axis] > 1) return false;
    if (w->stride[axis] < w->size[axis]) return false;
  }
  return true;
}
/// Whether windows stand side by side from the first place on, so that all but a rim at the far ends
/// lies in exactly one.
static inline bool maas_window_tiles(const maas_window *w) {
  for (int axis = 0; axis < 2; axis++) {
    if (w->stride[axis] != w->size[axis] || w->before[axis] != 0) return false;
    if (w->area[axis] * w->stride[axis] > w->image[axis]) return false;
  }
  return maas_window_stands_apart(w);
}

/// The greatest element of each window, NaN if one is NaN.
void maas_max_pool(const maas_window *w, const float *x, float *y);
/// dy at the first greatest element of each window (the last NaN, if there is one), else 0. dx may be
/// x where windows tile the image.
void maas_max_pool_backward(
    const maas_window *w, const float *x, const float *dy, float *dx);
/// factor · the sum of each window.
void maas_sum_pool(const maas_window *w, float factor, const float *x, float *y);
/// factor · dy, added to each element of the window.
void maas_sum_pool_backward(
    const maas_window *w, float factor, const float *dy, float *dx);

#ifdef __cplusplus
}
#endif
#endif
