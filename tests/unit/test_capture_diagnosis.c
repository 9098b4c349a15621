/* SPDX-License-Identifier: MIT */
/*
 * test_capture_diagnosis.c: Valgrind's words about the end of a process, as 3.19 and 3.24 print
 * them, and what is said of it.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "diagnosis.h"

static struct bel_diagnosis read_lines(const char *const *line, size_t count)
{
	struct bel_diagnosis diagnosis = {0};

	for (size_t i = 0; i < count; i++)
		bel_diagnosis_line(&diagnosis, line[i], strlen(line[i]));
	return diagnosis;
}

#define READ(...)                                                                                  \
	read_lines((const char *const[]){__VA_ARGS__},                                             \
		sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

static void test_faults(void **state)
{
	const struct bel_diagnosis store =
		READ("", "Process terminating with default action of signal 11 (SIGSEGV)",
			" Access not within mapped region at address 0x10",
			"   at 0x1091AD: main (in /tmp/x)", "   by 0x1: start (in /tmp/y)",
			" If you believe this happened as a result of a stack");
	const struct bel_diagnosis jump = READ(
		"Process terminating with default action of signal 11 (SIGSEGV)",
		" Bad permissions for mapped region at address 0x483C000", "   at 0x483C000: ???");
	const struct bel_diagnosis wild =
		READ("Process terminating with default action of signal 11 (SIGSEGV)",
			" General Protection Fault", "   at 0x1091FD: main (a.c:1)",
			" noise at address 0x5");
	const struct bel_diagnosis calm = READ(" Warning at address 0x5", "   at 0x7: f (a.c:3)");
	char text[300];

	(void)state;
	assert_int_equal(store.signal, SIGSEGV);
	assert_true(store.has_address && store.has_code);
	assert_int_equal(store.address, 0x10);
	assert_int_equal(store.code, 0x1091ad);
	assert_string_equal(store.object, "/tmp/x");
	assert_false(bel_diagnosis_tell(&store, "3.19.0", text, sizeof(text)));
	assert_int_equal(jump.address, jump.code);
	assert_true(wild.has_code && !wild.has_address);
	assert_false(calm.has_address || calm.has_code || calm.signal);
}

static void test_unknown_instruction(void **state)
{
	struct bel_diagnosis told = READ("valgrind: Unrecognised instruction at address 0x10912d.",
		"   at 0x10912D: main (in /tmp/av)",
		"Your program just tried to execute an instruction that Valgrind",
		"Process terminating with default action of signal 4 (SIGILL)",
		" Illegal opcode at address 0x10912D", "   at 0x10912D: main (in /tmp/av)");
	const struct bel_diagnosis survived =
		READ("valgrind: Unrecognised instruction at address 0x10912d.",
			"   at 0x10912D: main (in /tmp/av)");
	const struct bel_diagnosis later =
		READ("valgrind: Unrecognised instruction at address 0x10912d.",
			"   at 0x10912D: main (in /tmp/av)",
			"Process terminating with default action of signal 4 (SIGILL)",
			" Illegal opcode at address 0x555555", "   at 0x555555: f (in /tmp/av)");
	char text[300];

	(void)state;
	assert_true(bel_diagnosis_tell(&told, "3.19.0", text, sizeof(text)));
	assert_string_equal(text, "an instruction that Valgrind 3.19 does not know, "
				  "at 0x10912d in /tmp/av");
	told.object[0] = '\0';
	assert_true(bel_diagnosis_tell(&told, "3.24.0.GIT", text, sizeof(text)));
	assert_string_equal(text, "an instruction that Valgrind 3.24 does not know, at 0x10912d");
	assert_true(bel_diagnosis_tell(&told, "4", text, sizeof(text)));
	assert_string_equal(text, "an instruction that Valgrind 4 does not know, at 0x10912d");
	assert_false(bel_diagnosis_tell(&survived, "3.19.0", text, sizeof(text)));
	assert_false(bel_diagnosis_tell(&later, "3.19.0", text, sizeof(text)));
}

/* Lackey cannot live with one; the bytes are looked for where it was about to translate. */
static void test_lackey_fails(void **state)
{
	static const uint8_t code[] = {0x90, 0x62, 0x62, 0xf1, 0x7c, 0x48, 0x58, 0xc1, 0xb8, 0};
	struct bel_diagnosis told = READ(
		"vex amd64->IR: unhandled instruction bytes: 0x62 0xF1 0x7C 0x48 0x58 0xC1",
		"vex amd64->IR:   REX=0 REX.W=0 REX.R=0 REX.X=0 REX.B=0",
		"Lackey: lk_main.c:529 (addEvent_Ir): Assertion 'isize' failed.",
		"host stacktrace:", "   at 0x580057FA: ??? (in /usr/libexec/lackey)",
		"Thread 1: status = VgTs_WaitSys (lwpid 5)", "   at 0x7: poll (in /lib/libc.so)",
		"Thread 2: status = VgTs_Runnable (lwpid 6)", "   at 0x109129: main (in /tmp/av)");
	char text[300];

	(void)state;
	assert_int_equal(told.block, 0x109129);
	bel_diagnosis_find(&told, code, sizeof(code));
	assert_true(bel_diagnosis_tell(&told, "3.19.0", text, sizeof(text)));
	assert_string_equal(text, "an instruction that Valgrind 3.19 does not know, "
				  "at 0x10912b in /tmp/av");
}

static void test_valgrind_fails(void **state)
{
	const struct bel_diagnosis memory = READ("    Valgrind's memory management: out of memory:",
		"       newSuperblock's request for 4194304 bytes failed.");
	const struct bel_diagnosis impossible =
		READ("valgrind: the 'impossible' happened:", "   Killed by fatal signal",
			"host stacktrace:");
	const struct bel_diagnosis broken =
		READ("pagegrind: drain.c:7 (drain): Assertion 'left' failed.");
	char text[300], long_line[2000];
	struct bel_diagnosis endless = {0};

	(void)state;
	assert_true(bel_diagnosis_tell(&memory, "3.19.0", text, sizeof(text)));
	assert_string_equal(text, "a lack of memory for Valgrind");
	assert_true(bel_diagnosis_tell(&impossible, "3.19.0", text, sizeof(text)));
	assert_string_equal(text, "an error of Valgrind: Killed by fatal signal");
	assert_true(bel_diagnosis_tell(&broken, "3.19.0", text, sizeof(text)));
	assert_string_equal(text,
		"an error of Valgrind: pagegrind: drain.c:7 (drain): Assertion 'left' failed.");
	memset(long_line, 'x', sizeof(long_line));
	bel_diagnosis_line(&endless, long_line, sizeof(long_line));
	assert_false(bel_diagnosis_tell(&endless, "", text, sizeof(text)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_unknown_instruction),
		cmocka_unit_test(test_lackey_fails),
		cmocka_unit_test(test_valgrind_fails),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
