/* SPDX-License-Identifier: MIT */
/*
 * test_lackey.c: lackey text: its records by every scanner, its odd lines, its
 * system calls as events, and what is refused.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "event_name.h"
#include "lackey_parse.h"
#include "lackey_scan.h"
#include "read_refs.h"
#include "rng.h"

#define LENGTH(a) (sizeof(a) / sizeof(*(a)))
#define SLACK 64

#define F BEL_FETCH
#define L BEL_LOAD
#define S BEL_STORE
#define M BEL_MODIFY

/* Records that a text is read as, and lines of it that are noise. */
struct reading {
	const char *text;
	uint64_t noise;
	struct bel_access refs[4]; /* size 0 ends them */
};

static const struct reading readings[] = {
	{"I  04001090,3\n L 1ffeffe7e0,8\n S 00000010,4\n M ffffffffff600000,1\n", 0,
		{{0x4001090, 3, F}, {0x1ffeffe7e0, 8, L}, {0x10, 4, S},
			{0xffffffffff600000, 1, M}}},
	{"I  04001090,15\n L 04001091,32", 0, {{0x4001090, 15, F}, {0x4001091, 32, L}}},
	{" S 1,128\r\n L abc,007\n", 0, {{1, 128, S}, {0xabc, 7, L}}},
	{"==12== Lackey, an example\n==12== \n--12-- Reading syms\n\nSB 04001090\n L 00000001,1\n",
		5, {{1, 1, L}}},
	{"total 12\n-rw-r--r-- 1 root root 5, a.out\n L 00000001,1\n", 2, {{1, 1, L}}},
	{" L 00000001,1\nno newline here L 00000002,2\n", 1, {{1, 1, L}, {2, 2, L}}},
	{"SYSCALL[7,1](56) sys_clone ( 3d0f00, 0x0, 0x0, 0x0, 0x0 ) --> [pre-success] "
	 "Success(0x5371) I  04950b42,3\n",
		1, {{0x4950b42, 3, F}}},
	{"SYSCALL[7,1](262) I  0011383a,2\nsys_newfstatat ( 1, 0x1(/x), 0x1 )[sync] --> "
	 "Success(0x0) \n L 00000001,1\n",
		2, {{0x11383a, 2, F}, {1, 1, L}}},
	/* Blanks: as tr -s " ", awk, and the CS:APP cache lab leave them; tabs; around the comma.
	 */
	{"I 04010180,4\nI 04010184,4\n L 1fff000348,8\n S 1fff000350,8\n", 0,
		{{0x4010180, 4, F}, {0x4010184, 4, F}, {0x1fff000348, 8, L}, {0x1fff000350, 8, S}}},
	{"L 10,1\nM 20,1\nS 22,1\n   I   18,16  \n", 0,
		{{0x10, 1, L}, {0x20, 1, M}, {0x22, 1, S}, {0x18, 16, F}}},
	{"\tL\t10,4\nI\t\t04010180,4\n S 10 , 8\n M 10,\t8", 0,
		{{0x10, 4, L}, {0x4010180, 4, F}, {0x10, 8, S}, {0x10, 8, M}}},
	/* CR LF, a byte order mark, any case, 0x. */
	{"I  04010180,4\r\n L 1fff000348,8\r\n S 1fff000350,8\r\n\r\n", 1,
		{{0x4010180, 4, F}, {0x1fff000348, 8, L}, {0x1fff000350, 8, S}}},
	{"I 4,1\r\nI 5,1 \r", 0, {{4, 1, F}, {5, 1, F}}},
	{"\xef\xbb\xbfI  04010180,4\n L 00000008,8\n", 0, {{0x4010180, 4, F}, {8, 8, L}}},
	{"\xef\xbb\xbf==7== Lackey\n L 00000008,8\n", 1, {{8, 8, L}}},
	{"i  0401abcd,4\n l 1FFF000348,8\n s 0x1Fff000350,8\n M 0X10,0x20\n", 0,
		{{0x401abcd, 4, F}, {0x1fff000348, 8, L}, {0x1fff000350, 8, S}, {16, 32, M}}},
	{" L ffffffffffffffff,999999999\n S 0,1\n", 0, {{UINT64_MAX, 999999999, L}, {0, 1, S}}},
	/* Glued to what Valgrind or the program printed before, or behind the record. */
	{"==7== Parent PID: 1I  04010180,4\n==7== \nhello L 1fff000348,8\nx I 04010184,4\n", 4,
		{{0x4010180, 4, F}, {0x1fff000348, 8, L}, {0x4010184, 4, F}}},
	{"==7== Parent PID: 1I 04010180,4\r\n==7== L 1fff000348,8 \r\n", 2,
		{{0x4010180, 4, F}, {0x1fff000348, 8, L}}},
	{"I  04010180,4==7== Exit code:       0\n L 00000008,8\n", 1,
		{{0x4010180, 4, F}, {8, 8, L}}},
	{"I  04010180,4I  04010184,4 L 00000008,8\n S 00000008,8--7-- bye\n", 1,
		{{0x4010180, 4, F}, {0x4010184, 4, F}, {8, 8, L}, {8, 8, S}}},
	{"I  04010180,4SYSCALL[7,1](12) sys_brk ( 0x0 ) --> [pre-success] Success(0x1)I  "
	 "00000007,1",
		1, {{0x4010180, 4, F}, {7, 1, F}}},
	/* What a program may print: no record was meant. */
	{"I added 3 lines\nS\nL 5\nM3 and L2\nSB 04010180\nSmall, 12\n5,4\n L 00000008,8\n", 7,
		{{8, 8, L}}},
	{"==7== Command: ./a 20240101,12\n L 00000008,8\n-- 1,2\n", 2, {{8, 8, L}}},
};

