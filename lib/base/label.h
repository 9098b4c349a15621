/* SPDX-License-Identifier: MIT */
/*
 * label.h: short names that distinguish traces, for tables and figures.
 *
 * A trace's label is its name (often its command) if no other trace has that name. Otherwise it
 * is the shortest unique end of its file's path ("after.bel", "new/sort.bel"). Traces from the
 * same file, or from no file, get the first digits of their digests ("sort #1dada0"). One file at
 * two page sizes is one trace. Traces that agree in all of this, or have the same content, may
 * share a label.
 *
 *	struct bel_label_key key[] = {{"sort", "a.bel", "1dad..."}, {"sort", "b.bel", "77f0..."}};
 *	char **label = bel_labels_new(key, 2);                    "a.bel", "b.bel"
 *	...
 *	bel_labels_free(label, 2);
 *
 * The texts of the keys are the caller's; they are only read during the call.
 */
#ifndef BEL_LABEL_H
#define BEL_LABEL_H

#include <stddef.h>
#include <stdint.h>

struct bel_label_key {
	const char *name;
	const char *file;    /* its path as it was given; NULL: none, as for a pipe */
	const char *digest;  /* NULL: not known */
	uint64_t page_bytes; /* page size for which the digest was computed */
};

/* A label for each key; equal keys get equal labels. NULL: out of memory. */
char **bel_labels_new(const struct bel_label_key *key, size_t count);
void bel_labels_free(char **label, size_t count); /* NULL is allowed */

#endif
