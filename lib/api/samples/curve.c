/* SPDX-License-Identifier: MIT */
/*
 * curve.c: the faults of LRU at every number of frames, two columns.
 *
 *	cc $(pkg-config --cflags belady) -o curve curve.c $(pkg-config --libs belady)
 *	./curve ls.bel
 */
#include <belady/belady.h>
#include <inttypes.h>
#include <stdio.h>

int main(int argc, char **argv)
{
	struct bel_curve_point point = {.size = sizeof(point)};
	struct bel_curve_points *points = NULL;
	struct bel_trace *trace = NULL;
	struct bel_err err;
	int status = 1;

	if (bel_trace_open(&trace, argc > 1 ? argv[1] : "-", NULL, &err) < 0 ||
		bel_curve(&points, trace, "lru", "all", NULL, &err) < 0) {
		fprintf(stderr, "curve: %s\n", err.text);
	} else {
		for (size_t i = 0; bel_curve_points_at(points, i, &point); i++)
			printf("%" PRIu64 " %" PRIu64 "\n", point.x, point.faults);
		status = 0;
	}
	bel_curve_points_free(points);
	bel_trace_close(trace);
	return status;
}
