/* SPDX-License-Identifier: MIT */
/* native_event.c: events as bytes: a mask, then only the members that are not 0. */
#include <stdlib.h>

#include "native_layout.h"

/* Bits of the mask; each varint follows in this order. */
enum {
	HAS_REGION = 0x01,
	HAS_FLAGS = 0x02,
	HAS_SPACE = 0x04, /* a space other than the block's */
	HAS_OTHER = 0x08,
	HAS_PID = 0x10,
	HAS_RANGE = 0x20, /* start and length */
	HAS_OFFSET = 0x40,
	HAS_VALUE = 0x80,
	HAS_NAME = 0x100,
	HAS_ALL = 0x1ff,
};

#define NUMBERS_MOST (12 * BEL_VARINT_MOST) /* bytes of an event's numbers */

void bel_event_encode(struct bel_bytes *bytes, const struct bel_event *event,
	const struct bel_event *before, uint32_t space)
{
	size_t length = event->name ? strlen(event->name) : 0;
	unsigned mask = (event->region ? HAS_REGION : 0) | (event->flags ? HAS_FLAGS : 0) |
			(event->space != space ? HAS_SPACE : 0) | (event->other ? HAS_OTHER : 0) |
			(event->pid ? HAS_PID : 0) |
			(event->start || event->length ? HAS_RANGE : 0) |
			(event->offset ? HAS_OFFSET : 0) | (event->value ? HAS_VALUE : 0) |
			(event->name ? HAS_NAME : 0);
	uint8_t *p = bel_bytes_room(bytes, NUMBERS_MOST);

	if (!p)
		return;
	p = bel_varint_put(p, event->type);
	p = bel_varint_put(p, mask);
	p = bel_varint_put(p, event->at - (before ? before->at : 0));
	if (mask & HAS_REGION)
		p = bel_varint_put(p, event->region);
	if (mask & HAS_FLAGS)
		p = bel_varint_put(p, event->flags);
	if (mask & HAS_SPACE)
		p = bel_varint_put(p, event->space);
	if (mask & HAS_OTHER)
		p = bel_varint_put(p, event->other);
	if (mask & HAS_PID)
		p = bel_varint_put(p, event->pid);
	if (mask & HAS_RANGE) {
		p = bel_varint_put(p, event->start);
		p = bel_varint_put(p, event->length);
	}
	if (mask & HAS_OFFSET)
		p = bel_varint_put(p, event->offset);
	if (mask & HAS_VALUE)
		p = bel_varint_put(p, event->value);
	bytes->size = (size_t)(p - bytes->data);
	if (mask & HAS_NAME) {
		if (length > BEL_NATIVE_NAME)
			length = BEL_NATIVE_NAME;
		bel_bytes_varint(bytes, length);
		bel_bytes_put(bytes, event->name, length);
	}
}

static uint64_t optional(struct bel_view *view, bool there)
{
	return there ? bel_view_varint(view) : 0;
}

static char *decode_name(struct bel_view *view)
{
	uint64_t length = bel_view_varint(view);
	const uint8_t *text = length <= BEL_NATIVE_NAME ? bel_view_take(view, length) : NULL;

	if (!text) {
		view->failed = true;
		return NULL;
	}
	return strndup((const char *)text, length);
}

int bel_event_decode(struct bel_view *view, uint64_t *at, uint32_t space, uint64_t records,
	struct bel_events *list, struct bel_err *err)
{
	struct bel_event event = {0};
	uint64_t type = bel_view_varint(view), mask = bel_view_varint(view);
	uint64_t region, flags, other_space, other, pid;
	char *name = NULL;
	int r;

	event.at = *at + bel_view_varint(view);
	region = optional(view, mask & HAS_REGION);
	flags = optional(view, mask & HAS_FLAGS);
	other_space = mask & HAS_SPACE ? bel_view_varint(view) : space;
	other = optional(view, mask & HAS_OTHER);
	pid = optional(view, mask & HAS_PID);
	event.start = optional(view, mask & HAS_RANGE);
	event.length = optional(view, mask & HAS_RANGE);
	event.offset = optional(view, mask & HAS_OFFSET);
	event.value = optional(view, mask & HAS_VALUE);
	if (mask & HAS_NAME && !view->failed)
		name = decode_name(view);
	if (view->failed || type >= BEL_EVENT_TYPES || mask & ~(uint64_t)HAS_ALL ||
		region >= BEL_REGIONS || flags > UINT16_MAX || other_space > UINT32_MAX ||
		other > UINT32_MAX || pid > UINT32_MAX || event.at < *at || event.at > records) {
		free(name);
		return bel_fail(err, "malformed event");
	}
	event.type = (uint8_t)type;
	event.region = (uint8_t)region;
	event.flags = (uint16_t)flags;
	event.space = (uint32_t)other_space;
	event.other = (uint32_t)other;
	event.pid = (uint32_t)pid;
	event.name = name;
	*at = event.at;
	r = bel_events_add(list, &event, err);
	free(name);
	return r;
}
