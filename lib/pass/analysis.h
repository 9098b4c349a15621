/* SPDX-License-Identifier: MIT */
/*
 * analysis.h: what bel-info --analysis can count in a trace, beside its summary. One file for each
 * analysis, analysis_NAME.c, which registers it with BEL_ANALYSIS(); no list of them exists.
 *
 *	static const struct bel_analysis spaces = {.name = "spaces", ...};
 *	BEL_ANALYSIS(spaces);
 *
 * An analysis is a consumer of a pass (pass.h). When the trace is over, report() gives its rows.
 */
#ifndef BEL_ANALYSIS_H
#define BEL_ANALYSIS_H

#include "pass.h"

/* Takes rows: row() begins one, count() adds a member to it. Names are literals. */
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
	void (*destroy)(void *self); /* NULL is allowed */
};

#define BEL_ANALYSIS(NAME)                                                                         \
	__attribute__((used, section("bel_analyses"))) static const struct bel_analysis            \
		*const NAME##_registered = &(NAME)

/* All of them, by name: 0, 1, ...; NULL past the last. */
const struct bel_analysis *bel_analysis_at(size_t index);

/* NULL: there is none of that name. */
const struct bel_analysis *bel_analysis_find(const char *name);

#endif
