/* SPDX-License-Identifier: MIT */
/*
 * format_script.c: small programs for lectures and tests: references, and events between them, one
 * statement in a line or before a ';':
 *
 *	map 0x400000 8K r-x text /bin/sh
 *	i 0x401234; w 0x7ff0f8 8
 *	fork 1
 *	process 1; w 0x600000
 *
 * Process 0 runs first. A process has a new address space at its start and at each exec.
 */
#include <stdlib.h>
#include <string.h>

#include "cells.h"
#include "script_statement.h"
#include "text.h"

struct script {
	struct bel_text text;                    /* must be first, for bel_text_tally() */
	uint32_t space[BEL_STATEMENT_PROCESSES]; /* plus 1; 0: the process is not known */
	uint32_t spaces, current;                /* spaces so far; the process that runs */
	bool ended[BEL_STATEMENT_PROCESSES];
};

static const uint8_t *end_of(const uint8_t *p)
{
	while (*p != '\n' && *p != ';')
		p++;
	return p;
}

/* A comment ends at the end of its line. */
static const uint8_t *statement_end(const uint8_t *p)
{
	const uint8_t *const word = bel_text_blanks(p);

	if (*word == '#' || (*word == '/' && word[1] == '/'))
		return rawmemchr(p, '\n');
	return end_of(p);
}

static enum bel_probe_verdict probe(struct bel_probe *probe)
{
	const uint8_t *at = probe->data, *const stop = at + probe->have;
	unsigned references = 0, others = 0, separators = 0;
	struct bel_statement statement;
	uint8_t line[1024];

	while (at < stop && references + others < 1000) {
		const uint8_t *const newline = memchr(at, '\n', (size_t)(stop - at));
		const size_t length = (size_t)((newline ? newline : stop) - at);
		const uint8_t *end;

		if (!newline && !probe->whole)
			break;
		if (length >= sizeof(line))
			return bel_probe_say(probe, BEL_PROBE_NO, "a line is no statement");
		memcpy(line, at, length);
		line[length] = '\n';
		for (const uint8_t *p = line; p <= line + length; p = end + 1) {
			end = statement_end(p);
			if (!bel_statement_parse(p, end, &statement, NULL))
				return bel_probe_say(probe, BEL_PROBE_NO, "a line is no statement");
			separators += *end == ';';
			references += statement.verb == BEL_STATEMENT_REFERENCE;
			others += statement.verb > BEL_STATEMENT_REFERENCE;
		}
		at += length + 1;
	}
	/* References alone, one in a line, are the format "kind", too. */
	if (!references || !(others + separators))
		return bel_probe_say(
			probe, BEL_PROBE_NO, "no statement such as 'map' or 'process', and no ';'");
	return bel_probe_say(probe, BEL_PROBE_CERTAIN, "every line is a statement");
}

static void *open_script(
	struct bel_input *input, const struct bel_format_options *options, struct bel_err *err)
{
	struct script *const script = calloc(1, sizeof(*script));

	if (script)
		bel_text_init(&script->text, input, options);
	else
		bel_err_memory(err, input->name);
	return script;
}

/* A new space of process `number`. */
static int begin(struct script *script, uint32_t number, struct bel_event event,
	struct bel_accesses *out, struct bel_err *err)
{
	event.space = script->spaces++;
	event.pid = number;
	event.at = out->count;
	script->space[number] = event.space + 1;
	return bel_events_add(&out->events, &event, err);
}

/* What is wrong with a statement at this point; NULL: nothing. */
static const char *misplaced(const struct script *script, const struct bel_statement *statement)
{
	if (statement->verb == BEL_STATEMENT_PROCESS)
		return script->ended[statement->number] ? "the process has exited" : NULL;
	if (script->ended[script->current])
		return "the process has exited; 'process' chooses another";
	if (statement->verb == BEL_STATEMENT_EVENT && statement->event.type == BEL_EVENT_FORK &&
		script->space[statement->number])
		return "the process to fork exists already";
	return NULL;
}

