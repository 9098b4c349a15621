/* SPDX-License-Identifier: MIT */
/*
 * s3-fifo.c: S3-FIFO: a small FIFO queue sifts the new pages, a main FIFO queue keeps those that
 * were wanted again, a ghost queue remembers those that were not.
 *
 * A page has a count of its hits, which ends at 3. Sizes are floor(fraction x frames), of the
 * small queue at least 1; the main queue's is what remains.
 *
 * A fault first takes the page off the ghost queue, if it is there. As long as all frames are
 * taken: if the main queue holds more than its size or the small queue is empty, the oldest page
 * of main is looked at; with a count of 0 it leaves, else it goes to main's young end, its count
 * (at most 3) less 1, and the next is looked at. Otherwise the oldest page of small is looked
 * at; with a count of at least `threshold` it moves to main's young end with a count of 0, and
 * the next is looked at until small is empty; else it leaves and becomes the youngest ghost, the
 * oldest ghost being forgotten if there are too many. Last, the page enters with a count of 0: a
 * former ghost into main, any other into small.
 *
 * At the start small may fill all memory, as in the paper's Algorithm 1. With fill=on pages that
 * small has no room for enter main as long as nothing was evicted, as in the authors' later
 * program (libCacheSim; an earlier one did not). A page dropped is no ghost.
 *
 * O(1) a reference; 10 bytes a page.
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

/* Perhaps nobody leaves: all of small may move to main. */
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

static void s3_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out)
{
	struct s3 *s3 = self;
	const int ghost = s3->place[ref.page] == GHOST;

	(void)now;
	if (ghost)
		bel_list_remove(&s3->ghost, s3->link, ref.page);
	while (bel_resident(out) == s3->frames) {
		s3->evicted = 1;
		if (!s3->small.count || s3->main.count + s3->small_size > s3->frames)
			evict_main(s3, out);
		else
			evict_small(s3, out);
	}
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
	{"ghost", "of frames", BEL_PARAM_REAL, 0.9, 0, 100, "size of the ghost queue"},
	{"threshold", "hits", BEL_PARAM_INTEGER, 2, 1, COUNT_MAX,
		"hits that take a page from the small to the main queue"},
	{"fill", "", BEL_PARAM_SWITCH, 0, 0, 1,
		"before the first eviction, pages that small has no room for enter main"},
	{.name = NULL},
};

static void s3_report(void *self, struct bel_sink *sink)
{
	const struct s3 *s3 = self;

	sink->count(sink->host, "small_pages", s3->small.count);
	sink->count(sink->host, "main_pages", s3->main.count);
	sink->count(sink->host, "ghost_pages", s3->ghost.count);
}

/* Small's pages first: what main has over its size is a page or so. */
static void s3_show(void *self, const struct bel_show *show)
{
	const struct s3 *s3 = self;

	bel_list_show(&s3->small, s3->link, show, BEL_SHOW_OTHER);
	bel_list_show(&s3->main, s3->link, show, BEL_SHOW_OTHER);
}

BEL_RUN(s3, s3_hooks, 0)

/* No victim(): pages move from one queue to the other as it looks. */
static const struct bel_policy s3_fifo = {
	BEL_POLICY_BASE(s3, struct s3),
	.name = "s3-fifo",
	.title = "S3-FIFO: a small queue sifts new pages, a main queue keeps, ghosts remember",
	.source = "J. Yang, Y. Zhang, Z. Qiu, Y. Yue, K. V. Rashmi, FIFO queues are all you need "
		  "for cache eviction, SOSP 2023",
	.params = s3_params,
	.report = s3_report,
	.show = s3_show,
};

BEL_POLICY(s3_fifo);
