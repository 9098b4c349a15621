#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# bats file_tags=slow
#
# Fresh captures of real programs: bel-sim on Valgrind's own text, bel-sim on the
# native trace made of it, folded and exact, and the list-scanning simulator
# (tests/support/naive.c) count the same, in every column.
#
# Small inputs in `make check`; `make check-long` takes `ls -l /usr/bin`, `sort` and larger files.

bats_require_minimum_version 1.5.0

policies='fifo lru opt clock clock:bit=0 ws'
sizes='1 3 32 100'

setup() {
	command -v valgrind >/dev/null || skip "no valgrind"
	naive=$BEL_BUILD/tests/helpers/naive_sim
	cd "$BATS_TEST_TMPDIR"
}

# capture PROG ARGS...: the text of bare lackey, banner and all, in `raw`.
capture() {
	valgrind --tool=lackey --trace-mem=yes --log-file=raw "$@" >/dev/null
	[ "$(grep -cE '^(I | [LSM]) ' raw)" -gt 50000 ]
}

# naively PAGE_BYTES: policy, number, and all counts, from the references in `refs`.
naively() {
	local policy
	for policy in $policies; do
		"$naive" "$1" "$policy" $sizes <refs | sed "s/^/$policy /"
	done
}

# simulated OPTIONS...: the same lines, from bel-sim.
simulated() {
	local list=fifo,lru,opt,clock,clock:bit=0 size
	for size in $sizes; do
		list+=,ws:tau=$size
	done
	"$BEL_BIN/bel-sim" --format jsonl -p "$list" -f "${sizes// /,}" "$@" | jq -r '
		"\(.policy)\(if .params.bit == 0 then ":bit=0" else "" end) \(.frames // .params.tau)" +
		" \(.references) \(.trace.pages) \(.faults) \(.compulsory_faults) \(.evictions)" +
		" \(.writebacks) \(.dirty_at_end) \(.peak_resident_pages)" +
		" \(.mean_resident_pages * .references | round)"'
}

# same OPTIONS...: what bel-sim counts is in `want`, which holds a line for each pair.
same() {
	simulated "$@" >got
	[ "$(wc -l <want)" -eq 24 ]
	diff -u want got
}

all_ways_agree() {
	grep -E '^(I | [LSM]) ' raw >refs
	"$BEL_BIN/bel-convert" -o folded.bel raw
	"$BEL_BIN/bel-convert" --page-size 1 -o exact.bel raw

	naively 4096 >want
	same raw
	same folded.bel
	same --page-size 4k exact.bel
	same --generic folded.bel

	sed -i 's/,[0-9]*$/,1/' refs
	naively 4096 >want
	same --first-byte folded.bel
	same --first-byte <raw
}

@test "ls -l" {
	if [ -n "${BEL_LONG:-}" ]; then
		capture ls -l /usr/bin
	else
		mkdir some
		touch some/one some/two some/three
		capture ls -l some
	fi
	all_ways_agree
}

@test "ls -l at larger pages, folded early or late" {
	capture ls -l "$BATS_TEST_DIRNAME"
	grep -E '^(I | [LSM]) ' raw | head -n 150000 >refs
	"$BEL_BIN/bel-convert" -o folded.bel refs
	naively 65536 >want
	same --page-size 64k refs
	same --page-size 64k folded.bel
}

@test "gzip" {
	seq "${BEL_LONG:+200}300" >numbers
	capture gzip -c numbers
	all_ways_agree
}

@test "sort" {
	[ -n "${BEL_LONG:-}" ] || skip 'long: make check-long'
	seq 600100 | rev >numbers
	capture sort --parallel=1 numbers
	all_ways_agree
}
