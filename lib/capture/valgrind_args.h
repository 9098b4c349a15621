/* SPDX-License-Identifier: MIT */
/*
 * valgrind_args.h: Valgrind's command line: where it is, and the options that a capture needs.
 */
#ifndef BEL_VALGRIND_ARGS_H
#define BEL_VALGRIND_ARGS_H

#include "capture.h"

struct bel_valgrind_args {
	char valgrind[4096];
	char *option[48]; /* owned; NULL at the end */
	size_t count;
};

/* Logs go to pipes directory/PID. Fails if Valgrind is not found. */
int bel_valgrind_args_init(struct bel_valgrind_args *words,
	const struct bel_capture_options *options, const char *directory, struct bel_err *err);
void bel_valgrind_args_release(struct bel_valgrind_args *words);

#endif
