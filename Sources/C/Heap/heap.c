#include "CHeap.h"

_Thread_local maas_heap maas_heap_state;
