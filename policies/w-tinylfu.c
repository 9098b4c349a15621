/* SPDX-License-Identifier: MIT */
/*
 * w-tinylfu.c: W-TinyLFU (Einziger, Friedman and Manes, ACM Transactions on Storage, 2017): new
 * pages enter a small LRU window. From there a page enters the main region only if it is
 * referenced more often than the page that would leave main.
 *
 * State:
 * - Window: floor(window x frames) pages, at least 1. Main: the other frames, in two segments:
 *   protected, at most floor(protected x main) pages, and probation. All in order of last
 *   reference.
 * - For each page, also when it is not resident, a reference count from 0 to 15.
 *
 * On each reference, first: add 1 to the page's count. After every max(16, floor(sample x frames))
 * references so counted, all counts are halved, rounded down, and so is the number of references.
 *
 * On a hit:
 * 1. In the window or in protected: the page becomes the most recent there.
 * 2. On probation: the page becomes the most recent of protected. If protected is then too long,
 *    its least recent page becomes the most recent on probation.
 *
 * On a fault:
 * 1. If no frame is free, evict. The candidate is the least recent page of the window. Its rival
 *    is the least recent page on probation; if there is none, of protected. If the candidate's
 *    count is greater, the rival leaves and the candidate becomes the most recent on probation.
 *    Otherwise, also without a rival, the candidate leaves.
 * 2. Load the page as the most recent of the window. If the window is then too long, its least
 *    recent page moves to probation.
 *
 * The paper estimates the counts by a sketch; here they are exact.
 *
 * Cost: O(1) per reference; 18 bytes per page.
 */
#include "list.h"

#define COUNT_MAX 15
#define HALVINGS_MAX 4 /* after which any count is 0 */

enum segment { WINDOW, PROBATION, PROTECTED, SEGMENTS };

struct tiny {
	uint64_t frames, window_size, protected_size, sample;
	uint64_t added;    /* references counted; halved when the counts are */
	uint64_t halvings; /* so far */
	struct bel_list list[SEGMENTS];
	struct bel_link *link;
	uint64_t *halved; /* of a page: halvings that its count has had */
	uint8_t *count, *segment;
};

static void tiny_init(void *self, const struct bel_env *env)
{
	struct tiny *tiny = self;

	tiny->frames = env->frames;
	tiny->window_size = (uint64_t)((double)env->frames * env->param[0]);
	if (!tiny->window_size)
		tiny->window_size = 1;
	tiny->protected_size =
		(uint64_t)((double)(env->frames - tiny->window_size) * env->param[1]);
	tiny->sample = (uint64_t)((double)env->frames * env->param[2]);
	if (tiny->sample < 16)
		tiny->sample = 16;
	for (int s = 0; s < SEGMENTS; s++)
		bel_list_init(&tiny->list[s]);
	env->page_array(env->host, &tiny->link, sizeof(*tiny->link));
	env->page_array(env->host, &tiny->halved, sizeof(*tiny->halved));
	env->page_array(env->host, &tiny->count, sizeof(*tiny->count));
	env->page_array(env->host, &tiny->segment, sizeof(*tiny->segment));
}

/* A count is halved when it is read, not when the halving is due. */
static uint8_t count_of(struct tiny *tiny, uint32_t page)
{
	const uint64_t missed = tiny->halvings - tiny->halved[page];

	if (__builtin_expect(missed != 0, 0)) {
		tiny->count[page] =
			missed < HALVINGS_MAX ? (uint8_t)(tiny->count[page] >> missed) : 0;
		tiny->halved[page] = tiny->halvings;
	}
	return tiny->count[page];
}

static void count_references(struct tiny *tiny, uint32_t page, uint64_t n)
{
	do {
		const uint64_t until = tiny->sample - tiny->added, step = n < until ? n : until;
		const uint64_t sum = count_of(tiny, page) + step;

		if (tiny->count[page] < COUNT_MAX)
			tiny->count[page] = sum < COUNT_MAX ? (uint8_t)sum : COUNT_MAX;
		tiny->added += step;
		if (__builtin_expect(tiny->added == tiny->sample, 0)) {
			tiny->halvings++;
			tiny->added /= 2;
		}
		n -= step;
	} while (__builtin_expect(n != 0, 0));
}

static void move(struct tiny *tiny, uint32_t page, enum segment to)
{
	bel_list_remove(&tiny->list[tiny->segment[page]], tiny->link, page);
	bel_list_push(&tiny->list[to], tiny->link, page);
	tiny->segment[page] = to;
}

