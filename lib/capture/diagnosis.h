/* SPDX-License-Identifier: MIT */
/*
 * diagnosis.h: why a process came to a bad end, from what Valgrind says in its log.
 *
 *	bel_diagnosis_line(&diagnosis, "Process terminating with ...", length);
 *	...
 *	if (bel_diagnosis_tell(&diagnosis, "3.19.0", text, sizeof(text)))
 *		"an instruction that Valgrind 3.19 does not know, at 0x10912d in /tmp/av"
 *
 * Lines come without their "==PID== ". Zero-initialised is: nothing was said.
 */
#ifndef BEL_DIAGNOSIS_H
#define BEL_DIAGNOSIS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bel_diagnosis {
	int signal;       /* that the process dies of; 0: of none that Valgrind tells of */
	bool has_address; /* what it wanted to access */
	bool has_code;    /* the instruction that wanted it */
	uint64_t address, code;
	bool unknown; /* an instruction that Valgrind does not know was met, at `instruction` */
	uint64_t instruction;
	/*
	 * Lackey cannot live with one: it tells the bytes, and the beginning of the code that it
	 * was about to translate; the address is then bel_diagnosis_find()'s.
	 */
	uint8_t bytes[16];
	size_t byte_count;
	uint64_t block;
	enum {
		BEL_VALGRIND_SOUND,
		BEL_VALGRIND_MEMORY, /* it found no memory */
		BEL_VALGRIND_BROKEN, /* an error of its own, or one that it cannot live with */
	} valgrind;
	char cause[120];  /* of BROKEN: its words */
	char object[256]; /* a file that the instruction is in; "": not known */
	bool asked;       /* the line with the cause is to come */
	bool running;     /* the line with the block is to come */
};

void bel_diagnosis_line(struct bel_diagnosis *diagnosis, const char *line, size_t length);

/* Looks for the instruction in the bytes that lie at diagnosis->block. */
void bel_diagnosis_find(struct bel_diagnosis *diagnosis, const uint8_t *code, size_t bytes);

/* What is not the program's own doing, as an object of a sentence; false: all is. */
bool bel_diagnosis_tell(
	const struct bel_diagnosis *diagnosis, const char *version, char *text, size_t size);

#endif
