// One pass over the parameters, their gradients and their moments.

INLINE void sgd_lanes(vf *p, vf g, vf *v, float rate, float momentum) {
  *v = fma_((vf)momentum, *v, g);
  *p = fma_((vf)-rate, *v, *p);
}

static void kernel_sgd(
    float *parameters, const float *gradients, float *velocity, float rate, float momentum,
    ptrdiff_t n) {
  if (!velocity) {
    kernel_axpy(-rate, gradients, parameters, n);
    return;
  }
  ptrdiff_t i = 0;
  for (; i + W <= n; i += W) {
    vf p = load(parameters + i), v = load(velocity + i);
    sgd_lanes(&p, load(gradients + i), &v, rate, momentum);
    store(parameters + i, p);
    store(velocity + i, v);
  }
  if (i == n) return;
  vf p = load_part(parameters + i, n - i, 0), v = load_part(velocity + i, n - i, 0);
  sgd_lanes(&p, load_part(gradients + i, n - i, 0), &v, rate, momentum);
  store_part(parameters + i, p, n - i);
  store_part(velocity + i, v, n - i);
}

typedef struct {
  float keep1, take1, keep2, take2;  // β1, 1 - β1, β2, 1 - β2
  float size;                        // rate / (1 - β1^step)
  float root;                        // 1 / √(1 - β2^step)
  float epsilon;
} adam_step;

#if LEVEL == 2
// A root and a quotient of 16 lanes take 18 and 16 cycles; from an estimate of 14 bits one step of
// Newton's method is within an ulp in a third of that (Intel, Optimization Reference Manual, "Newton
// Raphson reduction"). Moments below FLT_MIN count as FLT_MIN: 1e-19 beside an epsilon.
INLINE vf adam_root(vf v) {
  vf w = __builtin_elementwise_max(v, (vf)1.17549435e-38f);
  vf inverse = (vf)_mm512_rsqrt14_ps((__m512)w);
  vf root = w * inverse;
  return fma_(fma_(-root, root, w), 0.5f * inverse, root);
}
INLINE vf adam_quotient(vf m, vf below) {
  vf inverse = (vf)_mm512_rcp14_ps((__m512)below);
  inverse = fma_(inverse, fma_(-below, inverse, (vf)1), inverse);
  vf quotient = m * inverse;
  return fma_(fma_(-below, quotient, m), inverse, quotient);
}
#else
INLINE vf adam_root(vf v) { return __builtin_elementwise_sqrt(v); }
INLINE vf adam_quotient(vf m, vf below) { return m / below; }
#endif

INLINE void adam_lanes(vf *p, vf g, vf *m, vf *v, const adam_step *s) {
  *m = fma_((vf)s->keep1, *m, s->take1 * g);
  *v = fma_((vf)s->keep2, *v, s->take2 * g * g);
  vf below = fma_(adam_root(*v), (vf)s->root, (vf)s->epsilon);
  *p = fma_((vf)-s->size, adam_quotient(*m, below), *p);
}

static void kernel_adam(
    float *parameters, const float *gradients, float *m, float *v, double rate, double beta1,
    double beta2, double epsilon, int64_t step, ptrdiff_t n) {
  const adam_step s = {
      (float)beta1, (float)(1 - beta1), (float)beta2, (float)(1 - beta2),
      (float)(rate / (1 - pow(beta1, (double)step))),
      (float)(1 / sqrt(1 - pow(beta2, (double)step))), (float)epsilon};
  ptrdiff_t i = 0;
  for (; i + W <= n; i += W) {
    vf p = load(parameters + i), first = load(m + i), second = load(v + i);
    adam_lanes(&p, load(gradients + i), &first, &second, &s);
    store(parameters + i, p);
    store(m + i, first);
    store(v + i, second);
  }
  if (i == n) return;
  ptrdiff_t k = n - i;
  vf p = load_part(parameters + i, k, 0);
  vf first = load_part(m + i, k, 0), second = load_part(v + i, k, 0);
  adam_lanes(&p, load_part(gradients + i, k, 0), &first, &second, &s);
  store_part(parameters + i, p, k);
  store_part(m + i, first, k);
  store_part(v + i, second, k);
}
