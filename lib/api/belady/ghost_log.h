/* SPDX-License-Identifier: MIT */
/*
 * ghost_log.h: two lists of resident pages in order of last reference, each with the ghosts of the
 * pages that left it, such as T1 with B1, and T2 with B2 of ARC.
 *
 * With links (list.h), the page that leaves after the next one is known only once the next one was
 * fetched from memory. Here all pages are in one log, side by side, so they can be fetched in time.
 * From the start of the log on, there are the ghosts of the first half, then its resident pages.
 * From the end backwards, there are those of the second half. A page that leaves its place leaves a
 * gap, and a bitmap says where gaps are: so 64 places are looked at together, and no branch depends
 * on the number of gaps, which is random. When the halves meet, the gaps are removed. ARC with 9
 * sizes, 1k to 256k frames, on 1 M pages (Zipf): 5.4 s with links, 3.5 s with this, on a machine
 * with other work.
 *
 *	struct bel_ghost_log log;                           inside the policy's instance
 *	bel_ghost_log_create(&log, env);                    in init(); nothing to destroy
 *	bel_ghost_log_make_place(&log);                     first in hit() and fault()
 *	bel_ghost_log_hit(&log, &log.second, page);         a resident page comes to the second half
 *	victim = bel_ghost_log_evict(&log, &log.first, 1, out);    its oldest page becomes a ghost
 *	if (bel_ghost_log_knows(&log, page))                of a page that is not resident: a ghost
 *		bel_ghost_log_return(&log, &log.second, page);
 *	else
 *		bel_ghost_log_enter(&log, &log.first, page);
 *
 * All ghosts and resident pages together must be at most 2 for each frame. Memory: 21 bytes for
 * each page.
 */
#ifndef BELADY_GHOST_LOG_H
#define BELADY_GHOST_LOG_H

#include "policy.h"

#define BEL_GHOST_LOG_SLACK 4    /* log entries per page, ... */
#define BEL_GHOST_LOG_ROOM 16    /* ... but at most so many per frame, ... */
#define BEL_GHOST_LOG_LEAST 4096 /* ... and so many more: a small log stays in the cache */
#define BEL_GHOST_LOG_AHEAD 16   /* log entries */
#define BEL_GHOST_LOG_FAR 65536  /* from so many pages on, those that leave are not in the cache */

/* Places in the log, and numbers of pages. */
struct bel_ghost_half {
	uint32_t oldest_ghost; /* no ghost is older */
	uint32_t ghost_end;    /* the next ghost enters here */
	uint32_t oldest;       /* no resident page is older */
	uint32_t end;          /* the next resident page enters here */
	uint32_t resident, ghosts;
};

struct bel_ghost_log {
	uint64_t frames;
	uint32_t *page; /* by place; place 0 is not used */
	uint64_t *gap;  /* by place, a bit: the page has left it */
	uint32_t *at;   /* the place of a page; 0: it is on no list */
	uint32_t pages; /* elements of `at`; the engine updates it */
	struct bel_ghost_half first, second;
};

/* Registers the arrays. If that fails, the engine reports it. */
BEL_INLINE void bel_ghost_log_create(struct bel_ghost_log *log, const struct bel_env *env)
{
	log->frames = env->frames;
	/* The halves have met: the first page that enters makes room. */
	log->first = (struct bel_ghost_half){1, 1, 1, 1, 0, 0};
	log->second = (struct bel_ghost_half){0, 0, 0, 0, 0, 0};
	bel_page_list(env, &log->page, BEL_GHOST_LOG_SLACK * sizeof(*log->page));
	bel_page_list(env, &log->gap, 1);
	env->page_array(env->host, &log->at, sizeof(*log->at));
	env->page_count(env->host, &log->pages);
}

/* From a place of a half to the next younger one: 1 on or back. */
BEL_INLINE uint32_t bel_ghost_log_step(
	const struct bel_ghost_log *log, const struct bel_ghost_half *half)
{
	return half == &log->first ? 1 : UINT32_MAX;
}

