// The public functions, and the choice of the level they run on: made once, before main.
#include "table.h"

static const maas_table *active = &maas_table_portable;
static maas_level active_level = maas_level_portable;

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

maas_level maas_current_level(void) { return active_level; }

bool maas_use_level(maas_level level) {
  if (level > maas_highest_level()) return false;
  active = table_of(level);
  active_level = level;
  return true;
}

__attribute__((constructor)) static void choose(void) { maas_use_level(maas_highest_level()); }

#define PUBLIC(result, name, parameters, arguments) \
  result maas_##name parameters { return active->name arguments; }
KERNELS(PUBLIC)
