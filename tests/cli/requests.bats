#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# bel-curve --requests prefix: a reference hits only while all earlier references of its request hit.

bats_require_minimum_version 1.5.0
load ../support/records

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	PATH=$BEL_BIN:$PATH
	export TMPDIR=$BATS_TEST_TMPDIR
	# Counted by hand, with LRU's stack (most recent first) before each request:
	#	1 2 3		(empty)		no hit
	#	1 2 4		3 2 1		distances 3 3 -: hits from 3 frames on: 2
	#	5 1 2		4 2 1 3		distances - 4 4: none, because 5 is new
	#	1 2 3		2 1 5 4 3	distances 2 2 5: 2 from 2 frames on, 1 from 5
	# So 0, 2, 4, 4, 5 of 12 references hit with 1, 2, 3, 4, 5 frames.
	cat >h.jsonl <<-END
		{"timestamp": 0, "hash_ids": [1, 2, 3]}
		{"timestamp": 1, "hash_ids": [1, 2, 4]}
		{"timestamp": 2, "hash_ids": []}
		{"timestamp": 2, "hash_ids": [5, 1, 2]}
		{"timestamp": 3, "hash_ids": [1, 2, 3]}
	END
}

curve() {
	jq -c 'select(.schema == "belady.curve/1") | [.spec, .requests, .frames, .faults]'
}

