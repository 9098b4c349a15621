#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# bel-vm --explain: addresses, events, filters, state, formats, quiz. How each figure comes about is
# said beside it.

bats_require_minimum_version 1.5.0

setup() {
	PATH=$BEL_BIN:$PATH
	cd "$BATS_TEST_TMPDIR"
}

story() { bel-vm -q --invariants --explain "$@"; }

# rows ARGS...: the rows of the table, without times and blanks
rows() {
	story --brief "$@" | awk '/^[0-9]/ { $1 = $2 = ""; $0 = $0; $1 = $1; print }'
}

@test "an address is split into the indexes of each level and the offset" {
	# 0x7f1234567abc >> 12 = 0x7f1234567 = 011111110 001001000 110100010 101100111 in binary.
	run story -f 4 --width 100 'w 0x7f1234567abc'
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = 'reference 0: process 0 writes 0x7f1234567abc = page 0x7f1234567 + offset 0xabc' ]
	[[ $output == *'indexes 0xfe, 0x48, 0x1a2, 0x167'* ]]
	[ "${lines[-1]}" = '    physical address 0xabc = frame 0 + offset 0xabc' ]
	# Two levels: ten bits and ten bits of 0xbffff = 1011111111 1111111111.
	run story -f 4 --tables two-level --width 100 'r 0xbffff123'
	[[ $output == *'indexes 0x2ff, 0x3ff'* ]]
	# Flat: the page is the index. Pages of 64 KiB: the offset has four digits.
	run story -f 4 --tables flat --page-size 64k --width 100 'r 0xbffff123'
	[[ $output == *'= page 0xbfff + offset 0xf123'*'index 0xbfff'*'frame 0 + offset 0xf123'* ]]
}

@test "an address file, an exact trace and a script tell the same" {
	printf '0x401234\n0x402000\n0x401238\n' >list
	printf 'r 0x401234; r 0x402000; r 0x401238' >x.script
	bel-convert --page-size 1 -o x.bel x.script
	story --brief --from hex-addresses -f 2 list >from-list
	story --brief -f 2 x.script >from-script
	story --brief -f 2 x.bel >from-trace
	story --brief -f 2 - <x.bel >from-pipe
	diff from-list from-script
	diff from-list from-trace
	diff from-list from-pipe
	[ "$(rows -f 2 list)" = 'r 0x401234 0x401 0x234 miss minor - - 0 0x234
r 0x402000 0x402 0x0 miss minor - - 1 0x1000
r 0x401238 0x401 0x238 hit - - - 0 0x238' ]
}

@test "a reference across a border touches both pages, and with --first-byte one" {
	[ "$(rows -f 2 'w 0x3ffe 4; r 0x4001')" = 'w 0x3ffe 0x3 0xffe miss minor - - 0 0xffe
w 0x4000 0x4 0x0 miss minor - - 1 0x1000
r 0x4001 0x4 0x1 hit - - - 1 0x1001' ]
	printf 'w 0x3ffe 4; r 0x4001\n' >x.script
	[ "$(rows --first-byte -f 2 x.script | wc -l)" -eq 2 ]
}

@test "the steps of a fault come in their order" {
	# Page 1 is dirty and the oldest of two: it is the victim of reference 2.
	run story --tlb 2 --time 2 -f 2 --width 200 '1w 2 3'
	local wanted=('reference 2' 'TLB, level 1: miss' 'page table walk' 'valid bit of the entry is clear' \
		'trap into the kernel' 'minor fault' 'the victim is page 0x1 of process 0 in frame 0' \
		'written to swap slot 1' 'frame 0 is filled' 'the entry is set: frame 0' \
		'the instruction is restarted' 'page table walk' 'TLB, level 1: filled' '= frame 0')
	[ "${#lines[@]}" -eq "${#wanted[@]}" ]
	for i in "${!wanted[@]}"; do
		[[ ${lines[i]} == *"${wanted[i]}"* ]]
	done
}

# Seven pages, two processes, random references. Two references in a row are never to one page, because
# records take the first reference of such a run for the write, and the story knows which one it is.
random_script() {
	awk -v seed="$1" 'BEGIN {
		srand(seed)
		print "map 0x1000 28K rw- heap"
		for (i = 0; i < 400; i++) {
			if (i == 150) print "fork 1"
			if (i > 150 && rand() < 0.1) print "process " int(rand() * 2)
			size = 1 + int(rand() * 8)
			do at = 4096 + int(rand() * 28660)
			while (int(at / 4096) == last)
			last = int((at + size - 1) / 4096)
			printf "%s 0x%x %d\n", rand() < 0.4 ? "w" : "r", at, size
		}
	}'
}

@test "the rows of a story add up to the records of the same trace" {
	local seed=${BEL_SEED:-$RANDOM}
	echo "BEL_SEED=$seed"
	for round in 1 2 3 4 5 6; do
		random_script "$((seed + round))" >x.script
		for machine in '-p fifo -f 3' '-p opt -f 4 --tlb 4:2,flush' \
			'-p clock -f 5 --replacement local:equal --tlb i=2,d=2,l2=4' '-p ws:tau=9 --tlb none'; do
			# shellcheck disable=SC2086
			story --brief $machine x.script | awk '/^[0-9]/ {
				references++
				for (i = 5; i <= NF; i++) count[$i]++
			}
			END { print references, count["minor"] + 0, count["major"] + 0 }' >told
			# shellcheck disable=SC2086
			story $machine x.script | grep -c "written to swap slot" >>told || true
			# shellcheck disable=SC2086
			bel-vm -q --format jsonl $machine x.script | jq -r 'select(.tlb) | ([.references,
				.minor_faults, .major_faults] | join(" ")) , .swap.outs' >counted
			diff told counted
		done
	done
}

