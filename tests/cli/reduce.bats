#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# bel-reduce: the same figures from less, and the refusal of all that it does not hold for.

bats_require_minimum_version 1.5.0

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	PATH=$BEL_BIN:$PATH
	traces=$BEL_TOP/traces
}

# Of a curve, what lies at 32 frames and more, but for how it was counted.
points='(.frames | index(32)) as $i |
	del(.trace.digest, .trace.name, .trace.file, .algorithm, .knee, .min_space_time) |
	with_entries(if .value | type == "array" then .value |= .[$i:] else . end)'

# Records but for the digest, which is that of the runs.
figures() {
	bel-sim --format jsonl "$@" | jq -c 'del(.trace.digest, .trace.file)'
}

# bats test_tags=slow
@test "LRU and OPT count the same, write-backs and resident pages too" {
	for trace in sh ls phases zipf stack; do
		bel-reduce -q -f 16 "$traces/$trace.bel" -o "$trace.bel"
		figures -p lru,opt -f 16:128:*2 "$traces/$trace.bel" >whole
		figures -p lru,opt -f 16:128:*2 "$trace.bel" >reduced
		[ "$(wc -l <whole)" -eq 8 ]
		cmp whole reduced
	done
	# Where there is something to leave out, it is left out.
	[ "$(stat -c %s sh.bel)" -lt "$(stat -c %s "$traces/sh.bel")" ]
}

# bats test_tags=slow
@test "curves are the same, and a pipe will do" {
	bel-curve -q -p lru,opt -f 1:96 "$traces/sh.bel" | jq -c "$points" >whole
	bel-reduce -q -f 32 <"$traces/sh.bel" | bel-curve -q -p lru,opt -f 32:96 |
		jq -c "$points" >reduced
	[ "$(wc -l <whole)" -eq 2 ]
	cmp whole reduced
}

