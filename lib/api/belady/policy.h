/* SPDX-License-Identifier: MIT */
/*
 * policy.h: the interface between page-replacement policies and the engine.
 *
 * A policy is one const struct bel_policy in one file, registered with BEL_POLICY(). The policy
 * decides which pages leave. The engine keeps the resident, accessed and dirty bits, counts
 * faults, evictions and write-backs, and checks every decision. policies/fifo.c is the commented
 * template.
 *
 * The order of one reference is fixed:
 *
 *	lookup; hit() or fault(); its victims leave; the page enters;
 *	tick(), if due; its victims leave; the resident set is counted.
 *
 * A run of n references to one page is one call: now is the time of its first reference, and
 * bel_count(ref) is n. No other page is referenced before now + n, but tick() may shrink the
 * resident set in between.
 *
 * The same source can be built in, where a linker section registers it, or with -DBEL_PLUGIN as a
 * shared object that needs no symbol of the host.
 *
 * Changes of the ABI: members are appended and never reordered. The host reads a member only if
 * `size` covers it. A change of hooks changes BEL_ABI. A change of struct bel_mem or of the
 * accounting in bel_loop() changes BEL_LOOP_ABI; a plug-in with another loop_abi runs through its
 * hooks.
 *
 * Threads: an instance is used by one thread at a time. Different instances run at the same time,
 * so a policy keeps all its state in its instance.
 */
#ifndef BELADY_POLICY_H
#define BELADY_POLICY_H

#include <stddef.h>
#include <stdint.h>

#include "run.h"
#include "show.h"

#define BEL_ABI 1
#define BEL_LOOP_ABI 1

#ifdef __cplusplus
#error "a policy is C: compile it with a C compiler (cc, gcc, clang), in a file named .c"
#endif
#define BEL_INLINE static inline __attribute__((always_inline))
#define BEL_NEVER UINT64_MAX /* a time that never comes */
#define BEL_NO_PAGE UINT32_MAX
#define BEL_PAGES_MIN 64 /* elements of a page array at the start */

/* One byte per page, kept by the engine. A policy may read all bits and clear only ACCESSED. */
enum bel_page_bit {
	BEL_PAGE_RESIDENT = 0x1,
	BEL_PAGE_ACCESSED = 0x2, /* set by every reference, as hardware does */
	BEL_PAGE_DIRTY = 0x4,    /* written since it was loaded */
	BEL_PAGE_SEEN = 0x8,     /* referenced before: a fault on it is not compulsory */
};
_Static_assert(
	(int)BEL_PAGE_DIRTY == (int)BEL_RUN_WRITE, "the hot loop ors the one into the other");

