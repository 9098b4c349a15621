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
	diff <(jq -c 'del(.policy, .spec)' in.jsonl) <(jq -c 'del(.policy, .spec)' out.jsonl)
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

@test "in bel-vm, where frames are freed ahead of need and swap fills up" {
	same "$BEL_BIN/bel-vm" -f 30,100 --watermarks 4:12 --invariants a.bel
	same "$BEL_BIN/bel-vm" -f 90 --watermarks 1:20 --swap 400K --mix a.bel,b.bel --quantum 2000
	[ "$(jq -s 'map(.background_evictions // 0) | max' in.jsonl)" -gt 100 ]
}

@test "in bel-vm, where processes get more and fewer frames" {
	for kind in equal proportional working-set pff=0.001:0.01; do
		same "$BEL_BIN/bel-vm" -f 120 --replacement "local:$kind" --review 2000 \
			--mix a.bel,b.bel --quantum 500
		[ "$(jq -s 'map(.rebalances // 0) | max' in.jsonl)" -gt 2 ]
	done
}
