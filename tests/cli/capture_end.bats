#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# How a capture ends: when it is asked to, with nothing left behind; and what is said of a
# process that came to a bad end: with both tools, in the trace and on standard error.

bats_require_minimum_version 1.5.0

setup() {
	[ -z "$BEL_RUN" ] || skip 'captures under another tool say nothing'
	command -v valgrind >/dev/null || skip 'no valgrind'
	cd "$BATS_TEST_TMPDIR"
	PATH=$BEL_BIN:$PATH
	programs=$BEL_BUILD/tests/programs
	export TMPDIR=$BATS_TEST_TMPDIR
	tools=lackey
	[ ! -x "$BEL_BUILD/libexec/belady/pagegrind" ] || tools='pagegrind lackey'
}

# Nothing of bel-capture's own may stay behind.
teardown() {
	[ -z "$(find "$BATS_TEST_TMPDIR" -maxdepth 1 -name 'bel-capture-*')" ]
}

# info FILTER TRACE
info() {
	bel-info --format jsonl "$2" 2>/dev/null | jq -r "$1"
}

# begin PROGRAM...: starts a capture in the background and waits until PROGRAM has made `ready`.
# A shell without job control starts what is in the background with SIGINT ignored.
begin() {
	rm -f ready
	env --default-signal=INT --default-signal=TERM --default-signal=HUP \
		bel-capture -q --with "$tool" -o t.bel -- "$@" 3>&- 2>err &
	capture=$!
	await [ -e ready ]
}

# await COMMAND...: until it is true, a minute at most.
await() {
	for _ in $(seq 600); do
		"$@" && return
		sleep 0.1
	done
	return 1
}

# gone PID: it is no more, or dead.
gone() {
	[ ! -e "/proc/$1/status" ] || grep -q '^State:.*[ZX]' "/proc/$1/status"
}

# finish: waits for the capture, whose exit status is then $status.
finish() {
	if ! await gone "$capture"; then
		kill -KILL "$capture"
		return 1
	fi
	status=0
	wait "$capture" || status=$?
	bel-info --verify t.bel >verified
}

# bats test_tags=slow
@test "a signal ends what the program has left running in the background" {
	# Which signal it is, is bel-capture's matter: one is enough for the second tool.
	for way in "${tools%% *} HUP" "${tools%% *} INT" "${tools%% *} TERM" "${tools##* } TERM"; do
		read -r tool signal <<<"$way"
		begin sh -c 'sleep 1000 & echo $! >pid; : >ready; exit 4'
		kill -$signal $capture
		finish
		[ "$status" -eq 4 ]
		gone "$(cat pid)"
		[ "$(info .ended_early t.bel)" = "interrupted by SIG$signal" ]
		[ "$(info '.references > 100000' t.bel)" = true ]
	done
}

# bats test_tags=slow
@test "a signal ends a process that is stopped" {
	for tool in $tools; do
		begin sh -c ': >ready; kill -STOP $$; echo went on'
		sleep 1
		kill -TERM $capture
		finish
		[ "$status" -eq 143 ]
		[ "$(info .ended_early t.bel)" = 'interrupted by SIGTERM' ]
	done
}

# bats test_tags=slow
@test "the same signal again kills, and so do ten seconds" {
	tool=${tools%% *}
	begin sh -c 'trap : TERM; : >ready; while :; do sleep 0.1; done'
	kill -TERM $capture
	sleep 1
	run ! gone "$capture"
	kill -TERM $capture
	finish
	[ "$status" -eq 137 ]
	[ "$(info .ended_early t.bel)" = 'interrupted by SIGTERM' ]
	begin sh -c 'trap : TERM; : >ready; while :; do sleep 0.1; done'
	kill -TERM $capture
	finish
	[ "$status" -eq 137 ]
}

@test "bel-capture stopped and continued: the trace is whole" {
	tool=${tools%% *}
	begin sh -c ': >ready; ls / >list; exit 5'
	kill -STOP $capture
	sleep 1
	kill -CONT $capture
	finish
	[ "$status" -eq 5 ]
	[ "$(info .ended_early t.bel)" = null ]
	[ -s list ]
}

