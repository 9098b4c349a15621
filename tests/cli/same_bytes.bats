#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# The same trace gives the same bytes of result, whatever way it comes: as a file,
# through a pipe, compressed, once more, on one core or on several.

bats_require_minimum_version 1.5.0

setup_file() {
	cd "$BATS_FILE_TMPDIR"
	"$BEL_BIN/bel-gen" zipf -n 300000 --pages 3000 --alpha 0.8 --write-ratio 0.3 --seed 7 -o z.bel
	"$BEL_BIN/bel-gen" phases -n 200000 --pages 400 --seed 7 -o p.bel
}

setup() {
	cd "$BATS_FILE_TMPDIR"
}

# sim ARGS...: runs and intervals of all policies.
sim() {
	"$BEL_BIN/bel-sim" --format jsonl -p fifo,lru,opt,clock,clock:bit=0,ws:tau=1000 \
		-f 3,16,250,2999 --interval 77777 "$@"
}

# The same without the file that the trace came from, if it came from one.
sim_anywhere() {
	sim "$@" | jq -c 'del(.trace.file)'
}

# bats test_tags=slow
@test "a file, a pipe and compressed copies" {
	for trace in z p; do
		sim_anywhere $trace.bel >want
		[ "$(wc -l <want)" -gt 50 ]
		sim_anywhere <$trace.bel | cmp - want
		cat $trace.bel | sim_anywhere | cmp - want
		gzip -c $trace.bel >copy.gz
		xz -c $trace.bel >copy.xz
		zstd -q -f $trace.bel -o copy.zst
		for copy in copy.gz copy.xz copy.zst; do
			sim_anywhere $copy | cmp - want
			cat $copy | sim_anywhere | cmp - want
		done
	done
}

@test "the name of a foreign trace is that of its file, whatever packed it" {
	seq 1 50 >pages.txt
	xz -kf pages.txt
	gzip -kf pages.txt
	sim_anywhere pages.txt >want
	sim_anywhere pages.txt.xz | cmp - want
	sim_anywhere pages.txt.gz | cmp - want
	run -0 jq -r .trace.name want
	[ "$(sort -u <<<"$output")" = pages.txt ]
}

# bats test_tags=slow
@test "a slow pipe, in small pieces" {
	sim_anywhere z.bel >want
	dd if=z.bel bs=777 status=none | sim_anywhere | cmp - want
}

@test "two runs" {
	for format in jsonl csv table; do
		sim --format $format z.bel p.bel >want
		[ -s want ]
		sim --format $format z.bel p.bel | cmp - want
	done
}

# bats test_tags=slow
@test "one thread or several, own loops or hooks" {
	sim -j 1 z.bel >want
	for jobs in 2 3 8; do
		sim -j $jobs z.bel | cmp - want
	done
	sim --generic -j 2 z.bel | cmp - want
}

@test "kept in memory or on disk" {
	sim z.bel >want
	sim --trace-memory 64k z.bel | cmp - want
}

@test "policies together or alone" {
	sim z.bel | grep '"policy":"lru"' >want
	[ -s want ]
	sim z.bel -p lru | cmp - want
}

# bats test_tags=slow
@test "native or text, folded early or late: the same records, but for the name" {
	"$BEL_BIN/bel-gen" zipf -n 30000 --pages 3000 --write-ratio 0.3 --seed 7 --to pages -o t.txt
	"$BEL_BIN/bel-convert" -o t.bel t.txt
	"$BEL_BIN/bel-convert" --page-size 16k -o t16.bel t.bel
	for size in 4k 16k 1M; do
		sim --page-size $size t.txt | jq -c 'del(.trace.name, .trace.file)' >want
		[ -s want ]
		sim --page-size $size t.bel | jq -c 'del(.trace.name, .trace.file)' | cmp - want
		[ $size = 4k ] || sim --page-size $size t16.bel | jq -c 'del(.trace.name, .trace.file)' | cmp - want
	done
}

@test "a generated trace: same seed, same bytes; another seed, others" {
	"$BEL_BIN/bel-gen" zipf -n 300000 --pages 3000 --alpha 0.8 --write-ratio 0.3 --seed 7 |
		cmp - z.bel
	run -1 cmp -s z.bel <("$BEL_BIN/bel-gen" zipf -n 300000 --pages 3000 --alpha 0.8 \
		--write-ratio 0.3 --seed 8)
}
