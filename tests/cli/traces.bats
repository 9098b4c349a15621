#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# The checked-in traces: sound, listed, and made as traces/README.md says.

bats_require_minimum_version 1.5.0

setup() {
	cd "$BEL_TOP/traces" || return
	PATH=$BEL_BIN:$PATH
}

digest() {
	bel-info --format jsonl "$@" | jq -r .trace.digest
}

@test "all are sound" {
	run --separate-stderr bel-info --verify ./*.bel ./*.pages
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	[ -z "$stderr" ]
}

@test "all are in the README, and it names no others" {
	printf '%s\n' *.bel *.pages | sort >"$BATS_TEST_TMPDIR/there"
	sed -n 's/^| \([a-z-]*\.\(bel\|pages\)\) |.*/\1/p' README.md | sort >"$BATS_TEST_TMPDIR/named"
	[ -s "$BATS_TEST_TMPDIR/there" ]
	diff "$BATS_TEST_TMPDIR/there" "$BATS_TEST_TMPDIR/named"
}

@test "the generated ones come out the same again" {
	sed -n 's/^| \([a-z-]*\.[a-z]*\) | `\(bel-gen [^`]*\)`.*/\1 \2/p' README.md >"$BATS_TEST_TMPDIR/made"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/made")" -eq 11 ]
	while read -r file command; do
		[ "$($command | bel-info --format jsonl | jq -r .trace.digest)" = "$(digest "$file")" ]
	done <"$BATS_TEST_TMPDIR/made"
}

@test "what the captured ones are good for is in them" {
	[ "$(bel-info --format jsonl sh.bel | jq '[.processes[].pid] | unique | length')" -eq 4 ]
	[ "$(bel-info --format jsonl ls.bel | jq -c '.regions | keys - ["vdso"]')" = \
		'["data","heap","mmap","stack","text"]' ]
	[ "$(bel-info --format jsonl true-exact.bel | jq -c '[.exact,.granule_bytes]')" = '[true,1]' ]
}
