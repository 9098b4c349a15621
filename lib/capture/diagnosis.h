/* SPDX-License-Identifier: MIT */
/*
 * diagnosis.h: finds why a process died, from Valgrind's messages in its log.
 *
 *	bel_diagnosis_line(&diagnosis, "Process terminating with ...", length);
 *	...
 *	if (bel_diagnosis_tell(&diagnosis, "3.19.0", text, sizeof(text)))
 *		"an instruction that Valgrind 3.19 does not know, at 0x10912d in /tmp/av"
 *
 * Lines are given without their "==PID== ". A zero-initialised structure means: no message so far.
 */
#ifndef BEL_DIAGNOSIS_H
#define BEL_DIAGNOSIS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bel_diagnosis {
	int signal;       /* the signal that kills the process; 0: Valgrind reports none */
	bool has_address; /* `address`, which it tried to access, is known */
	bool has_code;    /* `code`, the instruction that accessed it, is known */
	uint64_t address, code;
	bool unknown; /* Valgrind met one that it does not know, at `instruction` */
	uint64_t instruction;
	/*
	 * With lackey, Valgrind stops at an unknown instruction. It reports the bytes, and the
	 * start of the code that it was about to translate; bel_diagnosis_find() then computes the
	 * address.
	 */
	uint8_t bytes[16];
	size_t byte_count;
	uint64_t block;
	enum {
		BEL_VALGRIND_SOUND,
		BEL_VALGRIND_MEMORY, /* Valgrind had no memory */
		BEL_VALGRIND_BROKEN, /* internal or fatal error of Valgrind */
	} valgrind;
	char cause[120];  /* Valgrind's message, for BROKEN */
	char object[256]; /* the file that contains the instruction; "": not known */
	bool asked;       /* the next line has the cause */
	bool running;     /* a following line has the block */
};

void bel_diagnosis_line(struct bel_diagnosis *diagnosis, const char *line, size_t length);

/* Looks for the instruction in the code at diagnosis->block. */
void bel_diagnosis_find(struct bel_diagnosis *diagnosis, const uint8_t *code, size_t bytes);

/* The cause as a noun phrase. False if the program itself is the cause. */
bool bel_diagnosis_tell(
	const struct bel_diagnosis *diagnosis, const char *version, char *text, size_t size);

#endif
