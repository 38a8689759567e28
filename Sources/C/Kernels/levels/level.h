// One level of the kernels: LEVEL is set by the including file, TABLE names the result.
// clang-format off: the order matters
#pragma STDC FP_CONTRACT OFF
// Vectors wider than a register cross no call: everything that takes them is inlined.
#pragma clang diagnostic ignored "-Wpsabi"
#include "vector.h"
#include "functions.h"
#include "elementwise.h"
#include "activations.h"
#include "rows.h"
#include "losses.h"
#include "optimizers.h"
#include "sums.h"
#include "comparisons.h"
#include "columns.h"
#include "reductions.h"
#include "norms.h"
#include "pools.h"
#include "random.h"
#include "dense.h"
#include "products.h"
#include "recurrent.h"
#include "halves.h"

#define ENTRY(result, name, parameters, arguments) .name = kernel_##name,
const maas_table TABLE = {KERNELS(ENTRY)};
