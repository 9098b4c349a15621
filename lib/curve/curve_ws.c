/* SPDX-License-Identifier: MIT */
/*
 * curve_ws.c: the working set and VMIN at every window from one pass.
 *
 * Both fault when a page comes back after more than tau references. The working set holds a page
 * for tau references after each use. VMIN knows the future: it holds a page until its next use if
 * that comes within tau references, and otherwise drops it at once.
 */
#include <stdlib.h>

#include "points.h"
#include "windows_curve.h"

struct windows {
	struct bel_inter_reference_intervals gaps;
	struct bel_curve_setup setup;
};

static void windows_destroy(void *self)
{
	struct windows *w = self;

	bel_inter_reference_release(&w->gaps);
	free(w);
}

static void *windows_create(const struct bel_curve_setup *setup, struct bel_err *err)
{
	struct windows *w = calloc(1, sizeof(*w));

	if (!w || bel_inter_reference_init(&w->gaps, setup, err) < 0) {
		free(w);
		bel_err_memory(err, "windows");
		return NULL;
	}
	w->setup = *setup;
	return w;
}

static int windows_feed(
	void *self, const struct bel_batch *batch, uint32_t pages, struct bel_err *err)
{
	struct windows *w = self;

	return bel_inter_reference_feed(&w->gaps, batch, pages, err);
}

static int windows_points(const struct bel_inter_reference_intervals *gaps,
	const struct bel_curve_setup *how, struct bel_curve *curve, struct bel_err *err)
{
	struct bel_curve_setup setup = *how;
	uint64_t *given = NULL;
	int r;

	if (!setup.x) {
		if (bel_inter_reference_windows(gaps, &given, &setup.count, err) < 0)
			return BEL_FAIL;
		setup.x = given;
	}
	r = bel_points_init(curve, &setup, gaps->pages, err);
	free(given);
	return r;
}

int bel_windows_curve(const struct bel_inter_reference_intervals *gaps,
	const struct bel_curve_setup *setup, bool forward, struct bel_curve *curve,
	struct bel_err *err)
{
	struct bel_inter_reference_at *at;

	if (windows_points(gaps, setup, curve, err) < 0)
		return BEL_FAIL;
	at = malloc(curve->count * sizeof(*at));
	curve->mean_resident = calloc(curve->count, sizeof(*curve->mean_resident));
	if (!at || !curve->mean_resident ||
		bel_inter_reference_at(gaps, curve->x, curve->count, at, err) < 0) {
		free(at);
		bel_curve_release(curve);
		return bel_err_memory(err, "windows");
	}
	for (size_t i = 0; i < curve->count; i++) {
		const uint64_t held = forward ? at[i].longer + gaps->compulsory
					      : at[i].longer * curve->x[i] + at[i].remaining;

		curve->faults[i] = gaps->compulsory + at[i].longer;
		if (gaps->now)
			curve->mean_resident[i] =
				((double)at[i].shorter + (double)held) / (double)gaps->now;
	}
	free(at);
	curve->algorithm = "gaps between references";
	curve->windows = true;
	curve->exact = true;
	curve->references = gaps->now;
	curve->pages = gaps->pages;
	curve->compulsory = gaps->compulsory;
	return BEL_OK;
}

static int windows_of(
	const struct windows *w, bool forward, struct bel_curve *curve, struct bel_err *err)
{
	return bel_windows_curve(&w->gaps, &w->setup, forward, curve, err);
}

static int ws_curve(void *self, struct bel_curve *curve, struct bel_err *err)
{
	int r = windows_of(self, false, curve, err);

	curve->policy = "ws";
	return r;
}

static int vmin_curve(void *self, struct bel_curve *curve, struct bel_err *err)
{
	int r = windows_of(self, true, curve, err);

	curve->policy = "vmin";
	return r;
}

static const struct bel_curve_algorithm ws = {
	.policy = "ws",
	.name = "gaps",
	.source = "P. J. Denning and D. R. Slutz, Generalized working sets for segment reference "
		  "strings, Communications of the ACM 21(9), 1978",
	.caps = BEL_CURVE_ALL | BEL_CURVE_WINDOWS | BEL_CURVE_SNAPSHOT,
	.create = windows_create,
	.feed = windows_feed,
	.finish = ws_curve,
	.snapshot = ws_curve,
	.destroy = windows_destroy,
};

static const struct bel_curve_algorithm vmin = {
	.policy = "vmin",
	.name = "gaps",
	.source = "B. G. Prieve and R. S. Fabry, VMIN: an optimal variable-space page replacement "
		  "algorithm, Communications of the ACM 19(5), 1976",
	.caps = BEL_CURVE_ALL | BEL_CURVE_WINDOWS | BEL_CURVE_SNAPSHOT,
	.create = windows_create,
	.feed = windows_feed,
	.finish = vmin_curve,
	.snapshot = vmin_curve,
	.destroy = windows_destroy,
};

BEL_CURVE(ws);
BEL_CURVE(vmin);
