#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# bel-info: what is in a trace, and --verify.

bats_require_minimum_version 1.5.0
load ../support/records

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
	run --separate-stderr field '[.references,.fetches,.loads,.stores,.modifies,.crossings,.runs,
		.writing_runs,.pages,.footprint_bytes]' hand.lackey
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[ "$output" = '[6,2,1,1,1,1,4,3,2,8192]' ]
	[ "$(field '[.references,.crossings,.runs]' --first-byte hand.lackey)" = '[5,0,3]' ]
	[ "$(field '[.references,.crossings,.pages]' --page-size 8k hand.lackey)" = '[5,0,1]' ]
}

@test "the same counts and digest however the trace is stored" {
	bel-convert hand.lackey -o folded.bel
	bel-convert hand.lackey --page-size 1 -o exact.bel
	gzip -k hand.lackey
	expected=$(field '[.trace.digest,.references,.fetches,.loads,.stores,.modifies,.crossings,.runs]' \
		hand.lackey)
	for trace in folded.bel exact.bel hand.lackey.gz; do
		[ "$(field '[.trace.digest,.references,.fetches,.loads,.stores,.modifies,.crossings,.runs]' \
			$trace)" = "$expected" ]
	done
	[ "$(field '[.exact,.granule_bytes,.stored_format]' exact.bel)" = '[true,1,"bel"]' ]
	[ "$(field '[.exact,.granule_bytes,.stored_format]' folded.bel)" = '[false,4096,"bel"]' ]
	[ "$(field .captured_by folded.bel)" = "\"bel-convert $(bel-sim --version | awk 'NR == 1 {print $3}') (from lackey)\"" ]
}

@test "bytes and bits a reference" {
	bel-gen loop -n 1000 --pages 10 -o loop.bel
	size=$(stat -c %s loop.bel)
	[ "$(field .stored_bytes loop.bel)" = "$size" ]
	[ "$(field '.stored_bits_per_reference * 1000 / 8 | round' loop.bel)" = "$size" ]
	[ "$(bel-info --format jsonl <loop.bel | jq -c '[.stored_bytes,.stored_bits_per_reference]')" = \
		'[null,null]' ]
}

# bats test_tags=slow
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

@test "regions by file; what is in none is listed; marks" {
	# The program's text at 0x400000, a page behind it in no region; counted by hand.
	cat >run.lackey <<-'END'
		==7== Command: ./prog
		SYSCALL[7,1](9) sys_mmap ( 0x5000000, 8192, 3, 34, 4294967295, 0 ) --> [pre-success] Success(0x5000000)
		I  05000000,4
		**7** belady mark: one 100%
		 S 05001ffc,8
		 L 09000000,4
		 L 09001000,4
		 L 07000000,4
		 L 07000000,4
		 L 07000000,4
		SYSCALL[7,1](11) sys_munmap ( 0x5000000, 4096 )[sync] --> Success(0x0)
		 L 05000000,4
		**7** belady mark: two
	END
	bel-info --format jsonl run.lackey >record
	jq -e '.references == 9 and .known_references == 2' record
	jq -e '.mappings == [{region: "mmap", references: 2, pages: 2, peak_mapped_bytes: 8192,
		name: null}]' record
	jq -e '[.unknown[] | [.start, .bytes, .references]] ==
		[["0x7000000", 4096, 3], ["0x9000000", 8192, 2], ["0x5000000", 4096, 1],
		["0x5002000", 4096, 1]] and .unknown_range_count == 4' record
	jq -e '.marks == [{reference: 1, space: 0, name: "one 100%"},
		{reference: 9, space: 0, name: "two"}]' record
	run --separate-stderr bel-info --format table run.lackey
	[[ $output = *$'\nmarks\n  reference  space  name\n          1      0  one 100%\n'* ]]
}

# bats test_tags=slow
@test "of a captured program nearly all references are in a known region, libraries by name" {
	bel-info --format jsonl "$BEL_TOP/traces/ls.bel" >record
	jq -e '.known_ratio >= 0.95' record
	jq -e '[.mappings[].references] | add == input.known_references' record record
	jq -e '.mappings | any(.region == "text" and (.name | test("/libc\\.so")))' record
	jq -e '.mappings | map(.references) | . == (sort | reverse)' record
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
	bel-gen zipf -n 1000 -o a.bel
	bel-info --format jsonl a.bel hand.lackey >records
	validate <records
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
	[[ $stderr = "bel-info: the trace is incomplete: short.bel: "* ]]
	[ "$(jq '.references > 0 and .references < 1000000 and (.ended_early | length > 0)' \
		<<<"$output")" = true ]
}

