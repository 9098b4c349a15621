/* SPDX-License-Identifier: MIT */
/*
 * test_csv.c: comma-separated values: columns by number and name, head lines,
 * separators, kinds, sizes, keys, processes, and what is refused, with its place.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "names.h"
#include "read_refs.h"

#define LENGTH(a) (sizeof(a) / sizeof(*(a)))

#define L BEL_LOAD
#define S BEL_STORE
#define F BEL_FETCH
#define M BEL_MODIFY
#define TOP UINT64_MAX
#define MARK "\xef\xbb\xbf"

static const struct bel_format *csv(void)
{
	struct bel_err err;
	const struct bel_format *const format = bel_format_find("csv", &err);

	assert_non_null(format);
	return format;
}

static const struct reading {
	const char *columns, *separator, *kinds, *text;
	uint64_t noise;
	struct bel_access refs[8]; /* size 0 ends them */
} readings[] = {
	/* A map of numbers, and no head line: the first line counts. */
	{"address=1:hex", NULL, NULL, "ff00\n1300\n1400\n", 0,
		{{0xff00, 1, L}, {0x1300, 1, L}, {0x1400, 1, L}}},
	{"kind=1,address=2,size=3", NULL, "u=fetch",
		"u,20480,64,3,77\nr,4096,64,3,5\nw,8192,64,3,9\n", 0,
		{{20480, 64, F}, {4096, 64, L}, {8192, 64, S}}},
	{"kind=1,address=2", NULL, NULL, "R,\"17\"\nW,18", 0, {{17, 1, L}, {18, 1, S}}},
	{"key=1", NULL, NULL, "b\na\nb\n", 0, {{0, 1, L}, {1, 1, L}, {0, 1, L}}},
	/* A head line, with and without a map that needs it. */
	{"kind=1,address=2,size=3", NULL, NULL, "op,addr,len\nr,1,2\n", 1, {{1, 2, L}}},
	{"address=1", NULL, NULL, MARK "\n# x\n\"my address\"\r\n7\r\n\r\n", 2, {{7, 1, L}}},
	{"address=1,kind=2", NULL, NULL, "address,u\n7,r\n", 1, {{7, 1, L}}},
	{NULL, NULL, NULL, MARK "addr,size\r\n7,4\r\n", 1, {{7, 4, L}}},
	{NULL, NULL, NULL, MARK "\"addr\",size\n7,4", 1, {{7, 4, L}}},
	{"address=VADDR,size=3", NULL, NULL, "t,vaddr,u\n9,7,5\n", 1, {{7, 5, L}}},
	{"addr=2,rw=1", NULL, NULL, "w,7\n", 0, {{7, 1, S}}},
	/* The usual names. */
	{NULL, NULL, NULL, "time,offset,size,type\n1,4096,8192,W\n", 1, {{4096, 8192, S}}},
	{NULL, NULL, NULL, "time,obj_id,size\n1,7,90000\n", 1, {{7, 1, L}}},
	{NULL, NULL, NULL, "id,op\n18446744073709551615,get\n0x10,set\n", 1,
		{{TOP, 1, L}, {16, 1, S}}},
	{NULL, NULL, NULL, "id,address\n7,9\n", 1, {{9, 1, L}}},
	{NULL, NULL, NULL, "lbn,opcode\n5,w\n", 1, {{5, 1, S}}},
	{NULL, NULL, NULL, "key,size\nk1,5\n0,5\n00,5\nk1,9\n", 1,
		{{0, 1, L}, {1, 1, L}, {2, 1, L}, {0, 1, L}}},
	/* Separators: by name, by themselves, and as the head line shows. */
	{"address=2,kind=1", ";", NULL, "R;7\nW; 8 ;x\n", 0, {{7, 1, L}, {8, 1, S}}},
	{"address=2,kind=1", "tab", NULL, "R\t7\nW\t 8\t\n", 0, {{7, 1, L}, {8, 1, S}}},
	{"address=2,kind=1", "|", NULL, "R|7\n\"W\"|\"8\"|\n", 0, {{7, 1, L}, {8, 1, S}}},
	{"address=2,kind=1", "blank", NULL, "R 7\n  W \t  8  9\n\"W\"  8\r\n", 0,
		{{7, 1, L}, {8, 1, S}, {8, 1, S}}},
	{"address=2", " ", NULL, "a,b 7", 0, {{7, 1, L}}},
	{"address=3", "\\t", NULL, "\t\t7\n", 0, {{7, 1, L}}},
	{NULL, NULL, NULL, "op;addr\nw;7\n", 1, {{7, 1, S}}},
	{NULL, NULL, NULL, "op\taddr\nw\t7\n", 1, {{7, 1, S}}},
	{NULL, NULL, NULL, "op|addr\nw|7\n", 1, {{7, 1, S}}},
	{"address=wo", NULL, NULL, "was;wo\n1;7\n", 1, {{7, 1, L}}},
	{NULL, "blank", NULL, "  op  addr\nw 7\n", 1, {{7, 1, S}}},
	/* Kinds. */
	{"address=2,kind=1", NULL, "2a=write,28=READ,r=fetch,flush=skip,=x=m",
		"2A,1\n28,2\nr,3\nFlush,4\n=x,5\nw,6\n", 1,
		{{1, 1, S}, {2, 1, L}, {3, 1, F}, {5, 1, M}, {6, 1, S}}},
	{"address=2,kind=1", NULL, NULL,
		"rd,1\nWR,2\nLd,3\nst,4\nifetch,5\nget,6\nput,7\nmodify,8\n", 0,
		{{1, 1, L}, {2, 1, S}, {3, 1, L}, {4, 1, S}, {5, 1, F}, {6, 1, L}, {7, 1, S},
			{8, 1, M}}},
	/* Sizes in units; in pages where places are pages of 4 KiB. */
	{"address=1,size=2", NULL, NULL, "0,512B\n0,4K\n0,4kb\n0,4 KiB\n0,2m\n0,1G\n0,7b\n", 0,
		{{0, 512, L}, {0, 4096, L}, {0, 4096, L}, {0, 4096, L}, {0, 2 << 20, L},
			{0, 1 << 30, L}, {0, 7, L}}},
	{"page=1,size=2", NULL, NULL, "0,1\n0,4096\n0,4097\n0,16K\n", 0,
		{{0, 1, L}, {0, 1, L}, {0, 2, L}, {0, 4, L}}},
	{"address=1,size=2:hex", NULL, NULL, "0,b\n0,1b\n", 0, {{0, 11, L}, {0, 27, L}}},
	/* Cells with separators and quotes in them. */
	{"key=1,kind=2", NULL, NULL, "\"a,b\",r\n\"a\"\"b\",w\na b,r\n\" a,b\",r\n\"a,b\",w", 0,
		{{0, 1, L}, {1, 1, S}, {2, 1, L}, {3, 1, L}, {0, 1, S}}},
};