/* A page leaves its place. */
BEL_INLINE void bel_ghost_log_leave(struct bel_ghost_log *log, uint32_t place)
{
	log->gap[place / 64] |= UINT64_C(1) << place % 64;
}

/* Moves the pages of some places to `to` and those after it. Returns the place after the last. */
static __attribute__((unused)) uint32_t bel_ghost_log_pack(
	struct bel_ghost_log *log, uint32_t from, uint32_t end, uint32_t to, uint32_t step)
{
	const uint32_t start = to;

	/* Without a branch for each gap. */
	for (; from != end; from += step) {
		log->page[to] = log->page[from];
		to += log->gap[from / 64] >> from % 64 & 1 ? 0 : step;
	}
	for (uint32_t place = start; place != to; place += step)
		log->at[log->page[place]] = place;
	return to;
}

/* Removes the gaps of a half, which then begins at `start`. */
BEL_INLINE void bel_ghost_log_pack_half(
	struct bel_ghost_log *log, struct bel_ghost_half *half, uint32_t start)
{
	const uint32_t step = bel_ghost_log_step(log, half);
	const uint32_t middle =
		bel_ghost_log_pack(log, half->oldest_ghost, half->ghost_end, start, step);

	half->end = bel_ghost_log_pack(log, half->oldest, half->end, middle, step);
	half->oldest_ghost = start;
	half->ghost_end = middle;
	half->oldest = middle;
}

/* Not inlined, because it is rare and would make every loop longer. */
static __attribute__((noinline, cold, unused)) void bel_ghost_log_pack_all(
	struct bel_ghost_log *log)
{
	uint64_t room = (uint64_t)log->pages * BEL_GHOST_LOG_SLACK;

	if (log->frames < room / BEL_GHOST_LOG_ROOM) {
		const uint64_t most = log->frames * BEL_GHOST_LOG_ROOM + BEL_GHOST_LOG_LEAST;

		room = most < room ? most : room;
	}
	if (room > UINT32_MAX)
		room = UINT32_MAX;
	bel_ghost_log_pack_half(log, &log->first, 1);
	bel_ghost_log_pack_half(log, &log->second, (uint32_t)room - 1);
	for (size_t i = 0; i <= room / 64; i++)
		log->gap[i] = 0;
}

/* Makes sure that a page can enter. */
BEL_INLINE void bel_ghost_log_make_place(struct bel_ghost_log *log)
{
	if (__builtin_expect(log->first.end > log->second.end, 0))
		bel_ghost_log_pack_all(log);
}

/* Whether the page is resident or a ghost. */
BEL_INLINE int bel_ghost_log_knows(const struct bel_ghost_log *log, uint32_t page)
{
	return log->at[page] != 0;
}

/* The half of such a page. */
BEL_INLINE struct bel_ghost_half *bel_ghost_log_half(struct bel_ghost_log *log, uint32_t page)
{
	return log->at[page] > log->second.end ? &log->second : &log->first;
}

/* A page that is not known becomes the most recent resident page of a half. */
BEL_INLINE void bel_ghost_log_enter(
	struct bel_ghost_log *log, struct bel_ghost_half *half, uint32_t page)
{
	log->page[half->end] = page;
	log->at[page] = half->end;
	half->end += bel_ghost_log_step(log, half);
	half->resident++;
}

/* A resident page becomes the most recent of a half. */
BEL_INLINE void bel_ghost_log_hit(
	struct bel_ghost_log *log, struct bel_ghost_half *half, uint32_t page)
{
	const uint32_t at = log->at[page], in_second = at > log->second.end;

	/* Without a branch: nothing tells beforehand which half it is. */
	log->first.resident += in_second - 1;
	log->second.resident -= in_second;
	bel_ghost_log_leave(log, at);
	bel_ghost_log_enter(log, half, page);
}

/* A ghost becomes the most recent resident page of a half. */
BEL_INLINE void bel_ghost_log_return(
	struct bel_ghost_log *log, struct bel_ghost_half *half, uint32_t page)
{
	bel_ghost_log_half(log, page)->ghosts--;
	bel_ghost_log_leave(log, log->at[page]);
	bel_ghost_log_enter(log, half, page);
}

