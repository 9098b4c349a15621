/* SPDX-License-Identifier: MIT */
/*
 * s3-fifo.c: S3-FIFO (Yang et al., SOSP 2023, Algorithm 1): three FIFO queues: a small one that
 * filters new pages, a main one for pages that were referenced again, and ghost entries.
 *
 * State:
 * - small: floor(small x frames) pages, at least 1. main: the other frames. ghost: floor(ghost x
 *   frames) ghost entries.
 * - A count of hits per resident page, at most 3.
 *
 * On a hit: add 1 to the count.
 *
 * On a fault:
 * 1. Remove the page's ghost entry, if it has one.
 * 2. If no frame is free, evict (below).
 * 3. Load the page with count 0: into main if it had a ghost entry, otherwise into small.
 *
 * Evict, until a page has left:
 * 1. If main holds more than its size, or small is empty, take the oldest page of main. With count
 *    0, evict it. Otherwise subtract 1 from the count, move the page to the young end of main, and
 *    take the next.
 * 2. Otherwise take the oldest page of small. With a count of at least `threshold`, it moves to
 *    main with count 0; take the next one, even if main now holds more than its size. Otherwise
 *    evict it; it gets the newest ghost entry, and if there are too many the oldest is forgotten.
 *    If small is empty, go to 1.
 *
 * At the start, small may fill all memory. fill=on, as in the authors' later program
 * (libCacheSim): before the first eviction, a page that small has no room for enters main. A page
 * that is dropped leaves no ghost entry.
 *
 * Cost: O(1) per reference; 10 bytes per page.
 */
#include "list.h"

#define COUNT_MAX 3

enum place { NOWHERE, SMALL, MAIN, GHOST };

struct s3 {
	uint64_t frames, small_size, ghost_size;
	struct bel_list small, main, ghost; /* young pages at the head */
	struct bel_link *link;
	uint8_t *place, *count;
	uint8_t threshold;
	int fill, evicted;
};

static void s3_init(void *self, const struct bel_env *env)
{
	struct s3 *s3 = self;

	s3->frames = env->frames;
	s3->small_size = (uint64_t)((double)env->frames * env->param[0]);
	if (!s3->small_size)
		s3->small_size = 1;
	s3->ghost_size = (uint64_t)((double)env->frames * env->param[1]);
	s3->threshold = (uint8_t)env->param[2];
	s3->fill = env->param[3] != 0;
	bel_list_init(&s3->small);
	bel_list_init(&s3->main);
	bel_list_init(&s3->ghost);
	env->page_array(env->host, &s3->link, sizeof(*s3->link));
	env->page_array(env->host, &s3->place, sizeof(*s3->place));
	env->page_array(env->host, &s3->count, sizeof(*s3->count));
}

static uint8_t add(uint8_t count, uint32_t hits)
{
	return hits > COUNT_MAX - (uint32_t)count ? COUNT_MAX : (uint8_t)(count + hits);
}

static void s3_hit(void *self, uint64_t now, struct bel_ref ref)
{
	struct s3 *s3 = self;

	(void)now;
	if (s3->count[ref.page] < COUNT_MAX)
		s3->count[ref.page] = add(s3->count[ref.page], bel_count(ref));
}

static void enter_main(struct s3 *s3, uint32_t page)
{
	bel_list_push(&s3->main, s3->link, page);
	s3->place[page] = MAIN;
}

static void enter_ghost(struct s3 *s3, uint32_t page)
{
	s3->place[page] = NOWHERE;
	if (!s3->ghost_size)
		return;
	if (s3->ghost.count == s3->ghost_size) {
		const uint32_t oldest = s3->ghost.tail;

		bel_list_remove(&s3->ghost, s3->link, oldest);
		s3->place[oldest] = NOWHERE;
	}
	bel_list_push(&s3->ghost, s3->link, page);
	s3->place[page] = GHOST;
}

