// Comparisons to bytes, and choices by bytes. A step of 0 repeats one element.

#define COMPARE_LOOPS(T, holds)                                                      \
  if (sa && sb) {                                                                    \
    for (ptrdiff_t i = 0; i < n; i++) {                                              \
      T p = a[i], q = b[i];                                                          \
      y[i] = holds;                                                                  \
    }                                                                                \
  } else if (sa) {                                                                   \
    T q = b[0];                                                                      \
    for (ptrdiff_t i = 0; i < n; i++) {                                              \
      T p = a[i];                                                                    \
      y[i] = holds;                                                                  \
    }                                                                                \
  } else {                                                                           \
    T p = a[0];                                                                      \
    for (ptrdiff_t i = 0; i < n; i++) {                                              \
      T q = b[i * sb];                                                               \
      y[i] = holds;                                                                  \
    }                                                                                \
  }                                                                                  \
  break;

#define COMPARE(suffix, T)                                                           \
  static void kernel_compare_##suffix(                                               \
      maas_comparison op, const T *a, ptrdiff_t sa, const T *b, ptrdiff_t sb, uint8_t *y, \
      ptrdiff_t n) {                                                                 \
    switch (op) {                                                                    \
      case maas_equal: COMPARE_LOOPS(T, p == q)                                      \
      case maas_not_equal: COMPARE_LOOPS(T, p != q)                                  \
      case maas_less: COMPARE_LOOPS(T, p < q)                                        \
      case maas_less_equal: COMPARE_LOOPS(T, p <= q)                                 \
      case maas_greater: COMPARE_LOOPS(T, p > q)                                     \
      case maas_greater_equal: COMPARE_LOOPS(T, p >= q)                              \
    }                                                                                \
  }
COMPARE(f32, float)
COMPARE(f64, double)
COMPARE(i32, int32_t)

#define CHOOSE(suffix, T)                                                            \
  static void kernel_choose_##suffix(                                                \
      const uint8_t *c, const T *a, ptrdiff_t sa, const T *b, ptrdiff_t sb, T *y,    \
      ptrdiff_t n) {                                                                 \
    if (sa && sb) {                                                                  \
      for (ptrdiff_t i = 0; i < n; i++) {                                            \
        T p = a[i], q = b[i];                                                        \
        y[i] = c[i] ? p : q;                                                         \
      }                                                                              \
    } else if (sa) {                                                                 \
      T q = b[0];                                                                    \
      for (ptrdiff_t i = 0; i < n; i++) {                                            \
        T p = a[i];                                                                  \
        y[i] = c[i] ? p : q;                                                         \
      }                                                                              \
    } else {                                                                         \
      T p = a[0];                                                                    \
      for (ptrdiff_t i = 0; i < n; i++) {                                            \
        T q = b[i * sb];                                                             \
        y[i] = c[i] ? p : q;                                                         \
      }                                                                              \
    }                                                                                \
  }
CHOOSE(32, uint32_t)
CHOOSE(64, uint64_t)

// Arithmetic of doubles.

#define MINIMUM(p, q) ((p) != (p) ? (p) : (q) != (q) ? (q) : (p) < (q) ? (p) : (q))
#define MAXIMUM(p, q) ((p) != (p) ? (p) : (q) != (q) ? (q) : (p) > (q) ? (p) : (q))

static void kernel_binary_f64(
    maas_op op, const double *a, ptrdiff_t sa, const double *b, ptrdiff_t sb, double *y,
    ptrdiff_t n) {
  switch (op) {
    case maas_add: COMPARE_LOOPS(double, p + q)
    case maas_sub: COMPARE_LOOPS(double, p - q)
    case maas_mul: COMPARE_LOOPS(double, p *q)
    case maas_div: COMPARE_LOOPS(double, p / q)
    case maas_min: COMPARE_LOOPS(double, MINIMUM(p, q))
    case maas_max: COMPARE_LOOPS(double, MAXIMUM(p, q))
    case maas_pow: COMPARE_LOOPS(double, pow(p, q))
    case maas_floor_divide: COMPARE_LOOPS(double, floor(p / q))
    case maas_modulo: {
      for (ptrdiff_t i = 0; i < n; i++) {
        double p = a[i * sa], q = b[i * sb], rest = fmod(p, q);
        y[i] = rest != 0 && (rest < 0) != (q < 0) ? rest + q : rest;
      }
      break;
    }
    case maas_atan2: COMPARE_LOOPS(double, atan2(p, q))
  }
}
