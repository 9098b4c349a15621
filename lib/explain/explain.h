/* SPDX-License-Identifier: MIT */
/*
 * explain.h: every step of a policy over a short reference string: the pages in the
 * frames, the pages that leave, and the policy's state (bits, hand, order).
 *
 *	bel_string_init(&string, reference, count, names, pages, &err);
 *	bel_explain_run(&explain, &string, &setup, &err);
 *	... bel_explain_cell(&explain, now, frame) ...
 *	bel_explain_release(&explain);
 *	bel_string_release(&string);
 *
 * As in textbooks, frames are filled from 0 up, and a new page takes the frame of the
 * page that it replaces. An explanation points at its string and spec, which must
 * outlive it. Times count references from 0. Memory: about 12 bytes for each reference
 * and frame.
 */
#ifndef BEL_EXPLAIN_H
#define BEL_EXPLAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"
#include "policy.h"
#include "sim.h"

#define BEL_STRING_MAX 10000         /* maximum references of a string */
#define BEL_EXPLAIN_CELLS (1u << 20) /* maximum of references times frames */
#define BEL_EXPLAIN_NAME 24
#define BEL_NO_PAGE UINT32_MAX

struct bel_string_reference {
	uint32_t page; /* dense */
	bool writes;
	uint64_t next; /* time of the next reference to the page, BEL_NEVER: none; init sets it */
};

struct bel_string {
	struct bel_string_reference *reference;
	size_t count;
	char (*name)[BEL_EXPLAIN_NAME]; /* of each page */
	uint32_t pages;
};

/* Copies both arrays. BEL_USAGE for more than BEL_STRING_MAX references, or none. */
int bel_string_init(struct bel_string *string, const struct bel_string_reference *reference,
	size_t count, char (*const name)[BEL_EXPLAIN_NAME], uint32_t pages, struct bel_err *err);
void bel_string_release(struct bel_string *string);

enum bel_cell_mark {
	BEL_CELL_BIT = 0x1,  /* the page's reference bit is set */
	BEL_CELL_HAND = 0x2, /* the hand points here */
};

/* A frame after a reference. */
struct bel_cell {
	uint32_t page; /* BEL_NO_PAGE: free */
	uint32_t marks;
};

struct bel_departure {
	uint32_t page, frame;
	bool written; /* the page was dirty: one write-back */
	uint64_t loaded, last, next;
};

struct bel_explain_step {
	bool fault;
	uint32_t frame; /* frame of the page after the reference */
	size_t departure, departures;
};

struct bel_explain {
	const struct bel_string *string;
	const struct bel_policy_spec *spec;
	uint64_t frames; /* 0: variable space */
	uint32_t rows;   /* number of frames shown */
	struct bel_explain_step *step;
	struct bel_cell *cell; /* `rows` per reference */
	uint32_t *order; /* `rows` per reference: next page to leave first, then BEL_NO_PAGE */
	struct bel_departure *departure;
	size_t departures;
	enum bel_show_by by; /* 0: the policy shows no order */
	bool hand, bit;      /* whether the policy shows these */
	struct bel_tally tally;
};

/* Fills *explain; on success the caller releases it. BEL_USAGE: the table would be too large. */
int bel_explain_run(struct bel_explain *explain, const struct bel_string *string,
	const struct bel_sim_setup *setup, struct bel_err *err);
void bel_explain_release(struct bel_explain *explain);

const struct bel_cell *bel_explain_cell(
	const struct bel_explain *explain, size_t now, uint32_t frame);

/* "fifo, 3 frames", "ws:tau=4"; returns the same as snprintf(). */
int bel_explain_title(const struct bel_explain *explain, char *text, size_t size);

/*
 * Why a page left, as a sentence: "1 was loaded longest ago, at 0; 3 takes frame 0".
 * `index`: of the departures of the step at `now`. The text is cut to `size`.
 */
void bel_explain_reason(
	const struct bel_explain *explain, size_t now, size_t index, char *text, size_t size);

#endif