static void test_readings(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(readings); i++) {
		const struct reading *const reading = &readings[i];
		const struct bel_format_options options = {.columns = reading->columns,
			.separator = reading->separator,
			.kinds = reading->kinds};
		struct read_refs wanted = {.access = (struct bel_access *)reading->refs};

		while (wanted.count < 8 && reading->refs[wanted.count].size)
			wanted.count++;
		for (size_t batch = 1; batch < 12; batch += 5) {
			struct read_refs refs;

			read_refs(&refs, csv(),
				read_refs_pieces(reading->text, strlen(reading->text), batch),
				&options, batch);
			if (refs.code)
				fail_msg("'%s': %s", reading->text, refs.err.text);
			if (!read_refs_equal(&refs, &wanted, true, true))
				fail_msg("'%s': other references", reading->text);
			assert_int_equal(refs.tally.noise, reading->noise);
			assert_int_equal(refs.tally.bad, 0);
			read_refs_release(&refs);
		}
	}
}

/* A bad line: the same error, and the same cell, in line 1 and after good lines. */
static const struct {
	const char *columns, *good, *bad, *says;
} garbages[] = {
	{"kind=1,address=2,size=3", "r,1,1\n", "u,20480,64\n",
		", column 1 \"u\": not a kind of reference (read, write, ...); map it with --kinds "
		"u=read"},
	{"kind=1,address=2", "r,1\n", "re ad,20\n",
		", column 1 \"re ad\": not a kind of reference (read, write, ...); map it with "
		"--kinds re ad=read"},
	{"kind=1,address=2", "r,1\n", "\"a,b\",20\n",
		", column 1 \"a,b\": not a kind of reference (read, write, ...); map it with "
		"--kinds"},
	{"kind=1,address=2", "r,1\n", "r,x\n", ", column 2 \"x\": not a number"},
	{"address=1", "1\n", "ff00\n",
		", column 1 \"ff00\": not a decimal number; for hexadecimal without 0x use "
		"--columns FIELD=COLUMN:hex"},
	{"address=1", "1\n", "dead\n",
		", column 1 \"dead\": not a decimal number; for hexadecimal without 0x use "
		"--columns FIELD=COLUMN:hex"},
	{"address=1:hex", "1\n", "11112222333344445\n",
		", column 1 \"11112222333344445\": does not fit in 64 bits"},
	{"address=1", "1\n", "18446744073709551616\n",
		", column 1 \"18446744073709551616\": does not fit in 64 bits"},
	{"address=1", "1\n", "4096.0\n", ", column 1 \"4096.0\": not a whole number"},
	{"address=1", "1\n", "-1\n", ", column 1 \"-1\": not a number"},
	{"address=1", "1\n", "0xg\n", ", column 1 \"0xg\": not a number"},
	{"address=1", "1\n", "NaN\n", ", column 1 \"NaN\": not a number"},
	{"address=2", "1,1\n", "1,\n", ", column 2 \"\": empty; a number is expected"},
	{"address=2", "1,1\n", "1\n", ", column 2 \"\": the line is too short for this column"},
	{"address=2", "1,1\n", "1,\"2\n", ", column 2 \"2\": its quote is not closed on this line"},
	{"address=2", "1,1\n", "1,\"2\"3,\n", ", column 2 \"2\": text follows its closing quote"},
	{"key=2", "1,1\n", "1,,\n", ", column 2 \"\": empty; a key is expected"},
	{"address=1,size=2", "1,1\n", "1,0\n",
		", column 2 \"0\": not a size: a reference has at least one byte"},
	{"address=1,size=2", "1,1\n", "1,4X\n",
		", column 2 \"4X\": not a size such as 4096, 512B or 4K"},
	{"address=1,size=2", "1,1\n", "1,4KX\n",
		", column 2 \"4KX\": not a size such as 4096, 512B or 4K"},
	{"address=1,size=2", "1,1\n", "1,4294967296\n",
		", column 2 \"4294967296\": too large for a reference; the maximum is 4294967295"},
	{"address=1,size=2", "1,1\n", "1,17179869184G\n",
		", column 2 \"17179869184G\": does not fit in 64 bits"},
	{"address=1,process=2", "1,1\n", "1,4294967296\n",
		", column 2 \"4294967296\": too large; numbers of processes and threads have "
		"at most 32 bits"},
	{"address=1", "1\n", "\033[31mx\n", ", column 1 \"\\x1b[31mx\": not a number"},
};

