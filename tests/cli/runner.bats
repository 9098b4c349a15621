#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# tests/run itself: what did not report did not pass. The tests that it runs here are
# scripts in a tree made for it.

bats_require_minimum_version 1.5.0

setup() {
	[ -z "$BEL_RUN" ] || skip 'runs no tool'
	cd "$BATS_TEST_TMPDIR" || return
	mkdir -p top/tests/unit top/tests/prop build/tests/unit build/tests/prop
	unset BEL_COUNTS
}

# unit NAME SCRIPT, prop NAME SCRIPT: a test of that group.
unit() {
	touch "top/tests/unit/$1.c"
	printf '#!/bin/sh\n%s\n' "$2" >"build/tests/unit/$1"
	chmod +x "build/tests/unit/$1"
}

prop() {
	touch "top/tests/prop/$1.c"
	printf '#!/bin/sh\n%s\n' "$2" >"build/tests/prop/$1"
	chmod +x "build/tests/prop/$1"
}

tests_run() {
	run --separate-stderr env BEL_TOP="$PWD/top" BEL_BUILD="$PWD/build" BEL_RUN= \
		"$BEL_TOP/tests/run" "$@"
	last=${output##*$'\n'}
}

@test "what passes, fails and is skipped is added up" {
	unit good 'echo 1..2; echo ok 1 - a; echo ok 2 - b'
	unit odd 'echo 1..2; echo ok 1 - a; echo "not ok 2 - b # SKIP"'
	prop fine 'exit 0'
	prop left 'exit 77'
	tests_run unit prop
	[ "$status" -eq 0 ]
	[ "$last" = '4 passed, 0 failed, 2 skipped' ]
	unit bad 'echo 1..1; echo not ok 1 - a; exit 1'
	prop wrong 'exit 1'
	tests_run unit prop
	[ "$status" -eq 1 ]
	[ "$last" = '4 passed, 2 failed, 2 skipped' ]
}

@test "a worker that is killed makes its test a failure, and those that it leaves" {
	# The worker is the parent of `timeout`, which is the parent of the test.
	unit deadly 'echo 1..1; kill -KILL "$(ps -o ppid= -p "$PPID")"; echo ok 1 - a'
	for name in x1 x2 x3 x4 x5 x6; do
		unit $name 'sleep 0.2; echo 1..1; echo ok 1 - a'
	done
	tests_run unit
	[ "$status" -eq 1 ]
	[[ $output == *'unit/deadly'*'did not report'* ]]
	# All seven are accounted for.
	[[ $last =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed,\ 0\ skipped$ ]]
	[ "${BASH_REMATCH[2]}" -ge 1 ]
	[ $((BASH_REMATCH[1] + BASH_REMATCH[2])) -eq 7 ]
}

@test "fewer results than announced, none at all, and a crash after the last are failures" {
	unit few 'echo 1..3; echo ok 1 - a; echo ok 2 - b'
	tests_run unit
	[ "$status" -eq 1 ]
	[ "$last" = '2 passed, 1 failed, 0 skipped' ]
	rm -r top/tests/unit/few.c
	unit silent 'exit 0'
	tests_run unit
	[ "$last" = '0 passed, 1 failed, 0 skipped' ]
	rm -r top/tests/unit/silent.c
	unit crash 'echo 1..1; echo ok 1 - a; kill -SEGV $$'
	tests_run unit
	[ "$status" -eq 1 ]
	[ "$last" = '1 passed, 1 failed, 0 skipped' ]
}

@test "a program that was not built is a failure, an empty group an error" {
	touch top/tests/unit/missing.c
	tests_run unit
	[ "$status" -eq 1 ]
	[ "$last" = '0 passed, 1 failed, 0 skipped' ]
	tests_run prop
	[ "$status" -eq 2 ]
	[[ $stderr == *"group 'prop' has no tests"* ]]
}
