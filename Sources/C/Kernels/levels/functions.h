// exp, log, erf, tanh and their like on a vector. The polynomials are minimax fits of our own
// (Remez exchange in 50 digits, then rounded to f32); the tests hold the errors stated.

/// P(x) with the coefficients from the lowest up.
#define POLY(x, ...)                                                                 \
  ({                                                                                 \
    const float c_[] = {__VA_ARGS__};                                                \
    const int n_ = sizeof(c_) / sizeof(float);                                       \
    vf p_ = (vf)c_[n_ - 1];                                                          \
    _Pragma("unroll") for (int i_ = n_ - 2; i_ >= 0; i_--) p_ = fma_(p_, x, (vf)c_[i_]); \
    p_;                                                                              \
  })

/// e^x, at most 1.1 ulp; inf where it is too great, and 0 where it would not be a normal number:
/// the processor makes subnormal results a hundred times slower.
/// e^x = 2^n e^r, n = round(x / ln 2), |r| <= ln 2 / 2.
INLINE vf exp_(vf x) {
  const float round = 12582912.0f;  // 1.5 · 2^23: adding it leaves the rounded number below
  vi too_small = x < -87.33654f;
  x = too_small ? (vf)0.0f : x;
  x = x > 89.0f ? (vf)89.0f : x;
  vf t = fma_(x, (vf)1.44269504f, (vf)round);
  vi n = (vi)t - (vi)(vf)round;
  vf k = t - round;
  // ln 2 in two parts, the first with 9 bits: k times it is exact without fma too.
  vf r = fma_(k, (vf)-0.693359375f, x);
  r = fma_(k, (vf)2.12194440e-4f, r);
  vf p = POLY(r, 0.5f, 0.16666512f, 0.041666187f, 0.008369599f, 0.001395172f);
  p = fma_(p * r, r, r) + 1.0f;
  // In two steps, as 2^n may lie beyond the greatest number where the product does not.
  vi half = n >> 1;
  vf y = p * (vf)((half + 127) << 23) * (vf)((n - half + 127) << 23);
  return too_small ? (vf)0.0f : y;
}

/// Natural logarithm. At most 1 ulp.
/// x = 2^k (1 + f), 1 + f in [√½, √2); log(1 + f) = f - f²/2 + f³ P(f).
INLINE vf log_(vf x) {
  vi small = x < 1.17549435e-38f;
  vf s = small ? x * 8388608.0f : x;
  vi k = ((vi)s - 0x3f3504f3) >> 23;
  vf f = (vf)((vi)s - (k << 23)) - 1.0f;
  vf e = __builtin_convertvector(k + (small ? (vi)-23 : (vi)0), vf);
  vf p = POLY(f, 0.33333322f, -0.24999991f, 0.20001525f, -0.16668667f, 0.14230269f,
              -0.12399116f, 0.118107654f, -0.11689593f, 0.0692755f);
  vf f2 = f * f;
  vf low = fma_(p * f, f2, e * -2.12194440e-4f);
  vf y = fma_(e, (vf)0.693359375f, fma_((vf)-0.5f, f2, low) + f);
  y = x == 0 ? (vf)-INFINITY : y;
  y = x < 0 ? (vf)NAN : y;
  return x < INFINITY ? y : x + x;  // inf and NaN
}

/// 1 / (1 + e^-x), without overflow at either end.
INLINE vf sigmoid_(vf x) {
  vf e = exp_(-abs_(x));
  return (x >= 0 ? (vf)1.0f : e) / (1.0f + e);
}

INLINE vf tanh_(vf x) {
  vf t = abs_(x), s = x * x;
  vf p = POLY(s, -0.3333333f, 0.13333279f, -0.05395598f, 0.021752212f, -0.008309006f,
              0.0022684254f);
  vf small = fma_(p * s, x, x);
  vf large = 1.0f - 2.0f / (exp_(t > 20.0f ? (vf)20.0f : t + t) + 1.0f);
  return t < 0.6f ? small : sign_of(large, x);
}

/// erf x near 0, as x + x P(x²).
INLINE vf erf_small(vf x) {
  vf p = POLY(x * x, 0.12837917f, -0.37612635f, 0.11283694f, -0.02685927f, 0.0052006342f,
              -0.0008137438f, 8.345227e-05f);
  return fma_(p, x, x);
}
/// erfc t = e^-(t + t P(t)) for t >= 0.92.
INLINE vf erfc_large(vf t) {
  t = t > 12.0f ? (vf)12.0f : t;
  vf p = POLY(t, 0.12864849f, 0.6351513f, 0.10623689f, -0.023762072f, 0.003642463f,
              -0.00032280482f, 1.12314e-05f);
  return exp_(-fma_(p, t, t));
}
INLINE vf erf_(vf x) {
  vf t = abs_(x);
  return t < 0.925f ? erf_small(x) : sign_of(1.0f - erfc_large(t), x);
}
/// Φ(x), the distribution of the standard normal; small values keep their digits.
INLINE vf normal_below(vf x) {
  vf z = x * 0.70710678f, t = abs_(z);
  vf tail = 0.5f * erfc_large(t);
  vf middle = fma_((vf)0.5f, erf_small(z), (vf)0.5f);
  return t < 0.925f ? middle : (x < 0 ? tail : 1.0f - tail);
}