static void evict_main(struct s3 *s3, struct bel_decision *out)
{
	uint32_t page;

	while (s3->count[page = s3->main.tail]) {
		s3->count[page]--;
		bel_list_to_head(&s3->main, s3->link, page);
	}
	bel_list_remove(&s3->main, s3->link, page);
	s3->place[page] = NOWHERE;
	bel_evict(out, page);
}

/* If all pages of small move to main, no page leaves. */
static void evict_small(struct s3 *s3, struct bel_decision *out)
{
	while (s3->small.count) {
		const uint32_t page = s3->small.tail;

		bel_list_remove(&s3->small, s3->link, page);
		if (s3->count[page] < s3->threshold) {
			enter_ghost(s3, page);
			bel_evict(out, page);
			return;
		}
		s3->count[page] = 0;
		enter_main(s3, page);
	}
}

static void s3_evict(void *self, uint64_t now, struct bel_decision *out)
{
	struct s3 *s3 = self;
	const uint64_t resident = bel_resident(out);

	(void)now;
	s3->evicted = 1;
	while (bel_resident(out) == resident)
		if (!s3->small.count || s3->main.count + s3->small_size > s3->frames)
			evict_main(s3, out);
		else
			evict_small(s3, out);
}

static void s3_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out)
{
	struct s3 *s3 = self;
	const int ghost = s3->place[ref.page] == GHOST;

	if (ghost)
		bel_list_remove(&s3->ghost, s3->link, ref.page);
	if (bel_resident(out) == s3->frames)
		s3_evict(s3, now, out);
	s3->count[ref.page] = add(0, bel_count(ref) - 1);
	if (ghost || (s3->fill && !s3->evicted && s3->small.count >= s3->small_size)) {
		enter_main(s3, ref.page);
		return;
	}
	bel_list_push(&s3->small, s3->link, ref.page);
	s3->place[ref.page] = SMALL;
}

static void s3_drop(void *self, uint32_t page)
{
	struct s3 *s3 = self;

	bel_list_remove(s3->place[page] == SMALL ? &s3->small : &s3->main, s3->link, page);
	s3->place[page] = NOWHERE;
}

static const struct bel_hooks s3_hooks = {
	.hit = s3_hit,
	.fault = s3_fault,
	.drop = s3_drop,
};

static const struct bel_param s3_params[] = {
	{"small", "of frames", BEL_PARAM_REAL, 0.1, 0, 1, "size of the small queue"},
	{"ghost", "of frames", BEL_PARAM_REAL, 0.9, 0, 100, "most ghost entries"},
	{"threshold", "hits", BEL_PARAM_INTEGER, 2, 1, COUNT_MAX,
		"hits from which a page moves from the small to the main queue"},
	{"fill", "", BEL_PARAM_SWITCH, 0, 0, 1,
		"before the first eviction, pages beyond the size of small enter main"},
	{.name = NULL},
};

static void s3_report(void *self, struct bel_sink *sink)
{
	const struct s3 *s3 = self;

	sink->count(sink->host, "small_pages", s3->small.count);
	sink->count(sink->host, "main_pages", s3->main.count);
	sink->count(sink->host, "ghost_pages", s3->ghost.count);
}

/* Small's pages first, although main loses pages first while it holds more than its size. */
static void s3_show(void *self, const struct bel_show *show)
{
	const struct s3 *s3 = self;

	bel_list_show(&s3->small, s3->link, show, BEL_SHOW_OTHER);
	bel_list_show(&s3->main, s3->link, show, BEL_SHOW_OTHER);
}

BEL_RUN(s3, s3_hooks, 0)

/* No victim(): looking for a victim moves pages between the queues. */
static const struct bel_policy s3_fifo = {
	BEL_POLICY_BASE(s3, struct s3),
	.name = "s3-fifo",
	.title = "S3-FIFO: a small FIFO queue for new pages, a main queue, and ghost entries",
	.source = "J. Yang, Y. Zhang, Z. Qiu, Y. Yue, K. V. Rashmi, FIFO queues are all you need "
		  "for cache eviction, SOSP 2023",
	.params = s3_params,
	.evict = s3_evict,
	.report = s3_report,
	.show = s3_show,
};

BEL_POLICY(s3_fifo);
