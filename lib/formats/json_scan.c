/* SPDX-License-Identifier: MIT */
/* json_scan.c: reads JSON one byte at a time. */
#include "json_scan.h"

#include <string.h>

/* What may follow between tokens; at first, a value. */
enum { VALUE, VALUE_OR_END, KEY_OR_END, KEY, COLON, COMMA_OR_END };

enum { TOKEN_NONE, STRING, ESCAPE, UNICODE, NUMBER, WORD };

static const char *fail(struct bel_json_scan *s, const char *why)
{
	s->failed = why;
	return why;
}

static bool in_array(const struct bel_json_scan *s)
{
	return s->arrays >> (s->depth - 1) & 1;
}

static void value_ends(struct bel_json_scan *s)
{
	s->token = TOKEN_NONE;
	s->expect = COMMA_OR_END;
	s->done = !s->depth;
}

static const char *open_value(struct bel_json_scan *s, bool array)
{
	if (s->depth == BEL_JSON_DEPTH)
		return fail(s, "JSON nested more than 64 deep");
	s->arrays &= ~(UINT64_C(1) << s->depth);
	s->arrays |= (uint64_t)array << s->depth;
	s->depth++;
	s->expect = array ? VALUE_OR_END : KEY_OR_END;
	return NULL;
}

static const char *close_value(struct bel_json_scan *s, bool array)
{
	if (!s->depth || in_array(s) != array ||
		!(s->expect == COMMA_OR_END || s->expect == (array ? VALUE_OR_END : KEY_OR_END)))
		return fail(s, array ? "not JSON: a ']' without an open array"
				     : "not JSON: a '}' without an open object");
	s->depth--;
	value_ends(s);
	return NULL;
}

static const char *begin_string(struct bel_json_scan *s, bool is_key)
{
	s->is_key = is_key && s->depth == 1;
	if (s->is_key)
		s->key_length = 0;
	s->expect = is_key ? COLON : COMMA_OR_END;
	s->token = STRING;
	return NULL;
}

static const char *step_string(struct bel_json_scan *s, uint8_t c)
{
	const bool hex = (uint8_t)(c - '0') <= 9 || (uint8_t)((c | 0x20) - 'a') <= 5;

	if (c < 0x20)
		return fail(s, "not JSON: a control character in a string");
	if (s->token == UNICODE) {
		if (!hex)
			return fail(s, "not JSON: not four hexadecimal digits after \\u");
		s->token = --s->escape ? UNICODE : STRING;
		return NULL;
	}
	if (s->token == ESCAPE) {
		if (!strchr("\"\\/bfnrtu", c))
			return fail(s, "not JSON: an unknown escape in a string");
		s->token = c == 'u' ? UNICODE : STRING;
		s->escape = 4;
		return NULL;
	}
	if (c == '"') {
		s->token = TOKEN_NONE;
		if (s->expect == COMMA_OR_END)
			value_ends(s);
		return NULL;
	}
	if (s->is_key && s->key_length < BEL_JSON_KEY)
		s->key[s->key_length] = (char)c;
	s->key_length += s->is_key;
	if (c == '\\')
		s->token = ESCAPE;
	return NULL;
}

static const char *begin_number(struct bel_json_scan *s, uint8_t c)
{
	s->token = NUMBER;
	s->whole = c != '-';
	s->number = s->whole ? (uint64_t)(c - '0') : 0;
	return NULL;
}

/* Only whole numbers are parsed; the syntax of other numbers is not checked. */
static bool step_number(struct bel_json_scan *s, uint8_t c)
{
	const uint8_t digit = (uint8_t)(c - '0');

	if (digit <= 9) {
		if (s->number > (UINT64_MAX - digit) / 10)
			s->whole = false;
		s->number = s->number * 10 + digit;
		return true;
	}
	if (c != '.' && c != 'e' && c != 'E' && c != '+' && c != '-')
		return false;
	s->whole = false;
	return true;
}

static const char *begin_value(struct bel_json_scan *s, uint8_t c, enum bel_json_event *event)
{
	*event = BEL_JSON_BEGIN;
	switch (c) {
	case '{':
	case '[':
		return open_value(s, c == '[');
	case '"':
		return begin_string(s, false);
	case 't':
	case 'f':
	case 'n':
		s->token = WORD;
		s->word = c == 't' ? "rue" : c == 'f' ? "alse" : "ull";
		return NULL;
	default:
		*event = BEL_JSON_NOTHING;
		if (c == '-' || (uint8_t)(c - '0') <= 9)
			return begin_number(s, c);
		return fail(s, "not JSON: a value is missing");
	}
}

/* Between tokens. */
static const char *step_outside(struct bel_json_scan *s, uint8_t c, enum bel_json_event *event)
{
	if (c == ' ' || c == '\t' || c == '\r' || c == '\n')
		return NULL;
	if (s->done)
		return fail(s, "not JSON: text after the value");
	if (c == ']' || c == '}')
		return close_value(s, c == ']');
	switch (s->expect) {
	case VALUE:
	case VALUE_OR_END:
		return begin_value(s, c, event);
	case KEY:
	case KEY_OR_END:
		return c == '"' ? begin_string(s, true)
				: fail(s, "not JSON: a key in quotes is missing");
	case COLON:
		s->expect = VALUE;
		return c == ':' ? NULL : fail(s, "not JSON: no ':' after a key");
	default:
		s->expect = in_array(s) ? VALUE : KEY;
		return c == ',' ? NULL : fail(s, "not JSON: no ',' between values");
	}
}

const char *bel_json_step(struct bel_json_scan *s, uint8_t c, enum bel_json_event *event)
{
	const char *why;

	*event = BEL_JSON_NOTHING;
	if (s->failed)
		return s->failed;
	switch (s->token) {
	case STRING:
	case ESCAPE:
	case UNICODE:
		return step_string(s, c);
	case WORD:
		if (c != (uint8_t)*s->word)
			return fail(s, "not JSON: a word other than true, false and null");
		if (!*++s->word)
			value_ends(s);
		return NULL;
	case NUMBER:
		if (step_number(s, c))
			return NULL;
		value_ends(s);
		why = step_outside(s, c, event);
		*event = BEL_JSON_NUMBER;
		return why;
	default:
		return step_outside(s, c, event);
	}
}