@test "bel-curve reduces by itself where it is told the sizes, and says so" {
	local points=${points//32/64}

	for trace in sh ls phases zipf; do
		bel-curve -q -p lru,opt,fifo --page-size 4k,16k -f 1:96 "$traces/$trace.bel" |
			jq -c "$points" >whole
		bel-curve -q -p lru,opt,fifo --page-size 4k,16k -f 64:96 "$traces/$trace.bel" \
			>filtered
		jq -c "$points" filtered | cmp whole
		bel-curve -q -p lru,opt,fifo --page-size 4k,16k -f 64:96 <"$traces/$trace.bel" |
			jq -c "$points" | cmp whole
	done
	[ "$(wc -l <whole)" -eq 6 ]
	run -0 jq -r 'select(.algorithm | endswith("trace reduced for 64 frames and more")).policy' filtered
	[ "$output" = $'lru\nopt\nlru\nopt' ]
	# With fewer frames it does not pay.
	bel-curve -q -p lru,opt -f 63:96 "$traces/sh.bel" >filtered
	run ! grep -q reduced filtered
	bel-curve -q -p lru,opt -f 1:96 "$traces/sh.bel" | jq -c "$points" >whole
	jq -c "$points" filtered | cmp whole
}

@test "bel-curve stops reducing where nearly all stays, without a difference" {
	bel-gen uniform -n 1500000 --pages 300 --write-ratio 0.2 -o u.bel
	for jobs in 1 3; do
		bel-curve -q -j $jobs -p lru,opt -f 1,64,100,250 u.bel |
			jq -c '[.faults[1:], .writebacks[1:]?]' >whole
		bel-curve -q -j $jobs -p lru,opt -f 64,100,250 u.bel |
			jq -c '[.faults, .writebacks[0:]?]' >reduced
		[ "$(wc -l <whole)" -eq 2 ]
		cmp whole reduced
	done
}

@test "fewer frames are refused with the reason" {
	bel-reduce -q -f 64 "$traces/ls.bel" -o r.bel
	run --separate-stderr bel-sim -p lru -f 63,64 r.bel
	[ "$status" -eq 3 ]
	[ "$stderr" = 'bel-sim: lru: the trace is reduced and valid at 64 frames or more, not at 63' ]
	run --separate-stderr bel-curve -q -p opt -f 1:100 r.bel
	[ "$status" -eq 3 ]
	[ "$stderr" = 'bel-curve: opt: the trace is reduced and valid at 64 frames or more, not at 1' ]
	run --separate-stderr bel-sim -p lru -f 1% r.bel
	[ "$status" -eq 3 ]
	[[ $stderr = *'valid at 64 frames or more'* ]]
}

@test "a curve of all sizes starts at the fewest frames that hold" {
	for method in phase sad; do
		bel-reduce -q -f 32 --method $method "$traces/ls.bel" -o r.bel
		bel-curve -q -p lru,opt "$traces/ls.bel" | jq -c "$points" >whole
		bel-curve -q -p lru,opt r.bel >reduced
		jq -c "$points" reduced | cmp whole
		[ "$(jq .frames[0] reduced)" = $'32\n32' ]
		bel-curve -q --interval 50000 -p lru "$traces/ls.bel" | jq -c "$points" >whole
		bel-curve -q --interval 50000 -p lru r.bel | jq -c "$points" | cmp whole
	done
	# Of a trace with fewer pages, one point is left.
	bel-gen belady | bel-reduce -q -f 8 | bel-curve -q -p opt >few
	run -0 jq -c '[.frames, .faults]' few
	[ "$output" = '[[8],[5]]' ]
}

@test "counted by hand: what each method keeps" {
	# The first and the last use of 0 and of 1 stay; for LRU, which takes 0 in the end, the loads do.
	printf '%s\n' 0 1 0 1 0 1 2 >alike
	# Here LRU takes 1, so that 0 has to be used after it once more.
	printf '%s\n' 0 1 0 1 0 2 >other
	kept() { bel-reduce -f 2 --method "$1" --from pages "$2" -o r.bel 2>&1; }
	[ "$(kept phase alike)" = 'bel-reduce: kept 5 of 7 runs' ]
	[ "$(kept sad alike)" = 'bel-reduce: kept 5 of 7 runs' ]
	[ "$(kept olr alike)" = 'bel-reduce: kept 3 of 7 runs' ]
	[ "$(kept phase other)" = 'bel-reduce: kept 4 of 6 runs' ]
	[ "$(kept sad other)" = 'bel-reduce: kept 4 of 6 runs' ]
	[ "$(kept olr other)" = 'bel-reduce: kept 4 of 6 runs' ]
}

@test "a trace reduced for LRU alone says so" {
	bel-reduce -q -f 4 --method olr "$traces/ls.bel" -o r.bel
	figures -p lru -f 4:64:*2 "$traces/ls.bel" >whole
	figures -p lru -f 4:64:*2 r.bel | cmp whole
	run --separate-stderr bel-sim -q -p opt -f 100 r.bel
	[ "$status" -eq 3 ]
	[ "$stderr" = 'bel-sim: opt: the trace is reduced and valid only for lru' ]
	run --separate-stderr bel-curve -q r.bel
	[ "$status" -eq 3 ]
	[ "$stderr" = 'bel-curve: opt: the trace is reduced and valid only for lru' ]
}

@test "other policies are refused" {
	bel-reduce -q -f 4 "$traces/ls.bel" -o r.bel
	for policy in fifo clock ws; do
		run --separate-stderr bel-sim -q -p lru,$policy -f 100 r.bel
		[ "$status" -eq 3 ]
		[ "$stderr" = "bel-sim: $policy: the trace is reduced and valid only for lru,opt" ]
	done
	run --separate-stderr bel-curve -q -p vmin r.bel
	[ "$status" -eq 3 ]
	[ "$stderr" = 'bel-curve: vmin: the trace is reduced and valid only for lru,opt' ]
}

@test "tools that know nothing of it, and other page sizes, are refused" {
	bel-reduce -q -f 4 "$traces/ls.bel" -o r.bel
	for tool in 'bel-convert -o x.bel' 'bel-reduce -f 8 -o y.bel'; do
		run --separate-stderr $tool r.bel
		[ "$status" -eq 3 ]
		[[ $stderr = *'the trace is reduced and valid only for lru,opt at 4 frames or more'* ]]
	done
	[ ! -e x.bel ] && [ ! -e y.bel ]
	run --separate-stderr bel-sim -p lru -f 8 --page-size 8k r.bel
	[ "$status" -eq 2 ]
	[[ $stderr = 'bel-sim: r.bel: the trace is reduced and valid only for pages of 4096 bytes'* ]]
	run --separate-stderr bel-curve -q -p lru -f 8 --page-size 4k,8k r.bel
	[ "$status" -eq 3 ]
	[ "$stderr" = 'bel-curve: the trace was reduced only for pages of 4096 bytes' ]
}

@test "bel-info tells what a reduced trace is for, and checks it" {
	for trace in sh phases; do
		for method in phase sad olr; do
			bel-reduce -q -f 20 --method $method "$traces/$trace.bel" -o r.bel
			run -0 bel-info --verify r.bel
			same='[.references, .fetches, .loads, .stores, .crossings, .pages, .events]'
			bel-info "$traces/$trace.bel" | jq -c "$same" >whole
			bel-info r.bel >info
			jq -c "$same" info | cmp whole
			jq -c '[.valid_policies, .min_frames]' info >>guarantees
		done
	done
	run -0 sort -u guarantees
	[ "$output" = $'["lru",20]\n["lru,opt",20]' ]
	run -0 jq -c '[.valid_policies, .min_frames]' <(bel-info "$traces/sh.bel")
	[ "$output" = '[null,null]' ]
}

@test "wrong usage" {
	run --separate-stderr bel-reduce "$traces/ls.bel"
	[ "$status" -eq 2 ]
	[[ $stderr = *'--min-frames'* ]]
	run --separate-stderr bel-reduce -f 4 --level 20 "$traces/ls.bel"
	[ "$status" -eq 2 ]
	run --separate-stderr bel-reduce -f 4 --method half "$traces/ls.bel"
	[ "$status" -eq 2 ]
	[ "${stderr_lines[0]}" = "bel-reduce: --method: 'half' is none of phase, sad, olr" ]
	run --separate-stderr bel-reduce -q -f 4 missing.bel
	[ "$status" -eq 3 ]
	[ -z "$output" ]
}

@test "slices at random cuts, reduced apart and joined, give what the naive simulator counts" {
	local naive=$BEL_BUILD/tests/helpers/naive_sim cuts method policy round
	RANDOM=${BEL_SEED:-11}
	bel-gen zipf -n 6000 --pages 60 --alpha 0.6 --write-ratio 0.3 --seed 4 --to lackey -o z.lackey
	bel-convert -q --page-size 4k -o z.bel z.lackey
	for round in 1 2 3 4 5 6; do
		method=$(printf 'phase\nsad\n' | sed -n "$((round % 2 + 1))p")
		mapfile -t cuts < <({
			echo 0
			for _ in 1 2 3 4; do echo $((RANDOM % 6000)); done
		} | sort -nu)
		cuts+=('')
		rm -f ./*.part
		for ((k = 0; k + 1 < ${#cuts[@]}; k++)); do
			bel-reduce -q -f 9 --method "$method" --slice "${cuts[k]}:${cuts[k + 1]}" \
				-o "$k.part" z.bel
		done
		echo "# $method at ${cuts[*]}"
		for policy in lru opt; do
			grep -E '^(I | [LSM]) ' z.lackey | "$naive" 4096 $policy 9 10 17 33 60 61 |
				awk '{ print $1, $2, $4, $7 }' >naive
			bel-sim -q -p $policy -f 9,10,17,33,60,61 --joined ./*.part |
				jq -r '[.frames, .references, .faults, .writebacks] | join(" ")' | cmp - naive
			bel-curve -q -p $policy -f 9,10,17,33,60,61 --joined ./*.part | jq -r '.faults[]' |
				cmp - <(cut -d ' ' -f 3 naive)
		done
	done
}

@test "reduced slices: from a generator, and what does not belong together" {
	for k in 1 2 3; do
		bel-gen zipf -n 3000 --pages 200 --slice $k/3 | bel-reduce -q -f 20 -o $k.bel
	done
	bel-gen zipf -n 3000 --pages 200 | bel-curve -q -p lru,opt -f 20,100 | jq -c .faults >whole
	bel-curve -q -p lru,opt -f 20,100 --joined 3.bel 2.bel 1.bel | jq -c .faults | cmp - whole
	# olr is for LRU alone, and slices of it are, too.
	bel-gen zipf -n 3000 --pages 200 -o z.bel
	for k in 1 2 3; do bel-reduce -q -f 20 --method olr --slice $k/3 -o o$k.bel z.bel; done
	bel-curve -q -p lru -f 20,100 --joined o?.bel | jq -c .faults | cmp - <(head -n 1 whole)
	bel-reduce -q -f 21 --slice 2/3 -o other.bel z.bel
	bel-reduce -q -f 20 --slice 1/3 -o first.bel z.bel
	run -3 --separate-stderr bel-curve -q -p lru -f 30 --joined first.bel other.bel
	[ "$stderr" = 'bel-curve: other.bel: is not reduced as the first slice: for other policies or frames' ]
	run -3 --separate-stderr bel-curve -q -p opt -f 19 --joined 1.bel 2.bel 3.bel
	[[ $stderr = *'valid at 20 frames or more, not at 19' ]]
}
