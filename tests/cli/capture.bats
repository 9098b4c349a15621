#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# bel-capture: the program notices nothing, the trace holds all it did, whatever
# way it ends; what cannot be captured is told.

bats_require_minimum_version 1.5.0

setup() {
	[ -z "$BEL_RUN" ] || skip 'captures under another tool say nothing'
	command -v valgrind >/dev/null || skip 'no valgrind'
	cd "$BATS_TEST_TMPDIR"
	PATH=$BEL_BIN:$PATH
	export TMPDIR=$BATS_TEST_TMPDIR
}

# Nothing of bel-capture's own may stay behind.
teardown() {
	[ -z "$(find "$BATS_TEST_TMPDIR" -maxdepth 1 -name 'bel-capture-*')" ]
}

# info FILTER TRACE: what bel-info says of it, which is whole.
info() {
	bel-info --verify "$2" >/dev/null 2>&1
	bel-info --format jsonl "$2" 2>/dev/null | jq -r "$1"
}

@test "stdin, stdout, stderr and the status are the program's own" {
	printf 'one\ntwo' >in
	run --separate-stderr bel-capture -q -o t.bel -- sh -c 'cat; echo err >&2; exit 7' <in
	[ "$status" -eq 7 ]
	[ "$output" = "$(cat in)" ]
	[ "$stderr" = err ]
	[ "$(info .ended_early t.bel)" = null ]
}

@test "the trace on stdout: the program's stdout is stderr, or a file" {
	bel-capture -q -- echo hello 2>err >t.bel
	[ "$(cat err)" = hello ]
	bel-capture -q --stdout out -- echo hello 2>err >t.bel
	[ "$(cat out)" = hello ]
	[ ! -s err ]
	info .references t.bel
}

# bats test_tags=slow
@test "the environment and the open descriptors are the program's own" {
	env -i A=b PATH="$PATH" bel-capture -q -o t.bel -- env >with
	env -i A=b PATH="$PATH" env >without
	# What valgrind puts there.
	grep -v '^LD_PRELOAD=' with | diff - without
	# lackey leaves its log open at a low number; pagegrind does not.
	sh -c 'ls /proc/self/fd; :' | awk '$1 < 1000' >without
	bel-capture -q -o t.bel -- sh -c 'ls /proc/self/fd; :' | awk '$1 < 1000' >with
	bel-info --format jsonl t.bel | jq -e '.captured_by | endswith("lackey")' ||
		diff with without
}

@test "descriptors that are closed are closed in the program" {
	# An open /dev/null would be an empty input, and another descriptor would have the next number.
	for closed in '<&-' '2>&-' '<&- 2>&-'; do
		bash -c "readlink /proc/self/fd/0 /proc/self/fd/2 $closed" >without || :
		bash -c "bel-capture -q --with pagegrind -o t.bel -- readlink /proc/self/fd/0 /proc/self/fd/2 $closed" >with || :
		diff with without
	done
	run ! bash -c 'bel-capture -q -o t.bel -- cat <&-'
}

# bats test_tags=slow
@test "options behind the program's name are the program's" {
	bel-capture -q -o t.bel echo --limit -o x >out
	[ "$(cat out)" = '--limit -o x' ]
}

# bats test_tags=slow
@test "the trace says what was run, and with what" {
	bel-capture -q -o t.bel -- echo 'a b' "it's" >/dev/null
	[ "$(info .command t.bel)" = "echo 'a b' 'it'\\''s'" ]
	[[ $(info .captured_by t.bel) =~ ^bel-capture\ .*,\ valgrind-[0-9.]+\ (pagegrind|lackey)$ ]]
}

