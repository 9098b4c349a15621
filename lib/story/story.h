/* SPDX-License-Identifier: MIT */
/*
 * story.h: tells what a virtual-memory machine does, reference by reference: in sentences or as a
 * table; as text, Markdown, HTML or LaTeX.
 *
 *	struct bel_story story = BEL_STORY_INIT;
 *
 *	story.file = stdout;
 *	story.style = bel_style_find("text");
 *	config.step = bel_story_step;
 *	config.host = &story;
 *	... run one machine ...
 *	bel_story_end(&story, &err);
 *
 * A group is a reference with all its steps, or an event of the trace with what it causes. Filters
 * choose groups. The story owns its memory until bel_story_end(), which also frees it. Write errors
 * stay in the stream: its owner must check ferror(). Texts of traces pass the style's text(), so
 * they stay text in every format.
 *
 * Memory: that of one group, and of a table all its rows, at most BEL_STORY_ROWS.
 */
#ifndef BEL_STORY_H
#define BEL_STORY_H

#include "step_table.h"
#include "vm_step.h"

#define BEL_STORY_ROWS 10000
#define BEL_STORY_WIDTH 72

enum bel_story_state {
	BEL_STORY_TLB = 0x1,
	BEL_STORY_TABLE = 0x2, /* page-table entries of the process of the group */
	BEL_STORY_FRAMES = 0x4,
	BEL_STORY_SWAP = 0x8,
};

enum bel_story_column {
	BEL_STORY_PROCESS, /* only if there are several */
	BEL_STORY_ACCESS,  /* r, w or i */
	BEL_STORY_ADDRESS, /* this column and `offset` only if addresses are known */
	BEL_STORY_PAGE,    /* students fill in this column and those after it */
	BEL_STORY_OFFSET,
	BEL_STORY_LOOKUP, /* TLB */
	BEL_STORY_FAULT,
	BEL_STORY_VICTIM,
	BEL_STORY_OUT, /* where the victim's contents went */
	BEL_STORY_FRAME,
	BEL_STORY_PHYSICAL,
	BEL_STORY_COLUMNS,
};

struct bel_story_row {
	char *event; /* a line across the table; NULL: a reference */
	uint64_t now;
	char cell[BEL_STORY_COLUMNS][40];
};

struct bel_story_line {
	char *text;
	bool alone; /* in a table, too: the end of a process, the state of the machine */
};

/* The caller sets the first part; zero is the default of the rest. */
struct bel_story {
	FILE *file;
	const struct bel_style *style;
	unsigned width;    /* columns of a line of text; 0: BEL_STORY_WIDTH */
	bool faults_only;  /* of references, only those that fault */
	uint64_t process;  /* only its references and events; UINT64_MAX: all */
	uint64_t page;     /* only references to it or that evict it; UINT64_MAX: all */
	uint64_t from, to; /* only these virtual times, both included */
	unsigned state;    /* enum bel_story_state: after references and events that change it */
	bool table, quiz;  /* quiz: a table with answers to fill in */

	/* The group in progress. */
	bool open, about_reference, faulted, concerns_process, concerns_page;
	bool moved; /* an event that changed what page tables, frames or swap hold */
	uint64_t now;
	uint32_t space;
	uint32_t count; /* references of the run */
	char *heading;
	struct bel_story_line *line;
	size_t lines, line_room;
	const struct bel_event *event;
	const struct bel_vm *vm;
	struct bel_story_row row;

	struct bel_story_row *rows;
	size_t row_count, row_room;
	bool begun, several, addresses;
	bool told;          /* a reference or an event was described */
	struct bel_err err; /* the first failure */
};

#define BEL_STORY_INIT                                                                             \
	{                                                                                          \
		.process = UINT64_MAX, .page = UINT64_MAX, .to = UINT64_MAX                        \
	}

/* For struct bel_vm_config.step; `story` is the host. */
void bel_story_step(void *story, const struct bel_vm_step *step);

/* Another trace begins: its title, if several are told one after the other. */
void bel_story_trace(struct bel_story *story, const char *title);

/* Prints the rest. Returns the first failure: out of memory, or too many rows for a table. */
int bel_story_end(struct bel_story *story, struct bel_err *err);

/* "tlb,table,frames,swap": a set of enum bel_story_state. BEL_USAGE: no such name. */
int bel_story_state_parse(const char *text, unsigned *state, struct bel_err *err);

/* ---- for the files of lib/story ---- */

/* story_words.c: a step as a sentence; arguments and result as of snprintf(). */
int bel_story_words(const struct bel_vm_step *step, char *text, size_t size);
/* The event that was told before, now that it has happened. The caller frees it; NULL: memory. */
char *bel_story_event(const struct bel_vm *vm, const struct bel_event *event);

/* story_state.c */
void bel_story_state_add(struct bel_story *story);

/* story.c: adds a line to the group; takes `text`, which free() frees. NULL: out of memory. */
void bel_story_add(struct bel_story *story, char *text, bool alone);

/* story_table.c: a step changes the row; the row is kept; all rows are printed. */
void bel_story_row_step(struct bel_story *story, const struct bel_vm_step *step);
void bel_story_row_keep(struct bel_story *story);
void bel_story_table_print(struct bel_story *story);

#endif
