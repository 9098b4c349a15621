/* SPDX-License-Identifier: MIT */
/* phrases.c: expands phrases to runs. */
#include "phrases.h"

#include <stdlib.h>

#include "native_layout.h"

/* No granule has these numbers. */
#define NOT_JOINED UINT32_MAX
#define NOT_OPEN (UINT32_MAX - 1)

/* Looks at each phrase once, so that the loop below need not look at its runs. */
static int find_places(
	struct bel_expander *e, const struct bel_phrase_block *block, struct bel_err *err)
{
	const struct bel_run *run = block->run;

	if (block->phrases > e->capacity) {
		struct bel_phrase_place *const grown =
			realloc(e->place, 2 * block->phrases * sizeof(*grown));

		if (!grown)
			return bel_err_memory(err, "phrases");
		e->place = grown;
		e->capacity = 2 * block->phrases;
	}
	for (size_t i = 0; i < block->phrases; i++) {
		struct bel_phrase_place *const p = &e->place[i];
		const uint32_t runs = block->head[i] >> 1;
		const struct bel_run last = run[runs - 1];

		*p = (struct bel_phrase_place){run, runs, NOT_JOINED, NOT_OPEN, 0};
		if (!(block->head[i] & BEL_PHRASE_APART) && !(run->info & BEL_RUN_SPLIT))
			p->joins = run->page;
		if (!(last.info & BEL_RUN_SPLIT))
			p->open = last.page;
		for (uint32_t j = 0; j < runs; j++)
			p->references += bel_run_count(*run++);
	}
	return BEL_OK;
}

/* The loop runs for each code of a trace, so it must be fast. */
int bel_phrases_expand(struct bel_expander *e, const struct bel_phrase_block *block,
	struct bel_run *run, struct bel_err *err)
{
	uint32_t open = NOT_OPEN;
	uint64_t references = 0;
	size_t count = 0, seen = 0;

	if (find_places(e, block, err) < 0)
		return BEL_FAIL;
	for (size_t i = 0; i < block->codes; i++) {
		size_t code = get_le(block->code + 2 * i, 2);
		struct bel_run *const to = run + count;
		const struct bel_phrase_place *p;
		const struct bel_run *from;
		uint32_t n;

		if (__builtin_expect(code == 0, 0) && seen < block->phrases)
			code = ++seen;
		if (code - 1 >= seen)
			return bel_fail(err, "a code without a phrase");
		p = &e->place[code - 1];
		from = p->run;
		n = p->runs;
		if (p->joins == open) {
			const uint32_t more = from->info & ~(uint32_t)BEL_RUN_FLAGS;

			if (to[-1].info > UINT32_MAX - more)
				return bel_fail(err, "bad length of a run");
			to[-1].info = (to[-1].info + more) | (from->info & BEL_RUN_FLAGS);
			from++;
			n--;
		}
		if (n > block->all.count - count)
			return bel_fail(err, "phrases longer than the block");
		/* Two at a time: phrases are short. Each list has an element more than it needs. */
		for (uint32_t j = 0; j < n; j += 2) {
			to[j] = from[j];
			to[j + 1] = from[j + 1];
		}
		count += n;
		references += p->references;
		open = p->open;
	}
	if (seen < block->phrases || count < block->all.count)
		return bel_fail(err, "phrases shorter than the block");
	if (references != block->all.references)
		return bel_fail(err, "references do not add up");
	return BEL_OK;
}

void bel_expander_release(struct bel_expander *e)
{
	free(e->place);
	*e = (struct bel_expander){0};
}
