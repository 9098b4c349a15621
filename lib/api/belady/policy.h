/* SPDX-License-Identifier: MIT */
/*
 * policy.h: everything that a page-replacement policy sees and is seen by.
 *
 * A policy is one const struct bel_policy in one file, made known with
 * BEL_POLICY(). It decides which pages leave; the engine owns residency,
 * accessed and dirty bits, counts faults, evictions and write-backs, and checks
 * every claim. policies/fifo.c is the commented template.
 *
 * The order of one reference is fixed:
 *
 *	lookup; hit() or fault(); its victims leave; the page enters;
 *	tick(), if due; its victims leave; the resident set is counted.
 *
 * A run of n references to one page is one call with now = the time of its
 * first reference and bel_count(ref) = n; nothing else is referenced until
 * now + n, and the resident set may shrink meanwhile through tick().
 *
 * The same source builds in (registered through a linker section) or, with
 * -DBEL_PLUGIN, as a shared object that needs no symbol of the host.
 *
 * Growing the ABI: append members, never reorder; the host reads a member only if `size`
 * covers it. Hooks change only with BEL_ABI; struct bel_mem and the accounting in bel_loop()
 * only with BEL_LOOP_ABI (a plug-in with another loop_abi runs through its hooks instead).
 *
 * Threads: an instance is used by one thread at a time; different instances
 * run concurrently, so a policy keeps nothing outside its instance.
 */
#ifndef BELADY_POLICY_H
#define BELADY_POLICY_H

#include <stddef.h>
#include <stdint.h>

#include "run.h"
#include "show.h"

#define BEL_ABI 1
#define BEL_LOOP_ABI 1
#define BEL_INLINE static inline __attribute__((always_inline))
#define BEL_NEVER UINT64_MAX /* a time that does not come */
#define BEL_NO_PAGE UINT32_MAX
#define BEL_PAGES_MIN 64 /* elements that page arrays have from the start */

/* A byte a page, kept by the engine. A policy may read all and clear ACCESSED, nothing else. */
enum bel_page_bit {
	BEL_PAGE_RESIDENT = 0x1,
	BEL_PAGE_ACCESSED = 0x2, /* set by every reference, as hardware does */
	BEL_PAGE_DIRTY = 0x4,    /* written since it was loaded */
	BEL_PAGE_SEEN = 0x8,     /* referenced before: a fault on it is not compulsory */
};
_Static_assert(
	(int)BEL_PAGE_DIRTY == (int)BEL_RUN_WRITE, "the hot loop ors the one into the other");

/* One run as hooks see it. */
struct bel_ref {
	uint32_t page;
	uint32_t info; /* as in struct bel_run */
	uint64_t next; /* time of the page's next reference after this run, BEL_NEVER if none;
			  only with BEL_POLICY_FUTURE, else 0 */
};

BEL_INLINE uint32_t bel_count(struct bel_ref ref)
{
	return ref.info >> BEL_RUN_COUNT_SHIFT;
}

/* Time of the last reference of the run that starts at now. */
BEL_INLINE uint64_t bel_last(uint64_t now, struct bel_ref ref)
{
	return now + bel_count(ref) - 1;
}

/* What happened so far to one (policy, frames) pair. All counts are exact. */
struct bel_tally {
	uint64_t references;
	uint64_t faults;
	uint64_t compulsory; /* faults on pages never referenced before */
	uint64_t evictions;  /* pages that the policy let go */
	uint64_t writebacks; /* dirty pages among them */
	uint64_t drops;      /* pages that left for another reason: bel_sim_drop() */
	uint64_t resident;   /* pages now */
	uint64_t peak;       /* most pages resident after a reference */
	uint64_t
		resident_page_references; /* sum over references of the pages resident after each */
};

/* Why a policy was stopped. The engine turns it into words that name the policy. */
enum bel_violation {
	BEL_VIOLATION_NONE,
	BEL_VIOLATION_NOT_RESIDENT, /* it evicted a page that is not resident */
	BEL_VIOLATION_NO_ROOM,      /* it let the resident set outgrow its frames */
	BEL_VIOLATION_SELF,         /* it evicted the page being referenced, in tick */
	BEL_VIOLATION_BYPASS,       /* it let a page pass by that is referenced again at once */
	BEL_VIOLATION_EVICT,        /* evict() let no page go, or several */
};