static int add_event(struct script *script, struct bel_statement *statement,
	struct bel_accesses *out, struct bel_err *err)
{
	struct bel_event *const event = &statement->event;

	event->name = *statement->name ? statement->name : NULL;
	event->other = script->space[script->current] - 1;
	if (event->type == BEL_EVENT_FORK || event->type == BEL_EVENT_EXEC)
		return begin(script,
			event->type == BEL_EVENT_FORK ? statement->number : script->current, *event,
			out, err);
	event->other = 0;
	event->space = script->space[script->current] - 1;
	event->at = out->count;
	script->ended[script->current] = event->type == BEL_EVENT_EXIT;
	return bel_events_add(&out->events, event, err);
}

static int add(struct script *script, struct bel_statement *statement, struct bel_accesses *out,
	struct bel_err *err)
{
	struct bel_event start = {.type = BEL_EVENT_START};

	if (statement->verb == BEL_STATEMENT_PROCESS) {
		script->current = statement->number;
		start.name = *statement->name ? statement->name : NULL;
	}
	if (!script->space[script->current] && begin(script, script->current, start, out, err) < 0)
		return BEL_FAIL;
	if (statement->verb == BEL_STATEMENT_REFERENCE)
		out->access[out->count++] = statement->access;
	return statement->verb == BEL_STATEMENT_EVENT ? add_event(script, statement, out, err) : 0;
}

/* The next statement of the line: 0, or negative. `last`: err may be NULL, see read_script(). */
static int next(struct script *script, struct bel_accesses *out, struct bel_err *err)
{
	struct bel_text *const text = &script->text;
	const uint8_t *const start = bel_text_blanks(text->cursor);
	const uint8_t *const end = statement_end(start);
	struct bel_statement statement;
	struct bel_fault fault = {.cell = {start, (size_t)(end - start)}};
	const bool sound = bel_statement_parse(start, end, &statement, &fault);
	const bool comment = statement.verb == BEL_STATEMENT_NOTHING;
	const char *const why = !sound ? fault.why : comment ? NULL : misplaced(script, &statement);
	int r = 0;

	if (why)
		r = bel_format_bad(&text->tally, &text->options, text->input, text->line, why,
			start, (size_t)(end - start), err);
	else if (!comment)
		r = add(script, &statement, out, err);
	else
		text->tally.noise += start != end;
	if (r < 0)
		return r;
	text->line += *end == '\n';
	text->cursor = end + 1;
	return 0;
}

/* The batch has references of the space of the process that runs. */
static uint32_t running(const struct script *script)
{
	const uint32_t space = script->space[script->current];

	return space ? space - 1 : script->spaces;
}

static int read_script(void *reader, struct bel_accesses *out, struct bel_err *err)
{
	struct script *const script = reader;
	struct bel_text *const text = &script->text;
	int r = 0;

	out->count = 0;
	out->space = running(script);
	while (out->count < out->capacity && out->events.count < out->capacity && r == 0) {
		if (text->cursor == text->limit) {
			if (out->count || out->events.count || (r = bel_text_more(text, err)) <= 0)
				break;
			r = 0;
			continue;
		}
		if (!out->count)
			out->space = running(script);
		else if (out->space != running(script))
			break;
		/* Return what was found first; the next call fails again. */
		r = next(script, out, out->count || out->events.count ? NULL : err);
	}
	if (!out->count)
		out->space = running(script);
	return out->count || out->events.count ? 1 : r;
}

static const struct bel_format script_format = {
	.name = "script",
	.title = "references and events: 'map 0x400000 8K r-x text', 'w 0x401234', 'fork 1'",
	.example = "map 0x400000 8K r-x text /bin/sh; i 0x401234; w 0x7ff0f8 8",
	.suffixes = ".script",
	.caps = BEL_FORMAT_KINDS | BEL_FORMAT_WRITES | BEL_FORMAT_SIZES | BEL_FORMAT_EVENTS,
	.probe = probe,
	.open = open_script,
	.read = read_script,
	.tally = bel_text_tally,
	.close = bel_text_close,
};
BEL_FORMAT(script_format);
