// For processors with AVX-512 F and DQ.
#if defined(__x86_64__)
#include <immintrin.h>
#include <math.h>
#include <string.h>
#define LEVEL 2
#define TABLE maas_table_avx512
#pragma clang attribute push(__attribute__((target("avx512f,avx512dq,fma"))), apply_to = function)
#include "level.h"
#pragma clang attribute pop
#endif
