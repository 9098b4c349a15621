#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# bel-live calibrate: what it measures fits bel-vm. No test compares times with limits: other
# programs run at the same time.

bats_require_minimum_version 1.5.0
load ../support/records

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	PATH=$BEL_BIN:$PATH
}

@test "the line is a value of --cost, and bel-vm uses its figures" {
	bel-live calibrate --repetitions 3 --line >line
	[ "$(wc -l <line)" -eq 1 ]
	bel-gen zipf -n 1000 --pages 50 -o z.bel
	bel-vm -f 10 --cost "$(cat line)" --format jsonl z.bel |
		jq -c 'select(.schema == "belady.vm/1").cost.assumed_ns' >assumed
	tr , '\n' <line | while IFS='=' read -r key ns; do
		jq -e --arg key "$key" --argjson ns "$ns" '.[$key] == $ns' assumed
	done
	# What every machine can measure.
	for key in memory l2 trap minor copy; do
		grep -Eq "(^|,)$key=[0-9]" line
	done
	# It is not measured, so bel-vm has its default.
	run ! grep -q shoot line
	jq -e '.shoot == 100' assumed
}

@test "records: positive, between their quartiles, sensibly ordered" {
	bel-live calibrate --repetitions 3 >c.jsonl
	validate 12 <c.jsonl
	jq -e 'if .repetitions == 0
		then .median_ns == null and .low_ns == null and (.why_not | length) > 0
		else .repetitions == 3 and .why_not == null and .low_ns >= 0
			and .low_ns <= .median_ns and .median_ns <= .high_ns end' c.jsonl
	# A fault enters the kernel and does more than a system call that does nothing.
	jq -e -s 'map({(.event): .median_ns}) | add |
		.reference > 0 and ."system-call" > .reference and ."zero-fill" > ."system-call"' c.jsonl
	jq -e 'select(.event == "swap-in").why_not == "only with --swap"' c.jsonl
}

@test "--swap measures swap, or says why not" {
	bel-live calibrate --repetitions 1 --swap >c.jsonl
	jq -e 'select(.event | startswith("swap")) |
		.median_ns > 0 or (.why_not | contains("/proc/swaps"))' c.jsonl
}

@test "a table has the line below it; wrong options are refused" {
	run --separate-stderr bel-live calibrate --repetitions 1 --format table
	[ "$status" -eq 0 ]
	[[ $output == event*'system call'* ]]
	[[ $stderr == 'For bel-vm:'*'--cost memory='* ]]
	run --separate-stderr bel-live calibrate --repetitions 1001
	[ "$status" -eq 2 ]
	run --separate-stderr bel-live calibrate --line --format csv
	[ "$status" -eq 2 ]
	run --separate-stderr env TMPDIR=/no/such bel-live calibrate
	[ "$status" -eq 3 ]
	[[ $stderr == *'/no/such'* ]]
}

@test "bel-vm --cost: a measured machine, and keys after it" {
	bel-gen zipf -n 1000 --pages 50 -o z.bel
	[ "$(bel-vm -f 10 --cost zen5-vm-linux6.18,walk=7 --format jsonl z.bel |
		jq -c 'select(.schema == "belady.vm/1").cost.assumed_ns | [.memory,.l2,.walk,.trap,.minor,.major,.copy,.switch,.shoot]')" = \
		'[1,1.8,7,128,1390,23000,760,2160,100]' ]
	run bel-vm -f 10 --cost walk=7,zen5-vm-linux6.18 z.bel
	[ "$status" -eq 2 ]
	[[ $output == *"'zen5-vm-linux6.18' is not KEY=NS"*'the first item may be a machine: zen5-vm-linux6.18'* ]]
	run bel-vm -f 10 --cost vax z.bel
	[ "$status" -eq 2 ]
}
