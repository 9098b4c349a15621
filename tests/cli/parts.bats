#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# bel-capture --split: parts that are traces by themselves, and together the capture. --joined.

bats_require_minimum_version 1.5.0

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	PATH=$BEL_BIN:$PATH
	export LC_ALL=C TMPDIR=$BATS_TEST_TMPDIR
	[ -z "$BEL_RUN" ] || skip 'captures under another tool say nothing'
	command -v valgrind >/dev/null || skip 'no valgrind'
	seq 3000 >numbers
}

# Two captures of one program, whole and in parts of $1 bytes, with further options.
capture() {
	bel-capture -q "${@:2}" -o w.bel -- sort -r numbers >/dev/null
	bel-capture -q "${@:2}" --split "$1" -o s.bel -- sort -r numbers >/dev/null
}

# Everything but what differs between any two captures, or says how it was computed or stored.
same() {
	"$@" --name x w.bel | jq -S 'del(.trace.file, .algorithm) | del(.. | .pid?) |
		with_entries(select(.key | startswith("stored_") | not))' >whole
	"$@" --name x --joined s.*.bel | jq -S 'del(.trace.file, .algorithm) | del(.. | .pid?) |
		with_entries(select(.key | startswith("stored_") | not))' >parts
	diff whole parts
}

@test "the parts of a capture have the figures of one capture, in any order of names" {
	for granule in 4k 1; do
		rm -f ./*.bel
		capture 10k --page-size $granule
		[ -e s.3.bel ]
		[ ! -e s.bel ]
		same bel-curve -p lru,opt,fifo
		same bel-info
		same bel-sim -p lru,clock -f 20
		same bel-vm -f 64
		bel-convert -q s.*.bel -o back.bel
		[ "$(bel-info back.bel | jq -r .trace.digest)" = "$(bel-info w.bel | jq -r .trace.digest)" ]
	done
}

@test "each part alone is a verified trace that knows its process and regions" {
	capture 10k
	for part in s.*.bel; do
		bel-info --verify "$part" >verdict
		bel-info "$part" >out
		[ "$(jq '.processes | length' out)" -eq 1 ]
		[ "$(jq '.unknown_range_count' out)" -eq 0 ]
		[ "$(jq -r '.processes[0].name' out)" = 'sort -r numbers' ]
	done
	[ "$(for p in s.*.bel; do bel-info "$p" | jq .references; done | jq -s add)" = \
		"$(bel-info w.bel | jq .references)" ]
}

@test "parts that are missing, mixed or changed are refused" {
	capture 10k
	run -3 bel-curve --joined s.1.bel s.3.bel
	[ "$output" = 'bel-curve: s.3.bel: is part 3 of a capture; part 2 must follow here' ]
	run -2 bel-curve --joined s.2.bel s.3.bel
	[[ $output == "bel-curve: s.2.bel: is not the first part of a capture"* ]]
	run -3 bel-curve --joined s.1.bel w.bel
	[ "$output" = 'bel-curve: w.bel: is no part of a capture (bel-capture --split)' ]
	run -2 bel-curve --joined w.bel s.2.bel
	mv s.2.bel other.bel
	bel-capture -q --split 10k -o t.bel -- sort numbers >/dev/null
	run -3 bel-curve --joined s.1.bel t.2.bel
	[ "$output" = 'bel-curve: t.2.bel: is a part of another capture, or part 1 was changed after it was written' ]
}

@test "what --split refuses" {
	run -2 bel-capture --split 1M -- /bin/true
	[ "${lines[0]}" = 'bel-capture: --split: the parts are files: give -o NAME.bel' ]
	run -2 bel-capture --split 1M --stacks -o x.bel -- /bin/true
	[[ ${lines[0]} == 'bel-capture: --split: not with --stacks'* ]]
}
