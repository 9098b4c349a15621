#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# bel-info: what is in a trace, and --verify.

bats_require_minimum_version 1.5.0

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	PATH=$BEL_BIN:$PATH
	# Two fetches, a store across a page boundary, a modify, a load: counted by hand.
	printf '%s\n' 'I  04000000,3' 'I  04000003,2' ' S 04000ffc,8' ' M 04001000,4' \
		' L 04000010,8' >hand.lackey
}

# field EXPRESSION ARGS...: of the one record.
field() {
	local expression=$1
	shift
	bel-info --format jsonl "$@" | jq -c "$expression"
}

@test "a trace counted by hand" {
	run --separate-stderr field '[.references,.fetches,.loads,.stores,.modifies,.splits,.runs,
		.writing_runs,.pages,.footprint_bytes]' hand.lackey
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[ "$output" = '[6,2,1,1,1,1,4,3,2,8192]' ]
	[ "$(field '[.references,.splits,.runs]' --first-byte hand.lackey)" = '[5,0,3]' ]
	[ "$(field '[.references,.splits,.pages]' --page-size 8k hand.lackey)" = '[5,0,1]' ]
}

@test "the same counts and digest however the trace is stored" {
	bel-convert hand.lackey -o folded.bel
	bel-convert hand.lackey -g 1 -o exact.bel
	gzip -k hand.lackey
	expected=$(field '[.trace.digest,.references,.fetches,.loads,.stores,.modifies,.splits,.runs]' \
		hand.lackey)
	for trace in folded.bel exact.bel hand.lackey.gz; do
		[ "$(field '[.trace.digest,.references,.fetches,.loads,.stores,.modifies,.splits,.runs]' \
			$trace)" = "$expected" ]
	done
	[ "$(field '[.exact,.granule_bytes,.stored_format]' exact.bel)" = '[true,1,"bel"]' ]
	[ "$(field '[.exact,.granule_bytes,.stored_format]' folded.bel)" = '[false,4096,"bel"]' ]
	[ "$(field .captured_by folded.bel)" = '"bel-convert 0.1.0 (from lackey)"' ]
}

@test "bytes and bits a reference" {
	bel-gen loop -n 1000 --pages 10 -o loop.bel
	size=$(stat -c %s loop.bel)
	[ "$(field .stored_bytes loop.bel)" = "$size" ]
	[ "$(field '.stored_bits_per_reference * 1000 / 8 | round' loop.bel)" = "$size" ]
	[ "$(bel-info --format jsonl <loop.bel | jq -c '[.stored_bytes,.stored_bits_per_reference]')" = \
		'[null,null]' ]
}

@test "processes and regions of a captured program" {
	command -v valgrind >/dev/null || skip "valgrind is not installed"
	[ -x "$BEL_BIN/bel-capture" ] || skip "bel-capture is not built"
	bel-capture -o true.bel -- /bin/true
	bel-info --format jsonl true.bel >record
	[ "$(jq '[.processes[].references] | add == input.references' record record)" = true ]
	[ "$(jq '[.processes[].pages] | add == input.pages' record record)" = true ]
	[ "$(jq '[.regions[].references] | add == input.references' record record)" = true ]
	[ "$(jq '[.regions[].pages] | add == input.pages' record record)" = true ]
	[ "$(jq '.regions.stack.references > 0 and .regions.stack.peak_mapped_bytes > 0' record)" = true ]
	[ "$(jq '.processes[0].pid > 0' record)" = true ]
}

@test "several traces, several records; a table is a list" {
	bel-gen belady -o a.bel
	bel-gen ostep -o b.bel
	run --separate-stderr bel-info --format jsonl a.bel b.bel
	[ "$status" -eq 0 ]
	[ "$(jq -c .references <<<"$output" | paste -sd ' ')" = "12 11" ]
	run --separate-stderr bel-info --format table a.bel
	[ "$status" -eq 0 ]
	[[ $output = *"footprint_bytes "*20480* ]]
}

@test "records are as the schema says" {
	[ -x "$BEL_BUILD/tests/helpers/validate_records" ] || skip "no validator"
	bel-gen zipf -n 1000 -o a.bel
	bel-info --format jsonl a.bel hand.lackey >records
	"$BEL_BUILD/tests/helpers/validate_records" "$BEL_TOP/lib/emit/schema" <records
}

@test "--verify says nothing of sound traces" {
	bel-gen zipf -n 100000 -o a.bel
	run --separate-stderr bel-info --verify a.bel hand.lackey
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	[ -z "$stderr" ]
}

@test "--verify: a flipped byte, a missing end; the next trace is still read" {
	bel-gen zipf -n 100000 -o a.bel
	size=$(stat -c %s a.bel)
	head -c $((size - 20)) a.bel >short.bel
	cp a.bel flipped.bel
	printf '\xff\xfe\xfd' | dd of=flipped.bel bs=1 seek=$((size / 2)) conv=notrunc status=none
	run --separate-stderr bel-info --verify flipped.bel short.bel a.bel
	[ "$status" -eq 1 ]
	[ -z "$output" ]
	[ "${#stderr_lines[@]}" -eq 2 ]
	[[ ${stderr_lines[0]} = "bel-info: flipped.bel: byte "* ]]
	[[ ${stderr_lines[1]} = "bel-info: short.bel: "* ]]
	# Without --verify a damaged trace is a failure, and no record is printed of it.
	run --separate-stderr bel-info flipped.bel
	[ "$status" -eq 3 ]
	[ -z "$output" ]
}

@test "--salvage tells where the damage is" {
	bel-gen zipf -n 1000000 -o a.bel
	head -c $(($(stat -c %s a.bel) / 2)) a.bel >short.bel
	run --separate-stderr bel-info --salvage --format jsonl short.bel
	[ "$status" -eq 0 ]
	[[ $stderr = "bel-info: the trace is not whole: short.bel: "* ]]
	[ "$(jq '.references > 0 and .references < 1000000 and (.ended_early | length > 0)' \
		<<<"$output")" = true ]
}

@test "failures" {
	run --separate-stderr bel-info none.bel
	[ "$status" -eq 3 ]
	[ "$stderr" = "bel-info: none.bel: No such file or directory" ]
	run --separate-stderr bel-info --format xml hand.lackey
	[ "$status" -eq 2 ]
	[ -z "$output" ]
	run --separate-stderr bel-info --page-size 1 hand.lackey
	[ "$status" -eq 2 ]
	[ "${stderr_lines[0]}" = "bel-info: --page-size: a page has at least 2 bytes" ]
}
