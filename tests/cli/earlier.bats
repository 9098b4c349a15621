#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# A plug-in compiled against earlier headers (tests/plugins/earlier), which makes its own instances and
# cannot say who leaves next: it loads, and has the counts of the built-in policy that it copies.

setup() {
	plugin=$BEL_BUILD/tests/plugins/earlier/earlier_lru.so
	cd "$BATS_TEST_TMPDIR"
	"$BEL_BIN/bel-gen" phases -n 30000 --pages 300 --locality 40 --write-ratio 0.3 --seed 3 -q -o a.bel
	"$BEL_BIN/bel-gen" zipf -n 20000 --pages 200 --write-ratio 0.2 --seed 4 -q -o b.bel
}

# Both policies' records are the same but for the policy's name.
same() {
	"$@" -p lru --format jsonl >in.jsonl
	"$@" -p "$plugin" --format jsonl >out.jsonl
	[ -s in.jsonl ]
	[ "$(jq -r .policy out.jsonl | sort -u)" = earlier-lru ]
	diff <(jq -c 'del(.policy, .spec)' in.jsonl) <(jq -c 'del(.policy, .spec, .plugin)' out.jsonl)
}

@test "it is an earlier plug-in indeed: its descriptor is shorter, its headers know no init()" {
	[ "$(grep -c instance_bytes "$BEL_TOP/tests/plugins/earlier/belady/policy.h")" -eq 0 ]
	grep -q '\.create = lru_create' "$BEL_TOP/tests/plugins/earlier/earlier_lru.c"
}

@test "in bel-sim, through its own loop and through its hooks" {
	same "$BEL_BIN/bel-sim" -f 5,20,80,500 a.bel b.bel
	same "$BEL_BIN/bel-sim" --generic -f 5,20,80 a.bel
	"$BEL_BIN/bel-sim" --audit -f 1,4 -p "$plugin" >audit.jsonl
	[ "$(jq .passed audit.jsonl)" = true ]
}

@test "in bel-vm, on demand" {
	same "$BEL_BIN/bel-vm" -f 30,100 a.bel b.bel
}

@test "in bel-vm, where swap fills up" {
	same "$BEL_BIN/bel-vm" -f 90 --swap 400K --invariants --mix a.bel,b.bel --quantum 2000
}

@test "bel-vm refuses it where a page must leave before its frame is needed" {
	for options in "--watermarks 4:12" "--replacement local:equal"; do
		# shellcheck disable=SC2086
		run "$BEL_BIN/bel-vm" -q -p "$plugin" -f 100 $options a.bel
		[ "$status" -eq 2 ]
		[[ $output = *"earlier-lru: cannot evict a page before a frame is needed"* ]]
		[[ $output = *"see bel-policy(7)"* ]]
	done
}
