/* SPDX-License-Identifier: MIT */
/*
 * w-tinylfu.c: W-TinyLFU: a small LRU window for new pages; from there into a segmented LRU main
 * region only by being more frequent than the page that would leave it.
 *
 * The window has floor(window x frames) pages, but 1 to frames; main has the rest, of which
 * floor(protected x main) may be protected, the others being on probation. All three are in
 * order of last use. A hit in the window or among the protected makes the page the segment's
 * most recent; a hit on probation makes it the most recent of the protected, and if these are
 * then too many their least recent becomes the most recent on probation.
 *
 * A page that is loaded is the window's most recent. With all frames taken, the window's least
 * recent page, the candidate, first leaves the window; the one that it competes with is the
 * least recent on probation or, if there is none, of the protected. The more frequent stays or
 * becomes the most recent on probation, the other leaves; of equals, and if main has no room at
 * all, the candidate leaves. With a frame free, a window grown too large gives its least recent
 * page to probation.
 *
 * Frequencies: the paper's sketch estimates, here each page has its own exact count, which ends
 * at 15; it begins at 0, is kept when the page leaves, and every reference adds 1 before
 * anything else is done. When max(16, floor(sample x frames)) references were added, all counts
 * are halved, rounding down, and the number of references added so far is halved, too.
 *
 * O(1) a reference; 18 bytes a page.
 */
#include "list.h"

#define COUNT_MAX 15
#define HALVINGS_MAX 4 /* after which any count is 0 */

enum segment { WINDOW, PROBATION, PROTECTED, SEGMENTS };

struct tiny {
	uint64_t frames, window_size, protected_size, sample;
	uint64_t added;    /* references since the counts were halved, and half of those before */
	uint64_t halvings; /* so far */
	struct bel_list list[SEGMENTS];
	struct bel_link *link;
	uint64_t *halved; /* a page: how many of the halvings its count has seen */
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

/* Counts are halved when looked at, not all at once. */
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

/* All frames are taken, so that the window has its size. */
static void compete(struct tiny *tiny, struct bel_decision *out)
{
	const uint32_t candidate = tiny->list[WINDOW].tail;
	uint32_t rival = tiny->list[PROBATION].tail, loser = candidate;

	if (rival == BEL_NO_PAGE)
		rival = tiny->list[PROTECTED].tail;
	if (rival != BEL_NO_PAGE && count_of(tiny, candidate) > count_of(tiny, rival)) {
		move(tiny, candidate, PROBATION);
		loser = rival;
	}
	bel_list_remove(&tiny->list[tiny->segment[loser]], tiny->link, loser);
	bel_evict(out, loser);
}

/* The reference to the page that comes is counted first, which may halve all counts. */
static uint32_t tiny_victim(void *self, uint64_t now, const struct bel_decision *out)
{
	struct tiny *tiny = self;
	const int halves = tiny->added + 1 == tiny->sample;
	const uint32_t candidate = tiny->list[WINDOW].tail;
	uint32_t rival = tiny->list[PROBATION].tail;

	(void)now;
	(void)out;
	if (rival == BEL_NO_PAGE)
		rival = tiny->list[PROTECTED].tail;
	if (candidate == BEL_NO_PAGE || rival == BEL_NO_PAGE)
		return candidate == BEL_NO_PAGE ? rival : candidate;
	return count_of(tiny, candidate) >> halves > count_of(tiny, rival) >> halves ? rival
										     : candidate;
}

static void tiny_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out)
{
	struct tiny *tiny = self;

	(void)now;
	count_references(tiny, ref.page, 1);
	if (bel_resident(out) == tiny->frames)
		compete(tiny, out);
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
	.title = "W-TinyLFU: past a small window, only more frequent pages are admitted",
	.source = "G. Einziger, R. Friedman, B. Manes, TinyLFU: a highly efficient cache admission "
		  "policy, ACM Transactions on Storage 13(4), 2017",
	.params = tiny_params,
	.victim = tiny_victim,
	.report = tiny_report,
	.show = tiny_show,
	.aliases = "TinyLFU, window TinyLFU",
};

BEL_POLICY(w_tinylfu);
