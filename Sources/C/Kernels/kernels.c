#include "MaasKernels.h"
void maas_placeholder(void) {}
