/* SPDX-License-Identifier: MIT */
/*
 * blame_by.h: what faults are counted by: a list such as "region,mapping".
 *
 *	struct bel_blame_by by;
 *
 *	bel_blame_by_parse("process,region", &by, &err);
 */
#ifndef BEL_BLAME_BY_H
#define BEL_BLAME_BY_H

#include <stdbool.h>

#include "err.h"

/* Each describes a reference that faults. A list of them is a key. */
enum bel_blame_part {
	BEL_BLAME_PROCESS, /* process id and command */
	BEL_BLAME_COMMAND, /* the command alone, which two runs have in common */
	BEL_BLAME_THREAD,
	BEL_BLAME_MARK, /* the newest mark of the trace */
	/* Of the code that makes the reference, in a trace with call stacks: */
	BEL_BLAME_FUNCTION,
	BEL_BLAME_LINE,
	BEL_BLAME_OBJECT, /* object file */
	BEL_BLAME_STACK,
	BEL_BLAME_CONTEXT_PARTS, /* the parts up to here do not depend on the page */
	BEL_BLAME_REGION = BEL_BLAME_CONTEXT_PARTS, /* of the page: kind of region */
	BEL_BLAME_MAPPING, /* of the page: file, or kind of anonymous memory */
	BEL_BLAME_LIBRARY, /* the same, the file without its folder */
	BEL_BLAME_PAGE,    /* address and process */
	BEL_BLAME_PARTS,
};

struct bel_blame_by {
	unsigned char part[BEL_BLAME_PARTS]; /* enum bel_blame_part, no value twice */
	unsigned count;
	unsigned set;   /* one bit for each part */
	bool calls;     /* the caller's: stacks whose calls have different lines are different */
	char text[128]; /* the list */
};

/* "process", "region", ...: also the member of a record. */
const char *bel_blame_part_name(enum bel_blame_part part);

/* A list with commas. BEL_USAGE with all names if one is unknown, twice, or empty. */
int bel_blame_by_parse(const char *text, struct bel_blame_by *by, struct bel_err *err);

static inline bool bel_blame_by_has(const struct bel_blame_by *by, enum bel_blame_part part)
{
	return by->set >> part & 1;
}

/* Whether a part needs call stacks. */
static inline bool bel_blame_by_stacks(const struct bel_blame_by *by)
{
	return by->set & (1u << BEL_BLAME_FUNCTION | 1u << BEL_BLAME_LINE | 1u << BEL_BLAME_OBJECT |
				 1u << BEL_BLAME_STACK);
}

#endif
