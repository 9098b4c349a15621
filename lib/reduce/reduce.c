/* SPDX-License-Identifier: MIT */
/* reduce.c: passes chunks through a reduction method; events keep their places. */
#include "reduce.h"

#include <string.h>

#include "reduced.h"

struct bel_reducer {
	const struct bel_reduction *method;
	void *self;
	struct bel_reduced out;
	bool holds; /* the last run of `out` is kept back, because it may grow */
	bool open;  /* the method may hold runs of `space` */
	uint32_t space;
	struct bel_event *event;
	size_t event_capacity;
	uint64_t now, read, kept;
	struct bel_chunk less;
};

static const struct bel_reduction *const methods[] = {
	&bel_reduce_phase, &bel_reduce_sad, &bel_reduce_olr};

static const struct bel_reduction *find(const char *method)
{
	for (size_t i = 0; i < sizeof(methods) / sizeof(*methods); i++)
		if (!strcmp(methods[i]->name, method))
			return methods[i];
	return NULL;
}

const char *bel_reduction_holds_for(const char *method)
{
	const struct bel_reduction *const found = find(method);

	return found ? found->valid_policies : NULL;
}

int bel_reducer_new(
	struct bel_reducer **reducer, const char *method, uint64_t frames, struct bel_err *err)
{
	const struct bel_reduction *const found = find(method);
	struct bel_reducer *r;

	*reducer = NULL;
	if (!found)
		return bel_usage(
			err, "'%s' is not a reduction method; use " BEL_REDUCE_METHODS, method);
	r = calloc(1, sizeof(*r));
	if (!r)
		return bel_err_memory(err, "the reduction");
	r->method = found;
	r->self = found->create(frames, err);
	if (!r->self) {
		free(r);
		return BEL_FAIL;
	}
	*reducer = r;
	return BEL_OK;
}

void bel_reducer_free(struct bel_reducer *r)
{
	if (!r)
		return;
	r->method->destroy(r->self);
	free(r->out.run);
	free(r->event);
	free(r);
}

uint64_t bel_reducer_read(const struct bel_reducer *r)
{
	return r->read;
}

uint64_t bel_reducer_kept(const struct bel_reducer *r)
{
	return r->kept;
}

/* Empties `out`; only a run that was kept back stays, as the first. */
static void start(struct bel_reducer *r)
{
	struct bel_reduced *const out = &r->out;

	if (r->holds)
		out->run[0] = out->run[out->count - 1];
	out->count = r->holds;
	out->closed = 0;
	r->less = (struct bel_chunk){.now = r->now, .space = r->space};
}

/* Gives the runs of `out`, except a last one that may grow (if `all`, that too). */
static void give(struct bel_reducer *r, bool all, const struct bel_chunk **less)
{
	r->holds = !all && r->out.count > r->out.closed;
	r->less.runs = r->out.run;
	r->less.count = r->out.count - r->holds;
	r->less.events = r->event;
	for (size_t i = 0; i < r->less.count; i++)
		r->less.references += bel_run_count(r->out.run[i]);
	r->now += r->less.references;
	r->kept += r->less.count;
	*less = &r->less;
}

int bel_reducer_chunk(struct bel_reducer *r, const struct bel_chunk *chunk, uint32_t pages,
	const struct bel_chunk **less, struct bel_err *err)
{
	size_t from = 0, events = 0;

	if (r->open && chunk->space != r->space)
		return bel_reducer_end(r, less, err) < 0 ? BEL_FAIL : 1;
	r->open = true;
	r->space = chunk->space;
	start(r);
	if (r->method->reserve(r->self, pages, err) < 0 ||
		bel_reduced_grow(&r->event, &r->event_capacity, chunk->event_count,
			sizeof(*r->event), err) < 0)
		return BEL_FAIL;
	for (size_t e = 0; e <= chunk->event_count; e++) {
		const bool at_event = e < chunk->event_count;
		const size_t to = at_event ? chunk->events[e].at : chunk->count;

		/* Without the references that are left out, near pages may be far. */
		if (at_event && bel_event_is_stack(chunk->events[e].type))
			continue;
		if (r->method->runs(r->self, chunk->runs + from, to - from, &r->out, err) < 0 ||
			(at_event && r->method->settle(r->self, &r->out, err) < 0))
			return BEL_FAIL;
		from = to;
		if (at_event) {
			r->event[events] = chunk->events[e];
			r->event[events++].at = r->out.closed = r->out.count;
		}
	}
	r->read += chunk->count;
	memcpy(r->less.kinds, chunk->kinds, sizeof(r->less.kinds));
	r->less.crossings = chunk->crossings;
	r->less.event_count = events;
	give(r, false, less);
	return 0;
}

int bel_reducer_end(struct bel_reducer *r, const struct bel_chunk **less, struct bel_err *err)
{
	start(r);
	if (r->method->settle(r->self, &r->out, err) < 0)
		return BEL_FAIL;
	r->open = false;
	give(r, true, less);
	return BEL_OK;
}
