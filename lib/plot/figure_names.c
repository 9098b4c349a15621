/* SPDX-License-Identifier: MIT */
/* figure_names.c: names along x, numbered in order of first appearance. */
#include <stdlib.h>
#include <string.h>

#include "figure.h"
#include "label.h"

/* The values of the members in x, joined by blanks: "clock bit=0". NULL: err says why. */
static char *name_of(
	const struct bel_figure_spec *spec, const struct bel_record *record, struct bel_err *err)
{
	char *text = NULL;
	size_t capacity;
	FILE *out = open_memstream(&text, &capacity);
	int r = 0;

	for (size_t i = 0; out && spec->x.word[i] && r == 0; i++) {
		char *part = bel_record_object_text(record, spec->x.word[i]);
		const char *word = part;

		if (part && !*part && i == 0)
			r = bel_record_get_text(record, spec->x.word[i], &word, err);
		if (r == 0 && word && *word)
			fprintf(out, "%s%s", i ? " " : "", word);
		free(part);
	}
	if (out && fclose(out) == 0 && r == 0)
		return text;
	if (r == 0)
		bel_err_memory(err, "a figure");
	free(text);
	return NULL;
}

/* Makes owned copies of what identifies a trace. */
static int copy_trace(
	struct bel_figure_trace *trace, const struct bel_record *record, struct bel_err *err)
{
	const char *name, *file = NULL, *digest;

	*trace = (struct bel_figure_trace){.name = NULL};
	if (bel_record_get_text(record, "trace.name", &name, err) < 0 ||
		bel_record_get_text(record, "trace.digest", &digest, err) < 0 ||
		bel_record_get_count(record, "trace.page_bytes", &trace->page_bytes, err) < 0 ||
		(bel_record_has(record, "trace.file") &&
			bel_record_get_text(record, "trace.file", &file, err) < 0))
		return BEL_FAIL;
	trace->name = strdup(name);
	trace->file = file ? strdup(file) : NULL;
	trace->digest = strdup(digest);
	return trace->name && trace->digest && (!file || trace->file)
		       ? 0
		       : bel_err_memory(err, "a figure");
}

static void trace_release(struct bel_figure_trace *trace)
{
	free(trace->name);
	free(trace->file);
	free(trace->digest);
}

/* Traces with the same contents are the same trace, as in comparisons. */
static bool same_trace(const struct bel_figure_trace *a, const struct bel_figure_trace *b)
{
	return a->page_bytes == b->page_bytes && !strcmp(a->digest, b->digest);
}

/* Whether names are those of traces: then the name alone does not identify one. */
static bool names_are_traces(const struct bel_figure *figure)
{
	return !strcmp(figure->spec->x.word[0], "trace.name");
}

/* Adds a name and, if names are traces, the trace; takes ownership. */
static int add_name(struct bel_figure *figure, char *name, const struct bel_figure_trace *trace,
	struct bel_err *err)
{
	char **grown = reallocarray(figure->name, figure->names + 1, sizeof(*grown));
	struct bel_figure_trace *named = figure->named;

	if (grown)
		figure->name = grown;
	if (grown && names_are_traces(figure))
		named = reallocarray(figure->named, figure->names + 1, sizeof(*named));
	if (!grown || (names_are_traces(figure) && !named))
		return bel_err_memory(err, "a figure");
	figure->named = named;
	if (named)
		named[figure->names] = *trace;
	figure->name[figure->names++] = name;
	return 0;
}

int bel_figure_name(
	struct bel_figure *figure, const struct bel_record *record, double *x, struct bel_err *err)
{
	const bool traces = names_are_traces(figure);
	struct bel_figure_trace trace = {.name = NULL};
	char *name = name_of(figure->spec, record, err);
	size_t i = 0;
	int r = 0;

	if (!name || (traces && copy_trace(&trace, record, err) < 0)) {
		free(name);
		trace_release(&trace);
		return BEL_FAIL;
	}
	while (i < figure->names && (traces ? !same_trace(&figure->named[i], &trace)
					    : strcmp(figure->name[i], name) != 0))
		i++;
	*x = (double)i + 1;
	if (i == figure->names)
		r = add_name(figure, name, &trace, err);
	if (i + 1 == figure->names && r == 0 && figure->name[i] == name)
		return 0;
	free(name);
	trace_release(&trace);
	return r;
}

int bel_figure_names_finish(struct bel_figure *figure, struct bel_err *err)
{
	struct bel_label_key *key;
	char **label = NULL;

	if (!figure->named)
		return 0;
	key = calloc(figure->names, sizeof(*key));
	for (size_t i = 0; key && i < figure->names; i++) {
		const struct bel_figure_trace *t = &figure->named[i];

		key[i] = (struct bel_label_key){t->name, t->file, t->digest, t->page_bytes};
	}
	if (key)
		label = bel_labels_new(key, figure->names);
	free(key);
	if (!label)
		return bel_err_memory(err, "a figure");
	for (size_t i = 0; i < figure->names; i++)
		free(figure->name[i]);
	free(figure->name);
	figure->name = label;
	return 0;
}

void bel_figure_names_release(struct bel_figure *figure)
{
	for (size_t i = 0; i < figure->names; i++) {
		free(figure->name[i]);
		if (figure->named)
			trace_release(&figure->named[i]);
	}
	free(figure->name);
	free(figure->named);
}
