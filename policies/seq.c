/* SPDX-License-Identifier: MIT */
/*
 * seq.c: SEQ (Glass and Cao, SIGMETRICS 1997): LRU, but when faults run through memory in
 * sequence, pages of that sequence leave first, from some way behind its head.
 *
 * Neighbours are pages with successive numbers. belady numbers pages in order of first reference,
 * so a region first touched in order of addresses keeps its sequences; others do not.
 *
 * State:
 * - Resident pages in order of last reference.
 * - Up to `sequences` sequences: a range of pages, low to high, a direction (up, down, none yet),
 *   and the times of the last faults. The head is high (upwards) or low (downwards).
 *
 * On a hit: the page becomes the most recent.
 *
 * On a fault on page p:
 * 1. If a sequence holds p, cut it: it keeps the pages between p and its head, without p, and its
 *    times. If it has no direction, or p is its head, it ends.
 * 2. Of the sequences whose next page is p (head + 1 upwards, head - 1 downwards, both without a
 *    direction), the one with the latest last fault grows by p; this sets its direction. Without
 *    one, a new sequence of p alone begins; if there are too many, the one whose last fault lies
 *    farthest back is forgotten.
 * 3. Note the time of the fault in that sequence.
 * 4. If no frame is free, evict (below).
 * 5. Load the page as the most recent.
 *
 * Evict:
 * 1. Of the sequences with at least `length` pages and `times` faults, choose the one whose
 *    times-th last fault is the latest.
 * 2. From the page `skip` pages behind its head on, away from the head, evict the first resident
 *    page.
 * 3. Without such a sequence or page, evict the least recently used page.
 *
 * The paper leaves open what happens to a sequence when a fault hits it in the middle.
 *
 * Cost: hit O(1), fault O(sequences + pages of a sequence); 20 bytes per page.
 */
#include "list.h"
#include "page_ranges.h"
#include "recency.h"

#define TIMES_MAX 16

struct sequence {
	int direction;   /* 1: head is high, -1: head is low, 0: low = high */
	uint64_t faults; /* so far; their times are in a ring */
	uint64_t time[TIMES_MAX];
};

struct seq {
	uint64_t frames;
	uint32_t length, skip, times, capacity; /* capacity: most sequences */
	/* Bits: long enough, and with enough faults, to give up pages. Mostly few, so no search. */
	uint64_t gives[BEL_RANGES_MAX / 64];
	struct bel_ranges range;
	struct sequence sequence[BEL_RANGES_MAX];
	struct bel_list
		followed; /* sequences: the last fault at the head, ended ones at the tail */
	struct bel_link neighbour[BEL_RANGES_MAX];
	struct bel_recency order; /* of resident pages */
};

static void seq_init(void *self, const struct bel_env *env)
{
	struct seq *seq = self;

	seq->frames = env->frames;
	seq->length = (uint32_t)env->param[0];
	seq->skip = (uint32_t)env->param[1];
	seq->times = (uint32_t)env->param[2];
	seq->capacity = (uint32_t)env->param[3];
	bel_list_init(&seq->followed);
	bel_recency_create(&seq->order, env);
}

static void seq_hit(void *self, uint64_t now, struct bel_ref ref)
{
	struct seq *seq = self;

	(void)now;
	bel_recency_touch(&seq->order, ref.page);
}

/* Time of the k-th last fault; k = 1: the last. */
static uint64_t fault_time(const struct sequence *s, uint32_t k)
{
	return s->time[(s->faults - k) % TIMES_MAX];
}

/* After a change of its pages or faults. */
static void check_gives(struct seq *seq, uint32_t i)
{
	const int gives = bel_ranges_pages(&seq->range, i) >= seq->length &&
			  seq->sequence[i].faults >= seq->times;

	seq->gives[i / 64] &= ~(UINT64_C(1) << i % 64);
	seq->gives[i / 64] |= (uint64_t)(seq->range.wide[i] && gives) << i % 64;
}

static void end(struct seq *seq, uint32_t i)
{
	bel_ranges_clear(&seq->range, i);
	bel_list_remove(&seq->followed, seq->neighbour, i);
	bel_list_append(&seq->followed, seq->neighbour, i);
}

/* Step 1 of a fault. No two sequences have a page in common. */
static void cut(struct seq *seq, uint32_t page)
{
	for (uint32_t i = 0; i < seq->range.used; i++) {
		const uint32_t low = bel_ranges_low(&seq->range, i);
		const uint32_t high = bel_ranges_high(&seq->range, i);
		const int direction = seq->sequence[i].direction;

		if (!bel_ranges_has(&seq->range, i, page))
			continue;
		if (direction > 0 && page < high)
			bel_ranges_set(&seq->range, i, page + 1, high);
		else if (direction < 0 && page > low)
			bel_ranges_set(&seq->range, i, low, page - 1);
		else
			end(seq, i);
		check_gives(seq, i);
		return;
	}
}

/* 1, -1: the page continues the sequence upwards, downwards. 0: it does not. */
static int continues(const struct seq *seq, uint32_t i, uint32_t page)
{
	const int direction = seq->sequence[i].direction;

	if (!seq->range.wide[i])
		return 0;
	if (direction >= 0 && page == bel_ranges_high(&seq->range, i) + 1)
		return 1;
	return direction <= 0 && page == seq->range.before[i] ? -1 : 0;
}

