/* SPDX-License-Identifier: MIT */
/* event.c: lists of events. */
#include <stdlib.h>
#include <string.h>

#include "event.h"

bool bel_event_begins_request(const struct bel_event *event)
{
	static const size_t length = sizeof(BEL_REQUEST_MARK) - 1;

	return event->type == BEL_EVENT_MARK && event->name &&
	       !strncmp(event->name, BEL_REQUEST_MARK, length) &&
	       (event->name[length] == '\0' || event->name[length] == ' ');
}

bool bel_event_mark_in_front(const struct bel_event *events, size_t count)
{
	for (size_t i = 0; i < count && !events[i].at; i++) {
		if (events[i].type == BEL_EVENT_MARK)
			return true;
	}
	return false;
}

static char *keep_text(struct bel_events *list, const char *text)
{
	char *copy;

	if (list->texts == list->text_capacity) {
		const size_t capacity = list->text_capacity ? 2 * list->text_capacity : 16;
		char **grown = realloc(list->text, capacity * sizeof(*grown));

		if (!grown)
			return NULL;
		list->text = grown;
		list->text_capacity = capacity;
	}
	copy = strdup(text);
	if (copy)
		list->text[list->texts++] = copy;
	return copy;
}

int bel_events_add(struct bel_events *list, const struct bel_event *event, struct bel_err *err)
{
	struct bel_event copy = *event;

	if (list->count == list->capacity) {
		size_t capacity = list->capacity ? 2 * list->capacity : 16;
		struct bel_event *grown = realloc(list->event, capacity * sizeof(*grown));

		if (!grown)
			return bel_err_memory(err, "events");
		list->event = grown;
		list->capacity = capacity;
	}
	if (copy.name) {
		copy.name = keep_text(list, copy.name);
		if (!copy.name)
			return bel_err_memory(err, "an event's name");
	}
	list->event[list->count++] = copy;
	return BEL_OK;
}

void bel_events_clear(struct bel_events *list)
{
	for (size_t i = 0; i < list->texts; i++)
		free(list->text[i]);
	list->texts = 0;
	list->count = 0;
}

void bel_events_release(struct bel_events *list)
{
	bel_events_clear(list);
	free(list->text);
	free(list->event);
	*list = (struct bel_events){0};
}
