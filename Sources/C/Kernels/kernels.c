#include "MaasKernels.h"
