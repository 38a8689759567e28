// Activations that networks use beside relu, sigmoid, tanh and gelu, and their gradients: the first
// argument of a gradient is x, the second the gradient that arrives.

/// e^x - 1 for x <= 0, exact near 0 too: Taylor's series to the eighth power there.
INLINE vf exp_less_one(vf x) {
  vf p = POLY(x, 0.5f, 0.16666667f, 0.041666668f, 0.0083333338f, 0.0013888889f, 0.00019841270f,
              2.4801588e-05f);
  return x > -0.4f ? fma_(p * x, x, x) : exp_(x) - 1.0f;
}

/// log(1 + e) for 0 <= e <= 1; what 1 + e rounds away is put back.
INLINE vf log_one_more(vf e) {
  vf sum = 1.0f + e;
  return log_(sum) + (e - (sum - 1.0f)) / sum;
}
INLINE vf softplus_(vf x) {
  vf positive = ((x > 0) | (x != x)) ? x : (vf)0.0f;
  return positive + log_one_more(exp_(-abs_(x)));
}

/// Half of mish: tanh(softplus(x)) = n / (n + 2), n = e (e + 2), e = e^x; 1 where x > 20.
INLINE vf tanh_softplus(vf x) {
  vf e = exp_(x > 20.0f ? (vf)20.0f : x), n = e * (e + 2.0f);
  return n / (n + 2.0f);
}
INLINE vf mish_slope(vf x) {
  vf t = tanh_softplus(x);
  return fma_(x * sigmoid_(x), fma_(-t, t, (vf)1.0f), t);
}
INLINE vf silu_slope(vf x) {
  vf s = sigmoid_(x);
  return s * fma_(x, 1.0f - s, (vf)1.0f);
}

/// Klambauer et al. 2017: λ and λ α.
#define SELU_SCALE 1.0507009873554805f
#define SELU_BELOW 1.7580993408473766f

MAP(elu, x > 0 ? x : exp_less_one(x))
MAP(selu, x > 0 ? x * SELU_SCALE : exp_less_one(x) * SELU_BELOW)
MAP(silu, x *sigmoid_(x))
MAP(softplus, softplus_(x))
MAP(hard_swish, x <= -3.0f ? (vf)0.0f : (x >= 3.0f ? x : x * (x + 3.0f) / 6.0f))
MAP(mish, x *tanh_softplus(x))

MAP2(elu_backward, x > 0 ? y : y *exp_(x))
MAP2(selu_backward, x > 0 ? y * SELU_SCALE : y * (exp_(x) * SELU_BELOW))
MAP2(silu_backward, y *silu_slope(x))
MAP2(softplus_backward, y *sigmoid_(x))
MAP2(hard_swish_backward,
     x <= -3.0f ? (vf)0.0f : (x >= 3.0f ? y : y * ((x + x + 3.0f) / 6.0f)))
MAP2(mish_backward, y *mish_slope(x))

static void kernel_leaky_relu(const float *x, float slope, float *y, ptrdiff_t n) {
  WITH_SCALAR(x, n, v < 0 ? v * slope : v)
}
static void kernel_leaky_relu_backward(
    const float *x, const float *dy, float slope, float *dx, ptrdiff_t n) {
  for (ptrdiff_t i = 0; i < n; i += W) {
    vf v = load_up_to(dy + i, n - i, 0);
    store_up_to(dx + i, load_up_to(x + i, n - i, 1) > 0 ? v : v * slope, n - i);
  }
}