# bats test_tags=slow
@test "bel-capture killed: no process and no folder stay" {
	for tool in $tools; do
		begin sh -c 'sleep 1000 & echo $! >pid; : >ready; mkfifo f; exec cat f'
		await [ -e f ]
		kill -KILL $capture
		await gone "$(cat pid)"
		wait $capture || true
		await [ -z "$(find . -maxdepth 1 -name 'bel-capture-*')" ] ||
			await sh -c '[ -z "$(find . -maxdepth 1 -name "bel-capture-*")" ]'
		[ ! -e t.bel ]
		rm -f f
	done
}

# bats test_tags=slow
@test "a program may remove the folder of the pipes" {
	for tool in $tools; do
		run --separate-stderr bel-capture -q --with $tool -o t.bel -- \
			sh -c 'rm -rf bel-capture-*; (exit 0); ls / >list; sh -c "exit 6"; exit $?'
		[ "$status" -eq 6 ]
		[ -z "$stderr" ]
		[ "$(info .ended_early t.bel)" = null ]
		info '.processes[].name' t.bel | grep -q '/ls /$'
		[ "$(info '[.processes[] | select(.references < 50)] | length' t.bel)" -eq 0 ]
	done
}

@test "an instruction that Valgrind does not know: where, and that it is so" {
	[ "$(uname -m)" = x86_64 ] || skip 'an instruction of x86-64'
	# vaddps %zmm1, %zmm0, %zmm0
	cat >wide.c <<-'END'
		int main(void)
		{
			__asm__ volatile(".globl wide\nwide: .byte 0x62,0xf1,0x7c,0x48,0x58,0xc1");
			return 0;
		}
	END
	"${BEL_CC:-cc}" -no-pie -fno-pie -o wide wide.c
	address=$(nm wide | awk '$3 == "wide" { sub(/^0+/, "", $1); print $1 }')
	version=$(valgrind --version | sed 's/valgrind-\([0-9]*\.[0-9]*\).*/\1/')
	for tool in $tools; do
		run --separate-stderr bel-capture -q --with $tool -o t.bel -- ./wide
		[ "$status" -ne 0 ]
		want="was ended by an instruction that Valgrind $version does not know, at 0x$address in $PWD/wide"
		[[ $stderr =~ ^bel-capture:\ process\ [0-9]+\ "$want"$ ]]
		[[ $(info .ended_early t.bel) =~ ^process\ [0-9]+\ "$want"$ ]]
	done
	# Who looks by SIGILL what there is, lives on, and nothing is said.
	cat >probe.c <<-'END'
		#include <setjmp.h>
		#include <signal.h>
		static sigjmp_buf out;
		static void leave(int number) { (void)number; siglongjmp(out, 1); }
		int main(void)
		{
			signal(SIGILL, leave);
			if (sigsetjmp(out, 1) == 0)
				__asm__ volatile(".byte 0x62,0xf1,0x7c,0x48,0x58,0xc1");
			return 3;
		}
	END
	"${BEL_CC:-cc}" -o probe probe.c
	[ "${tools%% *}" = pagegrind ] || return 0
	run --separate-stderr bel-capture -q --with pagegrind -o t.bel -- ./probe
	[ "$status" -eq 3 ]
	[ -z "$stderr" ]
	[ "$(info .ended_early t.bel)" = null ]
}

