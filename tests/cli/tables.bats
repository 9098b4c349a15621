#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# Tables on a terminal fit it; CSV is one table with columns that nothing changes.

bats_require_minimum_version 1.5.0

setup_file() {
	cd "$BATS_FILE_TMPDIR"
	PATH=$BEL_BIN:$PATH
	long='/a/directory/whose/name/is/long/enough/to/fill/most/of/a/line/alone/prog --seed'
	printf '1 2 3 1 2 3\n' | bel-convert -q --name "$long 1" -o one.bel
	printf '1 2 1 2 1 3 4\n' | bel-convert -q --name "$long 2" -o two.bel
	bel-sim -q -p lru,opt,fifo -f 2,3 --format jsonl one.bel two.bel >r.jsonl
}

setup() {
	cd "$BATS_FILE_TMPDIR"
	PATH=$BEL_BIN:$PATH
}

# on COLUMNS COMMAND: what a terminal so wide shows, its lines in $lines.
on() {
	command -v script >/dev/null || skip 'no script'
	run script -qec "stty cols $1 rows 50; $2" /dev/null </dev/null
	[ "$status" -eq 0 ]
	output=${output//$'\r'/}
	mapfile -t lines <<<"$output"
}

# fits COLUMNS COMMAND: no line of its standard output is longer.
fits() {
	on "$1" "$2 2>words"
	[ "$(wc -L <<<"$output")" -le "$1" ]
}

@test "no row is longer than the terminal, whatever the tool" {
	for columns in 80 120 200; do
		for tool in 'bel-info one.bel' 'bel-info one.bel two.bel' \
			'bel-info --analysis popularity,hot-pages one.bel two.bel' \
			'bel-sim -p lru,clock:bit=0 -f 2,3 --interval 2 one.bel two.bel' \
			'bel-curve -p lru,ws --interval 3 one.bel two.bel' \
			'bel-vm -p lru,fifo -f 2,3 --interval 3 one.bel two.bel' \
			'bel-compare r.jsonl' 'bel-compare --show sizes,traces,policies,pairs r.jsonl'; do
			fits $columns "$tool"
			[ "${#lines[@]}" -gt 2 ]
		done
	done
}

@test "names keep what differs between rows; a pipe has them whole" {
	fits 80 'bel-sim -p lru -f 2 one.bel two.bel'
	[[ ${lines[1]} = /*'...'*'eed 1  lru '* ]]
	[[ ${lines[2]} = /*'...'*'eed 2  lru '* ]]
	fits 200 'bel-sim -p lru -f 2 one.bel two.bel'
	[[ ${lines[1]} = '/a/directory/whose/'*'/alone/prog --seed 1  lru '* ]]
	bel-sim -p lru -f 2 --format table one.bel two.bel | grep -q '/alone/prog --seed 2  lru '
}

@test "what does not fit is left out, first what is the same in all rows, and a note says so" {
	# frames, references, writebacks and resident are equal; lru has 6 faults, opt 4. Of
	# the equal ones, the last three go. The frames hold 1, 2, 2, 2, 2 and 2 pages: 11 / 6.
	fits 40 'bel-sim -p lru,opt -f 2 one.bel'
	[ "$(tr -s ' ' <<<"${lines[0]}")" = 'policy frames faults ratio' ]
	[ "$(cat words)" = \
		'bel-sim: 3 columns do not fit on the terminal (references 6, writebacks 0, resident 1.833): --format jsonl has all members' ]
}

@test "notes on a terminal end their lines between words; -q prints none" {
	# 40 columns: "bel-sim: 3 columns do not fit on the" has 36, and "terminal" needs 9 more.
	on 40 'bel-sim -p lru,opt -f 2 one.bel'
	[ "$(tail -n +4 <<<"$output")" = 'bel-sim: 3 columns do not fit on the
  terminal (references 6, writebacks 0,
  resident 1.833): --format jsonl has
  all members' ]
	on 40 'bel-sim -q -p lru,opt -f 2 one.bel'
	[ "${#lines[@]}" -eq 3 ]
	on 40 'bel-sim --page-size 3 one.bel || true'
	[ "$output" = "bel-sim: --page-size: '3' is not a power
  of two
try 'bel-sim --help'" ]
}

@test "an explicit --format is honoured in a pipe" {
	for tool in 'bel-info one.bel' 'bel-sim -f 2 one.bel' 'bel-curve one.bel' \
		'bel-vm one.bel' 'bel-compare r.jsonl'; do
		[[ $($tool --format table | head -n 1) =~ ^(schema|trace|policy)\ + ]]
		[[ $($tool --format csv | head -n 1) = schema,tool,version,* ]]
	done
	on 80 'bel-sim -p lru -f 2 --format jsonl one.bel'
	[[ $output = '{"schema":"belady.run/1"'* ]]
}

@test "bel-vm's table says how each process ended, in 80 columns, too" {
	# Two frames and no swap: the third page that is written has no place.
	fits 80 "bel-vm -f 2 --swap none '$BEL_TOP/traces/sh.bel'"
	[[ $output = *' end '* && $output = *' out-of-memory '* ]]
	fits 80 "bel-vm '$BEL_TOP/traces/sh.bel'"
	[[ $output = *' exit '* ]]
}

@test "the table of a whole curve is a summary: sizes that double, the last one, the knee" {
	# A loop over 40 pages, three times: below 40 frames LRU has 120 faults, and 40 from there on.
	for i in 1 2 3; do seq 40; done >loop.pages
	on 80 'bel-curve -p lru loop.pages'
	[ "$(awk '$1 == "lru" {print $2, $4}' <<<"$output" | paste -sd,)" = \
		'1 120,2 120,4 120,8 120,16 120,32 120,40 40' ]
	# The lifetime 120/40 of 40 frames, 3/40 per page, is below 1/1 of one frame.
	[ "$(awk '$3 == "yes" {print $2}' <<<"$output")" = 1 ]
	[[ $output = *'bel-curve: 7 of 40 points are shown; --all shows all'* ]]
	[ "$(bel-curve -q -p lru --all --format table loop.pages | wc -l)" -eq 41 ]
	[ "$(bel-curve -q -p lru -f 1:20 --format table loop.pages | wc -l)" -eq 21 ] # as listed
	[ "$(bel-curve -q -p lru --format csv loop.pages | wc -l)" -eq 41 ]
	[ "$(bel-curve -q -p lru loop.pages | jq '.faults | length')" -eq 40 ]
}

# heads NUMBER <CSV: so many lines, all with as many fields as the head, which comes once.
heads() {
	python3 -c '
import csv, sys
rows = list(csv.reader(sys.stdin))
assert len(rows) == int(sys.argv[1]), len(rows)
assert all(len(row) == len(rows[0]) for row in rows)
assert [row[0] for row in rows].count("schema") == 1
assert len({row[0] for row in rows[1:]}) <= 1
print(",".join(rows[0]))' "$1"
}

@test "CSV is one table: with --interval, that of the intervals" {
	bel-sim -p lru,fifo -f 2 --interval 2 --format csv one.bel | heads 7 | grep -q ',interval,'
	bel-sim -p lru,fifo -f 2 --format csv one.bel | heads 3
	# Two intervals, three sizes each.
	bel-curve -p lru --interval 3 --format csv one.bel | heads 7 | grep -q ',interval,'
	bel-curve -p lru --format csv one.bel | heads 4
	bel-vm -f 2 --interval 3 --format csv one.bel | heads 3 | grep -q ',interval,'
	bel-vm -f 2,3 --format csv one.bel | heads 3
	bel-info --analysis hot-pages --format csv one.bel | heads 4 | grep -q ',analysis,'
	bel-info --format csv one.bel two.bel | heads 3
	bel-sim -p lru -f 2,3 --anomalies -q --format csv one.bel | heads 1 # none, but a head
}

@test "the columns of CSV do not depend on policies, traces and machines" {
	for p in lru,fifo arc,clock:bit=0 ws lruk:k=3; do
		bel-sim -p "$p" -f 2 --format csv one.bel | head -n 1
	done | uniq | wc -l | grep -qx 1
	for p in lru ws fifo clock; do bel-curve -p $p --format csv one.bel | head -n 1; done |
		uniq | wc -l | grep -qx 1
	for more in '' '--tables flat' '--tlb none'; do
		bel-vm $more --format csv one.bel | head -n 1
	done | uniq | wc -l | grep -qx 1
	bel-sim -p clock:bit=0 -f 2 --format csv one.bel | grep -q ',clock,bit=0 bits=1,clock:bit=0,'
}

@test "the columns of CSV are the members of the schemas" {
	for schema in "$BEL_TOP"/lib/emit/schema/*.json; do
		jq -r 'def names(p): to_entries[] | .key as $k | .value |
			if .properties then .properties | names(p + $k + ".")
			elif .items.properties then empty else p + $k end;
			select(.additionalProperties == false) |
			.properties.schema.const + ": " + ([.properties | names("")] | join(","))' "$schema"
	done | sort >expected
	[ "$(wc -l <expected)" -ge 15 ]
	python3 - "$BEL_TOP/lib/emit/emit_csv_columns.c" <<-'END' | sort >got
		import re, sys
		text = open(sys.argv[1]).read()
		define = r'#define (\w+)\s+\\\n((?:\s*"[^"]*"\s*\\?\n)+)'
		for name, columns in re.findall(define, text):
		    joined = "".join(re.findall(r'"([^"]*)"', columns))
		    text = re.sub(r'\b%s\b(?!\s+\\)' % name, '"%s"' % joined, text)
		for schema, columns in re.findall(r'\{"(belady[^"]*)",\s*((?:"[^"]*"\s*)+)\}', text):
		    print(schema + ": " + "".join(re.findall(r'"([^"]*)"', columns)))
	END
	diff expected got
}

@test "stored records become the CSV that the tools write" {
	bel-sim -q -p lru,clock:bit=0 -f 2 --interval 3 --format jsonl one.bel >s.jsonl
	bel-vm -q -f 2 --format jsonl one.bel >>s.jsonl
	bel-sim -q -p lru,clock:bit=0 -f 2 --format csv one.bel | cmp - <(bel-convert --records run s.jsonl)
	bel-sim -q -p lru,clock:bit=0 -f 2 --interval 3 --format csv one.bel |
		cmp - <(bel-convert --records interval <s.jsonl)
	bel-vm -q -f 2 --format csv one.bel | cmp - <(bel-convert --records vm s.jsonl)
	bel-convert --records vm-process -o p.csv s.jsonl
	heads 2 <p.csv | grep -q ',outcome,'
	# Several inputs are one table.
	bel-convert --records run s.jsonl r.jsonl | heads 15
	run -3 --separate-stderr bel-convert --records curve -o none.csv s.jsonl
	[ "$stderr" = "bel-convert: --records: no record of kind 'curve'; there are records of kind 'run'" ]
	[ ! -e none.csv ]
	# A file in place of the kind: nothing is read from standard input.
	run -2 --separate-stderr bel-convert --records s.jsonl < <(sleep 5)
	[[ ${stderr_lines[0]} == "bel-convert: --records: 's.jsonl' is not a kind of record (run, "* ]]
	run -3 --separate-stderr bel-convert --records run one.bel
	[[ $stderr = 'bel-convert: one.bel: is not text, so it has no result records'* ]]
}