@test "failures" {
	run --separate-stderr bel-info none.bel
	[ "$status" -eq 3 ]
	[ "$stderr" = "bel-info: none.bel: cannot open: No such file or directory" ]
	run --separate-stderr bel-info --format xml hand.lackey
	[ "$status" -eq 2 ]
	[ -z "$output" ]
	run --separate-stderr bel-info --page-size 1 hand.lackey
	[ "$status" -eq 2 ]
	[ "${stderr_lines[0]}" = "bel-info: --page-size: a page has at least 2 bytes" ]
}

@test "each analysis gives rows that fit the schema and count what is there, beside the summary" {
	for analysis in $(bel-info --analysis list | cut -d ' ' -f 1); do
		bel-info -q --analysis "$analysis" --format jsonl "$BEL_TOP/traces/sh.bel" >records
		[ "$(sed -n 1p records)" = "$(bel-info -q --format jsonl "$BEL_TOP/traces/sh.bel")" ]
		jq -s -e --arg name "$analysis" '.[1:] | length > 0 and
			all(.schema == "belady.analysis/1" and .analysis == $name) and
			[.[].row] == [range(length)]' records
		validate <records
	done
}

@test "popularity: pages and references add up, and a page is in the row of its references" {
	printf '1\n2\n2\n1\n3\n4\n4\n4\n4\n4\n4\n4\n5\n' >refs
	bel-info -q --analysis popularity --format jsonl refs | sed 1d |
		jq -c '[.min_references, .max_references, .pages, .references]' >rows
	printf '[1,1,2,2]\n[2,3,2,4]\n[4,7,1,7]\n' | diff - rows
	bel-info -q --analysis popularity --format jsonl "$BEL_TOP/traces/sh.bel" | jq -s -e '
		(.[1:] | map(.references) | add) == .[0].references and
		(.[1:] | map(.pages) | add) == .[0].pages'
}

# parts REFERENCES: the pages of each part and those so far, counted anew.
parts() {
	python3 - "$1" <<-'END'
		import sys
		pages = open(sys.argv[1]).read().split()
		width = 1
		while width * 256 < len(pages): width *= 2
		for start in range(0, len(pages), width):
		    part = pages[start:start + width]
		    print([start, len(part), len(set(part)), len(set(pages[:start + width]))])
	END
}

@test "working-set: pages of each part and so far, by hand and against another count" {
	printf '1\n2\n2\n1\n3\n' >refs
	bel-info -q --analysis working-set --format jsonl refs | sed 1d |
		jq -c '[.start_reference, .references, .pages, .touched_pages]' >rows
	printf '[0,1,1,1]\n[1,1,1,2]\n[2,1,1,2]\n[3,1,1,2]\n[4,1,1,3]\n' | diff - rows
	# Parts of 1, 2, 4 and 32 references: pages that two parts have in common count once.
	for n in 255 256 257 512 513 700 7000; do
		seed=$((RANDOM))
		echo "seed $seed"
		bel-gen zipf -n $n --pages 40 --seed $seed --to pages >refs
		bel-info -q --analysis working-set --format jsonl refs | sed 1d |
			jq -c '[.start_reference, .references, .pages, .touched_pages]' >rows
		parts refs | tr -d ' ' | diff - rows
		# A run of many references to one page reaches over parts.
		{ yes 7 | head -n $n; cat refs; } >long
		bel-info -q --analysis working-set --format jsonl long | sed 1d |
			jq -c '[.start_reference, .references, .pages, .touched_pages]' >rows
		parts long | tr -d ' ' | diff - rows
	done
}

@test "an analysis that does not exist, or with --verify, is wrong usage" {
	run -2 bel-info --analysis no "$BEL_TOP/traces/sh.bel"
	[[ "$output" == *"unknown analysis 'no'; '--analysis list' prints all"* ]]
	run -2 bel-info --analysis popularity --verify "$BEL_TOP/traces/sh.bel"
}
