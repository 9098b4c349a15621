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
	prop fine 'echo 1..1; echo ok 1 - rounds hold'
	prop left 'echo "1..0 # SKIP no data"'
	BEL_COUNTS=$PWD/counts tests_run unit prop
	[ "$status" -eq 0 ]
	[ "$last" = '4 passed, 0 failed, 2 skipped' ]
	[[ $output == *'| no data'* ]]
	unit bad 'echo 1..1; echo why it is so; echo not ok 1 - a; exit 1'
	prop wrong 'exit 1'
	BEL_COUNTS=$PWD/counts tests_run unit prop
	[ "$status" -eq 1 ]
	[ "$last" = '4 passed, 2 failed, 2 skipped' ]
	[[ $output == *'| why it is so'* ]]
	[ "$(cat counts)" = $'4 0 2\n4 2 2' ]
}

@test "tests are chosen by group, part of the name and pattern" {
	unit one 'echo 1..1; echo ok 1 - a'
	unit two 'echo 1..1; echo ok 1 - a'
	prop one 'echo 1..1; echo ok 1 - "$*"'
	tests_run -t one prop unit
	[ "$last" = '2 passed, 0 failed, 0 skipped' ]
	tests_run -x 'unit/(one|three)' unit
	[ "$last" = '1 passed, 0 failed, 0 skipped' ]
	[[ $output == *unit/two* ]]
	tests_run --long -t one prop
	grep -qx 'ok 1 - --long' build/tests/results/prop.one
	tests_run -t nothing unit
	[ "$status" -eq 2 ]
}

@test "in a folder whose name has a blank, tests see names without one" {
	mkdir 'a b'
	mv top build 'a b'
	cd 'a b'
	unit where 'echo 1..1; touch "$BEL_BUILD/made"
		case $BEL_TOP$BEL_BUILD$BEL_BIN$TMPDIR in *" "*) echo not ok;; *) echo ok;; esac'
	tests_run unit
	[ "$last" = '1 passed, 0 failed, 0 skipped' ]
	[ -e build/made ]
}

@test "--quick leaves out what is tagged slow" {
	mkdir top/tests/cli
	printf '@test "a" {\n true\n}\n# bats test_tags=slow\n@test "b" {\n false\n}\n' \
		>top/tests/cli/both.bats
	tests_run cli
	[ "$last" = '1 passed, 1 failed, 0 skipped' ]
	printf '# bats file_tags=slow\n@test "c" {\n false\n}\n' >top/tests/cli/all.bats
	tests_run --quick cli
	[ "$status" -eq 0 ]
	[ "$last" = '1 passed, 0 failed, 0 skipped' ]
}

# bats test_tags=slow
@test "a test whose parents are killed is a failure, and the others still count" {
	# Between the test and tests/run are a shell and `timeout`.
	unit deadly 'echo 1..1; kill -KILL "$(ps -o ppid= -p "$PPID")" "$PPID"; echo ok 1 - a'
	for name in x1 x2 x3 x4; do
		unit $name 'sleep 0.1; echo 1..1; echo ok 1 - a'
	done
	tests_run unit
	[ "$status" -eq 1 ]
	[[ $output == *'FAIL  unit/deadly'* ]]
	[ "$last" = '4 passed, 1 failed, 0 skipped' ]
}

# bats test_tags=slow
@test "a process that a test leaves behind holds nothing up" {
	unit parent 'sleep 30 & echo $! >"$0.pid"; echo 1..1; echo ok 1 - a'
	tests_run unit
	[ "$last" = '1 passed, 0 failed, 0 skipped' ]
	kill "$(cat build/tests/unit/parent.pid)"
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
