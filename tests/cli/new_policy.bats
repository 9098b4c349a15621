#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# bel-new-policy: what it writes compiles without a word, is sound, and is what it says.
# (install.bats goes through the tutorial that begins with it.)

bats_require_minimum_version 1.5.0

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	PATH=$BEL_BIN:$PATH
}

# compile NAME [FLAG...]: as a plug-in, against the headers of the tree.
compile() {
	local name=$1
	shift
	$BEL_CC -Wall -Wextra -Werror -O1 -fPIC -shared -DBEL_PLUGIN "-I$BEL_TOP/lib/api" \
		"$@" -o "$name.so" "$name.c"
}

@test "what it writes compiles, passes the audit, and is a FIFO" {
	local name
	# The functions of belady's headers are bel_evict() and others.
	for name in mine a-b-c 2nd bel; do
		run -0 --separate-stderr bel-new-policy $name
		[ -z "$output$stderr" ]
		compile $name
		compile $name -std=c11 -pedantic
		run -0 bel-sim --audit -p ./$name.so
		[ "$(jq -c '[.policy, .passed]' <<<"$output")" = "[\"$name\",true]" ]
	done
	bel-gen zipf -n 5000 --pages 100 -o z.bel
	diff <(bel-sim -p ./mine.so -f 1:64 z.bel | jq -c '[.frames, .faults, .writebacks]') \
		<(bel-sim -p fifo -f 1:64 z.bel | jq -c '[.frames, .faults, .writebacks]')
	diff <(bel-sim -p ./mine.so:newest=on -f 1:64 z.bel | jq -c '[.frames, .faults]') \
		<(bel-sim -p lifo -f 1:64 z.bel | jq -c '[.frames, .faults]')
}

@test "with the lines of its comment it is LRU" {
	bel-new-policy mine
	sed -n '/^ \*\tstatic void mine_hit/,/^ \*\t}/s/^ \*\t\{0,1\}//p' mine.c >hit
	[ "$(wc -l <hit)" -eq 7 ]
	sed -i -e '/^ \* With these lines/,/^ \*\//{/^ \*\//r hit
		}' -e 's/^\t\.fault = mine_fault,/\t.hit = mine_hit,\n&/' mine.c
	compile mine
	bel-sim --audit -p ./mine.so >/dev/null
	bel-gen zipf -n 5000 --pages 100 -o z.bel
	diff <(bel-sim -p ./mine.so -f 1:64 z.bel | jq -c '[.frames, .faults, .writebacks]') \
		<(bel-sim -p lru -f 1:64 z.bel | jq -c '[.frames, .faults, .writebacks]')
}

@test "a C++ compiler is told that a policy is C" {
	bel-new-policy mine
	run "$BEL_CC" -x c++ -fsyntax-only "-I$BEL_TOP/lib/api" mine.c
	[ "$status" -ne 0 ]
	[[ $output = *'a policy is C: compile it with a C compiler'* ]] || [[ $output = *cc1plus* ]]
}

@test "the source, or the name without ./ and .so: what to type" {
	bel-new-policy mine
	run -2 --separate-stderr bel-sim -p mine -f 2 <<<'1 2 3'
	[[ ${stderr_lines[0]} == "bel-sim: unknown policy 'mine', similar to "*'; -p list shows all policies' ]]
	compile mine
	run -2 --separate-stderr bel-sim -p mine -f 2 <<<'1 2 3'
	[ "${stderr_lines[0]}" = "bel-sim: unknown policy 'mine'; the file is -p ./mine.so" ]
	[ "$(bel-sim -p ./mine.so -f 2 --from pages <<<'1 2 3' | jq .faults)" -eq 3 ]
	run -3 --separate-stderr bel-sim -p ./mine.c -f 2 <<<'1 2 3'
	[[ ${stderr_lines[0]} == 'bel-sim: ./mine.c: '*'; compile it to a shared object: bel-policy(7)' ]]
}

@test "it builds into the tree as it stands" {
	bel-new-policy mine
	$BEL_CC -std=gnu11 -Wall -Wextra -Werror -O1 "-I$BEL_TOP/lib/api" -c -o mine.o mine.c
}

@test "a file that is there stays as it is" {
	echo mine >mine.c
	run --separate-stderr bel-new-policy mine
	[ "$status" -eq 3 ]
	[ "$stderr" = 'bel-new-policy: mine.c: cannot create: File exists' ]
	[ "$(cat mine.c)" = mine ]
	bel-new-policy -o other.c mine
	grep -q '"mine"' other.c
	bel-new-policy -o - mine | cmp other.c
	run --separate-stderr bel-new-policy -o nowhere/mine.c mine
	[ "$status" -eq 3 ]
	[[ $stderr == 'bel-new-policy: nowhere/mine.c: cannot create: '* ]]
}

@test "names that cannot be, and those that are taken" {
	local name
	for name in '' Mine my_policy ../mine -mine- 'mine ' mine.c ä \
		abcdefghijklmnopqrstuvwxyz-abcdefg; do
		run -2 --separate-stderr bel-new-policy -- "$name"
		[[ ${stderr_lines[0]} == "bel-new-policy: '$name': a policy's name must be "* ]]
	done
	run -2 --separate-stderr bel-new-policy lru
	[ "${stderr_lines[0]}" = 'bel-new-policy: lru: a built-in policy has this name; choose another' ]
	run -2 bel-new-policy
	run -2 bel-new-policy one two
	[ -z "$(find . -name "*.c")" ]
}

@test "a full disk leaves no file" {
	run --separate-stderr bash -c 'bel-new-policy -o - mine >/dev/full'
	[ "$status" -eq 3 ]
	run --separate-stderr bash -c 'ulimit -f 1; trap "" XFSZ; bel-new-policy mine'
	[ "$status" -eq 3 ]
	[[ $stderr == 'bel-new-policy: mine.c: cannot write: '* ]]
	[ ! -e mine.c ]
}
