/* SPDX-License-Identifier: MIT */
/*
 * err.c: filling a struct bel_err.
 */
#include "err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int bel_err_set(struct bel_err *err, int code, const char *format, ...)
{
	va_list args;

	if (err) {
		err->code = code;
		err->error = 0;
		va_start(args, format);
		vsnprintf(err->text, sizeof(err->text), format, args);
		va_end(args);
	}
	return code;
}

int bel_err_set_errno(struct bel_err *err, int error, const char *format, ...)
{
	const int known = error ? error : EIO;
	const char *const meaning = strerror(known);
	va_list args;
	size_t capacity, length;

	if (!err)
		return BEL_FAIL;
	err->code = BEL_FAIL;
	err->error = known;
	/* A long file name must not push the reason out of the text. */
	capacity = sizeof(err->text) - strlen(meaning) - strlen(": ");
	va_start(args, format);
	vsnprintf(err->text, capacity, format, args);
	va_end(args);
	length = strlen(err->text);
	snprintf(err->text + length, sizeof(err->text) - length, ": %s", meaning);
	return BEL_FAIL;
}

int bel_err_memory(struct bel_err *err, const char *what)
{
	bel_err_set(err, BEL_FAIL, "out of memory for %s", what);
	if (err)
		err->error = ENOMEM;
	return BEL_FAIL;
}
