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
 * Cost: hit O(1), fault O(sample); 24 bytes per page and 2 MiB.
 */
#include <math.h>

#include "draws.h"
#include "frame_slots.h"

enum { AGES = 4096, CLASSES = 16, EXPLORE_ONE_OF = 32 };

/*
 * What happened to pages of one age, by class: the classes are computed side by side, because one
 * alone would wait for each of its sums.
 */
struct age {
	double hits[CLASSES], evictions[CLASSES], density[CLASSES];
	int32_t fresh_hits[CLASSES], fresh_evictions[CLASSES];
};

/* Of the page in a frame. A draw chooses a frame: this way each costs one cache line. */
struct slot {
	uint64_t last;    /* time of the page's last reference */
	uint16_t hit_age; /* at its last hit; 0: none */
	uint8_t class;
	uint8_t explorer;
};

struct lhd {
	uint64_t frames, seed, interval, next; /* next: time of the next reconfiguration */
	double decay;
	unsigned shift;
	uint64_t explorers, explorers_max;
	uint32_t draws; /* 0: all */
	struct bel_draws ahead;
	struct bel_frame_slots slots;
	struct slot *slot; /* of a frame */
	struct age age[AGES];
};

static void lhd_init(void *self, const struct bel_env *env)
{
	struct lhd *lhd = self;

	lhd->frames = env->frames;
	lhd->seed = env->seed;
	lhd->draws = (uint32_t)env->param[0];
	lhd->next = lhd->interval = (uint64_t)env->param[1];
	lhd->decay = env->param[2];
	lhd->explorers_max = (uint64_t)((double)env->frames * env->param[3]);
	while (((uint64_t)AGES << lhd->shift) / 100 < env->frames && lhd->shift < 40)
		lhd->shift++;
	/* The highest age has the least density, also for an explorer. */
	for (int a = 0; a < AGES; a++)
		for (int c = 0; c < CLASSES; c++)
			lhd->age[a].density[c] =
				a < AGES - 1 ? (double)(c + 1) / (a + 1) : -INFINITY;
	bel_frame_slots_create(&lhd->slots, env);
	env->page_array(env->host, &lhd->slot, sizeof(*lhd->slot));
}

BEL_INLINE uint32_t age_of(const struct lhd *lhd, const struct slot *slot, uint64_t now)
{
	const uint64_t age = (now - slot->last) >> lhd->shift;

	return age < AGES ? (uint32_t)age : AGES - 1;
}

/* How often x must be doubled to reach AGES. */
BEL_INLINE uint8_t class_of(uint32_t x)
{
	if (x >= AGES)
		return 0;
	return x ? (uint8_t)(__builtin_clz(x) - __builtin_clz(AGES)) : CLASSES - 1;
}

static __attribute__((noinline)) void reconfigure(struct lhd *lhd)
{
	double hits[CLASSES] = {0}, events[CLASSES] = {0}, lifetime[CLASSES] = {0};

	lhd->next += lhd->interval;
	for (int a = AGES - 1; a >= 0; a--) {
		struct age *const age = &lhd->age[a];

		for (int c = 0; c < CLASSES; c++) {
			double density;

			age->hits[c] = (age->hits[c] + age->fresh_hits[c]) * lhd->decay;
			age->evictions[c] =
				(age->evictions[c] + age->fresh_evictions[c]) * lhd->decay;
			age->fresh_hits[c] = age->fresh_evictions[c] = 0;
			hits[c] += age->hits[c];
			events[c] += age->hits[c] + age->evictions[c];
			lifetime[c] += events[c];
			density = hits[c] / lifetime[c];
			age->density[c] = events[c] > 1e-5 ? density : 0;
		}
	}
	for (int c = 0; c < CLASSES; c++)
		lhd->age[AGES - 1].density[c] = -INFINITY;
}

/* Counts n hits on the page in a slot, the first at `now`. */
static void count_hits(struct lhd *lhd, struct slot *slot, uint64_t now, uint64_t n)
{
	if (__builtin_expect(n && slot->explorer, 0))
		lhd->explorers -= slot->explorer--;
	while (n) {
		uint64_t left = n < lhd->next - now ? n : lhd->next - now;

		n -= left;
		/* From the fourth hit on, class and age do not change. */
		for (int i = 0; left; i++) {
			const uint32_t age = age_of(lhd, slot, now);
			const uint64_t same = i < 3 ? 1 : left;

			lhd->age[age].fresh_hits[slot->class] += (int32_t)same;
			slot->class = class_of(age + slot->hit_age);
			slot->hit_age = (uint16_t)age;
			now += same;
			left -= same;
			slot->last = now - 1;
		}
		if (__builtin_expect(now == lhd->next, 0))
			reconfigure(lhd);
	}
}

