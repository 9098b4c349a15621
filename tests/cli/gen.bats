#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# bel-gen: models, outputs, refusals. (Distributions: tests/unit/test_gen.c.)

bats_require_minimum_version 1.5.0

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	PATH=$BEL_BIN:$PATH
}

# The pages of a trace, in one line.
pages() {
	bel-convert --to pages "$@" | paste -sd ' '
}

# refused TEXT ARGS...: bel-gen ends with 2 and that line, and writes nothing.
refused() {
	local text=$1
	shift
	run --separate-stderr bel-gen "$@"
	[ "$status" -eq 2 ]
	[ -z "$output" ]
	[ "${stderr_lines[0]}" = "bel-gen: $text" ]
	[ "${stderr_lines[1]}" = "try 'bel-gen --help'" ]
}

@test "the textbooks' strings" {
	[ "$(bel-gen silberschatz | pages)" = "7 0 1 2 0 3 0 4 2 3 0 3 2 1 2 0 1 7 0 1" ]
	[ "$(bel-gen belady | pages)" = "1 2 3 4 1 2 5 1 2 3 4 5" ]
	[ "$(bel-gen tanenbaum | pages)" = "0 1 2 3 0 1 4 0 1 2 3 4" ]
	[ "$(bel-gen stallings | pages)" = "2 3 2 1 5 2 4 5 3 2 5 2" ]
	[ "$(bel-gen ostep | pages)" = "0 1 2 0 1 3 0 3 1 2 1" ]
	[ "$(bel-gen silberschatz-exercise | pages)" = "1 2 3 4 2 1 5 6 2 1 2 3 7 6 3 2 1 2 3 6" ]
	[ "$(bel-gen tanenbaum-distances | pages)" = \
		"0 2 1 3 5 4 6 3 7 4 7 3 3 5 5 3 1 1 1 7 2 3 4 1" ]
}

@test "a string of one's own, with writes" {
	run --separate-stderr bel-gen string '7, 0x10 1w' --to pages
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[ "$output" = $'7\n16\n1 w' ]
}

@test "Belady's anomaly through a pipe" {
	run --separate-stderr bash -c "bel-gen belady | bel-sim -p fifo -f 3,4 | jq -c '[.frames,.faults]'"
	[ "$status" -eq 0 ]
	[ "$output" = $'[3,9]\n[4,10]' ]
}

@test "a loop, and formats that hold addresses" {
	[ "$(bel-gen loop -n 7 --pages 3 | pages)" = "0 1 2 0 1 2 0" ]
	[ "$(bel-gen sequential -n 3 --page-size 16k --to din | paste -sd ' ')" = "0 0 0 4000 0 8000" ]
}

@test "same seed, same bytes; another seed, others" {
	bel-gen zipf -n 5000 --write-ratio 0.3 -o a.bel
	bel-gen zipf -n 5000 --write-ratio 0.3 --seed 1 --alpha 1 >b.bel
	cmp a.bel b.bel
	bel-gen zipf -n 5000 --write-ratio 0.3 --seed 2 -o c.bel
	[ "$(bel-info --format jsonl a.bel | jq -r .trace.digest)" != \
		"$(bel-info --format jsonl c.bel | jq -r .trace.digest)" ]
}

@test "what the trace says of itself" {
	run --separate-stderr bash -c "bel-gen phases -n 500 --pages 20 | bel-info --format jsonl |
		jq -c '[.command, .captured_by, .references, .trace.name]'"
	[ "$status" -eq 0 ]
	[ "$output" = '["bel-gen phases -n 500 --pages 20 --locality 20 --phase 2000 --seed 1",'\
'"bel-gen '"$(bel-sim --version | awk 'NR == 1 {print $3}')"'",500,"bel-gen phases -n 500 --pages 20 --locality 20 --phase 2000 --seed 1"]' ]
}

@test "an empty trace is a trace, which bel-info shows and the others refuse" {
	bel-gen uniform -n 0 -o empty.bel
	run -3 --separate-stderr bel-sim -p lru -f 2 empty.bel
	[ "$stderr" = 'bel-sim: empty.bel: no references in the trace' ]
	run --separate-stderr bel-info --format jsonl empty.bel
	[ "$status" -eq 0 ]
	[ "$(jq -c '[.references, .pages, .references_per_run]' <<<"$output")" = '[0,0,null]' ]
}

@test "list prints the models, --to list the formats" {
	run --separate-stderr bel-gen list
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[ "$(cut -d ' ' -f 1 <<<"$output" | paste -sd ' ')" = "silberschatz silberschatz-exercise \
belady tanenbaum tanenbaum-distances stallings ostep string sequential loop uniform zipf phases stack" ]
	run --separate-stderr bel-gen --to list
	[ "$status" -eq 0 ]
	[[ ${lines[0]} = "bel "*read*write* ]]
}

