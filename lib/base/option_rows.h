/* SPDX-License-Identifier: MIT */
/*
 * option_rows.h: rows of option tables that mean the same in every tool; each takes the variable
 * that it fills.
 *
 *	static const struct bel_option options[] = {
 *		...
 *		BEL_OPTION_GROUP("output"),
 *		FORMAT_OPTION(opt.format),
 *		OUTPUT_OPTION(opt.output),
 *		{0},
 *	};
 */
#ifndef BEL_OPTION_ROWS_H
#define BEL_OPTION_ROWS_H

#include "option.h"

/* The formatter would take these rows for blocks of statements. */
/* clang-format off */
#define OUTPUT_OPTION(V)                                                                       \
	{"output", 'o', "FILE", "write to FILE (default: standard output)", BEL_OPT_TEXT, &(V)}

#define FORMAT_OPTION(V)                                                                       \
	{"format", 0, "FORMAT", "jsonl, csv or table (default: table on a terminal, else "     \
		"jsonl)", BEL_OPT_TEXT, &(V)}

#define QUIET_OPTION(V)                                                                        \
	{"quiet", 'q', NULL, "print no progress line and no notes", BEL_OPT_FLAG, &(V)}

#define LEVEL_OPTION(V, DEFAULT)                                                               \
	{"level", 0, "N", "compression level, 1 to 19 (default " DEFAULT ")", BEL_OPT_LEVEL, &(V)}

#define SEED_OPTION(V)                                                                         \
	{"seed", 0, "N", "seed for policies that draw random numbers (default 1)",             \
		BEL_OPT_RECORD, &(V)}

#define INTERVAL_OPTION(V)                                                                     \
	{"interval", 0, "N", "also print a record for every N references", BEL_OPT_COUNT, &(V)}

/* A model of bel-gen; V is the struct bel_gen_setup. REFERENCES and PAGES are the defaults. */
#define MODEL_OPTIONS(V, REFERENCES, PAGES)                                                    \
	{"references", 'n', "N", "number of references (default " REFERENCES ")",              \
		BEL_OPT_RECORD, &(V).references},                                              \
	{"pages", 0, "N", "number of distinct pages to draw from (default " PAGES ")",         \
		BEL_OPT_RECORD, &(V).pages},                                                   \
	{"alpha", 0, "A", "zipf, stack: the exponent (default 1)", BEL_OPT_REAL, &(V).alpha},  \
	{"locality", 0, "N", "phases: pages in use at a time (default 50)", BEL_OPT_RECORD,    \
		&(V).locality},                                                                \
	{"phase", 0, "N", "phases: mean length of a phase, in references (default 2000)",      \
		BEL_OPT_RECORD, &(V).phase},                                                   \
	{"write-ratio", 0, "R", "share of references that write, at random (default 0)",       \
		BEL_OPT_REAL, &(V).write_ratio}

/* Memory instead of frames: bel_parse_memory(). */
#define RAM_OPTION(V)                                                                          \
	{"ram", 'm', "LIST", "bytes of memory instead of frame counts: 2G,512M 1M:1G:*2",      \
		BEL_OPT_TEXT, &(V)}

#define JOBS_OPTION(V)                                                                         \
	{"jobs", 'j', "N", "number of threads (default: one per processor)", BEL_OPT_JOBS, &(V)}

/* How much of a trace that is read twice stays in memory. */
#define TRACE_MEMORY_OPTION(V)                                                                 \
	{"trace-memory", 0, "SIZE", "keep up to SIZE of the trace in memory if it is needed "  \
		"twice; the rest goes to $TMPDIR (default 1GiB)", BEL_OPT_NUMBER, &(V)}
/* clang-format on */

#endif
