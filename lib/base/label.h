/* SPDX-License-Identifier: MIT */
/*
 * label.h: short names that tell traces apart, for tables and figures.
 *
 * A trace's label is its name (its command, say) if no other trace has that. Else it is the end
 * of its file's path, as short as it may be ("after.bel", "new/sort.bel"); traces that have one
 * file, or none, get the first digits of their digests ("sort #1dada0"). One file at two page
 * sizes is one trace. Traces alike in all of this, or of one content, may share a label.
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
	const char *file;    /* its path as it was given; NULL: none, as of a pipe */
	const char *digest;  /* NULL: not known */
	uint64_t page_bytes; /* that the digest is of */
};

/* A label for each key, equal keys have equal ones. NULL: out of memory. */
char **bel_labels_new(const struct bel_label_key *key, size_t count);
void bel_labels_free(char **label, size_t count); /* NULL is allowed */

#endif