static const struct bel_format *lackey(void)
{
	struct bel_err err;
	const struct bel_format *const format = bel_format_find("lackey", &err);

	assert_non_null(format);
	return format;
}

static void test_readings(void **state)
{
	const struct bel_format_options options = {.max_bad = 0};

	(void)state;
	for (size_t i = 0; i < LENGTH(readings); i++) {
		struct read_refs refs, wanted = {.access = (struct bel_access *)readings[i].refs};

		while (wanted.count < 4 && readings[i].refs[wanted.count].size)
			wanted.count++;
		read_refs(&refs, lackey(),
			read_refs_memory(readings[i].text, strlen(readings[i].text)), &options, 3);
		assert_int_equal(refs.code, 0);
		assert_int_equal(refs.count, wanted.count);
		assert_true(read_refs_equal(&refs, &wanted, true, true));
		assert_int_equal(refs.tally.noise, readings[i].noise);
		assert_int_equal(refs.tally.bad, 0);
		read_refs_release(&refs);
	}
}

/* Line 2 is no text and no record, though it may have been meant as one. */
static const struct {
	const char *line;
	bool near;
} garbages[] = {
	{"I  04001g90,3", true},
	{" L 04001090", true},
	{" L 0400109", true},
	{" S 04001090,0", true},
	{" M 04001090,1x", true},
	{" M 04001090,", true},
	{" M 04001090,1 2", true},
	{" M 04001090,-1", true},
	{" M 04001090,1234567890", true},
	{" M 04001090,0x3b9aca00", true},
	{"I  11111111111111111,1", true},
	{"I 04001090", true},
	{"I 04001090 3", true},
	{"I,04001090,3", true},
	{"I: 04001090,3", true},
	{"I04001090,3", true},
	{"L 0x", true},
	{"s 0x7ffc,", true},
	{"L 10;4", true},
	{"S 12,4 words", true},
	{"04001090,3", true},
	{"  1fff000348,8", true},
	{"R 04001090,3", true},
	{"X  04001090,3\r", true},
	{"read 04001090,3", true},
	{"I  040I  04001090,3", true},
	{"I  0400==7== Exit code:       0", true},
	{"==7== Exit code: 0I  04001090", true},
	{"hello S 04001090,", true},
	{"I  x4001090,3", true},
	{" S ?4001090,8", true},
	{" L_04001090,4", true},
	{"a\001b", false},
	{"\177", false},
};

