/* SPDX-License-Identifier: MIT */
/* emit_summary.c: leaves about a dozen points of a long curve, for a table. */
#include <stdlib.h>

#include "emit_record.h"
#include "emit_rows.h"

enum {
	WHOLE = 16, /* shorter curves stay as they are */
	STEPS = 12, /* most steps from the first size to the last */
};

static double x_at(const json_t *x, size_t i)
{
	return json_number_value(json_array_get(x, i));
}

/* The factor between two sizes: 2, 4, 8, ..., so that there are not too many. */
static double factor(double first, double last)
{
	double by = 2;

	for (;; by *= 2) {
		double x = first;
		int steps = 0;

		for (; x < last && steps <= STEPS; steps++)
			x *= by;
		if (steps <= STEPS)
			return by;
	}
}

/* Marks the first point at or above each multiple, the last one, and the knee. */
static void choose(const json_t *x, double knee, bool *chosen)
{
	const size_t count = json_array_size(x);
	const double by = factor(x_at(x, 0), x_at(x, count - 1));
	double next = x_at(x, 0);

	for (size_t i = 0; i < count; i++) {
		chosen[i] = x_at(x, i) >= next || x_at(x, i) == knee || i + 1 == count;
		while (x_at(x, i) >= next)
			next *= by;
	}
}

/* Removes the elements that are not chosen. */
static bool keep(json_t *array, const bool *chosen)
{
	json_t *const kept = json_array();
	bool complete = kept != NULL;

	for (size_t i = 0; complete && i < json_array_size(array); i++)
		if (chosen[i])
			complete = json_array_append(kept, json_array_get(array, i)) == 0;
	complete = complete && json_array_clear(array) == 0 && json_array_extend(array, kept) == 0;
	json_decref(kept);
	return complete;
}

/* A column that says which of the points is the knee. */
static bool add_knee(json_t *root, const json_t *x, double knee)
{
	json_t *const at = json_array();
	bool complete = at != NULL;

	for (size_t i = 0; complete && i < json_array_size(x); i++)
		complete = json_array_append_new(
				   at, x_at(x, i) == knee ? json_true() : json_null()) == 0;
	return json_object_set_new(root, "at_knee", at) == 0 && complete;
}

static bool shorten(json_t *root, const char *name, json_t *x, struct bel_emit_notes *notes)
{
	const size_t count = json_array_size(x);
	const double knee = json_number_value(json_object_get(json_object_get(root, "knee"), name));
	bool *const chosen = calloc(count, sizeof(*chosen));
	bool complete = chosen != NULL;
	const char *key;
	json_t *member;

	if (chosen)
		choose(x, knee, chosen);
	json_object_foreach(root, key, member)
	{
		if (complete && bel_rows_is_series(member) && json_array_size(member) == count)
			complete = keep(member, chosen);
	}
	free(chosen);
	notes->points += count;
	notes->shown += json_array_size(x);
	return complete && add_knee(root, x, knee);
}

bool bel_summary_curve(
	json_t *root, const struct bel_emit_summary *of, struct bel_emit_notes *notes)
{
	const char *const name = json_object_get(root, "tau") ? "tau" : "frames";
	json_t *const x = json_object_get(root, name);

	if (!(*name == 't' ? of->tau : of->frames) || !json_is_array(x) ||
		json_array_size(x) <= WHOLE)
		return true;
	return shorten(root, name, x, notes);
}
