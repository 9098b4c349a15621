/* SPDX-License-Identifier: MIT */
/* trace.h: the trace model, under the name that the trace library has for it. */
#ifndef BEL_TRACE_LIBRARY_H
#define BEL_TRACE_LIBRARY_H

#include "chunk.h"

#endif