/* Refused, or skipped and counted. */
static void test_garbage(void **state)
{
	struct bel_format_options options = {.max_bad = 0};
	struct read_refs refs;
	char text[100];

	(void)state;
	for (size_t i = 0; i < LENGTH(garbages); i++) {
		const char *const says = garbages[i].near
						 ? "line 2: nearly a lackey record "
						   "('I|L|S|M HEXADDRESS,SIZE'): '"
						 : "line 2: neither a lackey record nor text: '";

		snprintf(
			text, sizeof(text), " L 00000001,1\n%s\n L 00000002,1\n", garbages[i].line);
		options.max_bad = 0;
		read_refs(&refs, lackey(), read_refs_memory(text, strlen(text)), &options, 8);
		if (refs.code != BEL_FAIL || !strstr(refs.err.text, says))
			fail_msg("'%s': %s", garbages[i].line,
				refs.code ? refs.err.text : "no error");
		assert_int_equal(refs.count, 1);
		read_refs_release(&refs);

		options.max_bad = 1;
		read_refs(&refs, lackey(), read_refs_memory(text, strlen(text)), &options, 8);
		assert_int_equal(refs.code, 0);
		/* A whole record may end the line. */
		assert_true(refs.count == 2 || refs.count == 3);
		assert_int_equal(refs.tally.bad, 1);
		read_refs_release(&refs);
	}
}

/* Each line of a large log in one of several spacings: nothing is lost at any window's end. */
static void test_mixed_spacing(void **state)
{
	static const char *const shapes[] = {" L %08zx,8\n", "L %zx,8\n", " l 0x%zX , 8 \r\n",
		"\tL\t%zx,8\n", " L %08zx,8\n", "==7== x L %08zx,8\n"};
	const struct bel_format_options options = {.max_bad = 0};
	const size_t count = 60000;
	struct read_refs refs;
	char *text = NULL;
	size_t size;
	FILE *const file = open_memstream(&text, &size);

	(void)state;
	assert_non_null(file);
	for (size_t i = 0; i < count; i++)
		fprintf(file, shapes[i / 700 % LENGTH(shapes)], i * 17);
	fclose(file);
	for (size_t batch = 1; batch < 4000; batch = batch * 7 + 3) {
		read_refs(&refs, lackey(), read_refs_memory(text, size), &options, batch);
		assert_int_equal(refs.code, 0);
		assert_int_equal(refs.count, count);
		for (size_t i = 0; i < count; i++) {
			assert_int_equal(refs.access[i].address, i * 17);
			assert_int_equal(refs.access[i].size, 8);
			assert_int_equal(refs.access[i].kind, L);
		}
		read_refs_release(&refs);
	}
	free(text);
}

static void test_not_lackey(void **state)
{
	static const char text[] = "some words\nand more of them\n";
	const struct bel_format_options options = {.max_bad = 0};
	struct read_refs refs;

	(void)state;
	read_refs(&refs, lackey(), read_refs_memory(text, strlen(text)), &options, 8);
	assert_int_equal(refs.code, BEL_FAIL);
	assert_string_equal(refs.err.text, "memory: not lackey text: no record in 2 lines");
	read_refs_release(&refs);
}

static enum bel_probe_verdict judge(const char *text)
{
	struct bel_probe probe = {
		.data = (const uint8_t *)text, .have = strlen(text), .whole = true};

	return lackey()->probe(&probe);
}

static void test_probe(void **state)
{
	static const char *const yes[] = {"I  04001090,3\n L 1ffeffe7e0,8\n",
		"==7== Lackey, an example Valgrind tool\n==7== ", " S 00000010,4",
		"a\nb\n L 00000010,4\n L 00000010,4\n",
		"I  04010180,4\r\n L 1fff000348,8\r\n S 1fff000350,8\r\n",
		"I 04010180,4\nL 1fff000348,8\n", "i 0x4010180,4\n"};
	static const char *const no[] = {"", "7,0,1,2\n", "04001090 R\n", "0 4001090\n", "I 10\n"};

	(void)state;
	for (size_t i = 0; i < LENGTH(yes); i++)
		assert_true(judge(yes[i]) >= BEL_PROBE_LIKELY);
	for (size_t i = 0; i < LENGTH(no); i++)
		assert_int_equal(judge(no[i]), BEL_PROBE_NO);
}

