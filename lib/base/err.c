/* SPDX-License-Identifier: MIT */
/*
 * err.c: filling a struct bel_err.
 */
#include "err.h"

#include <stdarg.h>
#include <stdio.h>

int bel_err_set(struct bel_err *err, int code, const char *format, ...)
{
	va_list args;

	if (err) {
		err->code = code;
		va_start(args, format);
		vsnprintf(err->text, sizeof(err->text), format, args);
		va_end(args);
	}
	return code;
}

int bel_err_memory(struct bel_err *err, const char *what)
{
	return bel_err_set(err, BEL_FAIL, "out of memory for %s", what);
}