/* A page that a policy let go, and its state (enum bel_page_bit) as it left. */
struct bel_victim {
	uint32_t page;
	uint32_t state;
};

/* Where a policy's decisions go. Members are the engine's; use the functions below. */
struct bel_decision {
	uint8_t *state; /* enum bel_page_bit, a byte a page */
	uint64_t resident, peak, evictions, writebacks, resident_page_references, counted_to;
	uint64_t next_tick; /* tick is next called at this time */
	uint32_t faulted;   /* the page being loaded or referenced */
	uint32_t bad_page;
	uint32_t pages;          /* elements of state */
	uint8_t loaded_accessed; /* BEL_PAGE_ACCESSED or 0: the bit a page is loaded with */
	uint8_t violation;
	uint8_t bypass;             /* the page being loaded is used without staying */
	uint8_t bypassed;           /* one was, at some time */
	struct bel_victim *victims; /* who left, for hosts that ask; else NULL; an element a page */
	uint32_t victim_count;
};

/* Pages resident now; in fault(), before the page enters. */
BEL_INLINE uint64_t bel_resident(const struct bel_decision *out)
{
	return out->resident;
}

/* Whether the page was referenced since it was loaded or since its bit was last cleared. */
BEL_INLINE int bel_accessed(const struct bel_decision *out, uint32_t page)
{
	return (out->state[page] & BEL_PAGE_ACCESSED) != 0;
}

/* Whether the page was written since it was loaded. */
BEL_INLINE int bel_dirty(const struct bel_decision *out, uint32_t page)
{
	return (out->state[page] & BEL_PAGE_DIRTY) != 0;
}

BEL_INLINE void bel_clear_accessed(struct bel_decision *out, uint32_t page)
{
	out->state[page] &= (uint8_t)~BEL_PAGE_ACCESSED;
}

/*
 * Lets a resident page go: out of its frame at once, written back if dirty.
 * Returns the page's state as it was (enum bel_page_bit).
 */
BEL_INLINE uint8_t bel_evict(struct bel_decision *out, uint32_t page)
{
	const uint8_t state = page < out->pages ? out->state[page] : 0;

	if (__builtin_expect(!(state & BEL_PAGE_RESIDENT), 0)) {
		out->violation = BEL_VIOLATION_NOT_RESIDENT;
		out->bad_page = page;
		return state;
	}
	out->state[page] = BEL_PAGE_SEEN;
	out->resident--;
	out->evictions++;
	out->writebacks += (state & BEL_PAGE_DIRTY) != 0;
	if (out->victims && out->victim_count < out->pages)
		out->victims[out->victim_count++] = (struct bel_victim){page, state};
	return state;
}

/*
 * In fault(): the page is loaded with its accessed bit clear, and only a
 * further reference of the same run sets it. Without this call it is set.
 */
BEL_INLINE void bel_load_unreferenced(struct bel_decision *out)
{
	out->loaded_accessed = 0;
}

/*
 * In fault(): the page is used and leaves at once; nobody else need leave for it. It counts as
 * evicted and, if written, as written back. Only for a run of one reference: the second of a
 * longer one would fault again, and bringing its page in can only be better.
 */
BEL_INLINE void bel_bypass(struct bel_decision *out)
{
	out->bypass = 1;
}

/*
 * In fault() or tick(): tick() is next called after the first reference at or
 * after `time` (BEL_NEVER: not before a fault asks). A tick() that does not call
 * this is called after every reference; so is the first, after reference 0.
 */
BEL_INLINE void bel_next_tick(struct bel_decision *out, uint64_t time)
{
	out->next_tick = time;
}

/* An array of runs, in order. */
struct bel_batch {
	const struct bel_run *runs;
	const uint64_t *next; /* as bel_ref.next, an element a run; NULL without future */
	size_t count;
	uint64_t now; /* time of the first reference */
};

struct bel_err; /* the host's error text; filled through env->fail */

