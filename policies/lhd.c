/* SPDX-License-Identifier: MIT */
/*
 * lhd.c: least hit density: of a few pages drawn at random the one leaves from which the fewest
 * hits are to be expected for the time that it would stay, by what pages of its kind did before.
 *
 * After the authors' program, for pages of one size and one application. A page's age is the
 * number of references since its last, shifted right by s bits, 4095 at most; s is the smallest
 * with [4096 x 2^s / 100] >= frames, [x] being x rounded down. Its class goes by x, the sum of the
 * ages at its last two hits, 0 and 4096 if there were none, 4096 for an earlier one if there was
 * one: how often x must be doubled to reach 4096, but 15 at most, and 15 if x = 0.
 *
 * A hit is counted under class and age as they are before it; then its age is the page's latest.
 * An eviction is counted likewise, a drop is not. After every `interval` references all counts,
 * fresh ones included, are multiplied by `decay`, and for a class and an age a the density is the
 * hits at ages >= a over the sum, over all b >= a, of hits and evictions at ages >= b; sums run
 * from age 4095 down. It is 0 if there were no more than 0.00001 hits and evictions from a on.
 * Before the first time it is (class + 1) / (age + 1).
 *
 * When a frame is needed, `sample` resident pages are drawn, with replacement: one random number
 * each, below the number of frames, says whose (frames are as in frame_slots.h). The least density
 * leaves, of equals the one drawn first; a page of age 4095 is below all others. With sample=0 all
 * are compared in order of frames. A page that is loaded becomes an explorer, whose density counts
 * as 1 more until its first hit or its end, if a random number below 32 is 0 (drawn at every
 * fault, after the victim) and there are fewer than [explorers x frames] then.
 *
 * Left out of the program: the list of recently admitted pages, ages coarsened as it goes. It
 * makes densities each 2^20 references. A hit O(1), a fault O(sample); 21 bytes a page and 2 MiB.
 */
#include "frame_slots.h"
#include "random.h"

enum { AGES = 4096, CLASSES = 16, EXPLORE_ONE_OF = 32 };

/* What happened to pages of one class, by age. */
struct class
{
	double hits[AGES], evictions[AGES], density[AGES];
	uint32_t fresh_hits[AGES], fresh_evictions[AGES];
};

struct lhd {
	uint64_t frames, seed, interval, next; /* time of the first reference after the next one */
	double decay;
	unsigned shift;
	uint64_t sample, explorers, explorers_max;
	struct bel_frame_slots slots;
	uint64_t *last; /* time of a page's last reference */
	uint16_t *hit_age, *hit_age_before;
	uint8_t *explorer;
	struct class class[CLASSES];
};

static void lhd_init(void *self, const struct bel_env *env)
{
	struct lhd *lhd = self;

	lhd->frames = env->frames;
	lhd->seed = env->seed;
	lhd->sample = (uint64_t)env->param[0];
	lhd->next = lhd->interval = (uint64_t)env->param[1];
	lhd->decay = env->param[2];
	lhd->explorers_max = (uint64_t)((double)env->frames * env->param[3]);
	while (((uint64_t)AGES << lhd->shift) / 100 < env->frames && lhd->shift < 40)
		lhd->shift++;
	for (int c = 0; c < CLASSES; c++)
		for (int a = 0; a < AGES; a++)
			lhd->class[c].density[a] = (double)(c + 1) / (a + 1);
	bel_frame_slots_create(&lhd->slots, env);
	env->page_array(env->host, &lhd->last, sizeof(*lhd->last));
	env->page_array(env->host, &lhd->hit_age, sizeof(*lhd->hit_age));
	env->page_array(env->host, &lhd->hit_age_before, sizeof(*lhd->hit_age_before));
	env->page_array(env->host, &lhd->explorer, sizeof(*lhd->explorer));
}

static uint32_t age_of(const struct lhd *lhd, uint32_t page, uint64_t now)
{
	const uint64_t age = (now - lhd->last[page]) >> lhd->shift;

	return age < AGES ? (uint32_t)age : AGES - 1;
}

static struct class *class_of(struct lhd *lhd, uint32_t page)
{
	const uint32_t x = (uint32_t)lhd->hit_age[page] + lhd->hit_age_before[page];
	int doublings = 0;

	if (!x)
		return &lhd->class[CLASSES - 1];
	while (x << doublings < AGES && doublings < CLASSES - 1)
		doublings++;
	return &lhd->class[doublings];
}

/* Makes densities, if that is due: all references before `now` were counted. */
static void reconfigure(struct lhd *lhd, uint64_t now)
{
	if (__builtin_expect(now < lhd->next, 1))
		return;
	lhd->next += lhd->interval;
	for (struct class *c = lhd->class; c < lhd->class + CLASSES; c++) {
		double hits = 0, events = 0, lifetime = 0;

		for (int a = AGES - 1; a >= 0; a--) {
			c->hits[a] = (c->hits[a] + c->fresh_hits[a]) * lhd->decay;
			c->evictions[a] = (c->evictions[a] + c->fresh_evictions[a]) * lhd->decay;
			c->fresh_hits[a] = c->fresh_evictions[a] = 0;
			hits += c->hits[a];
			events += c->hits[a] + c->evictions[a];
			lifetime += events;
			c->density[a] = events > 1e-5 ? hits / lifetime : 0;
		}
	}
}

