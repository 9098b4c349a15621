/* SPDX-License-Identifier: MIT */
/*
 * clock.c: a hand goes round the frames and takes the first page without a reference bit.
 *
 * The hand starts at frame 0, clears the bits that it passes and, having taken a frame,
 * stands behind it. Frames are filled in order 0, 1, 2, ...; a frame whose page was
 * dropped is filled before an unused one, the one freed last first.
 *
 * Hits are not looked at: the reference bit is the engine's accessed bit, as in hardware.
 */
#include <stdlib.h>

#include "policy.h"

#define NONE UINT32_MAX

struct clock {
	uint64_t frames;
	/*
	 * Page arrays, though `page` is indexed by frame: a frame is used only when all
	 * before it are, so that there are never more of them than pages.
	 */
	uint32_t *page;  /* of a frame; of a free frame: the one freed before it */
	uint32_t *frame; /* of a resident page */
	uint32_t used;   /* frames filled so far */
	uint32_t freed;  /* free frame among them, NONE: none */
	uint32_t hand;
	int load_unreferenced;
};

static void *clock_create(const struct bel_env *env, struct bel_err *err)
{
	struct clock *clock = calloc(1, sizeof(*clock));

	(void)err;
	if (!clock)
		return NULL;
	clock->frames = env->frames;
	clock->freed = NONE;
	clock->load_unreferenced = env->param[0] == 0;
	env->page_array(env->host, &clock->page, sizeof(*clock->page));
	env->page_array(env->host, &clock->frame, sizeof(*clock->frame));
	return clock;
}

/* All frames are taken: the one to use. */
static uint32_t sweep(struct clock *clock, struct bel_out *out)
{
	uint32_t hand = clock->hand, taken;

	while (bel_accessed(out, clock->page[hand])) {
		bel_clear_accessed(out, clock->page[hand]);
		hand = hand + 1 == clock->frames ? 0 : hand + 1;
	}
	taken = hand;
	clock->hand = hand + 1 == clock->frames ? 0 : hand + 1;
	return taken;
}

static void clock_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_out *out)
{
	struct clock *clock = self;
	uint32_t frame;

	(void)now;
	if (bel_resident(out) == clock->frames) {
		frame = sweep(clock, out);
		bel_evict(out, clock->page[frame]);
	} else if (clock->freed != NONE) {
		frame = clock->freed;
		clock->freed = clock->page[frame];
	} else {
		frame = clock->used++;
	}
	clock->page[frame] = ref.page;
	clock->frame[ref.page] = frame;
	if (clock->load_unreferenced)
		bel_load_unreferenced(out);
}

static void clock_drop(void *self, uint32_t page)
{
	struct clock *clock = self;

	clock->page[clock->frame[page]] = clock->freed;
	clock->freed = clock->frame[page];
}

static const struct bel_hooks clock_hooks = {
	.fault = clock_fault,
	.drop = clock_drop,
};

static const struct bel_param clock_params[] = {
	{"bit", "", BEL_PARAM_INTEGER, 1, 0, 1, "reference bit of a page when it is loaded"},
	{.name = NULL},
};

static int is_free(const struct clock *clock, uint32_t frame)
{
	uint32_t freed = clock->freed;

	while (freed != NONE && freed != frame)
		freed = clock->page[freed];
	return freed == frame;
}

static void clock_show(void *self, const struct bel_show *show)
{
	const struct clock *clock = self;

	for (uint32_t frame = 0; frame < clock->used; frame++) {
		const uint32_t page = clock->page[frame];

		if (is_free(clock, frame))
			continue;
		show->bit(show->host, page, (show->state[page] & BEL_PAGE_ACCESSED) != 0);
		if (frame == clock->hand)
			show->hand(show->host, page);
	}
}

#define CLOCK_CAPS 0

BEL_RUN(clock, clock_hooks, CLOCK_CAPS)

static const struct bel_policy clock_policy = {
	.size = sizeof(struct bel_policy),
	.abi = BEL_ABI,
	.loop_abi = BEL_LOOP_ABI,
	.caps = CLOCK_CAPS,
	.name = "clock",
	.title = "second chance: the first page from the hand on that was not referenced",
	.source = "F. J. Corbato, A paging experiment with the Multics system, MIT Project MAC "
		  "Report MAC-M-384, 1968",
	.params = clock_params,
	.create = clock_create,
	.destroy = free,
	.hooks = &clock_hooks,
	.run = clock_run,
	.show = clock_show,
};

BEL_POLICY(clock_policy);
