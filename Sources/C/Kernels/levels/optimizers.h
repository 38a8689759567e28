// One pass over the parameters, their gradients and their moments.

INLINE void sgd_lanes(vf *p, vf g, vf *v, float rate, float momentum, bool nesterov) {
  *v = fma_((vf)momentum, *v, g);
  *p = fma_((vf)-rate, nesterov ? fma_((vf)momentum, *v, g) : *v, *p);
}

static void kernel_sgd(
    float *parameters, const float *gradients, float *velocity, float rate, float momentum,
    bool nesterov, ptrdiff_t n) {
  if (!velocity) {
    kernel_axpy(-rate, gradients, parameters, n);
    return;
  }
  ptrdiff_t i = 0;
  for (; i + W <= n; i += W) {
    vf p = load(parameters + i), v = load(velocity + i);
    sgd_lanes(&p, load(gradients + i), &v, rate, momentum, nesterov);
    store(parameters + i, p);
    store(velocity + i, v);
  }
  if (i == n) return;
  vf p = load_part(parameters + i, n - i, 0), v = load_part(velocity + i, n - i, 0);
  sgd_lanes(&p, load_part(gradients + i, n - i, 0), &v, rate, momentum, nesterov);
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

INLINE vf root(vf v) { return __builtin_elementwise_sqrt(v); }

static void kernel_rmsprop(
    float *parameters, const float *gradients, float *square, float *velocity, float rate,
    double decay, float epsilon, float momentum, ptrdiff_t n) {
  float take = (float)(1 - decay), kept = (float)decay;
  for (ptrdiff_t i = 0; i < n; i += W) {
    ptrdiff_t k = n - i;
    vf p = load_up_to(parameters + i, k, 0), g = load_up_to(gradients + i, k, 0);
    vf v = fma_((vf)kept, load_up_to(square + i, k, 0), take * g * g);
    vf step = g / (root(v) + epsilon);
    store_up_to(square + i, v, k);
    if (velocity) {
      step = fma_((vf)momentum, load_up_to(velocity + i, k, 0), step);
      store_up_to(velocity + i, step, k);
    }
    store_up_to(parameters + i, fma_((vf)-rate, step, p), k);
  }
}

static void kernel_adagrad(
    float *parameters, const float *gradients, float *sum, float rate, float epsilon,
    ptrdiff_t n) {
  for (ptrdiff_t i = 0; i < n; i += W) {
    ptrdiff_t k = n - i;
    vf p = load_up_to(parameters + i, k, 0), g = load_up_to(gradients + i, k, 0);
    vf v = fma_(g, g, load_up_to(sum + i, k, 0));
    store_up_to(sum + i, v, k);
    store_up_to(parameters + i, fma_((vf)-rate, g / (root(v) + epsilon), p), k);
  }
}

static void kernel_adadelta(
    float *parameters, const float *gradients, float *square, float *change, float rate,
    double decay, float epsilon, ptrdiff_t n) {
  float take = (float)(1 - decay), kept = (float)decay;
  for (ptrdiff_t i = 0; i < n; i += W) {
    ptrdiff_t k = n - i;
    vf p = load_up_to(parameters + i, k, 0), g = load_up_to(gradients + i, k, 0);
    vf v = fma_((vf)kept, load_up_to(square + i, k, 0), take * g * g);
    vf past = load_up_to(change + i, k, 0);
    vf step = g * (root(past + epsilon) / root(v + epsilon));
    store_up_to(square + i, v, k);
    store_up_to(change + i, fma_((vf)kept, past, take * step * step), k);
    store_up_to(parameters + i, fma_((vf)-rate, step, p), k);
  }
}

static void kernel_lion(
    float *parameters, const float *gradients, float *mean, float rate, double beta1, double beta2,
    ptrdiff_t n) {
  float take1 = (float)(1 - beta1), take2 = (float)(1 - beta2);
  for (ptrdiff_t i = 0; i < n; i += W) {
    ptrdiff_t k = n - i;
    vf p = load_up_to(parameters + i, k, 0), g = load_up_to(gradients + i, k, 0);
    vf m = load_up_to(mean + i, k, 0);
    vf way = fma_((vf)(float)beta1, m, take1 * g);
    vf sign = way > 0 ? (vf)1.0f : (way < 0 ? (vf)-1.0f : way);
    store_up_to(mean + i, fma_((vf)(float)beta2, m, take2 * g), k);
    store_up_to(parameters + i, fma_((vf)-rate, sign, p), k);
  }
}

static void kernel_lamb(
    const float *parameters, float *gradients, float *m, float *v, double beta1, double beta2,
    double epsilon, double decay, int64_t step, double *squares, ptrdiff_t n) {
  const adam_step s = {
      (float)beta1, (float)(1 - beta1), (float)beta2, (float)(1 - beta2),
      (float)(1 / (1 - pow(beta1, (double)step))),
      (float)(1 / sqrt(1 - pow(beta2, (double)step))), (float)epsilon};
  vd own = (vd)0.0, moved = (vd)0.0;
  for (ptrdiff_t i = 0; i < n; i += W) {
    ptrdiff_t k = n - i;
    vf p = load_up_to(parameters + i, k, 0), g = load_up_to(gradients + i, k, 0);
    vf first = fma_((vf)s.keep1, load_up_to(m + i, k, 0), s.take1 * g);
    vf second = fma_((vf)s.keep2, load_up_to(v + i, k, 0), s.take2 * g * g);
    vf below = fma_(root(second), (vf)s.root, (vf)s.epsilon);
    vf way = fma_((vf)(float)decay, p, s.size * (first / below));
    store_up_to(m + i, first, k);
    store_up_to(v + i, second, k);
    store_up_to(gradients + i, way, k);
    own += wide(p) * wide(p);
    // Lanes beyond the end: 0 / epsilon.
    moved += wide(way) * wide(way);
  }
  squares[0] = total_double(own);
  squares[1] = total_double(moved);
}

static void kernel_shrink(
    float *parameters, float *gradients, float keep, float l2, float l1, ptrdiff_t n) {
  for (ptrdiff_t i = 0; i < n; i += W) {
    ptrdiff_t k = n - i;
    vf p = load_up_to(parameters + i, k, 0);
    if (l2 != 0 || l1 != 0) {
      vf g = fma_((vf)l2, p, load_up_to(gradients + i, k, 0));
      if (l1 != 0) g += p > 0 ? (vf)l1 : (p < 0 ? (vf)-l1 : (vf)0.0f);
      store_up_to(gradients + i, g, k);
    }
    if (keep != 1) store_up_to(parameters + i, p * keep, k);
  }
}

static void kernel_approach(float *average, const float *x, float share, ptrdiff_t n) {
  for (ptrdiff_t i = 0; i < n; i += W) {
    ptrdiff_t k = n - i;
    vf a = load_up_to(average + i, k, 0);
    store_up_to(average + i, fma_((vf)share, load_up_to(x + i, k, 0) - a, a), k);
  }
}