/* What init() is given; valid during init() alone, but for what it registers. */
struct bel_env {
	uint32_t size;       /* sizeof(struct bel_env) of the host */
	uint32_t abi;        /* BEL_ABI of the host */
	uint64_t frames;     /* 0: no limit (variable space) */
	uint64_t seed;       /* for policies that draw random numbers */
	const double *param; /* one value a struct bel_param, in the table's order, checked */
	void *host;          /* first argument of the functions below */
	/*
	 * Registers *array (`array` is the address of a pointer in the instance) as
	 * an array of `width` bytes a page, zeroed, owned by the engine: it grows
	 * between batches (and then *array changes) and is freed with the
	 * instance, after destroy(). Always at least BEL_PAGES_MIN elements, and at
	 * any time more than the highest page number. Returns 0, or negative when out of
	 * memory (init() may ignore that: the engine then reports it after init()).
	 */
	int (*page_array)(void *host, void *array, size_t width);
	/* Registers *count to hold the number of elements of every page array. */
	int (*page_count)(void *host, uint32_t *count);
	/* Registers *state to point at the engine's byte a page. */
	int (*page_state)(void *host, uint8_t **state);
	/*
	 * Refuses to make the instance: fills err, before which the engine puts the policy's
	 * name, and returns a negative number. init() passes env->err; create() its own
	 * argument, and then returns NULL, which without this call means: out of memory.
	 */
	int (*fail)(struct bel_err *err, const char *format, ...)
		__attribute__((format(printf, 2, 3)));
	struct bel_err *err; /* for fail(). Came later. */
};

/* Where report() puts a policy's extra figures; they end in the run record under "extra". */
struct bel_sink {
	uint32_t size;
	void *host;
	void (*number)(void *host, const char *name, double value);
	void (*count)(void *host, const char *name, uint64_t value);
};

enum bel_param_type {
	BEL_PARAM_INTEGER, /* exact up to 2^53; sizes may have suffixes */
	BEL_PARAM_REAL,
	BEL_PARAM_SWITCH, /* on, off, 1, 0 */
};

/* A parameter: -p 'name:key=value'. A table ends with a NULL name. */
struct bel_param {
	const char *name;
	const char *unit; /* "references", "pages", "bits", ... or "" */
	enum bel_param_type type;
	double value; /* default */
	double min, max;
	const char *help;
};

enum bel_policy_cap {
	BEL_POLICY_VARIABLE = 0x1, /* sizes its resident set itself; takes no frame count */
	BEL_POLICY_FUTURE = 0x2,   /* needs bel_ref.next */
	BEL_POLICY_STACK = 0x4,    /* more frames hold a superset: faults never rise (inclusion) */
	BEL_POLICY_OPTIMAL = 0x8,  /* no fixed-space policy has fewer faults */
	BEL_POLICY_BITS = 0x10,    /* goes by accessed bits, as hardware keeps them */
};

/* All hooks get the instance first. None may fail; none may touch what is not its own. */
struct bel_hooks {
	/* The page is resident. NULL: the policy does not look at hits. */
	void (*hit)(void *self, uint64_t now, struct bel_ref ref);
	/*
	 * The page is not resident and enters when this returns. With a fixed
	 * number of frames, evict a page when all are taken: env->frames pages are
	 * then resident before, at most env->frames may be after.
	 */
	void (*fault)(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out);
	/*
	 * After the reference, when due (bel_next_tick()): what variable space lets go, and what
	 * any policy does by the clock, as a scan of accessed bits. Most of fixed space has none.
	 */
	void (*tick)(void *self, uint64_t now, struct bel_decision *out);
	/* A resident page has left for another reason (unmapped, process ended): forget it. */
	void (*drop)(void *self, uint32_t page);
};

/* The engine's side of an instance, as bel_loop() needs it. */
struct bel_mem {
	uint32_t size;
	uint64_t frames; /* 0: no limit */
	struct bel_tally tally;
	struct bel_decision out;
};

