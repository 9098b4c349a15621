/* SPDX-License-Identifier: MIT */
/* counts.c: compares an engine's tally with a list-scanning simulator's, count by count. */
#include "counts.h"

#include <inttypes.h>
#include <stdio.h>

bool tally_agrees(
	const struct bel_tally *tally, const struct naive_counts *naive, char *text, size_t size)
{
	const struct bel_tally t = *tally;
	const struct {
		const char *name;
		uint64_t engine, naive;
	} pair[] = {
		{"references", t.references, naive->references},
		{"faults", t.faults, naive->faults},
		{"compulsory faults", t.compulsory, naive->compulsory},
		{"evictions", t.evictions, naive->evictions},
		{"write-backs", t.writebacks, naive->writebacks},
		{"drops", t.drops, naive->drops},
		{"resident pages", t.resident, naive->resident},
		{"peak resident pages", t.peak, naive->peak},
		{"sum of resident pages", t.resident_page_references,
			naive->resident_page_references},
	};

	for (size_t i = 0; i < sizeof(pair) / sizeof(*pair); i++) {
		if (pair[i].engine == pair[i].naive)
			continue;
		snprintf(text, size,
			"after %" PRIu64 " references: %s: engine %" PRIu64 ", naive %" PRIu64,
			naive->references, pair[i].name, pair[i].engine, pair[i].naive);
		return false;
	}
	return true;
}

bool counts_agree(
	const struct bel_sim *sim, const struct naive_counts *naive, char *text, size_t size)
{
	struct bel_tally tally;

	bel_sim_tally(sim, &tally);
	return tally_agrees(&tally, naive, text, size);
}