@test "requests counted by hand; OPT counts each block" {
	run -0 --separate-stderr bel-curve --requests prefix h.jsonl
	[ -z "$stderr" ]
	[ "$(curve <<<"$output")" = '["lru",4,[1,2,3,4,5],[12,10,8,8,7]]
["opt",null,[1,2,3,4,5],[12,8,6,5,5]]' ]
	[ "$(sed -n 1p <<<"$output" | jq -c '[.writebacks, .exact, .compulsory_faults]')" = '[null,true,5]' ]
}

# The most hits are 5. 25, 50, 75, 90, 100% of 5 are 2, 3, 4, 5, 5 when rounded up. OPT has 0, 4, 6 hits
# with 1, 2, 3 frames. Hits / 5 - frames / 5 is -1, 0, 1, 0, 0 fifths: the knee is at 3 frames, 4 hits.
@test "the frames for shares of the hits, the knee, and what OPT needs" {
	run -0 bel-curve --requests prefix h.jsonl
	[ "$(jq -c 'select(.schema == "belady.requests/1") | [.requests, .references, .hit_share, .hits, .frames,
		.at_knee, .opt_frames, .memory_over_opt, (.hit_ratio | map(. * 12 | round))]' <<<"$output")" = \
'[4,12,[0.25,0.5,0.75,0.9,1],[2,3,4,5,5],[2,3,3,5,5],[false,false,true,false,false],[2,2,2,3,3],[1,1.5,1.5,1.66666666666667,1.66666666666667],[2,3,4,5,5]]' ]
	# Without OPT there is nothing to compare with.
	run -0 bel-curve -p lru --requests prefix h.jsonl
	[ "$(jq -c 'select(.schema == "belady.requests/1") | [.opt_frames, .memory_over_opt]' <<<"$output")" = \
		'[[null,null,null,null,null],[null,null,null,null,null]]' ]
	# Every block is new: no level.
	run -0 bel-curve --requests prefix - <<<'{"hash_ids": [1, 2, 3]}'
	[ "$(jq -c 'select(.schema == "belady.requests/1") | [.hits, .at_knee]' <<<"$output")" = '[[],[]]' ]
}

# Of 1 2 3 | 1 2 9 | 1 8 | 1 2 3 the hits, by hand: 1 2 | 1 | 1 2, 3. Distances: 3 3, 3 (stack 9 2 1 3), then
# 1 at 2 (stack 8 1 9 2 3), 2 at 4, 3 at 5. So 0, 1, 4, 5, 6 hits; most 6 at 5 frames.
# Hits / 6 - frames / 5, in 30ths: -6, -7, 2, 1, 0. The knee is 3 frames, 4 hits: a level of its own.
@test "the knee is a level of its own" {
	printf '{"hash_ids": [%s]}\n' 1,2,3 1,2,9 1,8 1,2,3 >k.jsonl
	run -0 bel-curve --requests prefix -p lru k.jsonl
	[ "$(curve <<<"$output")" = '["lru",4,[1,2,3,4,5],[11,10,7,6,5]]' ]
	[ "$(jq -c 'select(.schema == "belady.requests/1") | [.hits, .frames, .at_knee]' <<<"$output")" = \
'[[2,3,4,5,6,6],[3,3,3,4,5,5],[false,false,true,false,false,false]]' ]
}

@test "a native trace keeps the requests; without marks there are none" {
	bel-convert --request-marks h.jsonl -o h.bel
	diff <(bel-curve --requests prefix --name h h.jsonl | jq -c 'del(.trace.file)') \
		<(bel-curve --requests prefix --name h h.bel | jq -c 'del(.trace.file)')
	[ "$(bel-info h.bel | jq -c '[.marks[] | [.reference, .name]]')" = \
		'[[0,"request"],[3,"request"],[6,"request"],[9,"request"]]' ]
	# One byte as page size keeps addresses; their reader is another one.
	bel-convert --request-marks --page-size 1 h.jsonl -o exact.bel
	[ "$(bel-curve --requests prefix exact.bel | curve)" = "$(bel-curve --requests prefix h.jsonl | curve)" ]
	bel-convert h.jsonl -o none.bel
	run -3 bel-curve --requests prefix none.bel
	[ "$output" = "bel-curve: none.bel: --requests: no request begins in the trace (no mark 'request'); see bel-formats(7)" ]
	printf '1\n2\n' >pages
	run -3 bel-curve --requests prefix --from pages pages
	[[ $output == *'no request begins in the trace'* ]]
}

@test "without --requests, a hash-ids trace is what it was" {
	printf '{"hash_ids": [%s]}\n' 1,2 2,3 3 >t.jsonl
	# The last block of a request and the first of the next are one run.
	[ "$(bel-info t.jsonl | jq -c '[.references, .runs, .mark_count]')" = '[5,3,0]' ]
	[ "$(bel-curve -p lru t.jsonl | jq -c '[.faults, .requests]')" = '[[3,3,3],null]' ]
	bel-convert --request-marks t.jsonl -o t.bel
	[ "$(bel-info t.bel | jq -c '[.references, .runs, .mark_count]')" = '[5,5,3]' ]
	[ "$(bel-curve -p lru t.bel | jq -c .faults)" = '[3,3,3]' ]
}

@test "sizes that are given, in a pipe too, and with any number of threads" {
	for j in 1 3; do
		[ "$(bel-curve -j $j --requests prefix -f 2,4 <h.jsonl | curve)" = \
'["lru",4,[2,4],[10,8]]
["opt",null,[2,4],[8,5]]' ]
	done
	# 40% of 5 pages are 2 frames; the footprint is known only after the first reading.
	[ "$(bel-curve --requests prefix -f 40% <h.jsonl | curve)" = \
'["lru",4,[2],[10]]
["opt",null,[2],[8]]' ]
	bel-convert --request-marks h.jsonl | bel-curve --requests prefix -f 40%,5 | curve >out
	[ "$(head -1 out)" = '["lru",4,[2,5],[10,7]]' ]
}

@test "many requests: every number of threads gives the same bytes" {
	awk 'BEGIN { s = 7
		for (i = 0; i < 20000; i++) {
			s = (s * 1103515245 + 12345) % 2147483648
			n = 1 + int(s / 65536) % 20; at = int(s / 4096) % 300
			printf "{\"hash_ids\": ["
			for (k = 0; k < n; k++) printf "%s%d", k ? ", " : "", at * 7 + k
			print "]}" } }' >many.jsonl
	bel-curve -j 1 --requests prefix many.jsonl >one
	bel-curve -j 4 --requests prefix many.jsonl | cmp - one
	bel-convert --request-marks many.jsonl -o many.bel
	diff <(jq -c 'del(.trace)' one) <(bel-curve -j 2 --requests prefix many.bel | jq -c 'del(.trace)')
	bel-info --verify many.bel >/dev/null
}

@test "a table has a block for the shares, CSV the curve only" {
	run -0 bel-curve --requests prefix --format table h.jsonl
	[[ $output == *$'\n\npolicy  hit_share  hit_ratio  frames  knee  opt_frames  memory_over_opt\n'* ]]
	run -0 bel-curve --requests prefix --format csv h.jsonl
	[ "${#lines[@]}" -eq 11 ]
	bel-curve --requests prefix h.jsonl | bel-convert --records requests >csv
	[ "$(wc -l <csv)" -eq 6 ]
}

@test "what does not go together is refused" {
	refused() {
		run -2 bel-curve "${@:2}" h.jsonl
		[ "${lines[0]}" = "bel-curve: $1" ]
	}
	refused "--requests: 'all' is not known; the one rule is 'prefix'" --requests all
	refused "--requests: 'fifo' is neither lru nor opt" --requests prefix -p lru,fifo
	refused "--requests: takes none of --interval, --sample and --slice" --requests prefix --interval 5
	refused "--requests: takes none of --interval, --sample and --slice" --requests prefix --sample 8k
	refused "--requests: takes none of --interval, --sample and --slice" --requests prefix --slice 1:2
	run -2 bel-curve --requests prefix --summary h.jsonl
	[[ ${lines[0]} == 'bel-curve: --summary: takes none of '* ]]
	printf '1\n2\n' >pages
	run -2 bel-convert --request-marks --from pages pages -o x.bel
	[ "${lines[0]}" = "bel-convert: --request-marks: the trace is in format pages; only hash-ids lists requests" ]
	[ ! -e x.bel ]
	# A reduced trace has lost references that would be misses of a request.
	bel-convert --request-marks h.jsonl | bel-reduce --min-frames 2 -o r.bel
	run -3 bel-curve --requests prefix r.bel
	[[ $output == *reduced* ]]
}