static void test_garbage(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(garbages); i++) {
		const char *const good = garbages[i].good, *const bad = garbages[i].bad;
		struct bel_format_options options = {.columns = garbages[i].columns};
		struct read_refs refs;
		char text[200], says[300];

		snprintf(text, sizeof(text), "%s%s", bad, good);
		snprintf(says, sizeof(says), "memory: line 1%s", garbages[i].says);
		read_refs(&refs, csv(), read_refs_memory(text, strlen(text)), &options, 100);
		assert_int_equal(refs.code, BEL_FAIL);
		assert_string_equal(refs.err.text, says);
		read_refs_release(&refs);

		snprintf(text, sizeof(text), "%s%s%s%s%s", good, good, bad, bad, good);
		snprintf(says, sizeof(says), "memory: line 3%s", garbages[i].says);
		/* What precedes it was given, then the error comes. */
		read_refs(&refs, csv(), read_refs_memory(text, strlen(text)), &options, 100);
		assert_string_equal(refs.err.text, says);
		assert_int_equal(refs.count, 2);
		read_refs_release(&refs);
		/* One may be skipped: the second fails. */
		options.max_bad = 1;
		says[13] = '4';
		read_refs(&refs, csv(), read_refs_memory(text, strlen(text)), &options, 1);
		assert_string_equal(refs.err.text, says);
		assert_int_equal(refs.tally.bad, 1);
		read_refs_release(&refs);
		options.max_bad = 2;
		read_refs(&refs, csv(), read_refs_memory(text, strlen(text)), &options, 2);
		assert_int_equal(refs.code, 0);
		assert_int_equal(refs.count, 3);
		assert_int_equal(refs.tally.bad, 2);
		read_refs_release(&refs);
	}
}