static void tiny_hit(void *self, uint64_t now, struct bel_ref ref)
{
	struct tiny *tiny = self;
	const enum segment segment = tiny->segment[ref.page];

	(void)now;
	count_references(tiny, ref.page, bel_count(ref));
	if (segment != PROBATION) {
		bel_list_to_head(&tiny->list[segment], tiny->link, ref.page);
		return;
	}
	move(tiny, ref.page, PROTECTED);
	if (tiny->list[PROTECTED].count > tiny->protected_size)
		move(tiny, tiny->list[PROTECTED].tail, PROBATION);
}

/* The page that leaves. `halves`: the counts are halved before. */
static uint32_t compete(struct tiny *tiny, int halves)
{
	const uint32_t candidate = tiny->list[WINDOW].tail;
	uint32_t rival = tiny->list[PROBATION].tail;

	if (rival == BEL_NO_PAGE)
		rival = tiny->list[PROTECTED].tail;
	if (candidate == BEL_NO_PAGE || rival == BEL_NO_PAGE)
		return candidate == BEL_NO_PAGE ? rival : candidate;
	return count_of(tiny, candidate) >> halves > count_of(tiny, rival) >> halves ? rival
										     : candidate;
}

/* A fault counts its reference before it evicts, which may halve all counts. */
static uint32_t tiny_victim(void *self, uint64_t now, const struct bel_decision *out)
{
	struct tiny *tiny = self;

	(void)now;
	(void)out;
	return compete(tiny, tiny->added + 1 == tiny->sample);
}

static void leave(struct tiny *tiny, uint32_t loser, struct bel_decision *out)
{
	const uint32_t candidate = tiny->list[WINDOW].tail;

	if (candidate != loser && candidate != BEL_NO_PAGE)
		move(tiny, candidate, PROBATION);
	bel_list_remove(&tiny->list[tiny->segment[loser]], tiny->link, loser);
	bel_evict(out, loser);
}

static void tiny_evict(void *self, uint64_t now, struct bel_decision *out)
{
	leave(self, tiny_victim(self, now, out), out);
}

static void tiny_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out)
{
	struct tiny *tiny = self;

	(void)now;
	count_references(tiny, ref.page, 1);
	if (bel_resident(out) == tiny->frames)
		leave(tiny, compete(tiny, 0), out);
	bel_list_push(&tiny->list[WINDOW], tiny->link, ref.page);
	tiny->segment[ref.page] = WINDOW;
	if (tiny->list[WINDOW].count > tiny->window_size)
		move(tiny, tiny->list[WINDOW].tail, PROBATION);
	if (bel_count(ref) > 1)
		count_references(tiny, ref.page, bel_count(ref) - 1);
}

static void tiny_drop(void *self, uint32_t page)
{
	struct tiny *tiny = self;

	bel_list_remove(&tiny->list[tiny->segment[page]], tiny->link, page);
}

static const struct bel_hooks tiny_hooks = {
	.hit = tiny_hit,
	.fault = tiny_fault,
	.drop = tiny_drop,
};

static const struct bel_param tiny_params[] = {
	{"window", "of frames", BEL_PARAM_REAL, 0.01, 0, 1, "size of the window"},
	{"protected", "of main", BEL_PARAM_REAL, 0.8, 0, 1, "size of the protected segment"},
	{"sample", "of frames", BEL_PARAM_REAL, 10, 0, 1000,
		"references after which the counts are halved"},
	{.name = NULL},
};

static void tiny_report(void *self, struct bel_sink *sink)
{
	const struct tiny *tiny = self;

	sink->count(sink->host, "window_pages", tiny->list[WINDOW].count);
	sink->count(sink->host, "probation_pages", tiny->list[PROBATION].count);
	sink->count(sink->host, "protected_pages", tiny->list[PROTECTED].count);
	sink->count(sink->host, "halvings", tiny->halvings);
}

static void tiny_show(void *self, const struct bel_show *show)
{
	const struct tiny *tiny = self;

	for (int s = 0; s < SEGMENTS; s++)
		bel_list_show(&tiny->list[s], tiny->link, show, BEL_SHOW_OTHER);
}

BEL_RUN(tiny, tiny_hooks, 0)

static const struct bel_policy w_tinylfu = {
	BEL_POLICY_BASE(tiny, struct tiny),
	.name = "w-tinylfu",
	.title = "W-TinyLFU: beyond a small LRU window, only pages with more references stay",
	.source = "G. Einziger, R. Friedman, B. Manes, TinyLFU: a highly efficient cache admission "
		  "policy, ACM Transactions on Storage 13(4), 2017",
	.params = tiny_params,
	.victim = tiny_victim,
	.evict = tiny_evict,
	.report = tiny_report,
	.show = tiny_show,
	.aliases = "TinyLFU, window TinyLFU",
};

BEL_POLICY(w_tinylfu);