/* n hits on the page, the first of them at `now`. */
static void count_hits(struct lhd *lhd, uint32_t page, uint64_t now, uint64_t n)
{
	if (__builtin_expect(lhd->explorer[page], 0))
		lhd->explorers -= lhd->explorer[page]--;
	while (n) {
		uint64_t left = n < lhd->next - now ? n : lhd->next - now;

		n -= left;
		/* From the fourth on, class and age are the same again and again. */
		for (int i = 0; left; i++) {
			const uint32_t age = age_of(lhd, page, now);
			const uint64_t same = i < 3 ? 1 : left;

			class_of(lhd, page)->fresh_hits[age] += (uint32_t)same;
			lhd->hit_age_before[page] = lhd->hit_age[page];
			lhd->hit_age[page] = (uint16_t)age;
			now += same;
			left -= same;
			lhd->last[page] = now - 1;
		}
		reconfigure(lhd, now);
	}
}

static void lhd_hit(void *self, uint64_t now, struct bel_ref ref)
{
	count_hits(self, ref.page, now, bel_count(ref));
}

static double density(struct lhd *lhd, uint32_t page, uint64_t now)
{
	const uint32_t age = age_of(lhd, page, now);

	if (age == AGES - 1)
		return -1;
	return class_of(lhd, page)->density[age] + lhd->explorer[page];
}

/* The victim's frame; all are in use. */
static uint32_t choose(struct lhd *lhd, uint64_t now, uint64_t *seed)
{
	const uint64_t draws = lhd->sample ? lhd->sample : lhd->slots.used;
	uint32_t best = 0;
	double least = CLASSES + 2; /* more than any density is */

	for (uint32_t i = 0; i < draws; i++) {
		const uint32_t frame = lhd->sample ? bel_random_below(seed, lhd->slots.used) : i;
		const double rank = density(lhd, lhd->slots.page[frame], now);

		if (rank < least) {
			least = rank;
			best = frame;
		}
	}
	return best;
}

/* Draws from a copy of the generator. */
static uint32_t lhd_victim(void *self, uint64_t now, const struct bel_decision *out)
{
	struct lhd *lhd = self;
	uint64_t seed = lhd->seed;

	(void)out;
	return lhd->slots.used ? lhd->slots.page[choose(lhd, now, &seed)] : BEL_NO_PAGE;
}

static void lhd_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out)
{
	struct lhd *lhd = self;
	uint32_t frame = lhd->slots.used;

	if (bel_resident(out) == lhd->frames) {
		const uint32_t victim = lhd->slots.page[frame = choose(lhd, now, &lhd->seed)];

		class_of(lhd, victim)->fresh_evictions[age_of(lhd, victim, now)]++;
		lhd->explorers -= lhd->explorer[victim];
		bel_evict(out, victim);
	} else {
		lhd->slots.used++;
	}
	bel_frame_slots_take(&lhd->slots, frame, ref.page);
	lhd->last[ref.page] = now;
	lhd->hit_age[ref.page] = 0;
	lhd->hit_age_before[ref.page] = AGES;
	lhd->explorer[ref.page] = bel_random_below(&lhd->seed, EXPLORE_ONE_OF) == 0 &&
				  lhd->explorers < lhd->explorers_max;
	lhd->explorers += lhd->explorer[ref.page];
	reconfigure(lhd, now + 1);
	if (bel_count(ref) > 1)
		count_hits(lhd, ref.page, now + 1, bel_count(ref) - 1);
}

static void lhd_drop(void *self, uint32_t page)
{
	struct lhd *lhd = self;

	lhd->explorers -= lhd->explorer[page];
	bel_frame_slots_drop(&lhd->slots, page);
}

static const struct bel_hooks lhd_hooks = {
	.hit = lhd_hit,
	.fault = lhd_fault,
	.drop = lhd_drop,
};

static const struct bel_param lhd_params[] = {
	{"sample", "pages", BEL_PARAM_INTEGER, 32, 0, 1000000,
		"pages drawn for each eviction; 0: all are compared"},
	{"interval", "references", BEL_PARAM_INTEGER, 65536, 1, 268435456,
		"references after which densities are made anew"},
	{"decay", "", BEL_PARAM_REAL, 0.9, 0, 1, "what is left of old counts then"},
	{"explorers", "of frames", BEL_PARAM_REAL, 0.01, 0, 1, "pages kept to learn from"},
	{.name = NULL},
};

BEL_RUN(lhd, lhd_hooks, 0)

static const struct bel_policy lhd = {
	BEL_POLICY_BASE(lhd, struct lhd),
	.name = "lhd",
	.title = "least hit density: of a sample, the fewest hits to expect for its time in memory",
	.source = "N. Beckmann, H. Chen, A. Cidon, LHD: improving cache hit rate by maximizing hit "
		  "density, NSDI 2018",
	.params = lhd_params,
	.victim = lhd_victim,
};

BEL_POLICY(lhd);
