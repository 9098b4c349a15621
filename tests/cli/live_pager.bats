#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# bel-live pager: real memory and the engine agree, reference by reference. prop_pager compares all
# policies on random traces.

bats_require_minimum_version 1.5.0
load ../support/records

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	PATH=$BEL_BIN:$PATH
}

# The back ends of this machine, one a line.
here() {
	bel-live pager --backend list | sed -n 's/ *available$//p'
}

counts='[.spec,.frames,.references,.faults,.evictions,.writebacks,.dirty_at_end]'

# equal TRACE OPTION...: each back end counts what bel-sim counts. Options are those of both tools;
# after -- come those of the pager alone.
equal() {
	local trace=$1 both=() backend want
	shift
	while [ $# -gt 0 ] && [ "$1" != -- ]; do
		both+=("$1")
		shift
	done
	[ $# -eq 0 ] || shift
	want=$(bel-sim --format jsonl "${both[@]}" "$trace" | jq -c "$counts")
	[ -n "$want" ]
	for backend in $(here); do
		bel-live pager --backend "$backend" --verify "${both[@]}" "$@" "$trace" >got.jsonl
		jq -e -s 'all(.faults == .loads + .zero_fills and .traps >= .faults)' got.jsonl
		[ "$(jq -c "$counts" got.jsonl)" = "$want" ] || {
			echo "$backend: $(jq -c "$counts" got.jsonl), not $want"
			return 1
		}
	done
}

@test "mprotect is on every machine; auto is a back end that is here" {
	here | grep -qx mprotect
	bel-gen belady >b.bel
	here | grep -qx "$(bel-live pager -f 3 b.bel | jq -r .backend)"
	run bel-live pager --backend mmap b.bel
	[ "$status" -eq 2 ]
	[[ $output == *"--backend: 'mmap' is not auto, uffd-sigbus, mprotect or uffd-thread"* ]]
}

@test "FIFO worked by hand, with every fault and eviction" {
	# Two frames. 0 (read) and 1 (written) fill them; 2 evicts 0, which is clean and all zeros.
	# 1 is a hit. 0 evicts 1, which goes to the store; 1 is loaded from there and evicts 2.
	printf '%s\n' ' L 1000,4' ' S 2000,4' ' L 3000,4' ' L 2000,4' ' L 1000,4' ' L 2000,4' >hand
	for backend in $(here); do
		bel-live pager -p fifo -f 2 --from lackey --backend "$backend" --verify \
			--list-faults list hand >hand.jsonl
		[ "$(cat list)" = '0 zero 0
1 zero 1
2 clean 0
2 zero 2
4 dirty 1
4 zero 0
5 clean 2
5 load 1' ]
		[ "$(jq -c '[.faults,.traps,.zero_fills,.loads,.evictions,.writebacks,.unmaps,
			.resident_pages_at_end,.dirty_at_end,.verified_runs]' hand.jsonl)" = \
			'[5,5,4,1,3,1,0,2,0,6]' ]
	done
}

@test "CLOCK worked by hand: a cleared bit unmaps the page, and its next reference traps" {
	# Two frames, all bits set: page 2 clears the bits of 0 and 1 and evicts 0. So 1 is unmapped,
	# and the reference to it traps. Page 2 is mapped for reading: the read after that does not
	# trap, the write does. These are 3 faults and 2 other traps.
	printf '%s\n' ' L 1000,4' ' L 2000,4' ' L 3000,4' ' L 2000,4' ' L 3000,4' ' L 2000,4' ' S 3000,4' >hand
	for backend in $(here); do
		[ "$(bel-live pager -p clock -f 2 --from lackey --backend "$backend" hand |
			jq -c '[.faults,.traps,.unmaps,.evictions,.dirty_at_end]')" = '[3,5,1,1,1]' ]
	done
}

@test "policies that use bits: equal to bel-sim, contents right" {
	bel-gen zipf -n 5000 --pages 300 --alpha 0.8 --write-ratio 0.3 --seed 7 -o z.bel
	equal z.bel -p fifo,clock,second-chance,enhanced-clock,linux -f 1,16,200 --seed 3
	bel-gen phases -n 10000 --pages 300 --write-ratio 0.1 --seed 5 -o p.bel
	equal p.bel -p clock,second-chance,enhanced-clock,linux,nru,random -f 20,60
}

@test "policies that use the time: ticks come between traps" {
	bel-gen phases -n 10000 --pages 300 --write-ratio 0.2 --seed 6 -o p.bel
	equal p.bel -p aging:interval=100,nfu:interval=100,mglru,wsclock:tau=500,nru -f 40
	equal p.bel -p sws,vsws
	[ "$(bel-live pager -p aging:interval=100 -f 40 p.bel | jq .ticks)" -gt 0 ]
}

@test "policies that see hits, or the future: equal with --exact" {
	bel-gen phases -n 2000 --pages 200 --write-ratio 0.3 --seed 9 -o p.bel
	equal p.bel -p lru,arc,lirs,opt,lru-k,clock:bits=3,clock-pro:repeats=off -f 30 -- --exact
	equal p.bel -p ws:tau=200,vmin -- --exact
}

@test "policies that see hits are refused without --exact, before any runs" {
	bel-gen belady >b.bel
	for policy in lru arc lirs clock:bits=2 pff; do
		run --separate-stderr bel-live pager -p "fifo,$policy" -f 3 b.bel
		[ "$status" -eq 2 ]
		[ -z "$output" ]
		[[ $stderr == *"${policy%%:*}: decides by hits"*"--exact"* ]]
	done
	run --separate-stderr bel-live pager -p opt -f 3 b.bel
	[ "$status" -eq 2 ]
	[[ $stderr == *'opt: needs the next use'*'--exact'* ]]
}

@test "the references that fault are those of bel-sim" {
	bel-gen zipf -n 3000 --pages 100 --seed 4 -o z.bel
	for policy in fifo clock linux; do
		bel-sim -q -p "$policy" -f 20 --interval 1 --format jsonl z.bel |
			jq 'select(.schema == "belady.interval/1" and .faults == 1).start_reference' >want
		[ -s want ]
		for backend in $(here); do
			bel-live pager -p "$policy" -f 20 --backend "$backend" --list-faults list z.bel >/dev/null
			grep -E 'zero|load' list | cut -d' ' -f1 | cmp - want
		done
	done
}

@test "records hold to their schema, and are the same in each run" {
	bel-gen zipf -n 2000 --pages 100 --write-ratio 0.5 --seed 4 -o z.bel
	bel-live pager -p fifo,clock -f 10,50% z.bel >a.jsonl
	bel-live pager -p fifo,clock -f 10,50% z.bel >b.jsonl
	cmp a.jsonl b.jsonl
	bel-live pager -p fifo,sws --verify --timing z.bel >t.jsonl
	jq -e '.cpu_us_per_trap > 0 and .verified_runs > 0' t.jsonl
	cat a.jsonl t.jsonl | validate 6
	bel-live pager -p clock -f 10 --format csv z.bel | head -n 1 | grep -q ',faults,traps,zero_fills,'
}

@test "a trace of more pages than the memory has is refused with numbers" {
	local kb pages
	kb=$(sed -n 's/^MemTotal: *\([0-9]*\) kB/\1/p' /proc/meminfo)
	pages=$((kb / ($(getconf PAGESIZE) / 1024)))
	[ "$pages" -lt 8000000 ] || skip 'this machine has more than 30 GB of memory'
	bel-gen loop -n "$pages" --pages "$pages" -o l.bel
	run --separate-stderr bel-live pager -q -p fifo -f 2 l.bel
	[ "$status" -eq 3 ]
	[ -z "$output" ]
	[[ $stderr =~ "the trace has $pages pages: ".*\ may\ need\ [0-9]+\ MiB,\ [0-9]+\ MiB\ are\ available ]]
}

@test "--list-faults takes one configuration, and its file must be writable" {
	bel-gen loop -n 3 --pages 3 -o l.bel
	run --separate-stderr bel-live pager -f 2 --list-faults no/such/folder l.bel
	[ "$status" -eq 3 ]
	[[ $stderr == *no/such/folder* ]]
	run --separate-stderr bel-live pager -p fifo -f 2,3 --list-faults list l.bel
	[ "$status" -eq 2 ]
	[[ $stderr == *'--list-faults: give one policy and one number of frames'* ]]
	[ ! -e list ]
	run --separate-stderr bel-live pager -p fifo -f 2 --list-faults /dev/full l.bel
	[ "$status" -eq 3 ]
	[[ $stderr == *'No space left'* ]]
}

@test "a process of the pager that dies is an error that names the signal" {
	local tool child='' status=0
	bel-gen uniform -n 2000000 --pages 200 -o u.bel
	bel-live pager -q -p lru -f 20 --exact u.bel >out 2>err &
	tool=$!
	while [ -z "$child" ]; do
		kill -0 "$tool"
		child=$(pgrep -P "$tool") || sleep 0.01
	done
	kill -KILL "$child"
	wait "$tool" || status=$?
	[ "$status" -eq 3 ]
	[ ! -s out ]
	grep -q 'lru: the pager.s process was ended by signal 9 (Killed) at reference [0-9]' err
}
