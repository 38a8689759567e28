// The kernels that exist once for each level: one list, from which the table's type, each level's
// table and the public functions are made. MaasKernels.h documents them.
#ifndef MAAS_TABLE_H
#define MAAS_TABLE_H

#include "include/MaasKernels.h"

#define ONE (const float *x, float *y, ptrdiff_t n), (x, y, n)
#define TWO (const float *x, const float *dy, float *dx, ptrdiff_t n), (x, dy, dx, n)
#define ROWS (const float *x, float *y, ptrdiff_t rows, ptrdiff_t cols), (x, y, rows, cols)
#define ROWS_BACKWARD                                                                \
  (const float *y, const float *dy, float *dx, ptrdiff_t rows, ptrdiff_t cols),      \
      (y, dy, dx, rows, cols)
#define WITH_ROW                                                                     \
  (maas_op op, const float *a, const float *b, float *y, ptrdiff_t rows, ptrdiff_t cols), \
      (op, a, b, y, rows, cols)

#define COMPARE_WITH(T)                                                              \
  (maas_comparison op, const T *a, ptrdiff_t sa, const T *b, ptrdiff_t sb, uint8_t *y, \
   ptrdiff_t n)
#define CHOOSE_WITH(T)                                                               \
  (const uint8_t *c, const T *a, ptrdiff_t sa, const T *b, ptrdiff_t sb, T *y, ptrdiff_t n)
#define REDUCE_WITH(T)                                                               \
  (maas_reduction op, double factor, const T *x, const T *shift, T *y, ptrdiff_t outer, \
   ptrdiff_t n, ptrdiff_t inner)

