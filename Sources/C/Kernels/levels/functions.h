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

/// Sine and cosine of |x| < 8192, at most 1.5 ulp of the greater of 1 and the result: x less a
/// multiple of π/2 in three parts, whose products with whole numbers of 13 bits are exact.
INLINE vf sin_near(vf x, int quarter) {
  const float round = 12582912.0f;
  vf t = x * 0.63661977f + round;
  vi q = (vi)t - (vi)(vf)round + quarter;
  vf k = t - round;
  vf r = fma_(k, (vf)-1.5703125f, x);
  r = fma_(k, (vf)-4.837512969970703e-4f, r);
  r = fma_(k, (vf)-7.549789954891882e-8f, r);
  vf s = r * r;
  vf odd = fma_(POLY(s, -0.16666655f, 8.3321609e-3f, -1.9515296e-4f) * s, r, r);
  vf even = fma_(s, (vf)-0.5f, (vf)1.0f) +
            POLY(s, 4.1666646e-2f, -1.3887316e-3f, 2.4433157e-5f) * s * s;
  vf y = (q & 1) != 0 ? even : odd;
  return (vf)((vu)y ^ ((vu)(q & 2) << 30));
}
/// sin(x + quarter · π/2); beyond the reach of the short reduction, and for NaN, that of C.
INLINE vf sin_(vf x, int quarter) {
  vi far = !(abs_(x) < 8192.0f);
  vf y = sin_near(far ? (vf)0.0f : x, quarter);
  if (__builtin_reduce_or(far)) {
    for (int i = 0; i < W; i++) {
      if (far[i]) y[i] = quarter ? cosf(x[i]) : sinf(x[i]);
    }
  }
  // The sign of a zero stays.
  return quarter ? y : (x == 0 ? x : y);
}

/// a^b by 2^(b log2 a) in double arithmetic, correct to 0.501 ulp; the C library decides where a is
/// not a normal positive number or b not finite.
INLINE vf pow_(vf a, vf b) {
  vi odd = !(a >= 1.17549435e-38f) | !(a < INFINITY) | !(abs_(b) < INFINITY);
  vi bits = (vi)(odd ? (vf)1.0f : a);
  vi k = (bits - 0x3f3504f3) >> 23;
  vd m = __builtin_convertvector((vf)(bits - (k << 23)), vd);
  vd s = (m - 1.0) / (m + 1.0), z = s * s;
  vd p = (vd)(1.0 / 15);
  _Pragma("unroll") for (int i = 13; i >= 1; i -= 2) p = p * z + 1.0 / i;
  vd l = __builtin_convertvector(k, vd) + s * p * 2.8853900817779268;
  vd t = __builtin_convertvector(odd ? (vf)1.0f : b, vd) * l;
  t = t > 200.0 ? (vd)200.0 : t < -200.0 ? (vd)-200.0 : t;
  const double round = 6755399441055744.0;  // 1.5 · 2^52
  vd n = (t + round) - round;
  vd f = (t - n) * 0.69314718055994531;
  static const double c[] = {1, 1, 1.0 / 2, 1.0 / 6, 1.0 / 24, 1.0 / 120, 1.0 / 720,
                             1.0 / 5040, 1.0 / 40320, 1.0 / 362880, 1.0 / 3628800};
  vd e = (vd)c[10];
  _Pragma("unroll") for (int i = 9; i >= 0; i--) e = e * f + c[i];
  vd scale = (vd)(((vl)(n + (round + 1023.0)) & 2047) << 52);
  vf y = __builtin_convertvector(e * scale, vf);
  if (__builtin_reduce_or(odd)) {
    for (int i = 0; i < W; i++) {
      if (odd[i]) y[i] = powf(a[i], b[i]);
    }
  }
  return y;
}

/// ⌊a / b⌋ of the exact quotient.
INLINE vf floor_divide_(vf a, vf b) {
  vd q = __builtin_convertvector(a, vd) / __builtin_convertvector(b, vd);
  return __builtin_convertvector(__builtin_elementwise_floor(q), vf);
}

/// The remainder of C with the sign of the divisor.
static inline float modulo_one(float a, float b) {
  float rest = fmodf(a, b);
  return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
}
/// a - b ⌊a / b⌋, exact in double where the quotient has less than 29 bits.
INLINE vf modulo_(vf a, vf b) {
  vd wa = __builtin_convertvector(a, vd), wb = __builtin_convertvector(b, vd);
  vd q = __builtin_elementwise_floor(wa / wb);
  vf y = __builtin_convertvector(wa - q * wb, vf);
  vi far = !(abs_(a / b) < 268435456.0f) | !(abs_(b) < INFINITY);
  if (__builtin_reduce_or(far)) {
    for (int i = 0; i < W; i++) {
      if (far[i]) y[i] = modulo_one(a[i], b[i]);
    }
  }
  return y;
}
INLINE vf atan2_(vf a, vf b) {
  vf y;
  for (int i = 0; i < W; i++) y[i] = atan2f(a[i], b[i]);
  return y;
}
