/* SPDX-License-Identifier: MIT */
/*
 * lhd.c: LHD, least hit density (Beckmann, Chen and Cidon, NSDI 2018, and the authors' program):
 * of a few pages drawn at random, evicts the page with the fewest expected hits for the time that
 * it would stay. The expectation comes from past hits and evictions of pages of its class. For
 * pages of one size and one application.
 *
 * State, with [x] as x rounded down:
 * - Age of a page: references since its last one, shifted right by s bits, at most 4095. s is the
 *   smallest number with [4096 x 2^s / 100] >= frames.
 * - Class of a page: let x be the sum of the ages at its last two hits; 4096 before the first hit,
 *   and with one hit its age alone. The class is how often x must be doubled to reach 4096, at
 *   most 15; 15 if x = 0.
 * - For each class and age: counts of hits and evictions, and a density, (class + 1) / (age + 1)
 *   at first.
 *
 * On a hit:
 * 1. Count a hit for the page's class and age. This age is then the age at its last hit.
 * 2. The page is no explorer any more.
 *
 * On a fault:
 * 1. If no frame is free, draw `sample` resident pages with replacement, one random number below
 *    the number of frames each. Evict the page with the lowest density; of equals, the page drawn
 *    first. A page of age 4095 is below all others. sample=0 compares all pages, in order of
 *    frames (frame_slots.h).
 * 2. Count an eviction for the victim's class and age. A drop is not counted.
 * 3. Load the page. Draw a random number below 32: if it is 0 and there are fewer than [explorers
 *    x frames] explorers, the page becomes one: its density counts as 1 more until its first hit.
 *
 * After every `interval` references:
 * 1. Multiply all counts by `decay`, those since the last time, too.
 * 2. For each class and age a, from 4095 down: density = hits at ages >= a, divided by the sum
 *    over all b >= a of the hits and evictions at ages >= b. It is 0 if there are at most 0.00001
 *    hits and evictions from a on.
 *
 * The authors' program does this every 2^20 references. Left out: its list of recently admitted
 * pages, and ages that become coarser as it runs.
 *
 * Cost: hit O(1), fault O(sample); 21 bytes per page and 2 MiB.
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
	uint64_t frames, seed, interval, next; /* next: time of the next reconfiguration */
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

/* Computes densities, if due. All references before `now` are counted. */
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

/* Counts n hits on the page, the first at `now`. */
static void count_hits(struct lhd *lhd, uint32_t page, uint64_t now, uint64_t n)
{
	if (__builtin_expect(lhd->explorer[page], 0))
		lhd->explorers -= lhd->explorer[page]--;
	while (n) {
		uint64_t left = n < lhd->next - now ? n : lhd->next - now;

		n -= left;
		/* From the fourth hit on, class and age do not change. */
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

/* The victim's frame. The frames below slots.used are in use. */
static uint32_t choose(struct lhd *lhd, uint64_t now, uint64_t *seed)
{
	const uint64_t draws = lhd->sample ? lhd->sample : lhd->slots.used;
	uint32_t best = 0;
	double least = CLASSES + 2; /* above every density */

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

/* Draws from a copy of the generator's state: asking changes nothing. */
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

static void lhd_evict(void *self, uint64_t now, struct bel_decision *out)
{
	struct lhd *lhd = self;
	const uint32_t victim = lhd->slots.page[choose(lhd, now, &lhd->seed)];

	class_of(lhd, victim)->fresh_evictions[age_of(lhd, victim, now)]++;
	lhd_drop(lhd, victim);
	bel_evict(out, victim);
}

static const struct bel_hooks lhd_hooks = {
	.hit = lhd_hit,
	.fault = lhd_fault,
	.drop = lhd_drop,
};

static const struct bel_param lhd_params[] = {
	{"sample", "pages", BEL_PARAM_INTEGER, 32, 0, 1000000,
		"pages drawn for each eviction; 0: all pages are compared"},
	{"interval", "references", BEL_PARAM_INTEGER, 65536, 1, 268435456,
		"references after which the densities are computed again"},
	{"decay", "", BEL_PARAM_REAL, 0.9, 0, 1, "factor by which old counts are then multiplied"},
	{"explorers", "of frames", BEL_PARAM_REAL, 0.01, 0, 1, "most pages kept to learn from"},
	{.name = NULL},
};

BEL_RUN(lhd, lhd_hooks, 0)

static const struct bel_policy lhd = {
	BEL_POLICY_BASE(lhd, struct lhd),
	.name = "lhd",
	.title = "least hit density: of a sample, the fewest expected hits per time in memory",
	.source = "N. Beckmann, H. Chen, A. Cidon, LHD: improving cache hit rate by maximizing hit "
		  "density, NSDI 2018",
	.params = lhd_params,
	.victim = lhd_victim,
	.evict = lhd_evict,
};

BEL_POLICY(lhd);