struct bel_policy {
	uint32_t size;                  /* sizeof(struct bel_policy) */
	uint32_t abi;                   /* BEL_ABI */
	uint32_t loop_abi;              /* BEL_LOOP_ABI */
	uint32_t caps;                  /* enum bel_policy_cap */
	const char *name;               /* in records: lower-case, digits, '-' */
	const char *title;              /* one line */
	const char *source;             /* the paper or book */
	const struct bel_param *params; /* NULL: none */
	/*
	 * For a policy that allocates its instance itself: returns it, or NULL with err filled
	 * through env->fail. NULL where there is init().
	 */
	void *(*create)(const struct bel_env *env, struct bel_err *err);
	/*
	 * With create(): frees the instance. With init(): frees what init() allocated beside
	 * it, also after env->fail(); NULL if that is nothing.
	 */
	void (*destroy)(void *self);
	const struct bel_hooks *hooks;
	/* The same through bel_loop() with the policy's own constant hooks: BEL_RUN(). */
	void (*run)(struct bel_mem *mem, void *self, const struct bel_batch *batch);
	void (*report)(void *self, struct bel_sink *sink);     /* may be NULL */
	void (*show)(void *self, const struct bel_show *show); /* came later; may be NULL */
	/*
	 * Other names that -p takes, a comma between: "optimal, Belady". Capitals, blanks, '-',
	 * '_',
	 * '.' and apostrophes make no difference, '+' is "plus". Came later; may be NULL.
	 */
	const char *aliases;
	/* The engine allocates that much, zeroed, and frees it. Came later, like what follows. */
	size_t instance_bytes;
	/* Makes a zeroed instance ready; on env->fail() the engine gives it up. */
	void (*init)(void *self, const struct bel_env *env);
	/*
	 * The page that leaves next: the one that fault() would evict now for a page that was
	 * never referenced, if all frames were taken. In variable space: the one that leaves
	 * first if no resident page is referenced before. BEL_NO_PAGE: none is resident, or it
	 * depends on the page that comes.
	 *
	 * It changes no decision and draws no random number (it may draw from a copy of the
	 * generator); it may bring up to date what was put off. May be NULL, where only the
	 * eviction itself tells.
	 */
	uint32_t (*victim)(void *self, uint64_t now, const struct bel_decision *out);
	/*
	 * Evicts one page although no page needs its frame: for hosts that free frames ahead of
	 * need or take some away. It is the page that victim() tells, if there is victim(). As in
	 * fault(): hands move, random numbers are drawn, and the page is remembered like others
	 * that were evicted. At least one page is resident; frames may be free.
	 *
	 * May be NULL: hosts then evict the page that victim() tells and call drop() for it, which
	 * is the same for a policy that does none of these things at an eviction. If victim() is
	 * NULL, too, hosts that need evictions of this kind refuse the policy.
	 */
	void (*evict)(void *self, uint64_t now, struct bel_decision *out);
};

#include "loop.h"

/*
 * Defines the static function NAME_run for a policy's own hooks table and caps, and the constant
 * NAME_caps.
 */
#define BEL_RUN(NAME, HOOKS, CAPS)                                                                 \
	enum { NAME##_caps = (CAPS) };                                                             \
	static void NAME##_run(struct bel_mem *mem, void *self, const struct bel_batch *batch)     \
	{                                                                                          \
		bel_loop(mem, self, &(HOOKS), (CAPS), batch);                                      \
	}

/*
 * The members that are the same in all descriptors but for names: TYPE is the instance's structure;
 * the rest are NAME_init, NAME_hooks, and what BEL_RUN() defines.
 *
 *	static const struct bel_policy lru = {
 *		BEL_POLICY_BASE(lru, struct lru),
 *		.name = "lru",
 *		...
 *	};
 */
#define BEL_POLICY_BASE(NAME, TYPE)                                                                \
	.size = sizeof(struct bel_policy), .abi = BEL_ABI, .loop_abi = BEL_LOOP_ABI,               \
	.caps = NAME##_caps, .instance_bytes = sizeof(TYPE), .init = NAME##_init,                  \
	.hooks = &NAME##_hooks, .run = NAME##_run

/* Makes a descriptor known: in the linker section of the program, or as the plug-in's symbol. */
#ifdef BEL_PLUGIN
#define BEL_POLICY(NAME)                                                                           \
	extern const struct bel_policy *const bel_plugin_policy;                                   \
	__attribute__((visibility("default"))) const struct bel_policy *const bel_plugin_policy =  \
		&(NAME)
#else
#define BEL_POLICY(NAME)                                                                           \
	__attribute__((used, section("bel_policies"))) static const struct bel_policy              \
		*const NAME##_registered = &(NAME)
#endif

#endif