static const struct {
	const char *columns, *separator, *kinds, *text, *says;
	int code;
} maps[] = {
	{NULL, NULL, NULL, "a,b\n1,2\n",
		"memory: line 1 \"a,b\": no column is called address, page or key; name it with "
		"--columns, as in --columns address=2",
		BEL_FAIL},
	{"size=1", NULL, NULL, "1,2\n",
		"--columns: 'size=1' must name either an address, a page or a key", BEL_USAGE},
	{"page=1,address=2", NULL, NULL, "1,2\n",
		"--columns: 'page=1,address=2' must name either an address, a page or a key",
		BEL_USAGE},
	{"key=1,size=2", NULL, NULL, "1,2\n",
		"--columns: 'key=1,size=2': a key is one page and has no size", BEL_USAGE},
	{"address=1,addr=2", NULL, NULL, "1,2\n", "--columns: two columns for address", BEL_USAGE},
	{"adress=1", NULL, NULL, "1,2\n",
		"--columns: 'adress=1' is not FIELD=COLUMN, where FIELD is address, page, key, "
		"kind, size, process or thread",
		BEL_USAGE},
	{"address=", NULL, NULL, "1,2\n",
		"--columns: 'address=' is not FIELD=COLUMN, where FIELD is address, page, key, "
		"kind, size, process or thread",
		BEL_USAGE},
	{"address=1,2", NULL, NULL, "1,2\n",
		"--columns: '2' is not FIELD=COLUMN, where FIELD is address, page, key, kind, "
		"size, process or thread",
		BEL_USAGE},
	{"", NULL, NULL, "1,2\n", "--columns: '' must name either an address, a page or a key",
		BEL_USAGE},
	{"address=where", NULL, NULL, "a,b\n", "memory: --columns: no column is called 'where'",
		BEL_USAGE},
	{"address=b", ";", NULL, "a,b\n", "memory: --columns: no column is called 'b'", BEL_USAGE},
	{"address=1", "xx", NULL, "1\n",
		"--separator: 'xx' is not a separator of columns; use , ; : | tab "
		"or blank",
		BEL_USAGE},
	{"address=1", "", NULL, "1\n",
		"--separator: '' is not a separator of columns; use , ; : | tab or "
		"blank",
		BEL_USAGE},
	{"address=1", "\"", NULL, "1\n",
		"--separator: '\"' is not a separator of columns; use , ; : | tab "
		"or blank",
		BEL_USAGE},
	{"address=1", NULL, "2a", "1\n",
		"--kinds: '2a' is not VALUE=KIND, where KIND is read, write, fetch, load, store, "
		"modify or skip",
		BEL_USAGE},
	{"address=1", NULL, "1=read,2a=wrte,3=w", "1\n",
		"--kinds: '2a=wrte' is not VALUE=KIND, where KIND is read, write, fetch, load, "
		"store, modify or skip",
		BEL_USAGE},
};

static void test_bad_maps(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(maps); i++) {
		const struct bel_format_options options = {.columns = maps[i].columns,
			.separator = maps[i].separator,
			.kinds = maps[i].kinds};
		struct read_refs refs;

		read_refs(&refs, csv(), read_refs_memory(maps[i].text, strlen(maps[i].text)),
			&options, 10);
		assert_int_equal(refs.code, maps[i].code);
		assert_string_equal(refs.err.text, maps[i].says);
		read_refs_release(&refs);
	}
}

/* Events and references of a text in a word each: "S0=7" process 7 begins as space 0, "t5"
 * thread 5 runs, "0:1" a reference to 1 in space 0. */