#define KERNELS(X) EXPAND_ALL(X)
#define APPLY(X, ...) X(__VA_ARGS__)
#define EXPAND_ALL(X)                                                                \
  APPLY(X, void, relu, ONE)                                                          \
  APPLY(X, void, sigmoid, ONE)                                                       \
  APPLY(X, void, tanh, ONE)                                                          \
  APPLY(X, void, gelu, ONE)                                                          \
  APPLY(X, void, exp, ONE)                                                           \
  APPLY(X, void, log, ONE)                                                           \
  APPLY(X, void, erf, ONE)                                                           \
  APPLY(X, void, sqrt, ONE)                                                          \
  APPLY(X, void, abs, ONE)                                                           \
  APPLY(X, void, neg, ONE)                                                           \
  APPLY(X, void, sin, ONE)                                                           \
  APPLY(X, void, cos, ONE)                                                           \
  APPLY(X, void, floor, ONE)                                                         \
  APPLY(X, void, ceil, ONE)                                                          \
  APPLY(X, void, round, ONE)                                                         \
  APPLY(X, void, sign, ONE)                                                          \
  APPLY(X, void, relu_backward, TWO)                                                 \
  APPLY(X, void, sigmoid_backward, TWO)                                              \
  APPLY(X, void, tanh_backward, TWO)                                                 \
  APPLY(X, void, gelu_backward, TWO)                                                 \
  APPLY(X, void, elu, ONE)                                                           \
  APPLY(X, void, selu, ONE)                                                          \
  APPLY(X, void, silu, ONE)                                                          \
  APPLY(X, void, softplus, ONE)                                                      \
  APPLY(X, void, hard_swish, ONE)                                                    \
  APPLY(X, void, mish, ONE)                                                          \
  APPLY(X, void, elu_backward, TWO)                                                  \
  APPLY(X, void, selu_backward, TWO)                                                 \
  APPLY(X, void, silu_backward, TWO)                                                 \
  APPLY(X, void, softplus_backward, TWO)                                             \
  APPLY(X, void, hard_swish_backward, TWO)                                           \
  APPLY(X, void, mish_backward, TWO)                                                 \
  APPLY(X, void, leaky_relu, (const float *x, float slope, float *y, ptrdiff_t n), (x, slope, y, n)) \
  APPLY(X, void, leaky_relu_backward,                                                \
        (const float *x, const float *dy, float slope, float *dx, ptrdiff_t n),      \
        (x, dy, slope, dx, n))                                                       \
  APPLY(X, void, softmax, ROWS)                                                      \
  APPLY(X, void, softmax_backward, ROWS_BACKWARD)                                    \
  APPLY(X, void, log_softmax, ROWS)                                                  \
  APPLY(X, void, log_softmax_backward, ROWS_BACKWARD)                                \
  APPLY(X, void, argmax_rows,                                                        \
        (const float *x, int32_t *ids, ptrdiff_t rows, ptrdiff_t cols), (x, ids, rows, cols)) \
  APPLY(X, void, argmin_rows,                                                        \
        (const float *x, int32_t *ids, ptrdiff_t rows, ptrdiff_t cols), (x, ids, rows, cols)) \
  APPLY(X, double, cross_entropy,                                                    \
        (const float *x, const int32_t *classes, float scale, float *dx, ptrdiff_t *correct, \
         ptrdiff_t rows, ptrdiff_t cols),                                            \
        (x, classes, scale, dx, correct, rows, cols))                                \
  APPLY(X, double, binary_cross_entropy,                                             \
        (const float *x, const float *t, float scale, float *dx, ptrdiff_t *correct, \
         ptrdiff_t n),                                                               \
        (x, t, scale, dx, correct, n))                                               \
  APPLY(X, double, squared_error,                                                    \
        (const float *x, const float *t, float scale, float *dx, ptrdiff_t n),       \
        (x, t, scale, dx, n))                                                        \
  APPLY(X, double, distance_loss,                                                    \
        (maas_distance kind, const float *x, const float *t, float p, float scale, float *dx, \
         ptrdiff_t n),                                                               \
        (kind, x, t, p, scale, dx, n))                                               \
  APPLY(X, void, sgd,                                                                \
        (float *p, const float *g, float *v, float rate, float momentum, bool nesterov, \
         ptrdiff_t n),                                                               \
        (p, g, v, rate, momentum, nesterov, n))                                      \
  APPLY(X, void, adam,                                                               \
        (float *p, const float *g, float *m, float *v, double rate, double beta1,    \
         double beta2, double epsilon, int64_t step, ptrdiff_t n),                   \
        (p, g, m, v, rate, beta1, beta2, epsilon, step, n))                          \
  APPLY(X, void, rmsprop,                                                            \
        (float *p, const float *g, float *s, float *v, float rate, double decay,     \
         float epsilon, float momentum, ptrdiff_t n),                                \
        (p, g, s, v, rate, decay, epsilon, momentum, n))                             \
  APPLY(X, void, adagrad,                                                            \
        (float *p, const float *g, float *s, float rate, float epsilon, ptrdiff_t n), \
        (p, g, s, rate, epsilon, n))                                                 \
  APPLY(X, void, adadelta,                                                           \
        (float *p, const float *g, float *s, float *c, float rate, double decay,     \
         float epsilon, ptrdiff_t n),                                                \
        (p, g, s, c, rate, decay, epsilon, n))                                       \
  APPLY(X, void, lion,                                                               \
        (float *p, const float *g, float *m, float rate, double beta1, double beta2, \
         ptrdiff_t n),                                                               \
        (p, g, m, rate, beta1, beta2, n))                                            \
  APPLY(X, void, lamb,                                                               \
        (const float *p, float *g, float *m, float *v, double beta1, double beta2,   \
         double epsilon, double decay, int64_t step, double *squares, ptrdiff_t n),  \
        (p, g, m, v, beta1, beta2, epsilon, decay, step, squares, n))                \
  APPLY(X, void, shrink,                                                             \
        (float *p, float *g, float keep, float l2, float l1, ptrdiff_t n),           \
        (p, g, keep, l2, l1, n))                                                     \
  APPLY(X, void, approach, (float *a, const float *x, float share, ptrdiff_t n),     \
        (a, x, share, n))                                                            \
  APPLY(X, void, to_halves, (const float *x, uint16_t *y, ptrdiff_t n), (x, y, n))   \
  APPLY(X, void, binary,                                                             \
        (maas_op op, const float *a, const float *b, float *y, ptrdiff_t n), (op, a, b, y, n)) \
  APPLY(X, void, binary_scalar,                                                      \
        (maas_op op, const float *a, float b, float *y, ptrdiff_t n), (op, a, b, y, n)) \
  APPLY(X, void, scalar_binary,                                                      \
        (maas_op op, float a, const float *b, float *y, ptrdiff_t n), (op, a, b, y, n)) \
  APPLY(X, void, binary_row, WITH_ROW)                                               \
  APPLY(X, void, row_binary, WITH_ROW)                                               \
  APPLY(X, void, binary_column, WITH_ROW)                                            \
  APPLY(X, void, clamp, (const float *x, float low, float high, float *y, ptrdiff_t n), \
        (x, low, high, y, n))                                                        \
  APPLY(X, void, compare_f32, COMPARE_WITH(float), (op, a, sa, b, sb, y, n))         \
  APPLY(X, void, compare_f64, COMPARE_WITH(double), (op, a, sa, b, sb, y, n))        \
  APPLY(X, void, compare_i32, COMPARE_WITH(int32_t), (op, a, sa, b, sb, y, n))       \
  APPLY(X, void, choose_32, CHOOSE_WITH(uint32_t), (c, a, sa, b, sb, y, n))          \
  APPLY(X, void, choose_64, CHOOSE_WITH(uint64_t), (c, a, sa, b, sb, y, n))          \
  APPLY(X, void, binary_f64,                                                         \
        (maas_op op, const double *a, ptrdiff_t sa, const double *b, ptrdiff_t sb, double *y, \
         ptrdiff_t n),                                                               \
        (op, a, sa, b, sb, y, n))                                                    \
  APPLY(X, void, reduce, REDUCE_WITH(float), (op, factor, x, shift, y, outer, n, inner)) \
  APPLY(X, void, reduce_f64, REDUCE_WITH(double), (op, factor, x, shift, y, outer, n, inner)) \
  APPLY(X, void, axpy, (float a, const float *x, float *y, ptrdiff_t n), (a, x, y, n)) \
  APPLY(X, void, standardize,                                                        \
        (const float *x, const float *shift, const float *factor, float *y, ptrdiff_t rows, \
         ptrdiff_t cols),                                                            \
        (x, shift, factor, y, rows, cols))                                           \
  APPLY(X, void, dense,                                                              \
        (const float *x, const float *packed, const float *bias, bool relu, float *y, \
         ptrdiff_t rows, ptrdiff_t inner, ptrdiff_t cols),                           \
        (x, packed, bias, relu, y, rows, inner, cols))                               \
  APPLY(X, void, product,                                                            \
        (const maas_product_sizes *p, const float *a, const float *b, const float *bias, \
         float *y),                                                                  \
        (p, a, b, bias, y))                                                          \
  APPLY(X, void, sum_arrays,                                                         \
        (float *y, const float *const *arrays, ptrdiff_t count, ptrdiff_t n),        \
        (y, arrays, count, n))                                                       \
  APPLY(X, void, sum_columns, ROWS)                                                  \
  APPLY(X, void, sum_rows, ROWS)                                                     \
  APPLY(X, double, sum, (const float *x, ptrdiff_t n), (x, n))                       \
  APPLY(X, double, dot, (const float *a, const float *b, ptrdiff_t n), (a, b, n))    \
  APPLY(X, float, greatest, (const float *x, ptrdiff_t n), (x, n))                   \
  APPLY(X, float, least, (const float *x, ptrdiff_t n), (x, n))                      \
  APPLY(X, ptrdiff_t, first_nonfinite, (const float *x, ptrdiff_t n), (x, n))        \
  APPLY(X, void, column_sums,                                                        \
        (const float *x, double factor, float *y, ptrdiff_t rows, ptrdiff_t cols),   \
        (x, factor, y, rows, cols))                                                  \
  APPLY(X, void, column_extremes,                                                    \
        (const float *x, float sign, float *y, ptrdiff_t rows, ptrdiff_t cols),      \
        (x, sign, y, rows, cols))                                                    \
  APPLY(X, void, column_moments,                                                     \
        (const float *x, float *mean, float *variance, ptrdiff_t rows, ptrdiff_t cols), \
        (x, mean, variance, rows, cols))                                             \
  APPLY(X, void, column_slopes,                                                      \
        (const float *x, const float *mean, const float *dy, float *sums, float *products, \
         ptrdiff_t rows, ptrdiff_t cols),                                            \
        (x, mean, dy, sums, products, rows, cols))                                   \
  APPLY(X, void, scale_columns,                                                      \
        (const float *x, const float *mean, const float *factor, const float *shift, float *y, \
         ptrdiff_t rows, ptrdiff_t cols),                                            \
        (x, mean, factor, shift, y, rows, cols))                                     \
  APPLY(X, void, centre_slopes,                                                      \
        (const float *x, const float *mean, const float *dy, const float *factor,    \
         const float *tilt, const float *shift, float *dx, ptrdiff_t rows, ptrdiff_t cols), \
        (x, mean, dy, factor, tilt, shift, dx, rows, cols))                          \
  APPLY(X, void, layer_norm,                                                         \
        (const float *x, const float *factor, const float *shift, float epsilon, float *y, \
         ptrdiff_t rows, ptrdiff_t cols),                                            \
        (x, factor, shift, epsilon, y, rows, cols))                                  \
  APPLY(X, void, layer_norm_backward,                                                \
        (const float *x, const float *factor, float epsilon, const float *dy, float *dx, \
         float *dfactor, float *dshift, float *sums, ptrdiff_t rows, ptrdiff_t cols), \
        (x, factor, epsilon, dy, dx, dfactor, dshift, sums, rows, cols))             \
  APPLY(X, void, max_pool, (const maas_window *w, const float *x, float *y), (w, x, y)) \
  APPLY(X, void, max_pool_backward,                                                  \
        (const maas_window *w, const float *x, const float *dy, float *dx), (w, x, dy, dx)) \
  APPLY(X, void, sum_pool, (const maas_window *w, float factor, const float *x, float *y), \
        (w, factor, x, y))                                                           \
  APPLY(X, void, sum_pool_backward,                                                  \
        (const maas_window *w, float factor, const float *dy, float *dx), (w, factor, dy, dx)) \
  APPLY(X, void, lstm_step, (const maas_recurrent_step *s), (s))                     \
  APPLY(X, void, lstm_step_backward, (const maas_recurrent_slopes *s), (s))          \
  APPLY(X, void, gru_step, (const maas_recurrent_step *s), (s))                      \
  APPLY(X, void, gru_step_backward, (const maas_recurrent_slopes *s), (s))           \
  APPLY(X, void, rnn_step, (const maas_recurrent_step *s, bool relu), (s, relu))     \
  APPLY(X, void, rnn_step_backward, (const maas_recurrent_slopes *s, bool relu), (s, relu)) \
  APPLY(X, void, random_words,                                                       \
        (maas_random stream, uint64_t start, uint32_t *y, ptrdiff_t n), (stream, start, y, n)) \
  APPLY(X, void, random_uniform,                                                     \
        (maas_random stream, uint64_t start, float low, float high, float *y, ptrdiff_t n), \
        (stream, start, low, high, y, n))                                            \
  APPLY(X, void, dropout,                                                            \
        (maas_random stream, const int32_t *samples, float rate, const float *x, float *y, \
         ptrdiff_t rows, ptrdiff_t cols),                                            \
        (stream, samples, rate, x, y, rows, cols))

/// A level: a pointer to each kernel.
typedef struct {
#define POINTER(result, name, parameters, arguments) result(*name) parameters;
  KERNELS(POINTER)
#undef POINTER
} maas_table;

extern const maas_table maas_table_portable;
#if defined(__x86_64__)
extern const maas_table maas_table_avx2;
extern const maas_table maas_table_avx512;
#endif

#endif
