#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# bel-tutorial(7), section by section in one folder that is empty at the start: every literal
# block of the page is run as it stands there, and what the page shows as printed must be
# printed, to the byte. bel-policy(7) has a tutorial of its own; install.bats runs that one.

load ../support/missing
load ../support/page_blocks

setup_file() {
	[ -z "$BEL_RUN" ] || missing 'captures under another tool say nothing' || return 0
	export PAGE=$BEL_TOP/cmd/bel-tutorial.7
	export DESK=$BATS_FILE_TMPDIR/desk PREFIX=$BATS_FILE_TMPDIR/prefix
	mkdir -p "$DESK" "$PREFIX/bin" "$PREFIX/include" "$PREFIX/lib/pkgconfig"
	# Stands for an installed belady and for the compiler that the tests are to use.
	ln -s "$BEL_TOP/lib/api/belady" "$PREFIX/include/belady"
	sed "s|@PREFIX@|$PREFIX|; s|@INCLUDEDIR@|$PREFIX/include|; s|@VERSION@|0|" "$BEL_TOP/scripts/belady.pc.in" \
		>"$PREFIX/lib/pkgconfig/belady.pc"
	printf '#!/bin/sh\nexec %s "$@"\n' "$BEL_CC" >"$PREFIX/bin/cc"
	chmod +x "$PREFIX/bin/cc"
	export PATH=$PREFIX/bin:$BEL_BIN:$PATH PKG_CONFIG_PATH=$PREFIX/lib/pkgconfig
}

setup() {
	skip_missing
}

needs() {
	local tool
	for tool; do
		command -v "$tool" >/dev/null || skip "no $tool"
	done
}

# png FILE: it is one, with something in it.
png() {
	[ "$(head -c 8 "$DESK/$1" | od -An -tx1 | tr -d ' ')" = 89504e470d0a1a0a ]
	[ "$(wc -c <"$DESK/$1")" -gt 5000 ]
}

@test "the page has the sections that are run below, and no other command" {
	[ "$(sed -n 's/^\.Sh //p' "$PAGE" | sed '1,2d; $d')" = 'A REFERENCE STRING
A TRACE AND ITS CURVE
A PICTURE
A COMPARISON
A MAP OF POLICIES AND TRACES
A REAL PROGRAM
YOUR OWN POLICY' ]
	[ "$(grep -c '^\.Bd -literal' "$PAGE")" -eq 21 ]
}

@test "a reference string" {
	section 'A REFERENCE STRING' 2
}

@test "a trace and its curve" {
	section 'A TRACE AND ITS CURVE' 2
	# What the page says of it: the knee is at 30 frames.
	[ "$(bel-curve -p lru "$DESK/phases.bel" | jq .knee.frames)" = 30 ]
}

@test "a picture" {
	needs gnuplot
	section 'A PICTURE' 1
	png curve.png
}

@test "a comparison" {
	section 'A COMPARISON' 2
}

@test "a map of policies and traces" {
	needs gnuplot
	section 'A MAP OF POLICIES AND TRACES' 1
	png heat.png
	# What the page says of it: MRU is the best on the loop and the worst elsewhere.
	cd "$DESK"
	bel-compare --show traces --format jsonl results.jsonl >traces.jsonl
	[ "$(jq -r 'select(.policy == "mru") | [.trace.file, .faults_over_opt == 1, .rank] | @csv' \
		traces.jsonl | sort)" = '"loop.bel",true,1
"phases.bel",false,4
"zipf.bel",false,4' ]
}

@test "a real program" {
	needs valgrind
	section 'A REAL PROGRAM' 2
	bel-info --verify "$DESK/ls.bel"
}

@test "your own policy" {
	needs "${BEL_CC%% *}" pkg-config
	section 'YOUR OWN POLICY' 6
}