@test "a killed process gives frames and slots back, and the others go on" {
	# Two frames. Process 0 writes pages 1 and 2; the write of process 1 moves page 1 to slot 1.
	# So process 0 has one frame and one slot when it dies of 0x5000.
	local program='process 0 bad; map 0x1000 8K rw- heap; w 0x1000; w 0x2000; process 1 good
		map 0x1000 4K rw- heap; w 0x1000; process 0; r 0x5000; w 0x1000; process 1; r 0x1008'
	run story --strict -f 2 --width 200 "$program"
	[[ $output == *'invalid: the address lies in no region: segmentation fault, the process is killed
    process 0 is dead; free again: 1 frame, 1 swap slot; the other processes go on
reference 4: process 0 is dead: 0x1000 is not referenced
'* ]]
	[[ ${lines[-1]} == *'physical address 0x8 = frame 0 + offset 0x8' ]]
	# Without --strict the address is mapped.
	run story -f 2 --width 200 "$program"
	[[ $output == *'in no known region, but the program survived it'* ]]
	# A region without the right kills, too.
	run story --strict -f 2 --width 200 'map 0x1000 4K r-- data; w 0x1000'
	[[ $output == *'the region does not allow this access: segmentation fault'* ]]
}

@test "when swap is full, the largest process dies" {
	# One frame, one slot of swap: the third dirty page has no place.
	run story --swap 4k -f 1 --width 200 '1w 2w 3w'
	[[ $output == *'swap is full: process 0, the largest, is killed'* ]]
	[[ $output == *'process 0 is dead; free again: '* ]]
}

@test "events: exec, unmap, protect, discard, exit say what comes back" {
	run story --strict -f 9 --width 200 'process 0 sh; map 0x1000 16K rw- heap; w 0x1000; w 0x2000; w 0x3000
		unmap 0x1000 4K; discard 0x2000 4K; protect 0x3000 4K r--; exec ls
		map 0x1000 4K rw- data; w 0x1000; exit 3'
	events=$(printf '%s\n' "${lines[@]}" | grep -E '^process|free again')
	[ "$events" = 'process 0 starts: sh
process 0 maps 0x1000 to 0x4fff, rw-, private, region heap
process 0 unmaps 0x1000 to 0x1fff
    free again: 1 frame, 0 swap slots
process 0 discards the contents of 0x2000 to 0x2fff
    free again: 1 frame, 0 swap slots
process 0 sets the rights r-- for 0x3000 to 0x3fff
process 0 executes ls in a new, empty address space
    free again: 1 frame, 0 swap slots
process 0 maps 0x1000 to 0x1fff, rw-, private, region data
process 0 exits with status 3
    free again: 1 frame, 0 swap slots' ]
}

@test "several traces are told one after the other, and in a mix together" {
	printf 'w 0x400000; r 0x401000' >a.script
	printf 'w 0x400000' >b.script
	[ "$(story -f 2 a.script b.script | grep -E '^(trace|reference)' | cut -d ' ' -f 1-2)" = 'trace a.script
reference 0:
reference 1:
trace b.script
reference 0:' ]
	# One address in two processes: two frames. The third page evicts that of process 0.
	[ "$(rows --mix a.script,b.script --quantum 1 -f 2)" = '0 w 0x400000 0x400 0x0 miss minor - - 0 0x0
1 w 0x400000 0x400 0x0 miss minor - - 1 0x1000
0 r 0x401000 0x401 0x0 miss minor 0x400 swap 0 0x0' ]
	printf '1 2\n' >c.pages
	run --separate-stderr story --mix a.script,c.pages -f 2
	[ "$status" -eq 2 ]
	[[ $stderr == *'one has addresses and the other only pages'* ]]
}

@test "filters choose references by fault, time, process and page" {
	local program='w 0x1000; w 0x2000; process 1; w 0x1000; process 0; r 0x1000; r 0x2008'
	# Two frames, LRU: 1, 2 and 1 of process 1 fault; it evicts page 1, which comes back for page 2.
	[ "$(rows -f 2 "$program" | wc -l)" -eq 5 ]
	[ "$(story --brief --time 1:2 -f 2 "$program" | grep -c '^[0-9]')" -eq 2 ]
	[ "$(story --brief --time 3: -f 2 "$program" | grep -c '^[0-9]')" -eq 2 ]
	[ "$(story --brief --time :0 -f 2 "$program" | grep -c '^[0-9]')" -eq 1 ]
	[ "$(story --brief --faults-only -f 3 "$program" | grep -c '^[0-9]')" -eq 3 ]
	# Of process 1: its reference, and no other; but it is also told when its page is the victim.
	[ "$(story --brief --process 1 -f 3 "$program" | grep '^[0-9]' | cut -c 1)" = 2 ]
	[ "$(story --brief --process 1 -f 2 "$program" | grep '^[0-9]' | cut -c 1 | xargs)" = '2 4' ]
	# Filters that leave nothing say so, on standard error.
	run -0 --separate-stderr bel-vm --explain --time 9: -f 2 '1 2 3'
	[ -z "$output" ]
	[ "$stderr" = 'bel-vm: nothing is described: --process, --page, --time and --faults-only choose '"\
none of the references 0 to 2" ]
	run -0 --separate-stderr bel-vm --explain --page 2 -f 2 '1 2 3'
	[ -z "$stderr" ]
	# Page 2: its two references, and reference 3, which evicts it.
	[ "$(story --brief --page 2 -f 2 "$program" | grep '^[0-9]' | cut -c 1 | xargs)" = '1 3 4' ]
}

@test "the state shows TLB, page table, frames and swap" {
	run story --brief --state tlb,table,frames,swap --tlb 1 -f 2 --width 300 '1w 2w 3'
	# Reference 2 (page 3) evicts page 1, which is dirty; the TLB has room for page 3 only.
	[ "${lines[-5]}" = '     | TLB: level 1: page 0x3 of process 0 in frame 0' ]
	[ "${lines[-4]}" = '     | page table of process 0: page 0x1 not valid, swap slot 1; page 0x2 valid, frame 1, writable, dirty; page 0x3 valid, frame 0, writable' ]
	[ "${lines[-3]}" = '     | frames: 0: page 0x3 of process 0; 1: page 0x2 of process 0, dirty' ]
	[ "${lines[-2]}" = '     | swap slots: 1: page 0x1 of process 0' ]
}

@test "names in a trace stay text in every format" {
	local program=$'process 0 <b>\e[31m$x_|&; map 0x1000 4K r-x text /lib/<i>\e]0\ax'
	printf '%s\nr 0x1000\n' "$program" >x.script
	for format in text markdown html latex; do
		for kind in '' --brief --quiz --state=frames; do
			run story --format "$format" $kind -f 2 x.script
			[ "$status" -eq 0 ]
			[[ $output != *$'\e'* ]]
		done
	done
	run story --format html -f 2 x.script
	[[ $output == *'&lt;b&gt;\x1b[31m$x_|&amp;'* && $output != *'<b>'* ]]
	run story --format latex --brief -f 2 x.script
	[[ $output == *'\$x\_$|$\&'* ]]
	run story --format markdown -f 2 x.script
	[[ $output == *'\<b\>'* ]]
}

@test "each format has all steps; HTML and LaTeX are complete" {
	for format in text markdown html latex; do
		run story --format "$format" -f 2 --width 300 'r 0x401234; r 0x401238'
		[ "$(grep -c 'reference [01]: process 0 reads' <<<"$output")" -eq 2 ]
		[ "$(grep -c 'TLB, level 1: hit' <<<"$output")" -eq 1 ]
	done
	run story --format html -f 2 'r 0x401234'
	[[ ${lines[0]} == '<!DOCTYPE html>' && ${lines[-1]} == '</html>' ]]
	[ "$(grep -c '<ul>' <<<"$output")" -eq 1 ]
	run story --quiz --format html -f 2 'r 0x401234; r 0x401238'
	# Two rows; page, offset, TLB, fault, victim, to, frame and physical are to be filled in.
	[ "$(grep -o '<input' <<<"$output" | wc -l)" -eq 16 ]
	run story --quiz --format latex -f 2 'r 0x401234'
	[ "$(grep -o 'underline' <<<"$output" | wc -l)" -eq 8 ]
}

@test "wrong usage of a story ends with 2 and says why" {
	while IFS='|' read -r arguments message; do
		eval "run --separate-stderr bel-vm -q $arguments '1 2 3'"
		echo "$arguments: $status $stderr"
		[ "$status" -eq 2 ]
		[[ $stderr == *"$message"* ]]
	done <<-'END'
		--brief|need --explain
		--time 1:2|need --explain
		--explain --format jsonl|with --explain, 'jsonl' is not text, markdown, html or latex
		--explain --state cache|--state: 'cache' is none of tlb, table, frames, swap
		--explain --state ""|--state: give some of
		--explain --quiz --state tlb|would give the answers
		--explain --time 5:2|ends before it begins
		--explain --time x|--time
		--explain --page x|--page
		--explain --process -1|--process
		--explain --width 5|--width: must be at least 20
		--explain -f 1,2|give one policy
	END
}

@test "a script with a wrong statement: its line and word are named" {
	run -3 --separate-stderr bel-vm --explain 'r zz'
	[ "$stderr" = "bel-vm: the script: line 1: word 2: expected an address (0x401000): 'r zz'" ]
	run -3 --separate-stderr bel-vm --explain 'w 0x1000;  fork; exit'
	[ "$stderr" = "bel-vm: the script: line 1: word 2: expected a process number: 'fork'" ]
}

@test "a table has at most 10,000 rows, and the message says how to choose" {
	awk 'BEGIN { for (i = 0; i < 10001; i++) print i % 3 }' >u.pages
	run --separate-stderr story --brief -f 2 u.pages
	[ "$status" -eq 2 ]
	[[ $stderr == *'at most 10000 rows; choose some with --time'* ]]
	run story --brief --time :99 -f 2 u.pages
	[ "$status" -eq 0 ]
}
