// The loops of the core that Swift cannot reach at full speed.
//
// Rules that hold for every kernel:
// - Arrays are contiguous; any alignment is right (64 bytes is fastest). Lengths are counted in
//   elements and may be 0. `y` may be the same array as an input; partial overlap is not allowed.
// - Matrices are row-major: element (r, c) of x[rows][cols] is x[r * cols + c].
// - No kernel allocates, locks, fails, or keeps state. Ids and lengths are checked by the caller.
// - On one machine the bits of a result depend on the values and lengths alone: not on alignment,
//   threads, or other rows. Sums follow a fixed order that depends on the length only.
// - The code is compiled for portable, AVX2 and AVX-512 processors; the best one is chosen once,
//   at start. Levels may differ from each other in the last bits.
#ifndef MAAS_KERNELS_H
#define MAAS_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "MaasFiles.h"
#include "MaasLayers.h"
#include "MaasRandom.h"
#include "MaasSequences.h"
#include "MaasThreads.h"

#ifdef __cplusplus
extern "C" {
#endif

// MARK: Which code runs

/// The processors the kernels are compiled for, in rising order.
typedef enum {
  maas_level_portable = 0,
  maas_level_avx2 = 1,
  maas_level_avx512 = 2,
} maas_level;

/// The level in use on this thread: the highest, unless another was asked for.
maas_level maas_current_level(void);
/// The highest level this processor can run.
maas_level maas_highest_level(void);
/// Switches the calling thread to a level, for tests and measurements; a level the processor lacks
/// is refused with false.
bool maas_use_level(maas_level level);

// MARK: Functions of one element. x[n] -> y[n].
// The error is the greatest seen against double arithmetic, in units of the last place of f32; see
// the tests, which hold it.

void maas_relu(const float *x, float *y, ptrdiff_t n);
/// 1 / (1 + e^-x).
void maas_sigmoid(const float *x, float *y, ptrdiff_t n);
void maas_tanh(const float *x, float *y, ptrdiff_t n);
/// x Φ(x), the erf form: x (1 + erf(x / √2)) / 2.
void maas_gelu(const float *x, float *y, ptrdiff_t n);
void maas_exp(const float *x, float *y, ptrdiff_t n);
/// Natural logarithm; -inf at 0, NaN below.
void maas_log(const float *x, float *y, ptrdiff_t n);
void maas_erf(const float *x, float *y, ptrdiff_t n);
void maas_sqrt(const float *x, float *y, ptrdiff_t n);
void maas_abs(const float *x, float *y, ptrdiff_t n);
void maas_neg(const float *x, float *y, ptrdiff_t n);
void maas_sin(const float *x, float *y, ptrdiff_t n);
void maas_cos(const float *x, float *y, ptrdiff_t n);
void maas_floor(const float *x, float *y, ptrdiff_t n);
void maas_ceil(const float *x, float *y, ptrdiff_t n);
/// Halves go to the even one.
void maas_round(const float *x, float *y, ptrdiff_t n);
/// -1, 0 or 1; NaN stays.
void maas_sign(const float *x, float *y, ptrdiff_t n);
/// At least low and at most high; NaN stays.
void maas_clamp(const float *x, float low, float high, float *y, ptrdiff_t n);

// Those of the C library, number by number.
void maas_tan(const float *x, float *y, ptrdiff_t n);
void maas_asin(const float *x, float *y, ptrdiff_t n);
void maas_acos(const float *x, float *y, ptrdiff_t n);
void maas_atan(const float *x, float *y, ptrdiff_t n);
void maas_sinh(const float *x, float *y, ptrdiff_t n);
void maas_cosh(const float *x, float *y, ptrdiff_t n);
void maas_log2(const float *x, float *y, ptrdiff_t n);
void maas_log10(const float *x, float *y, ptrdiff_t n);

/// slope · x below 0.
void maas_leaky_relu(const float *x, float slope, float *y, ptrdiff_t n);
/// e^x - 1 below 0 (Clevert et al. 2015, α = 1).
void maas_elu(const float *x, float *y, ptrdiff_t n);
/// λ elu with α of Klambauer et al. 2017.
void maas_selu(const float *x, float *y, ptrdiff_t n);
/// x / (1 + e^-x).
void maas_silu(const float *x, float *y, ptrdiff_t n);
/// log(1 + e^x).
void maas_softplus(const float *x, float *y, ptrdiff_t n);
/// x min(max(x + 3, 0), 6) / 6 (Howard et al. 2019).
void maas_hard_swish(const float *x, float *y, ptrdiff_t n);
/// x tanh(log(1 + e^x)) (Misra 2019).
void maas_mish(const float *x, float *y, ptrdiff_t n);

// Backward: dx = dy · f'(x). relu, sigmoid and tanh take the forward result y; the others
// take x.
// dx may be dy or the first argument.

void maas_relu_backward(const float *y, const float *dy, float *dx, ptrdiff_t n);
void maas_sigmoid_backward(const float *y, const float *dy, float *dx, ptrdiff_t n);
void maas_tanh_backward(const float *y, const float *dy, float *dx, ptrdiff_t n);
void maas_gelu_backward(const float *x, const float *dy, float *dx, ptrdiff_t n);
void maas_leaky_relu_backward(
    const float *x, const float *dy, float slope, float *dx, ptrdiff_t n);
void maas_elu_backward(const float *x, const float *dy, float *dx, ptrdiff_t n);
void maas_selu_backward(const float *x, const float *dy, float *dx, ptrdiff_t n);
void maas_silu_backward(const float *x, const float *dy, float *dx, ptrdiff_t n);
void maas_softplus_backward(const float *x, const float *dy, float *dx, ptrdiff_t n);
void maas_hard_swish_backward(const float *x, const float *dy, float *dx, ptrdiff_t n);
void maas_mish_backward(const float *x, const float *dy, float *dx, ptrdiff_t n);

// MARK: Rows of x[rows][cols]

/// y = e^(x - max) / Σ, each row by itself.
void maas_softmax(const float *x, float *y, ptrdiff_t rows, ptrdiff_t cols);
/// dx = y · (dy - Σ dy · y), y the forward result.
void maas_softmax_backward(
    const float *y, const float *dy, float *dx, ptrdiff_t rows, ptrdiff_t cols);
/// y = x - max - log Σ e^(x - max).
void maas_log_softmax(const float *x, float *y, ptrdiff_t rows, ptrdiff_t cols);
/// dx = dy - e^y · Σ dy, y the forward result.
void maas_log_softmax_backward(
    const float *y, const float *dy, float *dx, ptrdiff_t rows, ptrdiff_t cols);
/// ids[r] = column of the greatest element, the first one where several are equal; a NaN counts
/// as the greatest. cols >= 1.
void maas_argmax_rows(const float *x, int32_t *ids, ptrdiff_t rows, ptrdiff_t cols);
/// The same of the least element.
void maas_argmin_rows(const float *x, int32_t *ids, ptrdiff_t rows, ptrdiff_t cols);

// MARK: Losses, each with its gradient in the same pass
// The result is the plain sum of the losses; the gradient written is that of scale · sum, so that
// scale = 1 / (rows of the whole batch) minimises the mean. `dx` may be x, or NULL to leave it out;
// `correct` (may be NULL) is set to the number of right answers.

/// Softmax and cross-entropy of logits x[rows][cols], class ids in 0 ..< cols.
/// loss = -log softmax(x)[class]; dx = scale · (softmax(x) - onehot(class)).
/// Correct: the greatest logit (the first of equals) is the class.
double maas_cross_entropy(
    const float *x, const int32_t *classes, float scale, float *dx, ptrdiff_t *correct,
    ptrdiff_t rows, ptrdiff_t cols);
/// Sigmoid and binary cross-entropy of logits x[n] against targets t[n] in 0...1.
/// loss = max(x, 0) - x t + log(1 + e^-|x|); dx = scale · (sigmoid(x) - t).
/// Correct: x > 0 exactly where t > 1/2.
double maas_binary_cross_entropy(
    const float *x, const float *t, float scale, float *dx, ptrdiff_t *correct, ptrdiff_t n);
/// Σ (x - t)²; dx = scale · 2 (x - t).
double maas_squared_error(const float *x, const float *t, float scale, float *dx, ptrdiff_t n);

typedef enum {
  maas_absolute = 0,  // |d|, d = x - t
  maas_huber = 1,     // d² / 2, beyond p: p (|d| - p / 2) (Huber 1964)
  maas_log_cosh = 2,  // log cosh d
  maas_poisson = 3,   // e^x - t x
  maas_quantile = 4,  // -p d below 0, (1 - p) d above (Koenker & Bassett 1978)
} maas_distance;

/// Σ of the losses of predictions x[n] against t[n]; dx = scale · their slopes, 0 at a kink.
double maas_distance_loss(
    maas_distance kind, const float *x, const float *t, float p, float scale, float *dx,
    ptrdiff_t n);

// MARK: Optimizer updates over flat arrays, in PyTorch's conventions

/// v = momentum · v + g; p -= rate · v, with Nesterov's rate · (g + momentum · v). With `velocity`
/// NULL: p -= rate · g. PyTorch's first step sets v = g: start from zeros.
void maas_sgd(
    float *parameters, const float *gradients, float *velocity, float rate, float momentum,
    bool nesterov, ptrdiff_t n);
/// Kingma & Ba 2015, epsilon outside the root:
/// m = β1 m + (1 - β1) g; v = β2 v + (1 - β2) g²;
/// p -= rate / (1 - β1^step) · m / (√v / √(1 - β2^step) + ε). `step` counts from 1.
void maas_adam(
    float *parameters, const float *gradients, float *m, float *v, double rate, double beta1,
    double beta2, double epsilon, int64_t step, ptrdiff_t n);
/// Tieleman & Hinton 2012: s = decay s + (1 - decay) g²; step = g / (√s + ε), with a velocity
/// (may be NULL) v = momentum v + step; p -= rate · step.
void maas_rmsprop(
    float *parameters, const float *gradients, float *square, float *velocity, float rate,
    double decay, float epsilon, float momentum, ptrdiff_t n);
/// Duchi et al. 2011: s += g²; p -= rate · g / (√s + ε).
void maas_adagrad(
    float *parameters, const float *gradients, float *sum, float rate, float epsilon,
    ptrdiff_t n);
/// Zeiler 2012: s = decay s + (1 - decay) g²; step = g √(c + ε) / √(s + ε);
/// c = decay c + (1 - decay) step²; p -= rate · step.
void maas_adadelta(
    float *parameters, const float *gradients, float *square, float *change, float rate,
    double decay, float epsilon, ptrdiff_t n);
/// Chen et al. 2023: p -= rate · sign(β1 m + (1 - β1) g); m = β2 m + (1 - β2) g.
void maas_lion(
    float *parameters, const float *gradients, float *mean, float rate, double beta1, double beta2,
    ptrdiff_t n);
/// You et al. 2020, the first half: Adam's moments; gradients become u = m̂ / (√v̂ + ε) + decay · p;
/// squares[0] = Σ p², squares[1] = Σ u². The second half is p -= rate · (‖p‖ / ‖u‖) · u over a tensor.
void maas_lamb(
    const float *parameters, float *gradients, float *m, float *v, double beta1, double beta2,
    double epsilon, double decay, int64_t step, double *squares, ptrdiff_t n);
/// g += l2 · p + l1 · sign(p); then p = keep · p.
void maas_shrink(
    float *parameters, float *gradients, float keep, float l2, float l1, ptrdiff_t n);
/// a += share · (x - a).
void maas_approach(float *average, const float *x, float share, ptrdiff_t n);

/// y = x rounded to bfloat16, to nearest, ties to even: the upper halves of f32.
void maas_to_halves(const float *x, uint16_t *y, ptrdiff_t n);

// MARK: Arithmetic with broadcasting

typedef enum {
  maas_add = 0,
  maas_sub = 1,
  maas_mul = 2,
  maas_div = 3,
  maas_min = 4,  // NaN if either is
  maas_max = 5,
  maas_pow = 6,           // 0.501 ulp
  maas_floor_divide = 7,  // ⌊a / b⌋ of the exact quotient
  maas_modulo = 8,        // with the sign of b
  maas_atan2 = 9,
} maas_op;

/// y[i] = a[i] op b[i].
void maas_binary(maas_op op, const float *a, const float *b, float *y, ptrdiff_t n);
/// y[i] = a[i] op b.
void maas_binary_scalar(maas_op op, const float *a, float b, float *y, ptrdiff_t n);
/// y[i] = a op b[i].
void maas_scalar_binary(maas_op op, float a, const float *b, float *y, ptrdiff_t n);
/// y[r][c] = a[r][c] op b[c].
void maas_binary_row(
    maas_op op, const float *a, const float *b, float *y, ptrdiff_t rows, ptrdiff_t cols);
/// y[r][c] = a[c] op b[r][c].
void maas_row_binary(
    maas_op op, const float *a, const float *b, float *y, ptrdiff_t rows, ptrdiff_t cols);
/// y[r][c] = a[r][c] op b[r].
void maas_binary_column(
    maas_op op, const float *a, const float *b, float *y, ptrdiff_t rows, ptrdiff_t cols);
/// y[i] = a[i · sa] op b[i · sb]; a step is 0 or 1, and y no array that repeats.
void maas_binary_f64(
    maas_op op, const double *a, ptrdiff_t sa, const double *b, ptrdiff_t sb, double *y,
    ptrdiff_t n);

typedef enum {
  maas_equal = 0,
  maas_not_equal = 1,
  maas_less = 2,
  maas_less_equal = 3,
  maas_greater = 4,
  maas_greater_equal = 5,
} maas_comparison;

/// y[i] = a[i · sa] op b[i · sb], as 0 or 1.
void maas_compare_f32(
    maas_comparison op, const float *a, ptrdiff_t sa, const float *b, ptrdiff_t sb, uint8_t *y,
    ptrdiff_t n);
void maas_compare_f64(
    maas_comparison op, const double *a, ptrdiff_t sa, const double *b, ptrdiff_t sb, uint8_t *y,
    ptrdiff_t n);
void maas_compare_i32(
    maas_comparison op, const int32_t *a, ptrdiff_t sa, const int32_t *b, ptrdiff_t sb,
    uint8_t *y, ptrdiff_t n);
/// y[i] = c[i] ? a[i · sa] : b[i · sb], on words of 32 or 64 bits.
void maas_choose_32(
    const uint8_t *c, const uint32_t *a, ptrdiff_t sa, const uint32_t *b, ptrdiff_t sb,
    uint32_t *y, ptrdiff_t n);
void maas_choose_64(
    const uint8_t *c, const uint64_t *a, ptrdiff_t sa, const uint64_t *b, ptrdiff_t sb,
    uint64_t *y, ptrdiff_t n);

/// y[i] += a · x[i].
void maas_axpy(float a, const float *x, float *y, ptrdiff_t n);
/// y[r][c] = (x[r][c] - shift[c]) · factor[c]: standardisation.
void maas_standardize(
    const float *x, const float *shift, const float *factor, float *y, ptrdiff_t rows,
    ptrdiff_t cols);

// MARK: Products with independent rows, for prediction

/// The floats that [inner][cols] weights take when packed for maas_dense.
ptrdiff_t maas_dense_packed(ptrdiff_t inner, ptrdiff_t cols);
/// Packs weights w[inner][cols] for maas_dense: panels of 64 columns, the last one as many 16s as
/// it needs, filled with zeros.
void maas_dense_pack(const float *w, float *packed, ptrdiff_t inner, ptrdiff_t cols);
/// y[r][c] = Σ_k x[r][k] · w[k][c] + bias[c], k rising in one accumulator; negative results are
/// made 0 if relu. The bits of a row depend on that row alone, not on how many are asked at once.
/// `bias` may be NULL; y is another array than x.
void maas_dense(
    const float *x, const float *packed, const float *bias, bool relu, float *y, ptrdiff_t rows,
    ptrdiff_t inner, ptrdiff_t cols);

// MARK: Products of small matrices, for training

/// y [rows][columns] = factor · a [rows][inner] · b [inner][columns], y added where `adds`, then a
/// bias, then relu. Steps from one element to the next are in numbers; columns of y lie side by side.
typedef struct {
  ptrdiff_t rows, inner, columns;
  ptrdiff_t a_row, a_column;
  /// From row to row of b, whose columns lie side by side; where b is turned, from column to column,
  /// and its rows lie side by side.
  ptrdiff_t b_row;
  bool b_turned;
  ptrdiff_t y_row;
  float factor;
  bool adds, relu;
} maas_product_sizes;

/// Runs of 128 k in one accumulator each, k rising. inner >= 1; `bias` [columns] may be NULL; y is
/// another array than the others.
void maas_product(
    const maas_product_sizes *p, const float *a, const float *b, const float *bias, float *y);
/// Whether maas_product is faster than a library for large matrices.
bool maas_product_suits(ptrdiff_t rows, ptrdiff_t inner, ptrdiff_t columns);

// MARK: Sums

/// y = the sum of `count` arrays (1 or more) along a fixed tree: ((0+1)+(2+3))+((4+5)+(6+7)), the
/// odd one out moving up a level. y may be arrays[0] and no other.
void maas_sum_arrays(float *y, const float *const *arrays, ptrdiff_t count, ptrdiff_t n);
/// y[c] = Σ_r x[r][c]: the gradient of a bias. f32, r rising.
void maas_sum_columns(const float *x, float *y, ptrdiff_t rows, ptrdiff_t cols);
/// y[r] = Σ_c x[r][c], added in double.
void maas_sum_rows(const float *x, float *y, ptrdiff_t rows, ptrdiff_t cols);
/// Σ x, added in double.
double maas_sum(const float *x, ptrdiff_t n);
/// Σ a b, multiplied and added in double.
double maas_dot(const float *a, const float *b, ptrdiff_t n);
/// The greatest (least) element, NaN if one is NaN; -inf (inf) of none.
float maas_greatest(const float *x, ptrdiff_t n);
float maas_least(const float *x, ptrdiff_t n);
/// The index of the first element that is NaN or infinite, or -1.
ptrdiff_t maas_first_nonfinite(const float *x, ptrdiff_t n);

typedef enum {
  maas_reduce_sum = 0,
  maas_reduce_squares = 1,  // Σ (x - shift)²
  maas_reduce_product = 2,
  maas_reduce_max = 3,  // NaN if one is NaN
  maas_reduce_min = 4,
} maas_reduction;

/// y[outer][inner] = factor · the reduction of x[outer][n][inner] along its middle axis, in double
/// arithmetic (sums of columns: see maas_column_sums); extremes take no factor. `shift` [outer][inner] is for squares, and may be NULL.
void maas_reduce(
    maas_reduction op, double factor, const float *x, const float *shift, float *y,
    ptrdiff_t outer, ptrdiff_t n, ptrdiff_t inner);
void maas_reduce_f64(
    maas_reduction op, double factor, const double *x, const double *shift, double *y,
    ptrdiff_t outer, ptrdiff_t n, ptrdiff_t inner);

/// The order that sorts x[n] upwards, equal elements in the order they have, NaN last. `work` has
/// room for 4 n words of 32 bits (6 n for doubles).
void maas_order_f32(const float *x, int32_t *order, uint32_t *work, ptrdiff_t n);
void maas_order_f64(const double *x, int32_t *order, uint32_t *work, ptrdiff_t n);
void maas_order_i32(const int32_t *x, int32_t *order, uint32_t *work, ptrdiff_t n);
/// y = x sorted upwards, -0 as 0, NaN last. `work` has room for 2 n words.
void maas_sort_f32(const float *x, float *y, uint32_t *work, ptrdiff_t n);

// MARK: Moving

/// y[i][j]… = x[i · strides[0] + j · strides[1] + …], elements of `size` bytes (1, 4 or 8), strides
/// in elements; y is contiguous. At most 32 axes, and at least 1.
void maas_move(
    const void *x, void *y, ptrdiff_t size, ptrdiff_t rank, const ptrdiff_t *sizes,
    const ptrdiff_t *strides);

/// y[i][…] = x[ids[i]][…]: the rows of a batch.
void maas_gather_rows(
    const float *x, const int32_t *ids, float *y, ptrdiff_t count, ptrdiff_t cols);
/// y[i][…] = factor · x[ids[i]][…]: the same of bytes, as pixels are.
void maas_gather_bytes(
    const uint8_t *x, const int32_t *ids, float factor, float *y, ptrdiff_t count, ptrdiff_t cols);
/// y[i] = x[ids[i]]: the class ids of a batch.
void maas_gather_i32(const int32_t *x, const int32_t *ids, int32_t *y, ptrdiff_t count);
/// y[cols][rows] from x[rows][cols]; y is another array.
void maas_transpose(const float *x, float *y, ptrdiff_t rows, ptrdiff_t cols);
/// y[i] = factor · x[i], for pixels: factor 1/255.
void maas_u8_to_f32(const uint8_t *x, float factor, float *y, ptrdiff_t n);
void maas_i32_to_f32(const int32_t *x, float *y, ptrdiff_t n);
void maas_f64_to_f32(const double *x, float *y, ptrdiff_t n);
void maas_f32_to_f64(const float *x, double *y, ptrdiff_t n);
/// False where an element is no whole number of 32 bits; that one is cut off.
bool maas_f64_to_i32(const double *x, int32_t *y, ptrdiff_t n);
void maas_fill(float value, float *y, ptrdiff_t n);

// MARK: Random numbers (MaasRandom.h has the generator)
// Element i of the result is made from word `start + i` (normal: the two words of its pair) of the
// stream, so a piece filled alone has the bits it has in the whole. Equal on every level.

void maas_random_words(maas_random stream, uint64_t start, uint32_t *y, ptrdiff_t n);
/// Uniform in [low, high): low + (high - low) · k / 2^24. Rounding may give `high` itself.
void maas_random_uniform(
    maas_random stream, uint64_t start, float low, float high, float *y, ptrdiff_t n);
/// Box–Muller on words 2j, 2j + 1 for elements 2j, 2j + 1; computed in double. `start` is even.
void maas_random_normal(
    maas_random stream, uint64_t start, float mean, float deviation, float *y, ptrdiff_t n);
/// Dropout of x[rows][cols]: y = keep ? x / (1 - rate) : 0, 0 <= rate < 1.
/// What is kept depends on the stream (made from seed, layer and epoch), the row's sample id and
/// the column only: the same call on dy is the backward pass. `samples` NULL means 0, 1, 2, ….
void maas_dropout(
    maas_random stream, const int32_t *samples, float rate, const float *x, float *y,
    ptrdiff_t rows, ptrdiff_t cols);

// MARK: SHA-256 (FIPS 180-4)

/// Takes `blocks` blocks of 64 bytes into the state; with the SHA instructions where there are any.
void maas_sha256(uint32_t state[8], const uint8_t *data, ptrdiff_t blocks);
/// The same in plain C, for tests.
void maas_sha256_portable(uint32_t state[8], const uint8_t *data, ptrdiff_t blocks);

#ifdef __cplusplus
}
#endif
#endif