@test "wrong usage" {
	refused "no model given; 'bel-gen list' prints all models"
	refused "unknown model 'zip' (known: silberschatz, silberschatz-exercise, belady, tanenbaum, \
tanenbaum-distances, stallings, ostep, string, sequential, loop, uniform, zipf, phases, stack)" zip
	refused "model 'loop' does not use --alpha" loop --alpha 2
	refused "unexpected operand '2' (a string is one word: quote it)" string 1 2
	refused "--level: must be 1 to 19" belady --level 20
	refused "--alpha: -1 is not between 0 and 100" zipf --alpha -1
	refused "--write-ratio: -1 is not between 0 and 1" zipf --write-ratio -1
	for option in references pages locality phase; do
		refused "--$option: must be at most 2^63 - 1" phases --$option 18446744073709551615
	done
	refused "--page-size: a page has at least 2 bytes" belady --page-size 1
	refused "page 4503599627370496 is beyond 64-bit addresses" string '1 0x10000000000000' -o x
	[ ! -e x ]
}

@test "a terminal is no place for a binary trace" {
	run script -qec 'bel-gen belady' /dev/null
	[ "$status" -eq 2 ]
	[[ $output = *"bel-gen: a trace is binary and not for a terminal: give -o FILE or a pipe"* ]]
	run script -qec 'bel-gen ostep --to pages' /dev/null
	[ "$status" -eq 0 ]
}

@test "the old file stays when the new one cannot be made" {
	echo old >x.bel
	refused "model 'loop' does not use --alpha" loop --alpha 2 -o x.bel
	[ "$(cat x.bel)" = old ]
	run --separate-stderr bel-gen belady -o none/x.bel
	[ "$status" -eq 3 ]
	[ "$stderr" = "bel-gen: none/x.bel: cannot write: No such file or directory" ]
}

@test "slices are the whole: joined as traces, and as summaries, byte for byte" {
	local k model
	for model in 'zipf --pages 50 --write-ratio 0.3' 'loop --pages 7' 'phases --pages 300'; do
		rm -f -- *.bel *.sum
		# shellcheck disable=SC2086
		{
			bel-gen $model -n 3000 | bel-info -q --format jsonl | jq .trace.digest >digest
			bel-gen $model -n 3000 | bel-curve -q -p lru,ws >whole
			for k in 1 2 3 4 5; do
				bel-gen $model -n 3000 --slice $k/5 -o $k.bel
				bel-curve -q -p lru,ws --summary -o $k.sum - <$k.bel
			done
		}
		bel-info -q --format jsonl --joined 4.bel 1.bel 3.bel 5.bel 2.bel | jq .trace.digest | cmp - digest
		bel-merge 4.sum 1.sum 3.sum 5.sum 2.sum | cmp - whole
		# In another grouping, pages behind get other numbers first.
		bel-merge --summary -o 45 5.sum 4.sum
		bel-merge --summary -o 2345 3.sum 45 2.sum
		bel-merge 2345 1.sum | cmp - whole
	done
}

@test "a slice by hand: it begins and ends where a run does" {
	# References 0 to 9; number 3 is inside of the run of page 1, and 7 inside of that of page 4.
	text='1 2 1 1 1 3 4 4 4 5'
	[ "$(bel-gen string "$text" --slice 0:3 | pages)" = '1 2 1 1 1' ]
	[ "$(bel-gen string "$text" --slice 3:7 | pages)" = '3 4 4 4' ]
	[ "$(bel-gen string "$text" --slice 7: | pages)" = 5 ]
	refused "--slice: '4/3': no such slice; in K/N, K is 1 to N, such as 2/8" belady --slice 4/3
}

@test "a slice in a file is not cut again, nor read with other pages for a summary" {
	bel-gen zipf -n 1000 --slice 2/3 -o 2.bel
	bel-gen loop -n 1000 --slice 3/3 -o l.bel
	run -2 --separate-stderr bel-curve -q --summary --slice 1/2 -o s 2.bel
	[[ $stderr = *'the file is a slice already; cut the whole trace into more slices'* ]]
	run -2 --separate-stderr bel-curve -q --summary --page-size 8k -o s 2.bel
	[[ $stderr = *'the file is a slice for pages of 4096 bytes'* ]]
	run -3 --separate-stderr bel-convert --joined --to pages 2.bel l.bel
	[ "$stderr" = 'bel-convert: 2.bel: no slice has the references before 333' ]
	bel-gen zipf -n 1000 --slice 1/3 -o 1.bel
	run -3 --separate-stderr bel-convert --joined --to pages 1.bel l.bel
	[ "$stderr" = 'bel-convert: l.bel: is a slice of another trace' ]
	run -3 --separate-stderr bel-convert --joined --to pages 1.bel 2.bel
	[ "$stderr" = 'bel-convert: 2.bel: no slice has the references from 666 on' ]
	bel-gen zipf -n 1000 --slice 600: -o o.bel
	run -3 --separate-stderr bel-convert --joined --to pages 1.bel 2.bel o.bel
	[ "$stderr" = 'bel-convert: o.bel: overlaps the slice before it: both have reference 600' ]
	# Alone it is a trace as any other.
	bel-sim -q -p lru -f 4 2.bel | jq -e '.references > 300'
}

# These values stand for "not given" inside, and were taken for the default.
@test "numbers out of range are refused, and not the default" {
	for option in --alpha=-1 --write-ratio=-1 --pages=18446744073709551615 --seed=18446744073709551615 \
		--references=18446744073709551615; do
		run -2 --separate-stderr bel-gen zipf -n 10 "$option" -o t.bel
		[[ $stderr == "bel-gen: ${option%%=*}: "* ]]
		[ ! -e t.bel ]
	done
}
