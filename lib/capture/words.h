/* SPDX-License-Identifier: MIT */
/*
 * words.h: how Valgrind is called: where it is, and the options that make it tell what
 * a capture wants to know.
 */
#ifndef BEL_WORDS_H
#define BEL_WORDS_H

#include "capture.h"

struct bel_words {
	char valgrind[4096];
	char *option[48]; /* owned; NULL at the end */
	size_t count;
};

/* Logs go to pipes directory/PID. Fails where Valgrind is not to be found. */
int bel_words_init(struct bel_words *words, const struct bel_capture_options *options,
	const char *directory, struct bel_err *err);
void bel_words_release(struct bel_words *words);

#endif
