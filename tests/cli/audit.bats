#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# bel-sim --audit: sound policies pass, and every mistake of tests/plugins/faulty.c is found,
# named, and shown by a short string.

bats_require_minimum_version 1.5.0
load ../support/records

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	PATH=$BEL_BIN:$PATH
	plugins=$BEL_BUILD/tests/plugins
}

# found INVARIANT SPEC: the audit fails for that reason; leaves the record in `output`.
found() {
	run --separate-stderr bel-sim --audit -p "$plugins/$2"
	[ "$status" -eq 1 ] || { echo "$2: status $status: $output"; return 1; }
	[ "$(jq -r .invariant <<<"$output")" = "$1" ] || { echo "$2: $output"; return 1; }
	echo "$output" >>"$BATS_FILE_TMPDIR/records"
}

# bats test_tags=slow
@test "every built-in policy passes, at the frame counts that are promised" {
	[ -z "$BEL_RUN" ] || skip 'far too slow'
	run --separate-stderr bel-sim --audit
	echo "$stderr"
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[ "$(jq -r .policy <<<"$output")" = "$(bel-sim -p list | awk '/^[a-z0-9]/ {print $1}')" ]
	[ "$(jq -s 'all(.[]; .passed and .reference_strings > 150 and .references > 20000)' \
		<<<"$output")" = true ]
}

@test "each mistake is found by the invariant that it breaks" {
	found contract faulty.so:how=1
	found crash faulty.so:how=3
	[ "$(jq -r .violation <<<"$output")" = 'it crashed: Segmentation fault' ] ||
		[[ $(jq -r .violation <<<"$output") == 'it ended the program'* ]] # a sanitizer's way
	found arrays faulty.so:how=4
	found state faulty.so:how=5
	found state faulty.so:how=6
	found hooks faulty.so:how=7
	found repeat faulty.so:how=8
	found folding faulty.so:how=9
	found leak faulty.so:how=10
	found refusal faulty.so:how=11
	found crash faulty.so:how=12
	found victim faulty.so:how=13
	[ "$(jq -r .violation <<<"$output")" = 'victim() named page 1, but it was not evicted' ]
	found victim faulty.so:how=14
	[ "$(jq -r .violation <<<"$output")" = 'evicted no page or several pages when asked for one' ]
	found inclusion faulty_stack.so:how=0
	found optimum faulty_optimal.so:how=0
}

# bats test_tags=slow
@test "a policy that never returns is named, and the others' results stand" {
	run --separate-stderr bel-sim --audit -f 2 -p "fifo,$plugins/faulty.so:how=2,lru"
	[ "$status" -eq 1 ]
	[ "$(jq -c '[.policy, .passed, .invariant]' <<<"$output" | tr -d '\n')" = \
		'["fifo",true,null]["faulty",false,"endless"]["lru",true,null]' ]
	[ "${stderr_lines[0]}" = \
		'bel-sim: faulty: it does not return (endless, 2 frames, reference 2)' ]
	[ "${stderr_lines[1]}" = 'bel-sim: faulty: string: 0 1 2' ]
}

@test "the string is as short as can be, and bel-sim replays it" {
	found contract hoarder.so
	[ "$(jq -c '[.frames, .reference, .reference_string]' <<<"$output")" = '[1,1,"0 1"]' ]
	jq -r .reference_string <<<"$output" >string
	run --separate-stderr bel-sim -p "$plugins/hoarder.so" -f 1 --from pages string
	[ "$status" -eq 3 ]
	[ "$stderr" = 'bel-sim: hoarder: held 2 pages in 1 frames at reference 1 (1 frames)' ]
	# FIFO holds no superset: the fewest pages that show it with 2 frames and 3.
	found inclusion faulty_stack.so:how=0
	[ "$(jq -c '[.frames, .reference_string]' <<<"$output")" = '[2,"0 1 2 0 3"]' ]
}

@test "frames and seed are the user's; the same seed finds the same" {
	run --separate-stderr bel-sim --audit -f 3 --seed 7 -p "$plugins/hoarder.so"
	[ "$status" -eq 1 ]
	[ "$(jq -c '[.frames, .seed, .reference]' <<<"$output")" = '[3,7,3]' ]
	first=$output
	run --separate-stderr bel-sim --audit -f 3 --seed 7 -j 1 -p "$plugins/hoarder.so"
	[ "$output" = "$first" ]
}

@test "parameters are drawn only if none is given" {
	run --separate-stderr bel-sim --audit -f 4 -p "$plugins/faulty.so:how=0"
	[ "$status" -eq 0 ]
	run --separate-stderr bel-sim --audit -f 4 -p "$plugins/faulty.so"
	[ "$status" -eq 1 ]
	[ "$(jq '.params.how > 0' <<<"$output")" = true ]
}

