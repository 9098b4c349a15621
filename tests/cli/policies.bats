#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The shelf of policies: what bel-sim tells of it, and the man page made of that.

@test "at least 45 policies, in order of name, each with what it sees and its space" {
	"$BEL_BIN/bel-sim" -p list >"$BATS_TEST_TMPDIR/list"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/list")" -ge 45 ]
	LC_ALL=C sort -c "$BATS_TEST_TMPDIR/list"
	run grep -vE '^[a-z0-9-]+ +(faults|bits|references|future) +(fixed|variable) +[^ ]' \
		"$BATS_TEST_TMPDIR/list"
	[ -z "$output" ]
}

@test "what hardware would show: FIFO faults, Clock bits, LRU references, OPT the future" {
	run bash -c '"$BEL_BIN/bel-sim" -p list | awk "\$1 ~ /^(fifo|clock|lru|opt|ws)\$/ {print \$1, \$2, \$3}"'
	[ "$output" = "clock bits fixed
fifo faults fixed
lru references fixed
opt future fixed
ws references variable" ]
}

@test "no policy keeps more than 64 bytes a distinct page" {
	names=$("$BEL_BIN/bel-sim" -p list | awk '{print $1}')
	for name in $names; do
		bytes=$("$BEL_BIN/bel-sim" -p "$name:help" | sed -n 's/^memory: \([0-9]*\) bytes a page$/\1/p')
		[ "$bytes" -le 64 ] || { echo "$name: $bytes bytes"; return 1; }
	done
}

@test "bel-policies(7) says what the descriptors say" {
	"$BEL_TOP/scripts/policies-page" "$BEL_BIN/bel-sim" | diff "$BEL_TOP/cmd/bel-policies.7" - || {
		echo "make policies-page brings it up to date"
		return 1
	}
}
