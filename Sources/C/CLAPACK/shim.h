// LAPACK for Swift: names and constants. The library itself is opened when it is first needed
// (LAPACK.swift), so nothing is linked.
#pragma once
#include <lapacke.h>
