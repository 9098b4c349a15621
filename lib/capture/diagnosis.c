/* SPDX-License-Identifier: MIT */
/* diagnosis.c: parses Valgrind's messages about the end of a process. */
#include "diagnosis.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool begins(const char *line, const char *with)
{
	return strncmp(line, with, strlen(with)) == 0;
}

/* "... at address 0x10" */
static bool address_in(const char *line, uint64_t *address)
{
	static const char words[] = " at address 0x";
	const char *const at = strstr(line, words);

	if (at)
		*address = strtoull(at + sizeof(words) - 1, NULL, 16);
	return at != NULL;
}

/* Parses "at 0x1091AD: main (in /tmp/x)", the innermost call that Valgrind lists. */
static void innermost(struct bel_diagnosis *diagnosis, const char *line)
{
	const char *const file = strstr(line, "(in /");

	if (file && !diagnosis->object[0])
		snprintf(diagnosis->object, sizeof(diagnosis->object), "%.*s",
			(int)strcspn(file + 4, ")"), file + 4);
	if (!diagnosis->signal || diagnosis->has_code)
		return;
	diagnosis->code = strtoull(line + strlen("at 0x"), NULL, 16);
	diagnosis->has_code = true;
}

/* "0x62 0xF1 ..." */
static void take_bytes(struct bel_diagnosis *diagnosis, const char *text)
{
	char *end;

	diagnosis->byte_count = 0;
	while (diagnosis->byte_count < sizeof(diagnosis->bytes)) {
		const unsigned long byte = strtoul(text, &end, 16);

		if (end == text)
			return;
		diagnosis->bytes[diagnosis->byte_count++] = (uint8_t)byte;
		text = end;
	}
}

void bel_diagnosis_find(struct bel_diagnosis *diagnosis, const uint8_t *code, size_t bytes)
{
	const uint8_t *found = NULL;

	if (diagnosis->byte_count)
		found = memmem(code, bytes, diagnosis->bytes, diagnosis->byte_count);
	if (found)
		diagnosis->instruction = diagnosis->block + (uint64_t)(found - code);
}

static void broken(struct bel_diagnosis *diagnosis, const char *cause)
{
	if (diagnosis->valgrind != BEL_VALGRIND_SOUND)
		return;
	diagnosis->valgrind = BEL_VALGRIND_BROKEN;
	snprintf(diagnosis->cause, sizeof(diagnosis->cause), "%s", cause);
}

void bel_diagnosis_line(struct bel_diagnosis *diagnosis, const char *text, size_t length)
{
	static const char dies[] = "Process terminating with default action of signal ";
	static const char bytes[] = "vex amd64->IR: unhandled instruction bytes: ";
	char line[512];

	while (length && (*text == ' ' || *text == '\t')) {
		text++;
		length--;
	}
	if (length >= sizeof(line))
		length = sizeof(line) - 1;
	memcpy(line, text, length);
	line[length] = '\0';
	if (diagnosis->asked && length) {
		diagnosis->asked = false;
		/* Valgrind had given up waiting for the signal when it came. */
		if (strstr(line, "signal was supposed to be fatal"))
			diagnosis->valgrind = BEL_VALGRIND_SOUND;
		else
			snprintf(diagnosis->cause, sizeof(diagnosis->cause), "%.100s", line);
	} else if (begins(line, dies)) {
		diagnosis->signal = (int)strtol(line + sizeof(dies) - 1, NULL, 10);
		diagnosis->has_address = diagnosis->has_code = false;
	} else if (begins(line, "valgrind: Unrecognised instruction")) {
		diagnosis->unknown = address_in(line, &diagnosis->instruction);
		diagnosis->object[0] = '\0';
	} else if (begins(line, bytes)) {
		take_bytes(diagnosis, line + sizeof(bytes) - 1);
	} else if (begins(line, "Thread ") && strstr(line, "status = VgTs_Runnable")) {
		diagnosis->running = true;
	} else if (begins(line, "at 0x")) {
		if (diagnosis->running) {
			diagnosis->block = strtoull(line + strlen("at 0x"), NULL, 16);
			diagnosis->object[0] = '\0';
		}
		diagnosis->running = false;
		innermost(diagnosis, line);
	} else if (strstr(line, "memory management: out of memory")) {
		diagnosis->valgrind = BEL_VALGRIND_MEMORY;
	} else if (begins(line, "valgrind: the 'impossible' happened")) {
		broken(diagnosis, "");
		diagnosis->asked = true;
	} else if (strstr(line, ": Assertion '") || strstr(line, "INTERNAL ERROR") ||
		   begins(line, "valgrind: fatal error")) {
		broken(diagnosis, line);
	} else if (diagnosis->signal && !diagnosis->has_address && !diagnosis->has_code) {
		diagnosis->has_address = address_in(line, &diagnosis->address);
	}
}

bool bel_diagnosis_tell(
	const struct bel_diagnosis *diagnosis, const char *version, char *text, size_t size)
{
	/* 3.19 of 3.19.0 */
	const int digits =
		(int)(strcspn(version, ".") + 1 +
			strcspn(strchr(version, '.') ? strchr(version, '.') + 1 : "", "."));

	const bool translating = diagnosis->valgrind == BEL_VALGRIND_BROKEN &&
				 diagnosis->byte_count && diagnosis->block;
	const uint64_t instruction =
		diagnosis->instruction ? diagnosis->instruction : diagnosis->block;

	if (diagnosis->valgrind == BEL_VALGRIND_MEMORY) {
		snprintf(text, size, "a lack of memory for Valgrind");
		return true;
	}
	if (diagnosis->valgrind == BEL_VALGRIND_BROKEN && !translating) {
		snprintf(text, size, "an error of Valgrind%s%s", diagnosis->cause[0] ? ": " : "",
			diagnosis->cause);
		return true;
	}
	/* A program may use SIGILL to find out what its processor supports, and continue. */
	if (!translating &&
		(!diagnosis->unknown || diagnosis->signal != SIGILL ||
			(diagnosis->has_code && diagnosis->code != diagnosis->instruction)))
		return false;
	snprintf(text, size, "an instruction that Valgrind %.*s does not know, at 0x%llx%s%s",
		digits, version, (unsigned long long)instruction,
		diagnosis->object[0] ? " in " : "", diagnosis->object);
	return true;
}