# bats test_tags=slow
@test "every process is a space, with its name and number" {
	run --separate-stderr bel-capture -q -o t.bel -- sh -c 'ls / | wc -l; exit 3'
	[ "$status" -eq 3 ]
	[ "$output" -eq "$(ls / | wc -l)" ]
	# sh, two forks of it, and what these become.
	[ "$(info '.processes | length' t.bel)" -eq 5 ]
	[ "$(info '[.processes[].pid] | unique | length' t.bel)" -eq 3 ]
	info '.processes[].name' t.bel | grep -q '^sh -c'
	info '.processes[].name' t.bel | grep -q '/ls /$'
	info '.processes[].name' t.bel | grep -q '/wc -l$'
	[ "$(info '[.processes[].references] | min' t.bel)" -gt 0 ]
	[ "$(info '.references == ([.processes[].references] | add)' t.bel)" = true ]
}

@test "--no-children: the program alone" {
	bel-capture -q --no-children -o t.bel -- sh -c 'ls / | wc -l' >out
	[ "$(cat out)" -eq "$(ls / | wc -l)" ]
	[ "$(info '[.processes[] | select(.references > 0)] | length' t.bel)" -eq 1 ]
}

# How many references go to each region; all go to one that is known.
# bats test_tags=slow
@test "regions: text, data, heap, stack, mappings, and nothing else" {
	bel-capture -q -o t.bel -- "$BEL_BUILD/tests/programs/maps"
	for region in text data heap stack mmap; do
		[ "$(info ".regions.$region.references" t.bel)" -gt 0 ]
	done
	[ "$(info '.references == ([.regions[].references] | add)' t.bel)" = true ]
	[ "$(info '.regions.unknown.references // 0' t.bel)" -eq 0 ]
	# A stack of 256 KiB was gone down page by page.
	[ "$(info .regions.stack.pages t.bel)" -ge 64 ]
	[ "$(info .threads t.bel)" -eq 2 ]
}

# bats test_tags=slow
@test "a static program and a script" {
	printf 'int main(void) { return 5; }\n' >five.c
	"${BEL_CC:-cc}" -static -o five five.c || skip 'no static C library'
	run bel-capture -q -o t.bel -- ./five
	[ "$status" -eq 5 ]
	[ "$(info '.regions.text.references > 0' t.bel)" = true ]
	printf '#!/bin/sh\nexit 4\n' >four
	chmod +x four
	run bel-capture -q -o t.bel -- ./four
	[ "$status" -eq 4 ]
	[ "$(info '.regions.text.references > 0' t.bel)" = true ]
}

@test "a program of 32 bits" {
	[ "$(uname -m)" = x86_64 ] || skip 'no 32-bit programs here'
	cat >small.c <<-'END'
		static char memory[65536] = "data";
		void _start(void)
		{
			int status = 3;
			for (int i = 0; i < 65536; i += 64)
				memory[i]++;
			__asm__ volatile("int $0x80" : : "a"(1), "b"(status));
		}
	END
	"${BEL_CC:-cc}" -m32 -nostdlib -static -fno-pie -no-pie -O1 -o small small.c ||
		skip 'no compiler for 32 bits'
	run ./small
	[ "$status" -eq 3 ] || skip 'this kernel runs no programs of 32 bits'
	run bel-capture -q -o t.bel -- ./small
	[ "$status" -eq 3 ]
	[ "$(info '.regions.data.references >= 1024 and .regions.text.references > 1024' t.bel)" = true ]
	[ "$(info .known_ratio t.bel)" -eq 1 ]
}

# bats test_tags=slow
@test "a crash: 128 + the signal's number, the trace whole" {
	run bel-capture -q -o t.bel -- sh -c 'kill -SEGV $$'
	[ "$status" -eq 139 ]
	[ "$(info .ended_early t.bel)" = null ]
	run bel-capture -q -o t.bel -- sh -c 'kill -KILL $$'
	[ "$status" -eq 137 ]
	[ "$(info .references t.bel)" -gt 100000 ]
}