static void lhd_hit(void *self, uint64_t now, struct bel_ref ref)
{
	struct lhd *lhd = self;

	count_hits(lhd, &lhd->slot[lhd->slots.frame[ref.page]], now, bel_count(ref));
}

struct least {
	double density;
	uint32_t frame;
};

BEL_INLINE void compare(const struct lhd *lhd, uint64_t now, uint32_t frame, struct least *least)
{
	const struct slot *slot = &lhd->slot[frame];
	const double density =
		lhd->age[age_of(lhd, slot, now)].density[slot->class] + slot->explorer;

	if (density < least->density)
		*least = (struct least){density, frame};
}

/* The victim's frame. The frames below slots.used are in use. */
static uint32_t choose(struct lhd *lhd, uint64_t now, uint64_t *seed)
{
	struct least least = {.density = CLASSES + 2}; /* above every density */
	struct bel_sample sample;

	bel_sample_start(&sample, lhd->draws, lhd->slots.used);
	while (bel_sample_next(&sample, &lhd->ahead, seed))
		for (uint32_t i = 0; i < sample.count; i++)
			compare(lhd, now, sample.frame[i], &least);
	return least.frame;
}

/* Draws from a copy of the generator's state: asking changes nothing. */
static uint32_t lhd_victim(void *self, uint64_t now, const struct bel_decision *out)
{
	struct lhd *lhd = self;
	uint64_t seed = lhd->seed;

	(void)out;
	return lhd->slots.used ? lhd->slots.page[choose(lhd, now, &seed)] : BEL_NO_PAGE;
}

static uint32_t count_eviction(struct lhd *lhd, uint32_t frame, uint64_t now)
{
	const struct slot slot = lhd->slot[frame];

	lhd->age[age_of(lhd, &slot, now)].fresh_evictions[slot.class]++;
	return lhd->slots.page[frame];
}

static void lhd_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out)
{
	struct lhd *lhd = self;
	uint32_t frame = lhd->slots.used;
	struct slot *slot;

	if (bel_resident(out) == lhd->frames) {
		frame = choose(lhd, now, &lhd->seed);
		lhd->explorers -= lhd->slot[frame].explorer;
		bel_evict(out, count_eviction(lhd, frame, now));
	} else {
		lhd->slots.used++;
	}
	bel_frame_slots_take(&lhd->slots, frame, ref.page);
	slot = &lhd->slot[frame];
	*slot = (struct slot){.last = now};
	slot->explorer = bel_random_below(&lhd->seed, EXPLORE_ONE_OF) == 0 &&
			 lhd->explorers < lhd->explorers_max;
	lhd->explorers += slot->explorer;
	if (lhd->draws <= BEL_DRAWS_MAX)
		bel_draws_ahead(&lhd->ahead, lhd->seed, lhd->slots.used, lhd->draws, lhd->slot,
			sizeof(*lhd->slot));
	if (now + 1 == lhd->next)
		reconfigure(lhd);
	count_hits(lhd, slot, now + 1, bel_count(ref) - 1);
}

static void lhd_drop(void *self, uint32_t page)
{
	struct lhd *lhd = self;
	struct slot *slot = &lhd->slot[lhd->slots.frame[page]];

	lhd->explorers -= slot->explorer;
	*slot = lhd->slot[lhd->slots.used - 1];
	bel_frame_slots_drop(&lhd->slots, page);
}

static void lhd_evict(void *self, uint64_t now, struct bel_decision *out)
{
	struct lhd *lhd = self;
	const uint32_t victim = count_eviction(lhd, choose(lhd, now, &lhd->seed), now);

	lhd_drop(lhd, victim);
	bel_evict(out, victim);
}

static const struct bel_hooks lhd_hooks = {
	.hit = lhd_hit,
	.fault = lhd_fault,
	.drop = lhd_drop,
};

static const struct bel_param lhd_params[] = {
	{"sample", "pages", BEL_PARAM_INTEGER, 32, 0, 4096,
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
