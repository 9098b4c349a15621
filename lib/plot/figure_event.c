/* SPDX-License-Identifier: MIT */
/* figure_event.c: moments along x that have names, such as the marks of a program. */
#include <stdlib.h>
#include <string.h>

#include "figure.h"
#include "figure_point.h"

int bel_figure_event_add(
	struct bel_figure *figure, const struct bel_record *record, struct bel_err *err)
{
	const struct bel_figure_spec_text *const words = &figure->spec->events;
	const char *name = "", *digest = "";
	struct bel_figure_event *event;

	if (!words->word[0] || strcmp(words->word[0], bel_record_schema(record)) != 0)
		return 0;
	if (figure->events == figure->event_capacity) {
		const size_t capacity = 2 * figure->event_capacity + 16;
		void *const grown = reallocarray(figure->event, capacity, sizeof(*event));

		if (!grown)
			return bel_err_memory(err, "a figure");
		figure->event = grown;
		figure->event_capacity = capacity;
	}
	event = &figure->event[figure->events];
	if (bel_figure_get_number(record, words->word[1], &event->x, err) < 0 ||
		(bel_record_has(record, words->word[2]) &&
			bel_record_get_text(record, words->word[2], &name, err) < 0) ||
		bel_record_get_text(record, "trace.digest", &digest, err) < 0)
		return BEL_FAIL;
	event->name = strdup(name);
	event->digest = strdup(digest);
	if (event->name && event->digest) {
		figure->events++;
		return 1;
	}
	free(event->name);
	free(event->digest);
	return bel_err_memory(err, "a figure");
}

static int by_place(const void *left, const void *right)
{
	const struct bel_figure_event *const a = left, *const b = right;

	if (a->x != b->x)
		return a->x < b->x ? -1 : 1;
	return strcmp(a->name, b->name) ?: strcmp(a->digest, b->digest);
}

/* Several tools may print the marks of one trace; each mark is drawn once. */
void bel_figure_events_finish(struct bel_figure *figure)
{
	struct bel_figure_event *const event = figure->event;
	size_t kept = 0;

	if (!figure->events)
		return;
	qsort(event, figure->events, sizeof(*event), by_place);
	for (size_t i = 0; i < figure->events; i++) {
		if (!kept || by_place(&event[kept - 1], &event[i]) != 0) {
			event[kept++] = event[i];
			continue;
		}
		free(event[i].name);
		free(event[i].digest);
	}
	figure->events = kept;
}

void bel_figure_events_release(struct bel_figure *figure)
{
	for (size_t i = 0; i < figure->events; i++) {
		free(figure->event[i].name);
		free(figure->event[i].digest);
	}
	free(figure->event);
}
