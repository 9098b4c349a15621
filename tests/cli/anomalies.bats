#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# bel-sim --anomalies: where more frames gave more faults.

bats_require_minimum_version 1.5.0
load ../support/records

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	PATH=$BEL_BIN:$PATH
	printf '1 2 3 4 1 2 5 1 2 3 4 5\n' >belady.txt
}

@test "Belady's string: FIFO, from 3 frames to 4, 9 faults to 10" {
	run -0 --separate-stderr bel-sim -p fifo -f all --anomalies belady.txt
	[ -z "$stderr" ]
	[ "$(jq -c '[.schema, .policy, .frames, .faults, .more_frames, .more_faults, .added_faults,
		.references]' <<<"$output")" = '["belady.anomaly/1","fifo",3,9,4,10,1,12]' ]
	validate <<<"$output"
}

@test "only frame counts that were asked for are compared" {
	run -0 --separate-stderr bel-sim -p fifo -f 2,4 --anomalies belady.txt
	[ -z "$output" ]
	[ "$stderr" = 'bel-sim: belady.txt: no anomaly at these frame counts' ]
	run -0 --separate-stderr bel-sim -q -p fifo -f 3 --anomalies belady.txt
	[ -z "$output$stderr" ]
}

@test "stack policies have none; one policy is not compared with the next" {
	run -0 --separate-stderr bel-sim -q -p lru,opt,fifo,ws:tau=3 -f 4,5 --anomalies belady.txt
	[ -z "$output" ]
	run -0 --separate-stderr bel-sim -q -p lru,opt,clock -f all --anomalies belady.txt
	[ "$(jq -c '[.policy, .frames, .more_frames]' <<<"$output")" = '["clock",3,4]' ]
}

@test "a table, and wrong usage" {
	run -0 --separate-stderr bel-sim -p fifo,clock -f all --anomalies --format table belady.txt
	[ "$(awk '$1 == "fifo" || $1 == "clock"' <<<"$output" | wc -l)" -eq 2 ]
	run -2 bel-sim --anomalies --interval 5 belady.txt
}