/* One run, as hooks get it. */
struct bel_ref {
	uint32_t page;
	uint32_t info; /* as in struct bel_run */
	uint64_t next; /* time of the page's next reference after this run, BEL_NEVER if none;
			  without BEL_POLICY_FUTURE 0 */
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

/* Counts of one policy with one number of frames, so far. All are exact. */
struct bel_tally {
	uint64_t references;
	uint64_t faults;
	uint64_t compulsory; /* faults on pages never referenced before */
	uint64_t evictions;  /* pages that the policy evicted */
	uint64_t writebacks; /* dirty pages among them */
	uint64_t drops;      /* pages that left for another reason: bel_sim_drop() */
	uint64_t resident;   /* pages now */
	uint64_t peak;       /* most pages resident after a reference */
	/* Sum, over all references, of the pages resident after each. */
	uint64_t resident_page_references;
};

/* Why the engine stopped a policy. Its error message names the policy. */
enum bel_violation {
	BEL_VIOLATION_NONE,
	BEL_VIOLATION_NOT_RESIDENT, /* it evicted a page that is not resident */
	BEL_VIOLATION_NO_ROOM,      /* more pages were resident than it has frames */
	BEL_VIOLATION_SELF,         /* it evicted the page being referenced, in tick */
	BEL_VIOLATION_BYPASS,       /* it bypassed a page in a run of several references */
	BEL_VIOLATION_EVICT,        /* evict() evicted no page, or several */
};

/* An evicted page, and its state (enum bel_page_bit) before that. */
struct bel_victim {
	uint32_t page;
	uint32_t state;
};

/* Takes a policy's decisions. The members are for the engine; policies use the functions below. */
struct bel_decision {
	uint8_t *state; /* enum bel_page_bit, one byte per page */
	uint64_t resident, peak, evictions, writebacks, resident_page_references, counted_to;
	uint64_t next_tick; /* tick is next called at this time */
	uint32_t faulted;   /* the page being loaded or referenced */
	uint32_t bad_page;
	uint32_t pages;          /* elements of state */
	uint8_t loaded_accessed; /* the bit that a page is loaded with: BEL_PAGE_ACCESSED or 0 */
	uint8_t violation;
	uint8_t bypass;             /* the page being referenced does not become resident */
	uint8_t bypassed;           /* some page bypassed memory */
	struct bel_victim *victims; /* evicted pages; one element per page; NULL: not wanted */
	uint32_t victim_count;
};

/* Pages resident now; in fault(), without the page that is being loaded. */
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
 * Evicts a resident page. It leaves its frame at once, and is written back if dirty.
 * Returns the page's state before that (enum bel_page_bit).
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
 * In fault(): the page is loaded with its accessed bit clear. Further references of the same run
 * set the bit. Without this call the page is loaded with the bit set.
 */
BEL_INLINE void bel_load_unreferenced(struct bel_decision *out)
{
	out->loaded_accessed = 0;
}

/*
 * In fault(): the page bypasses memory. It is used but does not become resident, so no other page
 * has to leave. It counts as evicted and, if written, as written back. Allowed only for a run of
 * one reference: in a longer run the second reference would fault again.
 */
BEL_INLINE void bel_bypass(struct bel_decision *out)
{
	out->bypass = 1;
}

/*
 * In fault() or tick(): the next tick() comes after the first reference at or after `time`.
 * BEL_NEVER: no tick() until a fault() calls this again. A tick() that does not call this is called
 * after the next reference. The first tick() comes after reference 0.
 */
BEL_INLINE void bel_next_tick(struct bel_decision *out, uint64_t time)
{
	out->next_tick = time;
}

/* An array of runs, in order. */
struct bel_batch {
	const struct bel_run *runs;
	const uint64_t *next; /* bel_ref.next of each run; NULL without BEL_POLICY_FUTURE */
	size_t count;
	uint64_t now; /* time of the first reference */
};

struct bel_err; /* the error text of the host; env->fail fills it */

/* Argument of init(), valid only during init(). What init() registers stays valid. */
struct bel_env {
	uint32_t size;       /* sizeof(struct bel_env) of the host */
	uint32_t abi;        /* BEL_ABI of the host */
	uint64_t frames;     /* 0: no limit (variable space) */
	uint64_t seed;       /* for policies that draw random numbers */
	const double *param; /* checked values of the parameters, in the order of the table */
	void *host;          /* first argument of the functions below */
	/*
	 * Registers an array of `width` bytes per page, zeroed. `array` is the address of a pointer
	 * in the instance. The engine owns the array. It makes the array larger between batches,
	 * and then changes the pointer; it frees the array with the instance, after destroy(). The
	 * array has at least BEL_PAGES_MIN elements, and always more than the highest page number.
	 * Returns 0, or negative: out of memory. init() may ignore that; the engine reports it
	 * after init().
	 */
	int (*page_array)(void *host, void *array, size_t width);
	/* Registers *count to hold the number of elements of every page array. */
	int (*page_count)(void *host, uint32_t *count);
	/* Registers *state, which will point to the engine's array of one byte per page. */
	int (*page_state)(void *host, uint8_t **state);
	/*
	 * Refuses to make the instance: fills err and returns a negative number. The engine puts
	 * the policy's name before the text. init() passes env->err. create() passes its own
	 * argument and returns NULL; without this call, NULL means out of memory.
	 */
	int (*fail)(struct bel_err *err, const char *format, ...)
		__attribute__((format(printf, 2, 3)));
	struct bel_err *err; /* for fail(); added later */
	/*
	 * As page_array(), for an array whose elements are not those of pages: a log, a heap, a
	 * ring. The engine fetches what page arrays have about pages that are referenced soon, but
	 * nothing of lists. Added later; call bel_page_list().
	 */
	int (*page_list)(void *host, void *list, size_t width);
};

/* Registers a list with room for every page. A host that does not know lists gives a page array. */
BEL_INLINE int bel_page_list(const struct bel_env *env, void *list, size_t width)
{
	if (env->size < offsetof(struct bel_env, page_list) + sizeof(env->page_list))
		return env->page_array(env->host, list, width);
	return env->page_list(env->host, list, width);
}

/* Takes the additional figures of report(), for the member "extra" of the run record. */
struct bel_sink {
	uint32_t size;
	void *host;
	void (*number)(void *host, const char *name, double value);
	void (*count)(void *host, const char *name, uint64_t value);
};

enum bel_param_type {
	BEL_PARAM_INTEGER, /* exact up to 2^53; may have a suffix (4k) */
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
	BEL_POLICY_STACK = 0x4,   /* inclusion: more frames hold a superset, so faults never rise */
	BEL_POLICY_OPTIMAL = 0x8, /* no fixed-space policy has fewer faults */
	BEL_POLICY_BITS = 0x10,   /* uses accessed bits, as hardware keeps them */
};

/* The first argument is the instance. Hooks cannot fail; they change only it and the decision. */
struct bel_hooks {
	/* The page is resident. NULL: the policy needs no call at hits. */
	void (*hit)(void *self, uint64_t now, struct bel_ref ref);
	/*
	 * The page is not resident; it enters when this returns. With a fixed number of frames, if
	 * env->frames pages are resident, this must evict a page: after the page has entered, at
	 * most env->frames pages may be resident.
	 */
	void (*fault)(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out);
	/*
	 * After a reference, when due (bel_next_tick()). A variable-space policy evicts here. Any
	 * policy can do here what it does periodically, such as a scan of accessed bits. Most
	 * fixed-space policies have none.
	 */
	void (*tick)(void *self, uint64_t now, struct bel_decision *out);
	/* A resident page left for another reason (unmapped, process ended): forget it. */
	void (*drop)(void *self, uint32_t page);
};

/* The engine's data about an instance, for bel_loop(). */
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
	 * Only for a policy without init(), which allocates its instance itself: returns the
	 * instance, or NULL with err filled by env->fail.
	 */
	void *(*create)(const struct bel_env *env, struct bel_err *err);
	/*
	 * With create(): frees the instance. With init(): frees what init() allocated itself, also
	 * after env->fail(); may be NULL.
	 */
	void (*destroy)(void *self);
	const struct bel_hooks *hooks;
	/* bel_loop() with the policy's own constant hooks; BEL_RUN() defines it. */
	void (*run)(struct bel_mem *mem, void *self, const struct bel_batch *batch);
	void (*report)(void *self, struct bel_sink *sink);     /* may be NULL */
	void (*show)(void *self, const struct bel_show *show); /* added later; may be NULL */
	/*
	 * Other names for -p, separated by commas: "optimal, Belady". Case, blanks, '-', '_', '.'
	 * and apostrophes are ignored; '+' is "plus". Added later; may be NULL.
	 */
	const char *aliases;
	/* The engine allocates the instance, zeroed, and frees it. Added later, as all below. */
	size_t instance_bytes;
	/* Fills a zeroed instance. If it calls env->fail(), the engine frees the instance. */
	void (*init)(void *self, const struct bel_env *env);
	/*
	 * The page that leaves next. This is the page that fault() would evict now for a page that
	 * was never referenced, if all frames were taken. In variable space it is the page that
	 * leaves first if no resident page is referenced. BEL_NO_PAGE: no page is resident, or it
	 * depends on the page that is loaded next.
	 *
	 * It must not change later decisions, and must not draw a random number (except from a copy
	 * of the generator). It may do work that was postponed. May be NULL if the victim is known
	 * only at the eviction.
	 */
	uint32_t (*victim)(void *self, uint64_t now, const struct bel_decision *out);
	/*
	 * Evicts one page although no page needs its frame, for hosts that free frames in advance
	 * or take frames away. If there is victim(), it is the page that victim() returns. All
	 * happens as in fault(): hands move, random numbers are drawn, and the page enters the
	 * history of evicted pages. At least one page is resident; frames may be free.
	 *
	 * If this is NULL, hosts evict the page that victim() returns and call drop() for it. That
	 * is right for a policy that does nothing else at an eviction. If victim() is NULL too,
	 * hosts that need such evictions refuse the policy.
	 */
	void (*evict)(void *self, uint64_t now, struct bel_decision *out);
	/*
	 * Whether this instance decides the same if hit() is called only for references that change
	 * the accessed or the dirty bit of their page. Hosts that see only such references (a pager
	 * sees page faults) refuse other policies. NULL: it does if there is no hit(). Added later.
	 */
	int (*bits_suffice)(const void *self);
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
 * The members that all descriptors have in common. TYPE is the structure of the instance. The
 * policy defines NAME_init and NAME_hooks; BEL_RUN() defines the others.
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

/* Registers a descriptor: in a linker section of the program, or as the symbol of the plug-in. */
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
