/* SPDX-License-Identifier: MIT */
/* curve_request.c: parses the texts of a request. */
#include <stdlib.h>
#include <string.h>

#include "curve_run.h"
#include "number.h"

static int by_value(const void *left, const void *right)
{
	const unsigned *a = left, *b = right;

	return *a < *b ? -1 : *a > *b;
}

static int parse_page_sizes(
	struct bel_curve_request *request, const char *text, struct bel_err *err)
{
	char *copy, *rest, *item;
	size_t unique = 0, capacity = 1;
	int r = BEL_OK;

	if (!text)
		return BEL_OK;
	for (const char *c = text; *c; c++)
		capacity += *c == ',';
	rest = copy = strdup(text);
	request->page_bits = calloc(capacity, sizeof(*request->page_bits));
	if (!copy || !request->page_bits) {
		free(copy);
		return bel_err_memory(err, "page sizes");
	}
	for (size_t n = 0; r == BEL_OK && (item = strsep(&rest, ",")); n++) {
		r = bel_parse_page_size(item, "--page-size", &request->page_bits[n], err);
		if (r == BEL_OK && !request->page_bits[n])
			r = bel_usage(err, "--page-size: a page has at least 2 bytes");
	}
	free(copy);
	if (r < 0)
		return r;
	qsort(request->page_bits, capacity, sizeof(*request->page_bits), by_value);
	for (size_t i = 0; i < capacity; i++)
		if (!unique || request->page_bits[unique - 1] != request->page_bits[i])
			request->page_bits[unique++] = request->page_bits[i];
	request->page_sizes = unique;
	return BEL_OK;
}

int bel_curve_request_parse(struct bel_curve_request *request, const char *windows,
	const char *page_sizes, struct bel_err *err)
{
	uint64_t *frames;
	size_t count;
	int r = bel_curve_specs_make(request->policy, request->specs, &request->spec, err);

	if (r == BEL_OK && !bel_frames_need_footprint(request->frames)) {
		r = request->in_bytes ? bel_parse_memory(request->frames, 0, &frames, &count, err)
				      : bel_parse_frames(request->frames, 0, &frames, &count, err);
		if (r == BEL_OK)
			free(frames);
	}
	if (r == BEL_OK && windows)
		r = bel_parse_counts(windows, "--tau", &request->tau, &request->taus, err);
	return r == BEL_OK ? parse_page_sizes(request, page_sizes, err) : r;
}

void bel_curve_request_release(struct bel_curve_request *request)
{
	free(request->spec);
	bel_specs_free(request->policy, request->specs);
	free(request->tau);
	free(request->page_bits);
}
