/* SPDX-License-Identifier: MIT */
/*
 * err.h: how the library reports failure: fills a struct bel_err (error.h), whose text the library
 * never prints.
 *
 *	if (bel_input_open(&input, path, &err) < 0)
 *		tool_die(&tool);
 */
#ifndef BEL_ERR_H
#define BEL_ERR_H

#include <belady/error.h>
#include <errno.h>

/* Fills err (may be NULL), with error 0, and returns code: callers can `return bel_fail(...)`. */
int bel_err_set(struct bel_err *err, int code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * The same for a call that the system refused with `error`, an errno. The text ends with the
 * errno's meaning, even if the text is cut: "ls.bel: cannot read: Input/output error". 0 counts
 * as EIO.
 */
int bel_err_set_errno(struct bel_err *err, int error, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Marks the error just filled in as one of our limits; returns code. */
static inline int bel_err_bound(int code, struct bel_err *err)
{
	if (err)
		err->error = EOVERFLOW;
	return code;
}

/* The code is a constant at the call, where a reader (and an analyser) sees that it is negative. */
static inline int bel_err_code(int filled, int code)
{
	(void)filled;
	return code;
}

#define bel_fail(err, ...) bel_err_code(bel_err_set((err), BEL_FAIL, __VA_ARGS__), BEL_FAIL)
#define bel_fail_errno(err, error, ...)                                                            \
	bel_err_code(bel_err_set_errno((err), (error), __VA_ARGS__), BEL_FAIL)
#define bel_too_much(err, ...)                                                                     \
	bel_err_code(bel_err_bound(bel_err_set((err), BEL_FAIL, __VA_ARGS__), (err)), BEL_FAIL)
#define bel_usage(err, ...) bel_err_code(bel_err_set((err), BEL_USAGE, __VA_ARGS__), BEL_USAGE)

/* "PATH: cannot open: No such file or directory": open() or fopen() failed with errno. */
#define bel_fail_open(err, path) bel_fail_errno((err), errno, "%s: cannot open", (path))

/* "out of memory for WHAT", with error ENOMEM; returns BEL_FAIL. */
int bel_err_memory(struct bel_err *err, const char *what);

#endif
