// The public functions, and the choice of the level they run on: made once, before main.
#include "table.h"

static maas_level chosen = maas_level_portable;
static const maas_table *chosen_table = &maas_table_portable;
/// What this thread was told to use instead.
static _Thread_local maas_level forced;
static _Thread_local const maas_table *forced_table;

static const maas_table *table_of(maas_level level) {
#if defined(__x86_64__)
  if (level == maas_level_avx512) return &maas_table_avx512;
  if (level == maas_level_avx2) return &maas_table_avx2;
#endif
  return &maas_table_portable;
}

maas_level maas_highest_level(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  bool fma = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  if (fma && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq")) {
    return maas_level_avx512;
  }
  if (fma) return maas_level_avx2;
#endif
  return maas_level_portable;
}

maas_level maas_current_level(void) { return forced_table ? forced : chosen; }

bool maas_use_level(maas_level level) {
  if (level > maas_highest_level()) return false;
  forced = level;
  forced_table = table_of(level);
  return true;
}

__attribute__((constructor)) static void choose(void) {
  chosen = maas_highest_level();
  chosen_table = table_of(chosen);
}

static inline const maas_table *active(void) {
  return __builtin_expect(forced_table != NULL, 0) ? forced_table : chosen_table;
}

#define PUBLIC(result, name, parameters, arguments) \
  result maas_##name parameters { return active()->name arguments; }
KERNELS(PUBLIC)

// Measured beside dnnl_sgemm (Core/Decisions.md): it wins where columns fill its blocks of 48 again and
// again, where a or b outgrows the nearest cache, and where a vector would hold one column.
bool maas_product_suits(ptrdiff_t rows, ptrdiff_t inner, ptrdiff_t columns) {
  return maas_current_level() == maas_level_avx512 && columns > 1
      && columns <= 160 && inner > 0
      && (double)rows * (double)inner * (double)columns <= 1 << 20;
}
