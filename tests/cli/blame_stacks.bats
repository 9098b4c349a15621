#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# bel-blame on captures with call stacks: programs whose functions touch known pages a known number
# of times (tests/programs/rounds.c, calls.c), so that the faults of each are counted by hand.

bats_require_minimum_version 1.5.0
load ../support/missing

setup_file() {
	local programs=$BEL_TOP/tests/programs
	local flags='-g -gdwarf-4 -O1 -no-pie'

	[ -z "$BEL_RUN" ] || missing 'captures under another tool say nothing' || return 0
	[ -x "$BEL_BUILD/libexec/belady/pagegrind" ] || missing 'pagegrind is not built' || return 0
	cd "$BATS_FILE_TMPDIR"
	export source=$programs/rounds.c
	"${BEL_CC:-cc}" $flags -fno-optimize-sibling-calls -o rounds "$source"
	"$BEL_BIN/bel-capture" -q --stacks --only-region heap -o rounds.bel -- ./rounds
	"$BEL_BIN/bel-capture" -q --stacks --more-stacks --only-region heap -o more.bel -- ./rounds
	"${BEL_CC:-cc}" $flags -fPIC -shared -DLIBRARY -o libcalls.so "$programs/calls.c"
	"${BEL_CC:-cc}" $flags -foptimize-sibling-calls -DUSE_LIBRARY -o calls "$programs/calls.c" \
		-pthread -L. -lcalls -Wl,-rpath,"$PWD"
	strip -o stripped calls
	"$BEL_BIN/bel-capture" -q --stacks --near-pages 16 -o calls.bel -- ./calls
	"$BEL_BIN/bel-capture" -q --stacks --near-pages 16 -o stripped.bel -- ./stripped
}

setup() {
	skip_missing
	cd "$BATS_FILE_TMPDIR"
	PATH=$BEL_BIN:$PATH
	export TMPDIR=$BATS_TEST_TMPDIR
}

# 40 pages twice, then 40 others with a hot page after each. No page is used again later.
# LRU and FIFO with F < 40 frames: both rounds fault 40 times. OPT keeps F - 1 pages of the first
# round and the last one, so the second faults 40 - F times. LRU and OPT keep the hot page: 41
# faults. FIFO evicts it after F others came: it faults again 39 / F times (4, 2, 1). These are
# references to a near page: the hot page was referenced just before.
@test "faults and regret by function, by hand: three policies, three sizes" {
	bel-blame -q -p lru,fifo,opt -f 8,16,32 --by function rounds.bel |
		jq -r '[.spec, .frames, .function, .faults, .regret] | @tsv' |
		sed 's/(near page.*)/near/' | sort -k 1,1 -k 2,2n -k 3,3 >got
	for spec in fifo lru opt; do
		for frames in 8 16 32; do
			again=40 near=0
			[ $spec != opt ] || again=$((40 - frames))
			[ $spec != fifo ] || near=$((39 / frames))
			printf "$spec\t$frames\t%s\t%d\t%d\n" first_round 40 0 hot_and_cold 41 0 \
				near $near $near second_round $again $((again - 40 + frames))
		done
	done >want
	diff want got
}

# Each time, a far page was referenced since the hot one.
@test "--more-stacks: FIFO's faults on the hot page have a stack, by hand" {
	bel-blame -q -p fifo -f 8,16,32 --by function more.bel |
		jq -r 'select(.faults) | [.frames, .function, .faults, .regret] | @tsv' |
		sort -k 1,1n -k 2,2 | grep -E 'round|hot|near' >got
	for frames in 8 16 32; do
		printf "$frames\t%s\t%d\t%d\n" first_round 40 0 \
			hot_and_cold $((41 + 39 / frames)) $((39 / frames)) second_round 40 "$frames"
	done >want
	diff want got
}

@test "bel-report repeats the capture with its call stacks" {
	bel-report -q -o page.html calls.bel
	grep -q 'bel-capture --stacks --near-pages 16 -o calls.bel -- ./calls$' page.html
}