/* Random lines, one in eight damaged: every scanner stops where the scalar one does. */
static void test_scanners_agree(void **state)
{
	static const char *const heads[] = {"I  ", " L ", " S ", " M "};
	static struct bel_access refs[2][200];
	static char text[SLACK + 8192 + SLACK];
	const struct bel_lackey_scanner *scanner, *last = NULL;
	uint64_t read = 0;
	struct bel_rng rng;

	(void)state;
	bel_rng_seed(&rng, 1);
	for (size_t i = 0; (scanner = bel_lackey_scanner_at(i)) != NULL; i++)
		last = scanner;
	assert_non_null(last);
	if (!last)
		return;
	assert_string_equal(last->name, "scalar");
	for (int round = 0; round < 3000; round++) {
		const size_t lines = bel_rng_below(&rng, 200);
		size_t length = 0, count[2], taken[2];

		for (size_t i = 0; i < lines; i++)
			length += (size_t)sprintf(text + SLACK + length, "%s%0*lx,%u\n",
				heads[bel_rng_below(&rng, 4)], (int)bel_rng_below(&rng, 17),
				bel_rng_next(&rng) >> bel_rng_below(&rng, 64),
				(unsigned)bel_rng_below(&rng, bel_rng_below(&rng, 30) ? 10 : 101) +
					(bel_rng_below(&rng, 50) != 0));
		if (length && bel_rng_below(&rng, 8) == 0)
			text[SLACK + bel_rng_below(&rng, length)] = (char)bel_rng_below(&rng, 256);
		length -= length ? bel_rng_below(&rng, 3) : 0;
		count[0] = last->scan(
			(const uint8_t *)text + SLACK, length, refs[0], LENGTH(refs[0]), &taken[0]);
		read += count[0];
		for (size_t i = 0; (scanner = bel_lackey_scanner_at(i)) != last; i++) {
			if (!scanner->usable())
				continue;
			count[1] = scanner->scan((const uint8_t *)text + SLACK, length, refs[1],
				LENGTH(refs[1]), &taken[1]);
			assert_int_equal(taken[0], taken[1]);
			assert_int_equal(count[0], count[1]);
			for (size_t k = 0; k < count[0]; k++) {
				assert_int_equal(refs[0][k].address, refs[1][k].address);
				assert_int_equal(refs[0][k].size, refs[1][k].size);
				assert_int_equal(refs[0][k].kind, refs[1][k].kind);
			}
		}
	}
	/* Most lines must have been whole, or nothing was compared. */
	assert_true(read > 50000);
}

/* Events of a text, each in a word or two, with the number of references before it. */
static void tell_events(const char *text, char *told, size_t size)
{
	const struct bel_format_options options = {.max_bad = 0};
	struct bel_input *const input = read_refs_memory(text, strlen(text));
	struct bel_access access[2];
	struct bel_accesses out = {.access = access, .capacity = LENGTH(access)};
	struct bel_err err;
	void *const reader = lackey()->open(input, &options, &err);
	uint64_t before = 0;
	size_t at = 0;
	int r;

	assert_non_null(reader);
	told[0] = '\0';
	for (;;) {
		bel_events_clear(&out.events);
		r = lackey()->read(reader, &out, &err);
		if (r <= 0)
			break;
		for (size_t i = 0; i < out.events.count; i++) {
			const struct bel_event *const e = &out.events.event[i];

			at += (size_t)snprintf(told + at, size - at,
				"%lu %s space=%u/%u pid=%u %lx+%lx off=%lx value=%lu %s %x %s\n",
				before + e->at, event_name(e->type), e->space, e->other, e->pid,
				e->start, e->length, e->offset, e->value,
				bel_region_name(e->region), e->flags, e->name ? e->name : "-");
			assert_true(at < size);
		}
		before += out.count;
	}
	assert_int_equal(r, 0);
	lackey()->close(reader);
	bel_events_release(&out.events);
	bel_input_close(input);
}

