#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# Options that mean the same in every tool: their names, memory in bytes, and
# outputs that are whole or not there.

bats_require_minimum_version 1.5.0

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	PATH=$BEL_BIN:$PATH
	seq 1 40 >t
	seq 1 30 >>t
	bel-convert --from pages t -o t.bel
}

# Both command lines print the same, and are no mistakes.
same() {
	local one other
	one=$(eval "$1") && other=$(eval "$2") && [ -n "$one" ] && [ "$one" = "$other" ] ||
		{ echo "not the same: $1 | $2"; return 1; }
}

@test "-m: frames are bytes through the page size" {
	same 'bel-sim -m 64k,32k t.bel' 'bel-sim -f 8,16 t.bel'
	same 'bel-sim --ram 32k:128k:*2 t.bel' 'bel-sim -f 8:32:*2 t.bel'
	same 'bel-sim -m 64k --page-size 8k t.bel' 'bel-sim -f 8 --page-size 8k t.bel'
	same 'bel-curve -m 64k,32k t.bel' 'bel-curve -f 8,16 t.bel'
	same 'bel-vm -m 64k,32k t.bel' 'bel-vm -f 8,16 t.bel'
	same "bel-explain -m 8k,12k '1 2 3 4 1 2 5'" "bel-explain -f 2,3 '1 2 3 4 1 2 5'"
	same 'bel-explain -m 16k --page-size 8k t.bel' 'bel-explain -f 2 --page-size 8k t.bel'
	# At each page size its own frame counts.
	[ "$(bel-curve -p lru -m 64k --page-size 4k,16k t.bel | jq -c .frames | paste -sd ' ')" = '[16] [4]' ]
	[ "$(bel-vm -m 64k --page-size 16k,4k t.bel | jq -c 'select(.schema == "belady.vm/1").frames' |
		paste -sd ' ')" = '16 4' ]
}

@test "-m: what makes no sense" {
	local tool
	for tool in sim curve vm explain; do
		run -2 --separate-stderr bel-$tool -m 64k -f 3 t.bel
		[ "${stderr_lines[0]}" = "bel-$tool: --ram and --frames exclude each other" ]
		run -2 --separate-stderr bel-$tool -m 100 t.bel
		[[ ${stderr_lines[0]} == "bel-$tool: --ram: 100 bytes are less than one page of 4096 bytes" ]]
		run -2 --separate-stderr bel-$tool -m 10% t.bel
		[ "${stderr_lines[0]}" = "bel-$tool: --ram: '10%' is not a whole number" ]
	done
	run -2 bel-sim --audit -m 64k
}

@test "numbers that no record can hold, and 0 where it stands for nothing" {
	wrong() {
		run -2 --separate-stderr $2
		[ "${stderr_lines[0]}" = "${2%% *}: $1" ]
	}
	local tool
	for tool in sim curve vm blame explain report; do
		wrong '--frames: must be at most 2^63 - 1' "bel-$tool -f 9223372036854775808 t.bel"
		wrong "--frames: '-1' is negative" "bel-$tool -f -1 t.bel"
	done
	wrong '--fault-time: must be at most 2^63 - 1' 'bel-curve --fault-time 9223372036854775808 t.bel'
	wrong '--idle: must be at most 2^63 - 1' 'bel-map --idle 1:9223372036854775808:9223372036854775807 t.bel'
	wrong '--process: must be at most 2^63 - 1' 'bel-map --process 18446744073709551615 t.bel'
	wrong '--thread: must be at most 2^63 - 1' 'bel-convert --thread 18446744073709551615 t.bel'
	wrong '--top: must be at most 2^63 - 1' 'bel-blame --top 18446744073709551615 t.bel'
	wrong '--width: must be at least 1' 'bel-explain --width 0 belady'
	wrong '--width: must be at least 1' 'bel-vm --explain --width 0 belady'
	wrong '--address-bits: must be at least 1' 'bel-vm --address-bits 0 t.bel'
}

@test "lines of --help: wrapped text is in the column of descriptions" {
	local tool
	for tool in "$BEL_BIN"/bel-*; do
		run bash -c "'$tool' --help | sed '/^commands:/,/^\$/d; /^examples:/,\$d' | grep '^ ' |
			grep -vE '^  -., --|^      --|^ {30}[^ ]|^ {7}bel-'"
		[ -z "$output" ]
	done
}

@test "the places that an output has" {
	local command
	mkdir folder
	ln -s folder/new link
	ln -s nowhere/new lost
	for command in 'bel-sim -f 8 t.bel' 'bel-info t.bel' 'bel-curve t.bel' 'bel-vm t.bel' 'bel-convert t.bel' \
		'bel-gen belady' 'bel-reduce -f 8 t.bel' 'bel-explain belady'; do
		run -3 --separate-stderr $command -o folder
		[ "$stderr" = "${command%% *}: folder: cannot write: Is a directory" ]
		run -3 --separate-stderr $command -o lost
		[ "$stderr" = "${command%% *}: lost: cannot write: No such file or directory" ]
		$command -o link 2>/dev/null
		[ -L link ]
		[ -s folder/new ]
		rm folder/new
		$command -o /dev/null 2>/dev/null
		[ -z "$(find . -name '.*~')" ]
	done
}

@test "what one tool had and its siblings lacked: -q, -j, --name" {
	bel-gen belady --name mine | bel-info --format jsonl | jq -r .trace.name | grep -qx mine
	same 'bel-info -j 1 --analysis popularity t.bel' 'bel-info -j 3 --analysis popularity t.bel'
	run -2 bel-info -j 0 t.bel
	bel-sim -p lru,opt,ws -f 8,16 --format jsonl t.bel >records
	bel-info --format jsonl t.bel >>records
	run -0 --separate-stderr bel-compare records
	[ "${#stderr_lines[@]}" -eq 2 ]
	run -0 --separate-stderr bel-compare -q records
	[ -z "$stderr" ]
	run -0 --separate-stderr bel-plot --format svg records
	[ "$stderr" = 'bel-plot: skipped 1 record that fault-rate does not draw (belady.info/1)' ]
	run -0 --separate-stderr bel-plot -q --format svg records
	[ -z "$stderr" ]
	for option in -n --limit; do
		run -2 --separate-stderr bel-capture $option x -- true
		[ "${stderr_lines[0]}" = "bel-capture: --limit: 'x' is not a whole number" ]
	done
}
