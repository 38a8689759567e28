// For any processor.
#define LEVEL 0
#define TABLE maas_table_portable
#include "level.h"