static const char *const told_of[][2] = {
	{"==7== Command: ls -l\n L 00000001,1\n",
		"0 start space=0/0 pid=7 0+0 off=0 value=0 unknown 0 ls -l\n"},
	{"SYSCALL[7,1](257) sys_openat ( 4294967196, 0x1(/a (b), c), 524288 ) --> [async] ... \n"
	 "SYSCALL[7,1](257) ... [async] --> Success(0x3) \n"
	 " L 00000001,1\n"
	 "SYSCALL[7,1](9) sys_mmap ( 0x0, 5000, 5, 2, 3, 4096 ) --> [pre-success] "
	 "Success(0x4837000) \n"
	 "SYSCALL[7,1](3) sys_close ( 3 )[sync] --> Success(0x0) \n"
	 "SYSCALL[7,1](9) sys_mmap ( 0x0, 4096, 1, 1, 3, 0 ) --> [pre-success] Success(0x1000) \n",
		"1 map space=0/0 pid=0 4837000+2000 off=1000 value=0 text 15 /a (b), c\n"
		"1 map space=0/0 pid=0 1000+1000 off=0 value=0 mmap 19 -\n"},
	/* An open that is done at once, and one that fails. */
	{"SYSCALL[7,1](257) sys_openat ( 4294967196, 0x1(/lib), 524288 )[sync] --> Success(0x4) \n"
	 "SYSCALL[7,1](2) sys_open ( 0x1(/none), 0 )[sync] --> Failure(0x2) \n"
	 "SYSCALL[7,1](9) sys_mmap ( 0x0, 4096, 5, 2, 4, 0 ) --> [pre-success] Success(0x1000) \n",
		"0 map space=0/0 pid=0 1000+1000 off=0 value=0 text 15 /lib\n"},
	{"SYSCALL[7,1](9) sys_mmap ( 0x1000, 8192, 3, 2066, 3, 0 ) --> [pre-success] "
	 "Success(0x1000) \n"
	 "SYSCALL[7,1](9) sys_mmap ( 0x3000, 4096, 3, 50, 4294967295, 0 ) --> [pre-success] "
	 "Success(0x3000) \n"
	 "SYSCALL[7,1](9) sys_mmap ( 0x0, 8192, 3, 131106, 4294967295, 0 ) --> [pre-success] "
	 "Success(0x9000) \n"
	 "SYSCALL[7,1](9) sys_mmap ( 0x0, 8192, 3, 34, 4294967295, 0 ) --> [pre-fail] "
	 "Failure(0xc) \n",
		"0 map space=0/0 pid=0 1000+2000 off=0 value=0 data 13 -\n"
		"0 map space=0/0 pid=0 3000+1000 off=0 value=0 data 3 -\n"
		"0 map space=0/0 pid=0 9000+2000 off=0 value=0 stack 3 -\n"},
	{"SYSCALL[7,1](12) sys_brk ( 0x0 ) --> [pre-success] Success(0x4035000) \n"
	 "SYSCALL[7,1](12) sys_brk ( 0x4056000 ) --> [pre-success] Success(0x4056000) \n"
	 "SYSCALL[7,1](12) sys_brk ( 0x5056000 ) --> [pre-success] Success(0x4056000) \n"
	 "SYSCALL[7,1](12) sys_brk ( 0x4036000 ) --> [pre-success] Success(0x4036000) \n",
		"0 grow space=0/0 pid=0 4035000+21000 off=0 value=0 heap 0 -\n"
		"0 grow space=0/0 pid=0 4035000+1000 off=0 value=0 heap 0 -\n"},
	{"SYSCALL[7,1](10) sys_mprotect ( 0x1000, 1, 1 )[sync] --> Success(0x0) \n"
	 "SYSCALL[7,1](25) sys_mremap ( 0x1000, 4096, 8192, 0x1 ) --> [pre-success] "
	 "Success(0x5000) \n"
	 "SYSCALL[7,1](28) sys_madvise ( 0x5000, 4096, 4 ) --> [async] ... \n"
	 "SYSCALL[7,1](28) sys_madvise ( 0x5000, 4096, 3 ) --> [async] ... \n"
	 "SYSCALL[7,1](11) sys_munmap ( 0x5000, 8192 )[sync] --> Success(0x0) \n"
	 "SYSCALL[7,1](231) exit_group( 259 ) --> [pre-success] Success(0x0) \n",
		"0 protect space=0/0 pid=0 1000+1000 off=0 value=0 unknown 1 -\n"
		"0 remap space=0/0 pid=0 5000+2000 off=1000 value=4096 unknown 0 -\n"
		"0 discard space=0/0 pid=0 5000+1000 off=0 value=0 unknown 0 -\n"
		"0 unmap space=0/0 pid=0 5000+2000 off=0 value=0 unknown 0 -\n"
		"0 exit space=0/0 pid=0 0+0 off=0 value=3 unknown 0 -\n"},
	{"SYSCALL[7,1](29) sys_shmget ( 0, 5000, 384 )[sync] --> Success(0x2) \n"
	 "SYSCALL[7,1](30) sys_shmat ( 2, 0x0, 4096 )[sync] --> Success(0x483c000) \n"
	 "SYSCALL[7,1](30) sys_shmat ( 3, 0x0, 0 )[sync] --> Success(0x583c000) \n"
	 "SYSCALL[7,1](67) sys_shmdt ( 0x483c000 )[sync] --> Success(0x0) \n"
	 "SYSCALL[7,1](67) sys_shmdt ( 0x583c000 )[sync] --> Success(0x0) \n"
	 "**7** belady mark: a  b\n**x** belady mark: c\n",
		"0 map space=0/0 pid=0 483c000+2000 off=0 value=0 mmap 9 -\n"
		"0 unmap space=0/0 pid=0 483c000+2000 off=0 value=0 unknown 0 -\n"
		"0 mark space=0/0 pid=0 0+0 off=0 value=0 unknown 0 a  b\n"},
	{"==7== Command: sh\n"
	 "--7--   SCHED[1]:  acquired lock (thread_wrapper(starting new thread))\n"
	 " L 00000001,1\n"
	 "SYSCALL[7,1](56) sys_clone ( 1200011, 0x0, 0x0, 0x4a29a10, 0x0 )   clone(fork): process "
	 "7 "
	 "created child 8\n --> [pre-success] Success(0x8) --7--   SCHED[1]: releasing lock\n"
	 "--7--   SCHED[2]:  acquired lock (thread_wrapper(starting new thread))\n"
	 "SYSCALL[7,1](59) sys_execve ( 0x4035da8(/bin/no), 0x1, 0x2 ) --> [pre-fail] Failure(0x2) "
	 "\n"
	 " L 00000001,1\n"
	 "SYSCALL[7,1](59) sys_execve ( 0x4035da8(/bin/ls), 0x1, 0x2 )==7== Lackey\n"
	 "==7== Command: /bin/ls\n L 00000001,1\n"
	 "==7== Process terminating with default action of signal 11 (SIGSEGV)\n",
		"0 start space=0/0 pid=7 0+0 off=0 value=0 unknown 0 sh\n"
		"0 thread space=0/0 pid=0 0+0 off=0 value=1 unknown 0 -\n"
		"1 fork space=1/0 pid=8 0+0 off=0 value=0 unknown 0 -\n"
		"1 thread-start space=0/0 pid=0 0+0 off=0 value=2 unknown 0 -\n"
		"1 thread space=0/0 pid=0 0+0 off=0 value=2 unknown 0 -\n"
		"2 exec space=2/0 pid=7 0+0 off=0 value=0 unknown 0 /bin/ls\n"
		"3 exit space=2/0 pid=0 0+0 off=0 value=267 unknown 0 -\n"},
};

