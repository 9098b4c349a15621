#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# Slices, and bel-merge: summaries of slices, joined, are the curves of the whole trace, byte for
# byte; and what cannot be joined is refused by name.

bats_require_minimum_version 1.5.0

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	PATH=$BEL_BIN:$PATH
	traces=$BEL_TOP/traces
}

# summaries TRACE COUNT OPTION...: 1.sum to COUNT.sum.
summaries() {
	local trace=$1 count=$2 k
	shift 2
	rm -f ./*.sum
	for ((k = 1; k <= count; k++)); do
		bel-curve -q --summary --slice "$k/$count" -o "$k.sum" "$@" "$trace"
	done
}

# tree COUNT SEED: joins neighbours of 1.sum to COUNT.sum in random order, to all.sum.
tree() {
	local -a part
	local i
	RANDOM=$2
	mapfile -t part < <(seq -f %g.sum "$1")
	while [ ${#part[@]} -gt 1 ]; do
		i=$((RANDOM % (${#part[@]} - 1)))
		bel-merge --summary -o "j$i.${#part[@]}.sum" "${part[i + 1]}" "${part[i]}"
		part=("${part[@]:0:i}" "j$i.${#part[@]}.sum" "${part[@]:i+2}")
	done
	mv "${part[0]}" all.sum
}

@test "the textbook string in three slices: LRU's faults as worked by hand" {
	bel-gen belady | bel-convert -q -o b.bel
	bel-curve -q -p lru --summary --slice 0:5 -o a.sum b.bel
	bel-curve -q -p lru --summary --slice 5:8 -o b.sum b.bel
	bel-curve -q -p lru --summary --slice 8: -o c.sum b.bel
	# 1 2 3 4 1 | 2 5 1 | 2 3 4 5
	[ "$(bel-merge c.sum a.sum b.sum | jq -c .faults)" = '[12,12,10,8,5]' ]
	# From a pipe, too, which has no end that says how long it is.
	cat b.bel | bel-curve -q -p lru --summary --slice 5:8 -o p.sum
	run -3 bel-merge a.sum p.sum c.sum
	[[ $output = *'different traces'* ]] # a pipe cannot show that it is this file
}

# 1 2 3 4 1 2 5 1 2 3 | 4 5 | nothing | nothing: the third slice begins where the trace ends.
@test "slices behind the end of the trace are empty and fit" {
	bel-gen belady | bel-convert -q -o b.bel
	for k in 0:10 10:12 12:24 24:36; do
		bel-curve -q -p lru --summary --slice $k -o ${k%:*}.sum b.bel
		bel-convert -q --slice $k -o ${k%:*}.bel b.bel
	done
	[ "$(bel-merge 24.sum 0.sum 12.sum 10.sum | jq -c .faults)" = '[12,12,10,8,5]' ]
	[ "$(bel-sim -p lru -f 3 --joined 24.bel 0.bel 12.bel 10.bel | jq .faults)" = 10 ]
	run -3 bel-merge 0.sum 24.sum
	[[ $output = *'no summary has the references from 10 on: 0.sum ends there, and 24.sum is empty'* ]]
	run -3 bel-sim -p lru -f 3 --joined 0.bel 24.bel
	[[ $output = *'24.bel: is empty, behind the end of the trace; no slice has the references from 10 on'* ]]
	run -3 bel-merge 12.sum 24.sum
	[[ $output = *'no references: the slice is behind the end of the trace'* ]]
	run -3 bel-sim -p lru -f 3 --joined 12.bel 24.bel
	[[ $output = *'no references: the slice is behind the end of the trace'* ]]
	# The same of a generator, and through a pipe.
	for k in :6 6:12 12:18 18:; do
		bel-gen belady --slice $k -o g$k.bel
		cat b.bel | bel-curve -q -p lru --summary --slice $k -o p$k.sum
	done
	[ "$(bel-sim -p lru -f 3 --joined g*.bel | jq .faults)" = 10 ]
	[ "$(bel-merge p*.sum | jq -c .faults)" = '[12,12,10,8,5]' ]
}

@test "the bytes of one reading, for any number of slices, order and grouping" {
	for trace in ls zipf phases; do
		bel-curve -q -p ws,lru,vmin "$traces/$trace.bel" >whole
		for count in 1 2 7; do
			summaries "$traces/$trace.bel" "$count" -p ws,lru,vmin
			bel-merge $(ls ./*.sum | sort -R --random-source="$traces/ls.bel") >joined
			cmp whole joined
			tree "$count" 7
			bel-merge all.sum >joined
			cmp whole joined
		done
	done
	bel-curve -q -p lru --format csv -f all "$traces/phases.bel" >whole
	summaries "$traces/phases.bel" 3 -p lru
	bel-merge --format csv ./*.sum >joined
	cmp whole joined
}

# bats test_tags=slow
@test "64 slices and 1,000, of which most are empty" {
	bel-gen zipf -n 3000 --pages 50 --write-ratio 0.3 --seed 5 -o z.bel
	bel-curve -q -p lru,ws z.bel >whole
	for count in 64 1000; do
		summaries z.bel "$count" -p lru,ws
		bel-merge ./*.sum >joined
		cmp whole joined
	done
	summaries z.bel 64 -p lru,ws
	tree 64 3
	bel-merge all.sum >joined
	cmp whole joined
}

@test "larger pages, given windows, other sizes and costs" {
	bel-curve -q -p lru,ws --page-size 16k --tau 10,1k,100k --fault-time 500 \
		"$traces/sh.bel" >whole
	summaries "$traces/sh.bel" 5 -p lru,ws --page-size 16k --tau 10,1k,100k
	bel-merge --fault-time 500 ./*.sum >joined
	cmp whole joined
	bel-curve -q -p lru -f 4:32:*2 "$traces/sh.bel" | jq -c '[.frames, .faults, .writebacks]' >whole
	summaries "$traces/sh.bel" 2 -p lru
	bel-merge -f 4:32:*2 ./*.sum | jq -c '[.frames, .faults, .writebacks]' >joined
	cmp whole joined
	bel-merge -m 16k:128k:*2 ./*.sum | jq -c '[.frames, .faults, .writebacks]' >joined
	cmp whole joined
}

@test "what is killed and made again gives the same bytes" {
	bel-gen zipf -n 20M --pages 20000 --write-ratio 0.2 --seed 3 -o z.bel
	bel-curve -q -p lru --summary --slice 1/2 -o 1.sum z.bel
	bel-curve -q -p lru --summary --slice 2/2 -o 2.sum z.bel &
	sleep 0.1
	kill -KILL $!
	wait $! || true
	[ ! -e 2.sum ]
	bel-curve -q -p lru --summary --slice 2/2 -o 2.sum z.bel
	bel-curve -q -p lru z.bel >whole
	bel-merge 1.sum 2.sum >joined
	cmp whole joined
}

@test "slices that are missing, overlap or are foreign are refused by name" {
	summaries "$traces/ls.bel" 4 -p lru
	run -3 bel-merge 1.sum 2.sum 4.sum
	[[ $output = *'no summary has the references from '*'between 2.sum and 4.sum' ]]
	run -3 bel-merge 2.sum 3.sum 4.sum
	[[ $output = *'no summary has the references before '* ]]
	run -3 bel-merge 1.sum 2.sum 3.sum
	[[ $output = *'no summary has the references from '*' on'* ]]
	cp 2.sum again.sum
	run -3 bel-merge 1.sum 2.sum again.sum 3.sum 4.sum
	[[ $output = *'2.sum and again.sum overlap'* ]]
	bel-curve -q -p lru --summary --slice 2/4 -o other.sum "$traces/sh.bel"
	run -3 bel-merge 1.sum other.sum
	[[ $output = *'1.sum and other.sum cannot be joined: they are of different traces' ]]
	bel-curve -q -p lru --page-size 8k --summary --slice 2/4 -o other.sum "$traces/ls.bel"
	run -3 bel-merge 1.sum other.sum
	[[ $output = *'their pages have different sizes' ]]
	bel-curve -q -p lru,ws --summary --slice 2/4 -o other.sum "$traces/ls.bel"
	run -3 bel-merge 1.sum other.sum
	[[ $output = *'they count different policies' ]]
	summaries "$traces/ls.bel" 2 -p ws --tau 5
	bel-curve -q -p ws --tau 6 --summary --slice 2/2 -o 2.sum "$traces/ls.bel"
	run -3 bel-merge 1.sum 2.sum
	[[ $output = *'they count different windows' ]]
}

@test "what is no summary is refused, and nothing half-written stays" {
	summaries "$traces/ls.bel" 2 -p lru
	head -c 100 1.sum >short.sum
	run -3 bel-merge short.sum 2.sum
	[[ $output = *'short.sum: it ends too early' ]]
	{ cat 1.sum; echo; } >long.sum
	run -3 bel-merge long.sum 2.sum
	[[ $output = *'long.sum: bytes follow the summary' ]]
	run -3 bel-merge "$traces/ls.bel" 2.sum
	[[ $output = *'not a summary: make one with bel-curve --summary' ]]
	run -3 bel-merge --summary -o out.sum 1.sum missing.sum
	[[ $output = *'missing.sum: cannot open: No such file or directory' ]]
	[ ! -e out.sum ]
	run -2 bel-merge
	run -2 bel-merge --summary -f 3 1.sum 2.sum
	run -2 bel-curve --summary -f 3 "$traces/ls.bel" -o x.sum
	run -2 bel-curve --summary -p fifo "$traces/ls.bel" -o x.sum
	[[ $output = *"'fifo': only lru, ws and vmin"* ]]
	[ ! -e x.sum ]
}

@test "--slice: the references of a trace once, as traces of their own" {
	for trace in ls sh; do
		for size in 4k 64k; do
			bel-sim -q --format jsonl -p lru -f 8 --page-size $size "$traces/$trace.bel" >whole
			for k in 1 2 3; do
				bel-sim -q --format jsonl -p lru -f 8 --page-size $size --slice $k/3 \
					"$traces/$trace.bel"
			done >parts
			# With larger pages a crossing may be one reference less; all runs are there.
			[ "$(jq -s 'map(.references) | add' parts)" -eq "$(jq .references whole)" ]
			# What was in memory is forgotten: never fewer faults.
			[ "$(jq -s 'map(.faults) | add' parts)" -ge "$(jq .faults whole)" ]
		done
	done
	bel-gen belady | bel-sim -p fifo -f 3 --slice 4:8 >part
	# 1 2 3 4 [1 2 5 1] 2 3 4 5: three pages, one hit.
	[ "$(jq -c '[.references, .faults, .trace.pages]' part)" = '[4,3,3]' ]
	for wrong in 3/2 0/2 1/x 5:5 9:2 x 1-2; do
		run -2 bel-sim -p fifo -f 3 --slice $wrong "$traces/ls.bel"
		[[ $output = *--slice:* ]]
	done
	# A file that is standard input can be sought, too.
	[ "$(bel-sim -p fifo -f 3 --slice 1/2 <"$traces/ls.bel" | jq .faults)" = \
		"$(bel-sim -p fifo -f 3 --slice 1/2 "$traces/ls.bel" | jq .faults)" ]
	bel-gen belady | { run -2 bel-sim -p fifo -f 3 --slice 1/2; [[ $output = *'give references'* ]]; }
	run -3 bel-sim -p fifo -f 3 --slice 1G: "$traces/ls.bel"
	[[ $output = *"ls.bel: --slice '1G:': no run begins there; bel-info counts the references" ]]
}