# interrupt SIGNAL PROGRAM...: sends it to bel-capture alone once PROGRAM has made `ready`.
# A shell without job control starts what is in the background with SIGINT ignored.
interrupt() {
	rm -f ready
	timeout 60 env --default-signal=INT --default-signal=TERM \
		bel-capture -q -o t.bel -- "${@:2}" &
	for _ in $(seq 300); do
		[ -e ready ] && break
		sleep 0.1
	done
	pkill -"$1" -P $!
	wait $! && status=0 || status=$?
}

# bats test_tags=slow
@test "SIGINT and SIGTERM are passed on and end with a whole trace that says so" {
	for signal in INT TERM; do
		interrupt $signal sh -c 'trap "exit 9" INT TERM; : >ready; while :; do :; done'
		[ "$status" -eq 9 ]
		[ "$(info .ended_early t.bel)" = "interrupted by SIG$signal" ]
		[ "$(info .references t.bel)" -gt 100000 ]
	done
	# No exec: Valgrind loses a signal that comes in the middle of one.
	interrupt INT perl -e 'open my $file, ">", "ready"; close $file; sleep 60'
	[ "$status" -eq 130 ]
}

# bats test_tags=slow
@test "--limit, --skip: the program's result is the same, the trace is cut" {
	run bel-capture -q --limit 50000 -o t.bel -- sh -c 'echo out; exit 6'
	[ "$status" -eq 6 ]
	[ "$output" = out ]
	[ "$(info '.references - .crossings' t.bel)" -eq 50000 ]
	[ "$(info .ended_early t.bel)" = 'limit of 50000 references reached' ]
	bel-capture -q --page-size 1 -o all.bel -- true
	bel-capture -q --page-size 1 --skip 1000 --limit 500 -o some.bel -- true
	bel-convert --to lackey all.bel | grep -v '^==' | sed -n 1001,1500p >want
	bel-convert --to lackey some.bel 2>/dev/null | grep -v '^==' >got
	[ "$(wc -l <want)" -eq 500 ]
	# Two runs of one program differ in the low bits of some addresses.
	diff <(cut -c1-3 want) <(cut -c1-3 got)
}

# bats test_tags=slow
@test "the same counts as bare lackey's text" {
	seq 2000 >numbers
	local valgrind
	# Debian's script would change the environment.
	valgrind=$(type -P valgrind.bin || type -P valgrind)
	env -i PATH=/usr/bin:/bin "$valgrind" --tool=lackey --trace-mem=yes --log-file=raw \
		gzip -c numbers >/dev/null
	env -i PATH=/usr/bin:/bin "$BEL_BIN/bel-capture" -q -o t.bel -- gzip -c numbers >/dev/null
	env -i PATH=/usr/bin:/bin "$BEL_BIN/bel-capture" --with lackey -o l.bel -- \
		gzip -c numbers >/dev/null
	for trace in raw t.bel l.bel; do
		bel-sim -q --format jsonl -p fifo,lru,opt,clock,ws -f 1,2,3,8,32,100 "$trace" |
			jq -c '[.policy, .frames, .references, .faults, .compulsory_faults,
				.writebacks, .dirty_at_end]' >"$trace.counts"
	done
	[ "$(wc -l <raw.counts)" -eq 25 ]
	diff raw.counts t.bel.counts
	diff raw.counts l.bel.counts
}

# bats test_tags=slow
@test "granules: 1 keeps addresses and sizes, larger ones fold" {
	bel-capture -q --page-size 1 -o t.bel -- true
	[ "$(info .exact t.bel)" = true ]
	bel-capture -q --page-size 16k --first-byte -o t.bel -- true
	[ "$(info '"\(.granule_bytes) \(.first_byte) \(.crossings)"' t.bel)" = '16384 true 0' ]
}

@test "through a pipe to bel-sim" {
	bel-capture -q --stdout /dev/null -- ls -l / | bel-sim -q -p lru -f 16 --format jsonl >out
	[ "$(jq '.references > 500000 and .faults > 0' out)" = true ]
}

