// Functions that no vectors are written for: the C library's, number by number.
#include <math.h>

#include "MaasKernels.h"

#define EACH(name)                                                                   \
  void maas_##name(const float *x, float *y, ptrdiff_t n) {                          \
    for (ptrdiff_t i = 0; i < n; i++) y[i] = name##f(x[i]);                          \
  }
EACH(tan)
EACH(asin)
EACH(acos)
EACH(atan)
EACH(sinh)
EACH(cosh)
EACH(log2)
EACH(log10)
