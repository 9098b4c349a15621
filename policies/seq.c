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
 * Cost: hit O(1), fault O(sequences + pages of a sequence); 8 bytes per page.
 */
#include "list.h"

#define SEQUENCES_MAX 256
#define TIMES_MAX 16

struct sequence {
	uint32_t low, high;
	int direction;   /* 1: head is high, -1: head is low, 0: low = high */
	uint64_t faults; /* so far; their times are in a ring */
	uint64_t time[TIMES_MAX];
};

struct seq {
	uint64_t frames;
	uint32_t length, skip, times, capacity; /* capacity: most sequences */
	uint32_t count;
	struct sequence sequence[SEQUENCES_MAX];
	struct bel_list list; /* used last at the head */
	struct bel_link *link;
};

static void seq_init(void *self, const struct bel_env *env)
{
	struct seq *seq = self;

	seq->frames = env->frames;
	seq->length = (uint32_t)env->param[0];
	seq->skip = (uint32_t)env->param[1];
	seq->times = (uint32_t)env->param[2];
	seq->capacity = (uint32_t)env->param[3];
	bel_list_init(&seq->list);
	env->page_array(env->host, &seq->link, sizeof(*seq->link));
}

static void seq_hit(void *self, uint64_t now, struct bel_ref ref)
{
	struct seq *seq = self;

	(void)now;
	bel_list_to_head(&seq->list, seq->link, ref.page);
}

/* Time of the k-th last fault; k = 1: the last. */
static uint64_t fault_time(const struct sequence *s, uint32_t k)
{
	return s->time[(s->faults - k) % TIMES_MAX];
}

/* Step 1 of a fault. */
static void cut(struct seq *seq, uint32_t page)
{
	for (uint32_t i = 0; i < seq->count; i++) {
		struct sequence *s = &seq->sequence[i];

		if (page < s->low || page > s->high)
			continue;
		if (s->direction > 0 && page < s->high)
			s->low = page + 1;
		else if (s->direction < 0 && page > s->low)
			s->high = page - 1;
		else
			*s = seq->sequence[--seq->count];
		return;
	}
}

/* 1, -1: the page continues the sequence upwards, downwards. 0: it does not. */
static int continues(const struct sequence *s, uint32_t page)
{
	if (s->direction >= 0 && page == s->high + 1)
		return 1;
	return s->direction <= 0 && s->low && page == s->low - 1 ? -1 : 0;
}

/* Step 2 of a fault. Returns the sequence that grew or began. */
static struct sequence *join(struct seq *seq, uint32_t page)
{
	struct sequence *best = NULL, *oldest = seq->sequence;

	for (struct sequence *s = seq->sequence; s < seq->sequence + seq->count; s++) {
		if (continues(s, page) && (!best || fault_time(s, 1) > fault_time(best, 1)))
			best = s;
		if (fault_time(s, 1) < fault_time(oldest, 1))
			oldest = s;
	}
	if (best) {
		best->direction = continues(best, page);
		if (best->direction > 0)
			best->high = page;
		else
			best->low = page;
		return best;
	}
	if (seq->count < seq->capacity)
		oldest = &seq->sequence[seq->count++];
	*oldest = (struct sequence){.low = page, .high = page};
	return oldest;
}

static uint32_t victim_of(const struct seq *seq, const struct bel_decision *out)
{
	const struct sequence *best = NULL;

	for (const struct sequence *s = seq->sequence; s < seq->sequence + seq->count; s++) {
		if (s->high - s->low + 1 < seq->length || s->faults < seq->times)
			continue;
		if (!best || fault_time(s, seq->times) > fault_time(best, seq->times))
			best = s;
	}
	if (!best || best->high - best->low < seq->skip)
		return seq->list.tail;
	for (uint32_t i = seq->skip; i <= best->high - best->low; i++) {
		const uint32_t page = best->direction > 0 ? best->high - i : best->low + i;

		if (out->state[page] & BEL_PAGE_RESIDENT)
			return page;
	}
	return seq->list.tail;
}

static void seq_evict(void *self, uint64_t now, struct bel_decision *out)
{
	struct seq *seq = self;
	const uint32_t victim = victim_of(seq, out);

	(void)now;
	bel_list_remove(&seq->list, seq->link, victim);
	bel_evict(out, victim);
}

static void seq_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out)
{
	struct seq *seq = self;
	struct sequence *s;

	cut(seq, ref.page);
	s = join(seq, ref.page);
	s->time[s->faults++ % TIMES_MAX] = now;
	if (bel_resident(out) == seq->frames)
		seq_evict(seq, now, out);
	bel_list_push(&seq->list, seq->link, ref.page);
}

static void seq_drop(void *self, uint32_t page)
{
	struct seq *seq = self;

	bel_list_remove(&seq->list, seq->link, page);
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
	{"sequences", "", BEL_PARAM_INTEGER, 100, 1, SEQUENCES_MAX,
		"most sequences followed at a time"},
	{.name = NULL},
};

static void seq_report(void *self, struct bel_sink *sink)
{
	const struct seq *seq = self;
	uint64_t longest = 0;

	for (uint32_t i = 0; i < seq->count; i++)
		if (seq->sequence[i].high - seq->sequence[i].low + 1 > longest)
			longest = seq->sequence[i].high - seq->sequence[i].low + 1;
	sink->count(sink->host, "sequences", seq->count);
	sink->count(sink->host, "longest_sequence_pages", longest);
}

/* In order of last use, although pages of sequences leave first. */
static void seq_show(void *self, const struct bel_show *show)
{
	const struct seq *seq = self;

	bel_list_show(&seq->list, seq->link, show, BEL_SHOW_OTHER);
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