@test "lines: a loop's faults, all but those of its first block, are at its line" {
	line=$(grep -n 'second round \*/' "$source" | cut -d : -f 1)
	[ "$(bel-blame -q -f 16 --by line rounds.bel | jq "select(.line | endswith(
		\"rounds.c:$line\")).faults")" -ge 39 ]
	[ "$(bel-blame -q -f 16 --by line rounds.bel |
		jq -s 'map(select(.line | contains("rounds.c:")).faults) | add')" -eq 121 ]
}

@test "callgrind_annotate: inclusive counts, recursion once, and source lines" {
	command -v callgrind_annotate >/dev/null || skip 'no callgrind_annotate'
	bel-blame -q -f 16 --by stack,line --format callgrind rounds.bel >callgrind.out
	callgrind_annotate --inclusive=yes --auto=no callgrind.out | tr -d ',' >table
	grep -qE '^ *121 \(100.0%\) .*:main$' table
	grep -qE '^ *41 \(33.88%\) .*rounds.c:hot_and_cold$' table
	grep -qE '^ *40 \(33.06%\) .*rounds.c:second_round$' table
	# Each call of main has its line: the recursion counts once, at the outermost call.
	for called in 'first_round();40' 'second_round();40' 'hot_and_cold(3);41'; do
		line=$(grep -nF "	${called%;*};" "$source" | cut -d : -f 1)
		[ "$(awk -v at="$line" '/^calls=/ {getline; if ($1 == at) sum += $2}
			END {print sum}' callgrind.out)" -eq "${called#*;}" ]
	done
	callgrind_annotate --auto=no callgrind.out "$source" >lines
	grep -qE '^ *(39|40) .*/\* second round \*/' lines
	[ "$(bel-blame -q -f 16 --by stack,line --format folded rounds.bel |
		awk '{sum += $NF} END {print sum}')" -eq 121 ]
}

# In calls.c each function touches its own 40 pages of the program's data, once or more: with at
# most 32 frames, LRU and FIFO fault at each touch.
@test "recursion, longjmp, signals, threads, tail call, library, fork, exec: faults by hand" {
	bel-blame -q -p lru,fifo -f 16,24,32 --top 0 --by function,region calls.bel |
		jq -r 'select(.region == "data") | [.spec, .frames, .function, .faults] | @tsv' >all
	for spec in lru fifo; do
		for frames in 16 24 32; do
			printf "$spec\t$frames\t%s\t%d\n" walk_direct 120 recurse 80 on_signal 80 \
				walk_first 40 walk_second 40 walk_tail 40 library_walk 80 \
				walk_forked 40 walk_executed 40
		done
	done >want
	[ "$(grep -cxFf want all)" -eq 54 ]
	# These two also use a jump's target and a pointer, which are data.
	for function in catch_it crashes interrupted; do
		[ "$(awk -v f=$function '$3 == f && ($4 < 80 || $4 > 84)' all)" = '' ]
		[ "$(awk -v f=$function '$3 == f' all | wc -l)" -eq 6 ]
	done
}

@test "stripped: the same counts by object and offset" {
	local faults place sum=0

	bel-blame -q -f 32 --top 0 --by function,region stripped.bel |
		jq -r 'select(.region == "data" and (.function | startswith("stripped+"))) |
			[.faults, .function[9:]] | @tsv' >got
	while read -r faults place; do
		[ "$(addr2line -f -e calls "$place" | head -n 1)" != walk_direct ] || sum=$((sum + faults))
	done <got
	[ "$sum" -eq 120 ]
}

@test "sums are those of bel-sim, regret sums to faults minus those of OPT, in any memory" {
	for trace in rounds calls; do
		for spec in lru clock fifo; do
			bel-blame -q -p $spec -f 24 --top 0 --by stack $trace.bel >rows
			faults=$(bel-sim -p $spec -f 24 --format jsonl $trace.bel | jq .faults)
			best=$(bel-sim -p opt -f 24 --format jsonl $trace.bel | jq .faults)
			[ "$(jq -s 'map(.faults) | add' rows)" -eq "$faults" ]
			[ "$(jq -s 'map(.regret) | add' rows)" -eq $((faults - best)) ]
		done
	done
	bel-blame -q -p fifo -f 24 --trace-memory 1 --top 0 --by stack calls.bel | cmp - rows
}

# The matrix has 512 rows of one page. By columns, no page comes back before 511 others: each of the
# 512 * 512 additions faults. By rows, each row faults once. The vector of sums has one page or two;
# by columns it may come back only after a column.
@test "the sample of the README: a matrix by columns and by rows" {
	local way least most
	while read -r way least most; do
		"${BEL_CC:-cc}" -g -gdwarf-4 -O1 -fno-inline "-D$way" -o matrix \
			"$BEL_TOP/lib/api/samples/matrix.c"
		bel-capture -q --stacks --stdout sum -o matrix.bel -- ./matrix
		# The sum of row ^ 1 over 512 rows is that of all numbers below 512.
		[ "$(cat sum)" = 130816 ]
		faults=$(bel-blame -q -f 256 --top 0 --by function matrix.bel |
			jq 'select(.function == "add_columns").faults')
		[ "$faults" -ge "$least" ]
		[ "$faults" -le "$most" ]
	done <<-END
		BY_COLUMNS $((512 * 512)) $((512 * 512 + 512 + 2))
		BY_ROWS 512 $((512 + 3))
	END
}