static void test_events(void **state)
{
	char told[4096];

	(void)state;
	for (size_t i = 0; i < LENGTH(told_of); i++) {
		tell_events(told_of[i][0], told, sizeof(told));
		assert_string_equal(told, told_of[i][1]);
	}
}

/* The child's own log starts with the banner again, which is no exec. */
static void test_child_log(void **state)
{
	static const char parent_text[] =
		"==7== Command: sh\n"
		"SYSCALL[7,1](56) sys_clone ( 1200011 )   clone(fork): process 7 created child 8\n";
	static const char child_text[] = "==8== Command: sh\n L 00000001,1\n";
	const struct bel_format_options options = {.max_bad = 0};
	const struct bel_input input = {.name = "log"};
	uint8_t text[SLACK + 256 + SLACK] = {0};
	struct bel_access access[8];
	struct bel_accesses out = {.access = access, .capacity = LENGTH(access)};
	struct bel_lackey *parent, *child;
	struct bel_err err;
	uint32_t spaces = 5;
	size_t taken;

	(void)state;
	parent = bel_lackey_new(&options, &spaces, &input, &err);
	assert_non_null(parent);
	assert_null(bel_lackey_new_child(parent, 8, &err));
	memcpy(text + SLACK, parent_text, sizeof(parent_text));
	assert_int_equal(bel_lackey_parse(parent, text + SLACK, strlen(parent_text), false, &out,
				 &taken, &err),
		0);
	assert_int_equal(out.events.count, 1);
	out.count = 0;
	bel_events_clear(&out.events);
	assert_int_equal(bel_lackey_parse(parent, text + SLACK, 0, true, &out, &taken, &err), 0);
	assert_int_equal(out.events.count, 1);
	assert_int_equal(out.events.event[0].type, BEL_EVENT_FORK);
	assert_int_equal(out.events.event[0].other, 5);
	assert_int_equal(out.events.event[0].space, 6);

	child = bel_lackey_new_child(parent, 8, &err);
	assert_non_null(child);
	memcpy(text + SLACK, child_text, sizeof(child_text));
	bel_events_clear(&out.events);
	assert_int_equal(bel_lackey_parse(child, text + SLACK, strlen(child_text), false, &out,
				 &taken, &err),
		0);
	assert_int_equal(out.events.count, 0);
	assert_int_equal(out.count, 1);
	assert_int_equal(out.space, 6);
	assert_int_equal(spaces, 7);
	bel_events_release(&out.events);
	bel_lackey_free(child);
	bel_lackey_free(parent);
}