static void tell(const char *columns, const char *text, size_t capacity, char *told, size_t size)
{
	const struct bel_format_options options = {.columns = columns};
	struct bel_input *const input = read_refs_memory(text, strlen(text));
	struct bel_access access[8];
	struct bel_accesses out = {.access = access, .capacity = capacity};
	struct bel_err err;
	void *const reader = csv()->open(input, &options, &err);
	size_t at = 0;
	int r;

	assert_non_null(reader);
	told[0] = '\0';
	while (bel_events_clear(&out.events), (r = csv()->read(reader, &out, &err)) > 0) {
		size_t next = 0;

		for (size_t i = 0; i <= out.count; i++) {
			for (; next < out.events.count && out.events.event[next].at == i; next++) {
				const struct bel_event *const e = &out.events.event[next];

				assert_int_equal(e->space, out.space);
				if (e->type == BEL_EVENT_START)
					at += (size_t)snprintf(
						told + at, size - at, "S%u=%u ", e->space, e->pid);
				else
					at += (size_t)snprintf(
						told + at, size - at, "t%lu ", e->value);
			}
			if (i < out.count)
				at += (size_t)snprintf(told + at, size - at, "%u:%lu ", out.space,
					access[i].address);
		}
		assert_true(next == out.events.count && at < size);
	}
	assert_int_equal(r, 0);
	csv()->close(reader);
	bel_events_release(&out.events);
	bel_input_close(input);
}

static void test_processes(void **state)
{
	static const struct {
		const char *columns, *text, *told;
	} processes[] = {
		{"address=2,process=1", "7,1\n7,2\n9,1\n7,3\n9,9\n",
			"S0=7 0:1 0:2 S1=9 1:1 0:3 1:9 "},
		{NULL, "pid,tid,page\n7,7,1\n7,8,2\n9,9,1\n7,8,3\n7,8,4\n",
			"S0=7 t7 0:1 t8 0:2 S1=9 t9 1:1 t8 0:3 0:4 "},
		{"address=1,thread=2", "1,5\n2,5\n3,0\n4,5\n", "t5 0:1 0:2 t0 0:3 t5 0:4 "},
		{"key=1,process=2", "a,1\na,2\nb,2\na,1\n", "S0=1 0:0 S1=2 1:0 1:1 0:0 "},
		{"address=1,process=2", "1,4294967295\n1,0\n", "S0=4294967295 0:1 S1=0 1:1 "},
	};
	char told[400];

	(void)state;
	for (size_t i = 0; i < LENGTH(processes); i++) {
		for (size_t capacity = 1; capacity <= 8; capacity += 7) {
			tell(processes[i].columns, processes[i].text, capacity, told, sizeof(told));
			assert_string_equal(told, processes[i].told);
		}
	}
}

/* More keys than any first table holds, long ones too, each twice. */
static void test_keys(void **state)
{
	struct bel_names keys = {0};
	static char text[70000];
	struct bel_err err;
	uint32_t number;

	(void)state;
	memset(text, 'x', sizeof(text));
	for (int round = 0; round < 2; round++) {
		for (uint32_t i = 0; i < 30000; i++) {
			const size_t length = i % 1000 == 999 ? sizeof(text) - i : 4 + i % 9;

			memcpy(text, &i, sizeof(i));
			assert_int_equal(
				bel_names_number(&keys, text, length, &number, &err), !round);
			assert_int_equal(number, i);
		}
	}
	assert_int_equal(keys.count, 30000);
	bel_names_release(&keys);
	assert_int_equal(keys.count, 0);
}

static void test_probe(void **state)
{
	static const char *const yes[] = {"address\n1\n", "t;op;addr\n1;r;2\n", "pid\tpage\n1\t2\n",
		"key,op\na,get\n", "time,obj_id,size\n1,2,3\n", "# x\n\n\"offset\"|size\n"};
	static const char *const no[] = {"1,2,3\n", "address,7\n", "what,where\n", "R 0x10\n",
		"address page\n", "an offset\n"};

	(void)state;
	for (size_t i = 0; i < LENGTH(yes) + LENGTH(no); i++) {
		const char *const text = i < LENGTH(yes) ? yes[i] : no[i - LENGTH(yes)];
		struct bel_probe probe = {
			.data = (const uint8_t *)text, .have = strlen(text), .whole = true};
		const enum bel_probe_verdict verdict = csv()->probe(&probe);

		assert_true(*probe.reason);
		if (verdict != (i < LENGTH(yes) ? BEL_PROBE_CERTAIN : BEL_PROBE_NO))
			fail_msg("'%s': %s: %s", text, bel_probe_verdict_name(verdict),
				probe.reason);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_readings),
		cmocka_unit_test(test_garbage),
		cmocka_unit_test(test_bad_maps),
		cmocka_unit_test(test_processes),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_probe),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