@test "an optimum that lets pages pass by is no finding" {
	run --separate-stderr bel-sim --audit -p opt:bypass=on -f 1,2,3
	[ "$status" -eq 0 ]
}

@test "a table, and wrong usage" {
	run --separate-stderr bel-sim --audit -f 2 -p "fifo,$plugins/hoarder.so" --format table
	[ "$status" -eq 1 ]
	grep -q '^fifo .* yes ' <<<"$output"
	grep -q '^hoarder .* no .*contract' <<<"$output"
	run -2 --separate-stderr bel-sim --audit trace.bel
	[ "${stderr_lines[0]}" = "bel-sim: --audit: unexpected operand 'trace.bel'; it generates its references" ]
	run -2 bel-sim --audit --interval 5
	run -2 bel-sim --audit --anomalies
	run -2 bel-sim --audit -f 10%
	run -2 bel-sim --audit -p nobody
}

@test "a plug-in that cannot be loaded costs no tool the other policies, status 3" {
	echo '1 2 3 1 2' >t
	for tool in 'bel-sim -f 2' 'bel-curve -f 2' 'bel-vm -f 2' 'bel-explain -f 2' \
		'bel-vm --explain -f 2'; do
		run --separate-stderr $tool -p "$plugins/wrong_abi.so,lru" t
		[ "$status" -eq 3 ]
		[ "${#stderr_lines[@]}" -eq 1 ]
		[[ $stderr = "${tool%% *}: "*'wrong_abi.so: policy was built for interface 2, this is 1' ]]
		[ "$output" = "$($tool -p lru t)" ]
		# If none is left, or a name is wrong, nothing is done.
		run --separate-stderr -3 $tool -p "$plugins/wrong_abi.so" t
		[ -z "$output" ]
		run --separate-stderr -2 $tool -p "$plugins/wrong_abi.so,lruu" t
		[ -z "$output" ]
	done
}

@test "a plug-in that crashes or ends a tool is named; a result is not taken for whole" {
	echo '1 2 3 4 5 1 2 3' >t
	for tool in bel-sim bel-curve bel-vm bel-explain; do
		# On the fourth fault: a crash, exit(0).
		run --separate-stderr $tool -f 2 -p "$plugins/faulty.so:how=3,lru" t
		if [[ $stderr != *'runtime error'* ]]; then # a sanitizer's way
			[ "$status" -eq 139 ]
			[[ $stderr = "$tool: Segmentation fault; plug-ins in this process: $plugins/faulty.so; 'bel-sim --audit"* ]]
		fi
		run --separate-stderr $tool -f 2 -o out -p "$plugins/faulty.so:how=12,lru" t
		[ "$status" -eq 3 ]
		[[ $stderr = "$tool: a policy ended the program; plug-ins in this process: $plugins/faulty.so; 'bel-sim --audit"* ]]
		[ ! -e out ]
	done
	# The tool's own end is none.
	run --separate-stderr -0 bel-sim -f 2 -p "$plugins/faulty.so" t
	[ -z "$stderr" ]
	run --separate-stderr -3 bel-sim -f 2 -p "$plugins/faulty.so" missing
	[[ $stderr = *'missing: cannot open'* && $stderr != *plug-in* ]]
}

@test "plug-ins that cannot be loaded are named, the others stand, status 3" {
	printf '1 2 3\n' >t
	run --separate-stderr bel-sim -f 2 -p "lru,$plugins/wrong_abi.so,$plugins/no_policy.so,fifo" t
	[ "$status" -eq 3 ]
	[ "$(jq -r .policy <<<"$output" | tr '\n' ' ')" = 'lru fifo ' ]
	[ "${#stderr_lines[@]}" -eq 2 ]
	[[ ${stderr_lines[0]} == *'wrong_abi.so: policy was built for interface 2, this is 1' ]]
	[[ ${stderr_lines[1]} == *'no_policy.so: is not a policy: '* ]]
	run --separate-stderr bel-sim --audit -f 2 -p "$plugins/no_drop.so,fifo"
	[ "$status" -eq 3 ]
	[ "$(jq -c '[.policy, .passed]' <<<"$output")" = '["fifo",true]' ]
	# A name that is not known is a slip of the pen, before anything was done.
	run --separate-stderr bel-sim -f 2 -p "lru,$plugins/wrong_abi.so,frfo" t
	[ "$status" -eq 2 ]
	[ -z "$output" ]
}

@test "all records of the tests before are as their schema says" {
	[ -s "$BATS_FILE_TMPDIR/records" ] || skip 'these tests did not run'
	validate <"$BATS_FILE_TMPDIR/records"
}