/* A new sequence of one page. */
static uint32_t begin(struct seq *seq, uint32_t page)
{
	uint32_t i = seq->followed.tail;

	if (i == BEL_NO_PAGE || (seq->range.wide[i] && seq->range.used < seq->capacity)) {
		i = seq->range.used;
		bel_list_push(&seq->followed, seq->neighbour, i);
	} else {
		bel_list_to_head(&seq->followed, seq->neighbour, i);
	}
	bel_ranges_set(&seq->range, i, page, page);
	seq->sequence[i].direction = 0;
	seq->sequence[i].faults = 0;
	return i;
}

/* Step 2 of a fault: the sequence that grows or begins. */
static uint32_t join(struct seq *seq, uint32_t page)
{
	const struct sequence *const s = seq->sequence;
	uint32_t best = BEL_NO_PAGE;

	for (uint32_t i = 0; i < seq->range.used; i++)
		if (continues(seq, i, page) &&
			(best == BEL_NO_PAGE || fault_time(&s[i], 1) > fault_time(&s[best], 1)))
			best = i;
	if (best == BEL_NO_PAGE)
		return begin(seq, page);
	seq->sequence[best].direction = continues(seq, best, page);
	if (seq->sequence[best].direction > 0)
		bel_ranges_set(&seq->range, best, bel_ranges_low(&seq->range, best), page);
	else
		bel_ranges_set(&seq->range, best, page, bel_ranges_high(&seq->range, best));
	bel_list_to_head(&seq->followed, seq->neighbour, best);
	return best;
}

static uint32_t victim_of(struct seq *seq, const struct bel_decision *out)
{
	const struct sequence *const s = seq->sequence;
	uint32_t best = BEL_NO_PAGE, oldest = BEL_NO_PAGE;

	for (uint32_t at = 0; at < seq->range.used; at += 64)
		for (uint64_t bits = seq->gives[at / 64]; bits; bits &= bits - 1) {
			const uint32_t i = at + (uint32_t)__builtin_ctzll(bits);

			if (best == BEL_NO_PAGE ||
				fault_time(&s[i], seq->times) > fault_time(&s[best], seq->times))
				best = i;
		}
	for (uint32_t i = seq->skip; best != BEL_NO_PAGE && i < bel_ranges_pages(&seq->range, best);
		i++) {
		const uint32_t page = s[best].direction > 0 ? bel_ranges_high(&seq->range, best) - i
							    : bel_ranges_low(&seq->range, best) + i;

		if (out->state[page] & BEL_PAGE_RESIDENT)
			return page;
	}
	bel_recency_oldest(&seq->order, &oldest);
	return oldest;
}

static void seq_evict(void *self, uint64_t now, struct bel_decision *out)
{
	struct seq *seq = self;
	const uint32_t victim = victim_of(seq, out);

	(void)now;
	bel_recency_forget(&seq->order, victim);
	bel_evict(out, victim);
}

static void seq_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out)
{
	struct seq *seq = self;
	struct sequence *s;
	uint32_t i;

	if (bel_ranges_near(&seq->range, ref.page)) {
		cut(seq, ref.page);
		i = join(seq, ref.page);
	} else {
		i = begin(seq, ref.page);
	}
	s = &seq->sequence[i];
	s->time[s->faults++ % TIMES_MAX] = now;
	check_gives(seq, i);
	if (bel_resident(out) == seq->frames)
		seq_evict(seq, now, out);
	bel_recency_touch(&seq->order, ref.page);
}

static void seq_drop(void *self, uint32_t page)
{
	struct seq *seq = self;

	bel_recency_forget(&seq->order, page);
}

static const struct bel_hooks seq_hooks = {
	.hit = seq_hit,
	.fault = seq_fault,
	.drop = seq_drop,
};

static const struct bel_param seq_params[] = {
	{"length", "pages", BEL_PARAM_INTEGER, 20, 1, 1000000,
		"pages from which on a sequence gives up pages (the paper's L)"},
	{"skip", "pages", BEL_PARAM_INTEGER, 20, 0, 1000000,
		"pages at its head that a sequence keeps (M)"},
	{"times", "faults", BEL_PARAM_INTEGER, 5, 1, TIMES_MAX,
		"which last fault of a sequence decides between sequences (N)"},
	{"sequences", "", BEL_PARAM_INTEGER, 100, 1, BEL_RANGES_MAX,
		"most sequences followed at a time"},
	{.name = NULL},
};

static void seq_report(void *self, struct bel_sink *sink)
{
	const struct seq *seq = self;
	uint64_t longest = 0, sequences = 0;

	for (uint32_t i = 0; i < seq->range.used; i++) {
		sequences += seq->range.wide[i] != 0;
		if (seq->range.wide[i] && bel_ranges_pages(&seq->range, i) > longest)
			longest = bel_ranges_pages(&seq->range, i);
	}
	sink->count(sink->host, "sequences", sequences);
	sink->count(sink->host, "longest_sequence_pages", longest);
}

/* In order of last use, although pages of sequences leave first. */
static void seq_show(void *self, const struct bel_show *show)
{
	const struct seq *seq = self;

	bel_recency_show(&seq->order, show, BEL_SHOW_OTHER);
}

BEL_RUN(seq, seq_hooks, 0)

/* No victim(): the victim depends on the faulting page, which may extend a sequence. */
static const struct bel_policy seq = {
	BEL_POLICY_BASE(seq, struct seq),
	.name = "seq",
	.title = "SEQ: LRU, but pages of long sequences of faults leave first",
	.source = "G. Glass, P. Cao, Adaptive page replacement based on memory reference behavior, "
		  "SIGMETRICS 1997",
	.params = seq_params,
	.evict = seq_evict,
	.report = seq_report,
	.show = seq_show,
};

BEL_POLICY(seq);
