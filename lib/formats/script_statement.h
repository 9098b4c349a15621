/* SPDX-License-Identifier: MIT */
/*
 * script_statement.h: statements of the format "script": references and events that a person
 * writes.
 *
 *	map 0x400000 8K r-x text /bin/sh; i 0x401234; w 0x7ff0f8 8
 *	fork 1; process 1; w 0x600000
 *
 * A statement ends at a newline or ';'. bel-formats(7) lists the statements.
 */
#ifndef BEL_SCRIPT_STATEMENT_H
#define BEL_SCRIPT_STATEMENT_H

#include <stdbool.h>

#include "event.h"
#include "reference.h"

struct bel_fault;

enum { BEL_STATEMENT_PROCESSES = 1000, BEL_STATEMENT_NAME = 256 };

enum bel_statement_verb {
	BEL_STATEMENT_NOTHING, /* blank, or a comment */
	BEL_STATEMENT_REFERENCE,
	BEL_STATEMENT_PROCESS, /* `number` makes what follows; it begins if it is new */
	BEL_STATEMENT_EVENT,   /* event.type; FORK: of the process `number` */
};

struct bel_statement {
	enum bel_statement_verb verb;
	struct bel_access access;
	struct bel_event event; /* without spaces, pid and `at`; its name is `name`, or NULL */
	uint32_t number;
	char name[BEL_STATEMENT_NAME];
};

/* Parses [text, end). False: *fault (if not NULL) says what is wrong. */
bool bel_statement_parse(const uint8_t *text, const uint8_t *end, struct bel_statement *statement,
	struct bel_fault *fault);

/* Whether a text begins with the verb of a statement and a blank: then it is no file name. */
bool bel_statement_is(const char *text);

#endif
