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

# Records but for the digest, which is that of the runs.
figures() {
	bel-sim --format jsonl "$@" | jq -c 'del(.trace.digest)'
}

@test "LRU and OPT count the same, write-backs and resident pages too" {
	for trace in sh ls phases zipf stack; do
		bel-reduce -q -k 16 "$traces/$trace.bel" -o "$trace.bel"
		figures -p lru,opt -f 16:128:*2 "$traces/$trace.bel" >whole
		figures -p lru,opt -f 16:128:*2 "$trace.bel" >reduced
		[ "$(wc -l <whole)" -eq 8 ]
		cmp whole reduced
	done
	# Where there is something to leave out, it is left out.
	[ "$(stat -c %s sh.bel)" -lt "$(stat -c %s "$traces/sh.bel")" ]
}

@test "curves are the same, and a pipe will do" {
	bel-curve -q -p lru,opt -f 32:96:4 --format jsonl "$traces/sh.bel" |
		jq -c 'del(.trace.digest)' >whole
	bel-reduce -q -k 32 <"$traces/sh.bel" | bel-curve -q -p lru,opt -f 32:96:4 --format jsonl |
		jq -c 'del(.trace.digest)' >reduced
	[ -s whole ]
	cmp whole reduced
}

@test "fewer frames are refused with the reason" {
	bel-reduce -q -k 64 "$traces/ls.bel" -o r.bel
	run --separate-stderr bel-sim -p lru -f 63,64 r.bel
	[ "$status" -eq 3 ]
	[ "$stderr" = 'bel-sim: lru: the trace was reduced and holds from 64 frames on, not at 63' ]
	run --separate-stderr bel-curve -q -p opt -f all r.bel
	[ "$status" -eq 3 ]
	[ "$stderr" = 'bel-curve: opt: the trace was reduced and holds from 64 frames on, not at 1' ]
	run --separate-stderr bel-sim -p lru -f 1% r.bel
	[ "$status" -eq 3 ]
	[[ $stderr = *'holds from 64 frames on'* ]]
}

@test "other policies are refused" {
	bel-reduce -q -k 4 "$traces/ls.bel" -o r.bel
	for policy in fifo clock ws; do
		run --separate-stderr bel-sim -q -p lru,$policy -f 100 r.bel
		[ "$status" -eq 3 ]
		[ "$stderr" = "bel-sim: $policy: the trace was reduced and holds for lru,opt alone" ]
	done
	run --separate-stderr bel-curve -q -p vmin r.bel
	[ "$status" -eq 3 ]
	[ "$stderr" = 'bel-curve: vmin: the trace was reduced and holds for lru,opt alone' ]
}

@test "tools that know nothing of it, and other page sizes, are refused" {
	bel-reduce -q -k 4 "$traces/ls.bel" -o r.bel
	for tool in 'bel-convert -o x.bel' 'bel-info' 'bel-reduce -k 8 -o y.bel'; do
		run --separate-stderr $tool r.bel
		[ "$status" -eq 3 ]
		[[ $stderr = *'the trace was reduced: it is for lru,opt at 4 frames and more'* ]]
	done
	[ ! -e x.bel ] && [ ! -e y.bel ]
	run --separate-stderr bel-sim -p lru -f 8 --page-size 8k r.bel
	[ "$status" -eq 2 ]
	[[ $stderr = 'bel-sim: r.bel: the trace was reduced for pages of 4096 bytes'* ]]
	run --separate-stderr bel-curve -q -p lru -f 8 --page-size 4k,8k r.bel
	[ "$status" -eq 3 ]
	[ "$stderr" = 'bel-curve: the trace was reduced for pages of 4096 bytes alone' ]
}

@test "wrong usage" {
	run --separate-stderr bel-reduce "$traces/ls.bel"
	[ "$status" -eq 2 ]
	[[ $stderr = *'--min-frames'* ]]
	run --separate-stderr bel-reduce -k 4 --level 20 "$traces/ls.bel"
	[ "$status" -eq 2 ]
	run --separate-stderr bel-reduce -q -k 4 missing.bel
	[ "$status" -eq 3 ]
	[ -z "$output" ]
}
