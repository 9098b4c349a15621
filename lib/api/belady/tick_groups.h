/* SPDX-License-Identifier: MIT */
/*
 * tick_groups.h: pages in groups by the tick that found them referenced last.
 *
 * The groups follow each other in a log, to which each tick appends the pages that it finds. An entry
 * whose page was forgotten, or found again later, is stale. A full log is compacted to its other
 * entries, at most half of it. In a log, unlike in lists, later pages can be fetched ahead.
 *
 *	bel_tick_groups_create(&self->groups, env, most);  in init(): at most `most` ticks back
 *	bel_tick_groups_begin(&self->groups);              a tick: empties the group `most` ticks ago
 *	bel_tick_groups_append(&self->groups, page);       this tick found the page
 *	bel_tick_groups_forget(&self->groups, page);
 *	for (at = group->from; at < group->to; at++)       of bel_tick_group(&self->groups, since)
 *		if (bel_tick_groups_live(&self->groups, at, since))
 *			... self->groups.log[at] ...
 */
#ifndef BELADY_TICK_GROUPS_H
#define BELADY_TICK_GROUPS_H

#include "policy.h"

#define BEL_TICK_GROUPS_MAX 62
#define BEL_TICK_GROUPS_SLACK 2  /* log entries per page */
#define BEL_TICK_GROUPS_AHEAD 16 /* log entries */

/* Log entries [from, to). */
struct bel_tick_group {
	uint32_t from, to;
};

/* 12 bytes per page. */
struct bel_tick_groups {
	struct bel_tick_group group[BEL_TICK_GROUPS_MAX]; /* by the tick, modulo `most` */
	uint32_t *log;
	uint32_t *found; /* of a page in a group: the tick that found it, modulo 2^32 */
	uint64_t ticks;
	uint32_t most, pages, end; /* end: log entries in use */
};

/* Registers the arrays. If that fails, the engine reports it. */
BEL_INLINE void bel_tick_groups_create(
	struct bel_tick_groups *groups, const struct bel_env *env, uint32_t most)
{
	groups->most = most;
	bel_page_list(env, &groups->log, BEL_TICK_GROUPS_SLACK * sizeof(*groups->log));
	env->page_array(env->host, &groups->found, sizeof(*groups->found));
	env->page_count(env->host, &groups->pages);
}

/* Ticks since a page was last found. */
BEL_INLINE uint32_t bel_tick_groups_since(const struct bel_tick_groups *groups, uint32_t page)
{
	return (uint32_t)groups->ticks - groups->found[page];
}

/* The group of the tick `since` ticks ago. After bel_tick_groups_begin(): less than `most`. */
BEL_INLINE struct bel_tick_group *bel_tick_group(struct bel_tick_groups *groups, uint32_t since)
{
	return &groups->group[(groups->ticks + groups->most - since) % groups->most];
}

/* Whether a log entry of the group `since` ticks ago is not stale. Fetches ahead for a later one. */
BEL_INLINE int bel_tick_groups_live(
	const struct bel_tick_groups *groups, uint32_t at, uint32_t since)
{
	if (groups->end - at > BEL_TICK_GROUPS_AHEAD)
		__builtin_prefetch(&groups->found[groups->log[at + BEL_TICK_GROUPS_AHEAD]], 1);
	return bel_tick_groups_since(groups, groups->log[at]) == since;
}

/* Moves the entries that are not stale to the beginning of the log. */
static __attribute__((noinline, unused)) void bel_tick_groups_compact(
	struct bel_tick_groups *groups)
{
	uint32_t end = 0;

	for (uint32_t since = groups->most; since-- > 0;) {
		struct bel_tick_group *const group = bel_tick_group(groups, since);
		const uint32_t from = end;

		for (uint32_t at = group->from; at < group->to; at++)
			if (bel_tick_groups_live(groups, at, since))
				groups->log[end++] = groups->log[at];
		*group = (struct bel_tick_group){from, end};
	}
	groups->end = end;
}

/* This tick found the page. */
BEL_INLINE void bel_tick_groups_append(struct bel_tick_groups *groups, uint32_t page)
{
	uint64_t capacity = (uint64_t)groups->pages * BEL_TICK_GROUPS_SLACK;

	if (capacity > UINT32_MAX)
		capacity = UINT32_MAX;
	groups->found[page] = (uint32_t)groups->ticks;
	if (__builtin_expect(groups->end >= capacity, 0)) {
		/* Its own entry comes below. No entry of the present group is of this page. */
		bel_tick_groups_compact(groups);
	}
	groups->log[groups->end++] = page;
	bel_tick_group(groups, 0)->to = groups->end;
}

/* The group of this tick begins. What was in it is gone. */
BEL_INLINE void bel_tick_groups_begin(struct bel_tick_groups *groups)
{
	*bel_tick_group(groups, 0) = (struct bel_tick_group){groups->end, groups->end};
}

/* A page leaves: its entry is stale. */
BEL_INLINE void bel_tick_groups_forget(struct bel_tick_groups *groups, uint32_t page)
{
	groups->found[page] = (uint32_t)groups->ticks - BEL_TICK_GROUPS_MAX - 1;
}

#endif
