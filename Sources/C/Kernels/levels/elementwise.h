// Functions of one element, their gradients, and arithmetic with broadcasting.

/// y[i] = f(x[i]).
#define MAP(name, expression)                                                        \
  INLINE vf name##_lanes(vf x) { return expression; }                                \
  static void kernel_##name(const float *x, float *y, ptrdiff_t n) {                 \
    ptrdiff_t i = 0;                                                                 \
    for (; i + W <= n; i += W) store(y + i, name##_lanes(load(x + i)));              \
    if (i < n) store_part(y + i, name##_lanes(load_part(x + i, n - i, 1)), n - i);   \
  }

/// z[i] = f(x[i], y[i]).
#define MAP2(name, expression)                                                       \
  INLINE vf name##_lanes(vf x, vf y) { return expression; }                          \
  static void kernel_##name(const float *x, const float *y, float *z, ptrdiff_t n) { \
    ptrdiff_t i = 0;                                                                 \
    for (; i + W <= n; i += W) store(z + i, name##_lanes(load(x + i), load(y + i))); \
    if (i == n) return;                                                              \
    vf last = name##_lanes(load_part(x + i, n - i, 1), load_part(y + i, n - i, 1));  \
    store_part(z + i, last, n - i);                                                  \
  }

MAP(relu, x < 0 ? (vf)0 : x)
MAP(sigmoid, sigmoid_(x))
MAP(tanh, tanh_(x))
MAP(gelu, x *normal_below(x))
MAP(exp, exp_(x))
MAP(log, log_(x))
MAP(erf, erf_(x))
MAP(sqrt, __builtin_elementwise_sqrt(x))
MAP(abs, abs_(x))
MAP(neg, -x)
MAP(sin, sin_(x, 0))
MAP(cos, sin_(x, 1))
MAP(floor, __builtin_elementwise_floor(x))
MAP(ceil, __builtin_elementwise_ceil(x))
MAP(round, __builtin_elementwise_roundeven(x))
MAP(sign, x > 0 ? (vf)1.0f : (x < 0 ? (vf)-1.0f : (x == 0 ? (vf)0.0f : x)))

// x is the saved array, y the gradient that arrives.
MAP2(relu_backward, x > 0 ? y : (vf)0)
MAP2(sigmoid_backward, y *x * (1.0f - x))
MAP2(tanh_backward, y *fma_(-x, x, (vf)1.0f))
/// Φ(x) + x φ(x), φ(x) = e^(-x²/2) / √(2π).
MAP2(gelu_backward, y *fma_(x * 0.39894228f, exp_(x * x * -0.5f), normal_below(x)))

MAP2(add_arrays, x + y)
MAP2(sub_arrays, x - y)
MAP2(mul_arrays, x *y)
MAP2(div_arrays, x / y)
MAP2(min_arrays, x < y ? x : (y != y ? y : (x != x ? x : y)))
MAP2(max_arrays, x > y ? x : (y != y ? y : (x != x ? x : y)))
MAP2(pow_arrays, pow_(x, y))
MAP2(floor_divide_arrays, floor_divide_(x, y))
MAP2(modulo_arrays, modulo_(x, y))
MAP2(atan2_arrays, atan2_(x, y))

#define EACH_OP(op, CALL)                                                            \
  switch (op) {                                                                      \
    case maas_add: CALL(add_arrays); break;                                          \
    case maas_sub: CALL(sub_arrays); break;                                          \
    case maas_mul: CALL(mul_arrays); break;                                          \
    case maas_div: CALL(div_arrays); break;                                          \
    case maas_min: CALL(min_arrays); break;                                          \
    case maas_max: CALL(max_arrays); break;                                          \
    case maas_pow: CALL(pow_arrays); break;                                          \
    case maas_floor_divide: CALL(floor_divide_arrays); break;                        \
    case maas_modulo: CALL(modulo_arrays); break;                                    \
    case maas_atan2: CALL(atan2_arrays); break;                                      \
  }

static void kernel_binary(maas_op op, const float *a, const float *b, float *y, ptrdiff_t n) {
#define CALL(f) kernel_##f(a, b, y, n)
  EACH_OP(op, CALL)
#undef CALL
}

/// y[i] = f of a[i] and one number, LANES written with `v` for the vector.
#define WITH_SCALAR(x, n, LANES)                                                     \
  {                                                                                  \
    ptrdiff_t i = 0;                                                                 \
    for (; i + W <= n; i += W) {                                                     \
      vf v = load(x + i);                                                            \
      store(y + i, LANES);                                                           \
    }                                                                                \
    if (i < n) {                                                                     \
      vf v = load_part(x + i, n - i, 1);                                             \
      store_part(y + i, LANES, n - i);                                               \
    }                                                                                \
  }

static void kernel_binary_scalar(maas_op op, const float *a, float b, float *y, ptrdiff_t n) {
#define CALL(f) WITH_SCALAR(a, n, f##_lanes(v, (vf)b))
  EACH_OP(op, CALL)
#undef CALL
}
static void kernel_scalar_binary(maas_op op, float a, const float *b, float *y, ptrdiff_t n) {
#define CALL(f) WITH_SCALAR(b, n, f##_lanes((vf)a, v))
  EACH_OP(op, CALL)
#undef CALL
}

static void kernel_binary_row(
    maas_op op, const float *a, const float *b, float *y, ptrdiff_t rows, ptrdiff_t cols) {
#define CALL(f) \
  for (ptrdiff_t r = 0; r < rows; r++) kernel_##f(a + r * cols, b, y + r * cols, cols)
  EACH_OP(op, CALL)
#undef CALL
}
static void kernel_row_binary(
    maas_op op, const float *a, const float *b, float *y, ptrdiff_t rows, ptrdiff_t cols) {
#define CALL(f) \
  for (ptrdiff_t r = 0; r < rows; r++) kernel_##f(a, b + r * cols, y + r * cols, cols)
  EACH_OP(op, CALL)
#undef CALL
}
static void kernel_binary_column(
    maas_op op, const float *a, const float *b, float *y, ptrdiff_t rows, ptrdiff_t cols) {
  for (ptrdiff_t r = 0; r < rows; r++) {
    kernel_binary_scalar(op, a + r * cols, b[r], y + r * cols, cols);
  }
}

static void kernel_clamp(const float *x, float low, float high, float *y, ptrdiff_t n) {
  const vf a = (vf)low, b = (vf)high;
  WITH_SCALAR(x, n, (v < a ? a : (v > b ? b : v)))
}

static void kernel_axpy(float a, const float *x, float *y, ptrdiff_t n) {
  ptrdiff_t i = 0;
  for (; i + W <= n; i += W) store(y + i, fma_((vf)a, load(x + i), load(y + i)));
  if (i == n) return;
  vf last = fma_((vf)a, load_part(x + i, n - i, 0), load_part(y + i, n - i, 0));
  store_part(y + i, last, n - i);
}

static void kernel_standardize(
    const float *x, const float *shift, const float *factor, float *y, ptrdiff_t rows,
    ptrdiff_t cols) {
  for (ptrdiff_t r = 0; r < rows; r++, x += cols, y += cols) {
    ptrdiff_t c = 0;
    for (; c + W <= cols; c += W) {
      store(y + c, (load(x + c) - load(shift + c)) * load(factor + c));
    }
    if (c == cols) continue;
    ptrdiff_t n = cols - c;
    vf v = load_part(x + c, n, 0) - load_part(shift + c, n, 0);
    store_part(y + c, v * load_part(factor + c, n, 0), n);
  }
}
