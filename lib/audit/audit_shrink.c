/* SPDX-License-Identifier: MIT */
/* audit_shrink.c: finds a shorter string that still shows a finding, by removing steps. */
#include "audit_shrink.h"

struct shrink {
	struct bel_audit_string *string, *spare;
	bool (*breaks)(void *host, const struct bel_audit_string *candidate);
	void *host;
	int tries;
};

/* Accepts the candidate in `spare` if it shows the finding. */
static bool take(struct shrink *s)
{
	if (s->tries-- <= 0 || s->spare->count >= s->string->count || !s->breaks(s->host, s->spare))
		return false;
	bel_audit_string_copy(s->string, s->spare);
	return true;
}

static void without_drops(struct shrink *s)
{
	bel_audit_string_copy(s->spare, s->string);
	s->spare->count = 0;
	for (size_t i = 0; i < s->string->count; i++)
		if (s->string->step[i].kind != BEL_AUDIT_DROP)
			s->spare->step[s->spare->count++] = s->string->step[i];
	bel_audit_string_renumber(s->spare);
	take(s);
}

static void without_pieces(struct shrink *s, size_t piece)
{
	size_t from = 0;

	while (from < s->string->count && s->tries > 0) {
		const size_t left = s->string->count - from;

		bel_audit_string_cut(
			s->spare, s->string, from, from + (piece < left ? piece : left));
		if (!take(s))
			from += piece;
	}
}

static void without_writes(struct shrink *s)
{
	for (size_t i = 0; i < s->string->count && s->tries-- > 0; i++) {
		if (s->string->step[i].kind != BEL_AUDIT_WRITE)
			continue;
		bel_audit_string_copy(s->spare, s->string);
		s->spare->step[i].kind = BEL_AUDIT_READ;
		if (s->breaks(s->host, s->spare))
			bel_audit_string_copy(s->string, s->spare);
	}
}

void bel_audit_shrink(struct bel_audit_string *string, struct bel_audit_string *spare, int tries,
	bool (*breaks)(void *host, const struct bel_audit_string *candidate), void *host)
{
	struct shrink s = {string, spare, breaks, host, tries};

	without_drops(&s);
	for (size_t piece = string->count / 2; piece; piece /= 2)
		without_pieces(&s, piece);
	/* Removing one step may have made another one unnecessary. */
	without_pieces(&s, 1);
	without_writes(&s);
}
