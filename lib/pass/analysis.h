/* SPDX-License-Identifier: MIT */
/*
 * analysis.h: the analyses of bel-info --analysis. Each analysis has its own file,
 * analysis_NAME.c, and registers itself with BEL_ANALYSIS(); there is no list of analyses.
 *
 *	static const struct bel_analysis spaces = {.name = "spaces", ...};
 *	BEL_ANALYSIS(spaces);
 *
 * An analysis is a consumer of a pass (pass.h). After the trace has ended, report() gives its
 * rows.
 */
#ifndef BEL_ANALYSIS_H
#define BEL_ANALYSIS_H

#include "pass.h"

/*
 * Receives rows: row() begins one, count() adds a member to it. Names are literals. Values are
 * unsigned: distances forward and distances backward are two members.
 */
struct bel_analysis_sink {
	void (*row)(void *host);
	void (*count)(void *host, const char *name, uint64_t value);
	void *host;
};

struct bel_analysis {
	const char *name;  /* as --analysis takes it */
	const char *title; /* what it counts, for the list of analyses */
	struct bel_consumer consumer;
	void *(*create)(unsigned page_bits, struct bel_err *err); /* NULL: out of memory */
	int (*report)(void *self, const struct bel_analysis_sink *sink, struct bel_err *err);
	void (*destroy)(void *self); /* self may be NULL */
};

#define BEL_ANALYSIS(NAME)                                                                         \
	__attribute__((used, section("bel_analyses"))) static const struct bel_analysis            \
		*const NAME##_registered = &(NAME)

/* The analyses in order of name: 0, 1, ...; NULL past the last. */
const struct bel_analysis *bel_analysis_at(size_t index);

/* NULL: no analysis has that name. */
const struct bel_analysis *bel_analysis_find(const char *name);

#endif