static void test_writer(void **state)
{
	static const char wanted[] = "==7== Command: ls\nI  04001090,3\n L 1ffeffe7e0,16\n"
				     "==7== Command: wc\n M 00000000,1\n";
	struct bel_access access[] = {{0x4001090, 3, F}, {0x1ffeffe7e0, 16, L}, {0, 1, M}};
	struct bel_accesses batch = {.access = access, .count = 3, .capacity = 3};
	const struct bel_event events[] = {
		{.type = BEL_EVENT_START, .pid = 7, .name = "ls"},
		{.type = BEL_EVENT_MAP, .at = 1, .start = 4096, .length = 4096},
		{.type = BEL_EVENT_EXEC, .at = 2, .pid = 7, .name = "wc"},
	};
	struct bel_err err;
	char *text = NULL;
	size_t size;
	FILE *const file = open_memstream(&text, &size);

	(void)state;
	assert_non_null(file);
	for (size_t i = 0; i < LENGTH(events); i++)
		assert_int_equal(bel_events_add(&batch.events, &events[i], &err), 0);
	assert_int_equal(lackey()->write(file, &batch, &err), 0);
	assert_int_equal(fclose(file), 0);
	assert_string_equal(text, wanted);
	free(text);
	bel_events_release(&batch.events);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_readings),
		cmocka_unit_test(test_garbage),
		cmocka_unit_test(test_mixed_spacing),
		cmocka_unit_test(test_not_lackey),
		cmocka_unit_test(test_probe),
		cmocka_unit_test(test_scanners_agree),
		cmocka_unit_test(test_events),
		cmocka_unit_test(test_child_log),
		cmocka_unit_test(test_writer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