# bats test_tags=slow
@test "a program with a sanitizer: that Valgrind cannot run it" {
	echo 'int main(void) { return 0; }' >a.c
	"${BEL_CC:-cc}" -fsanitize=address -o a a.c 2>/dev/null && ./a || skip 'no sanitizer'
	# As the first program with one tool, as its child with the other.
	while read -r tool way; do
		run --separate-stderr bel-capture -q --with $tool -o t.bel -- $way
		[ "$status" -ne 0 ]
		[[ ${stderr_lines[-1]} == *'Valgrind cannot run ./a: it is built with a sanitizer'* ]]
		[[ $(info .ended_early t.bel) == *'Valgrind cannot run ./a: it is built with a sanitizer'* ]]
	done <<<"${tools%% *} ./a
${tools##* } sh -c ./a"
	# A program that only holds the name is none of them.
	echo '#include <stdio.h>
		int main(void) { return puts("__asan_init") < 0 ? 0 : 9; }' >b.c
	"${BEL_CC:-cc}" -o b b.c
	run --separate-stderr bel-capture -q -o t.bel -- ./b
	[ "$status" -eq 9 ]
	[ -z "$stderr" ]
}

@test "what cannot be started, by itself or from a program: why" {
	printf '#!/no/such/interpreter\n' >script
	cp "$(type -P true)" alien
	# e_machine is two bytes at 18.
	printf '\xff\xff' | dd of=alien bs=1 seek=18 conv=notrunc status=none
	chmod +x script alien
	for tool in $tools; do
		while read -r program why; do
			run --separate-stderr bel-capture -q --with $tool -o n.bel -- ./$program
			[ "$status" -eq 3 ]
			[[ ${stderr_lines[-1]} == "bel-capture: valgrind did not run './$program': $why"* ]]
			[ ! -e n.bel ]
		done <<-'END'
			script its interpreter /no/such/interpreter cannot be run: No such file or directory
			alien it is a program for another processor (machine 65535 of ELF)
		END
	done
}

# bats test_tags=slow
@test "a process that is killed: with both tools the trace says so" {
	for tool in $tools; do
		begin sh -c 'sh -c "echo \$\$ >pid; : >ready; while :; do :; done"; echo $? >child; exit 0'
		await [ -s pid ]
		sleep 0.2
		kill -KILL "$(cat pid)"
		finish
		[ "$status" -eq 0 ]
		[ "$(cat child)" -eq 137 ]
		[ "$(info .ended_early t.bel)" = "process $(cat pid) was ended by SIGKILL" ]
		grep -q "^bel-capture: process $(cat pid) was ended by SIGKILL, perhaps by kill(1)" err
	done
}

# bats test_tags=slow
@test "a limit of processor time" {
	for tool in $tools; do
		run --separate-stderr bel-capture -q --with $tool -o t.bel -- \
			sh -c 'ulimit -t 1; while :; do :; done'
		[ "$status" -eq 137 ]
		[[ $(info .ended_early t.bel) =~ ^process\ [0-9]+\ was\ ended\ by\ SIGKILL$ ]]
		[[ $stderr == *'a CPU time limit'* ]]
	done
}

# bats test_tags=slow
@test "options of the user's for other tools are not ours, and stay in the environment" {
	echo '--no-such-option=1' >.valgrindrc
	for tool in $tools; do
		run --separate-stderr env HOME="$PWD" VALGRIND_OPTS=--no-such-option=2 \
			bel-capture -q --with $tool -o t.bel -- sh -c 'echo "$VALGRIND_OPTS"; exit 8'
		[ "$status" -eq 8 ]
		[ "$output" = --no-such-option=2 ]
		[ -z "$stderr" ]
	done
}

# bats test_tags=slow
@test "/proc/self/exe is the program's own file, or said to be none" {
	cat >again.c <<-'END'
		#include <stdio.h>
		#include <unistd.h>
		int main(int argc, char **argv)
		{
			(void)argv;
			if (argc > 1)
				return puts("second"), 4;
			execl("/proc/self/exe", "x", "again", (char *)0);
			return 1;
		}
	END
	"${BEL_CC:-cc}" -o again again.c
	mkdir bin
	cp again bin/again2
	for way in ./again bin/again2 again2 "sh -c ./again" "sh -c again2"; do
		[ "${tools%% *}" = pagegrind ] || continue
		run --separate-stderr env PATH="$PWD/bin:$PATH" \
			bel-capture -q --with pagegrind -o t.bel -- $way
		[ "$status" -eq 4 ]
		[ "$output" = second ]
		[ "$(info .ended_early t.bel)" = null ]
	done
	run --separate-stderr bel-capture -q --with lackey -o t.bel -- ./again
	# From some version on Valgrind finds it by itself.
	if [ "$status" -eq 4 ]; then
		[ "$output" = second ]
		[ "$(info .ended_early t.bel)" = null ]
	else
		[[ ${stderr_lines[-1]} == *'Valgrind cannot run /proc/self/exe: under lackey it is Valgrind itself (pagegrind runs it)' ]]
		[[ $(info .ended_early t.bel) == *'Valgrind cannot run /proc/self/exe'* ]]
	fi
}

# bats test_tags=slow
@test "the access that a program dies of is the last reference, with both tools" {
	while read -r way status_wanted region; do
		for tool in $tools; do
			# What it died of is our tool's to say; lackey's text ends the same each time.
			[ "$tool" = "${tools%% *}" ] || [ "$way" = load ] || [ "$way" = file ] || continue
			run bel-capture -q --page-size 1 --with $tool -o t.bel -- "$programs/deaths" $way
			[ "$status" -eq "$status_wanted" ]
			[ "$(info .ended_early t.bel)" = null ]
			if [ "$way" != stack ]; then
				[ "$(bel-convert --page-size 1 --to csv t.bel | tail -n 1)" = "${output/ /,},1" ]
			fi
			bel-vm -q --invariants --page-size 4k -p lru -f 16 --format jsonl t.bel >vm
			jq -s -e --arg region "$region" '.[1] | .schema == "belady.vm-process/1" and
				.outcome == "segmentation-fault" and .invalid_faults == 1 and
				.fatal_region == $region' vm
			jq -s -e '.[0] | .schema == "belady.vm/1" and .invalid_faults == 1 and
				.killed_by_fault == 1 and .frames_at_end == 0 and
				.swap.slots_used_at_end == 0 and .dead_process_references == 0' vm
		done
	done <<-'END'
		load 139 no region
		store 139 no region
		jump 139 no region
		text 139 text
		file 135 mmap
		stack 139 no region
	END
}

# bats test_tags=slow
@test "such an access in a child, in a thread, and one that is survived" {
	for tool in $tools; do
		run bel-capture -q --with $tool -o t.bel -- "$programs/deaths" child
		[ "$status" -eq 0 ]
		bel-vm -q --invariants -p lru -f 16 --format jsonl t.bel >vm
		jq -s -e '[.[] | select(.schema == "belady.vm-process/1")] |
			.[0].outcome == "exit" and .[0].invalid_faults == 0 and
			.[1].outcome == "segmentation-fault" and .[1].fatal_address == "0x18" and
			.[1].no_region_faults == 1' vm
		run bel-capture -q --page-size 1 --with $tool -o t.bel -- "$programs/deaths" thread
		[ "$status" -eq 139 ]
		[ "$(bel-convert --page-size 1 --to csv t.bel | tail -n 1)" = store,0x20,1 ]
		run bel-capture -q --with $tool -o t.bel -- "$programs/deaths" survived
		[ "$status" -eq 0 ]
		bel-vm -q --invariants -p lru -f 16 --format jsonl t.bel >vm
		jq -s -e '.[0].invalid_faults == 0 and .[0].killed_by_fault == 0' vm
	done
}

# bats test_tags=slow
@test "two captures of one program are the same, whatever the size of the environment" {
	for bytes in 2816 2817 2820; do
		BELPAD=$(head -c $bytes /dev/zero | tr '\0' x)
		export BELPAD
		for tool in $tools ${tools%% *}; do
			bel-capture -q --with $tool -o t.bel -- /bin/true
			bel-sim -q -p lru -f 4 --format jsonl t.bel | jq -r .trace.digest
		done >digests
		[ "$(sort -u digests | wc -l)" -eq 1 ]
		[[ $(head -n 1 digests) =~ ^[0-9a-f]{16}$ ]]
	done
}
