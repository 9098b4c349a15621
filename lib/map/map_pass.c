/* SPDX-License-Identifier: MIT */
/* map_pass.c: a map and idle memory as consumers of a pass. */
#include "map_pass.h"

static int feed_map(
	void *self, const struct bel_chunk *chunk, struct bel_granules pages, struct bel_err *err)
{
	return bel_map_chunk(self, chunk, pages, err);
}

static int feed_idle(
	void *self, const struct bel_chunk *chunk, struct bel_granules pages, struct bel_err *err)
{
	return bel_idle_chunk(self, chunk, pages.count, err);
}

int bel_map_pass(struct bel_source *source, const struct bel_pass_setup *setup, struct bel_map *map,
	struct bel_idle *idle, bool future, struct bel_err *err)
{
	static const struct bel_consumer of_map = {.caps = BEL_CONSUMER_EVENTS, .feed = feed_map};
	static const struct bel_consumer of_future = {
		.caps = BEL_CONSUMER_EVENTS | BEL_CONSUMER_NEXT_USE, .feed = feed_map};
	static const struct bel_consumer of_idle = {.feed = feed_idle};
	const struct bel_pass_input input = bel_pass_source(source);
	struct bel_err map_err = {.code = BEL_OK}, idle_err = {.code = BEL_OK};
	struct bel_pass *const pass = bel_pass_new(setup, &input, err);
	int r = pass ? BEL_OK : BEL_FAIL;

	if (r == BEL_OK && map)
		r = bel_pass_attach(pass, bel_pass_input(pass), future ? &of_future : &of_map, map,
			&map_err, err);
	if (r == BEL_OK && idle)
		r = bel_pass_attach(pass, bel_pass_input(pass), &of_idle, idle, &idle_err, err);
	if (r == BEL_OK)
		r = bel_pass_run(pass, err);
	bel_pass_free(pass);
	if (r == BEL_OK && (map_err.code || idle_err.code)) {
		*err = map_err.code ? map_err : idle_err;
		r = err->code;
	}
	if (r == BEL_OK && idle)
		bel_idle_end(idle);
	return r == BEL_OK && map ? bel_map_end(map, err) : r;
}