/* A resident page leaves, and is no ghost. */
BEL_INLINE void bel_ghost_log_drop(struct bel_ghost_log *log, uint32_t page)
{
	bel_ghost_log_half(log, page)->resident--;
	bel_ghost_log_leave(log, log->at[page]);
	log->at[page] = 0;
}

/* The first place with a page from `at` on; there is one. */
BEL_INLINE uint32_t bel_ghost_log_find(
	const struct bel_ghost_log *log, const struct bel_ghost_half *half, uint32_t at)
{
	uint32_t word = at / 64;
	uint64_t pages;

	if (half == &log->first) {
		pages = ~log->gap[word] & UINT64_MAX << at % 64;
		while (!pages)
			pages = ~log->gap[++word];
		return word * 64 + (uint32_t)__builtin_ctzll(pages);
	}
	pages = ~log->gap[word] & UINT64_MAX >> (63 - at % 64);
	while (!pages)
		pages = ~log->gap[--word];
	return word * 64 + 63 - (uint32_t)__builtin_clzll(pages);
}

/* The resident page of a half that was referenced longest ago. BEL_NO_PAGE: it has none. */
BEL_INLINE uint32_t bel_ghost_log_oldest(struct bel_ghost_log *log, struct bel_ghost_half *half)
{
	if (!half->resident)
		return BEL_NO_PAGE;
	half->oldest = bel_ghost_log_find(log, half, half->oldest);
	return log->page[half->oldest];
}

/* A page some entries after a place, to fetch what is known of it before it leaves. 0: none. */
BEL_INLINE uint32_t bel_ghost_log_soon(
	const struct bel_ghost_log *log, uint32_t at, uint32_t end, uint32_t step)
{
	const uint32_t ahead = BEL_GHOST_LOG_AHEAD * step;

	if (log->pages < BEL_GHOST_LOG_FAR || (end - at) * step <= BEL_GHOST_LOG_AHEAD)
		return 0;
	return log->page[at + ahead];
}

/* Takes the oldest resident page off its half, which has one. `ghost`: it becomes a ghost. */
BEL_INLINE uint32_t bel_ghost_log_evict(struct bel_ghost_log *log, struct bel_ghost_half *half,
	const int ghost, const struct bel_decision *out)
{
	const uint32_t step = bel_ghost_log_step(log, half);
	const uint32_t at = bel_ghost_log_find(log, half, half->oldest), victim = log->page[at];
	const uint32_t soon = bel_ghost_log_soon(log, at, half->end, step);

	__builtin_prefetch(&out->state[soon], 1);
	__builtin_prefetch(&log->at[soon], 1);
	half->oldest = at + step;
	half->resident--;
	log->at[victim] = ghost ? half->ghost_end : 0;
	if (ghost) {
		log->page[half->ghost_end] = victim;
		log->gap[half->ghost_end / 64] &= ~(UINT64_C(1) << half->ghost_end % 64);
		half->ghost_end += step;
		half->ghosts++;
	}
	return victim;
}

/* Forgets the oldest ghost of a half, which has one. */
BEL_INLINE void bel_ghost_log_forget(struct bel_ghost_log *log, struct bel_ghost_half *half)
{
	const uint32_t step = bel_ghost_log_step(log, half);
	const uint32_t at = bel_ghost_log_find(log, half, half->oldest_ghost);

	__builtin_prefetch(&log->at[bel_ghost_log_soon(log, at, half->ghost_end, step)], 1);
	log->at[log->page[at]] = 0;
	half->oldest_ghost = at + step;
	half->ghosts--;
}

/* For show(): the resident pages of a half, the oldest first. */
BEL_INLINE void bel_ghost_log_show(const struct bel_ghost_log *log,
	const struct bel_ghost_half *half, const struct bel_show *show)
{
	const uint32_t step = bel_ghost_log_step(log, half);

	for (uint32_t at = half->oldest; at != half->end; at += step)
		if (!(log->gap[at / 64] >> at % 64 & 1))
			show->order(show->host, log->page[at], BEL_SHOW_OTHER);
}

#endif