# bats test_tags=slow
@test "a reader that goes away stops the trace and not the program" {
	set +o pipefail
	bel-capture -q -- sh -c 'ls / >/dev/null; echo done >done; exit 5' 2>err | true
	[ "${PIPESTATUS[0]}" -eq 5 ]
	[ "$(cat done)" = done ]
	[ ! -s err ]
}

# bats test_tags=slow
@test "a full disk: an error, once the program is through" {
	run --separate-stderr bel-capture -q -o /dev/full -- sh -c 'echo done >done'
	[ "$status" -eq 3 ]
	[[ $stderr == *'No space left on device'* ]]
	[ "$(cat done)" = done ]
}

@test "no program, no such program, no right to run it" {
	run --separate-stderr bel-capture -q -o t.bel
	[ "$status" -eq 2 ]
	[[ $stderr == 'bel-capture: no program given'* ]]
	: >plain
	mkdir folder
	while read -r name message; do
		run --separate-stderr bel-capture -q -o t.bel -- "$name"
		[ "$status" -eq 3 ]
		[ "$stderr" = "bel-capture: $message" ]
		[ ! -e t.bel ]
	done <<-'END'
		./missing ./missing: No such file or directory
		no-such-program no-such-program: not found in PATH
		./plain ./plain: is not executable
		./folder ./folder: is a directory
	END
}

@test "no valgrind: an error that says what to install" {
	mkdir bin
	ln -s "$(type -P true)" bin/true
	run --separate-stderr env PATH="$PWD/bin" "$BEL_BIN/bel-capture" --with lackey \
		-o t.bel -- true
	[ "$status" -eq 3 ]
	[ "$stderr" = 'bel-capture: valgrind: not found in PATH: bel-capture needs it (Debian: apt-get install valgrind)' ]
}

@test "what valgrind cannot run: its words and ours" {
	# A program for a machine that is none: e_machine is two bytes at 18.
	cp "$(type -P true)" alien
	printf '\xff\xff' | dd of=alien bs=1 seek=18 conv=notrunc status=none
	run --separate-stderr bel-capture -q -o t.bel -- ./alien
	[ "$status" -eq 3 ]
	[[ $stderr == *"bel-capture: valgrind did not run './alien'"* ]]
	[ ! -e t.bel ]
}

@test "a terminal as output is refused" {
	command -v script >/dev/null || skip 'no script(1)'
	run script -qec 'bel-capture -q -- true' /dev/null </dev/null
	[ "$status" -eq 2 ]
	[[ $output == *'a trace is binary and not for a terminal'* ]]
	run script -qec 'bel-capture -q true -o t.bel' /dev/null </dev/null
	[ "$status" -eq 2 ]
	[[ $output == *'this -o comes after the program, so it is the program'* ]]
	[ ! -e t.bel ]
}

@test "on a terminal: no line of progress between the program's own lines, and what was recorded" {
	command -v script >/dev/null || skip 'no script(1)'
	output=$(script -qec 'bel-capture -o t.bel -- sh -c "sleep 0.5; echo done"' /dev/null </dev/null | tr -d '\r')
	[[ $output != *'M references'* ]]
	grep -qx 'done' <<<"$output"
	recorded=$(bel-info --format jsonl t.bel | jq -r '"\(.trace.references) references to \(.trace.pages) pages"')
	# The shell, its child before exec, and sleep.
	grep -qx "bel-capture: recorded $recorded of 3 processes" <<<"$output"
	output=$(script -qec 'bel-capture -o t.bel true' /dev/null </dev/null | tr -d '\r')
	recorded=$(bel-info --format jsonl t.bel | jq -r '"\(.trace.references) references to \(.trace.pages) pages"')
	grep -qx "bel-capture: recorded $recorded" <<<"$output"
}

@test "a trace that was there stays until the new one is whole" {
	echo old >t.bel
	run bel-capture -q -o t.bel -- ./missing
	[ "$status" -eq 3 ]
	[ "$(cat t.bel)" = old ]
}
