#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# What the tools print is what the JSON Schemas say, in every format.

bats_require_minimum_version 1.5.0
load ../support/records

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	PATH=$BEL_BIN:$PATH
	bel-gen zipf -n 20000 --pages 300 --seed 1 -o z.bel
}

@test "run records, all policies and parameters" {
	bel-sim -p fifo,lru,opt,clock,clock:bit=0,ws,ws:tau=50 -f 1,8,64,1000 --format jsonl z.bel \
		>r.jsonl
	validate 22 <r.jsonl
}

@test "every registered policy" {
	for policy in $(bel-sim -p list | awk '/^[a-z]/ { print $1 }'); do
		bel-sim -p "$policy" -f 16 --format jsonl z.bel >>r.jsonl
	done
	[ "$(wc -l <r.jsonl)" -ge 5 ]
	validate <r.jsonl
}

@test "interval records" {
	bel-sim -p lru,ws -f 16 --interval 3000 --format jsonl z.bel >r.jsonl
	# 20000 references: 7 intervals, the last shorter, for each of two; their faults add up.
	validate 16 <r.jsonl
	jq -se 'group_by(.policy)[] | [.[] | select(.interval) | .faults] as $f
		| .[0].faults == ($f | add) and ($f | length) == 7' r.jsonl
}

@test "a trace without references" {
	bel-gen uniform -n 0 -o none.bel || skip 'bel-gen makes no empty traces'
	bel-info --format jsonl none.bel >r.jsonl
	validate <r.jsonl
}

@test "info records" {
	[ -x "$BEL_BIN/bel-info" ] || skip 'no bel-info'
	bel-info --format jsonl z.bel >r.jsonl
	validate <r.jsonl
}

@test "the validator is no yes-man" {
	bel-sim -p lru -f 8 --format jsonl z.bel >r.jsonl
	while read -r change; do
		jq -c "$change" r.jsonl >>bad.jsonl
	done <<-'END'
		del(.faults)
		.faults = -1
		.faults = 1.5
		.more = 1
		.trace.more = 1
		.trace.digest = "xyz"
		.frames = 0
		.fault_ratio = 1.5
		.schema = "belady.run/2"
		.params.bit = "one"
	END
	# Not a whole number to us, and a member twice.
	sed 's/"faults":[0-9]*/&.0/' r.jsonl >>bad.jsonl
	sed 's/"faults":[0-9]*/&,&/' r.jsonl >>bad.jsonl
	refused_all bad.jsonl
	refused_all /dev/null
}

@test "CSV holds what JSON Lines hold" {
	bel-sim -p lru,clock,ws -f 8,64 --format jsonl z.bel >r.jsonl
	bel-sim -p lru,clock,ws -f 8,64 --format csv z.bel >r.csv
	head -n 1 r.csv | grep -q '^schema,tool,version,trace.name,trace.digest,'
	[ "$(grep -c ^schema, r.csv)" -eq 1 ]
	# By column name, so that a shifted column would show.
	tail -n +2 r.csv | while IFS= read -r line; do
		paste -d '\t' <(head -n 1 r.csv | tr , '\n') <(tr , '\n' <<<"$line") |
			awk -F '\t' '$1 == "policy" || $1 == "frames" || $1 == "faults" ||
				$1 == "writebacks" || $1 == "params" && /tau/ { printf "%s ", $2 } END { print "" }'
	done | tr -s ' ' >csv.txt
	jq -r '[.policy, (.params | if .tau then "tau=\(.tau)" else null end), .frames, .faults, .writebacks | select(. != null)]
		| map(tostring + " ") | add' r.jsonl | sed 's/ $/ /' >json.txt
	diff csv.txt json.txt
}

@test "the table shows the asked columns, aligned" {
	bel-sim -p lru,ws -f 8,64 --format table z.bel >t.txt
	[ "$(wc -l <t.txt)" -eq 4 ]
	head -n 1 t.txt | grep -q '^ *policy .* faults '
	[ "$(awk '{ print length }' t.txt | sort -u | wc -l)" -eq 1 ]
}

@test "two runs: the same bytes, in each format" {
	for format in jsonl csv table; do
		bel-sim -p fifo,opt,ws -f 8,64 --format $format z.bel >a
		bel-sim -p fifo,opt,ws -f 8,64 --format $format z.bel >b
		cmp a b
	done
}
