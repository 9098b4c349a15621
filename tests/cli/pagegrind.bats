#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# bel-capture with our own Valgrind tool: which part of a program is recorded, what is
# told when it ends badly. That it sees what lackey sees is pagegrind_equal.bats' matter.

bats_require_minimum_version 1.5.0

setup() {
	[ -z "$BEL_RUN" ] || skip 'captures under another tool say nothing'
	command -v valgrind >/dev/null || skip 'no valgrind'
	cd "$BATS_TEST_TMPDIR"
	PATH=$BEL_BIN:$PATH
	programs=$BEL_BUILD/tests/programs
	export TMPDIR=$BATS_TEST_TMPDIR
	[ -x "$BEL_BUILD/libexec/belady/pagegrind" ] || skip 'pagegrind is not built'
}

# info FILTER TRACE
info() {
	bel-info --format jsonl "$2" 2>/dev/null | jq -r "$1"
}

# record OPTIONS... -- PROGRAM...: into t.bel; its output goes away.
record() {
	bel-capture -q --with pagegrind -o t.bel "$@" >/dev/null
}

# refs TRACE: kinds and sizes of its exact references; some addresses differ from run to run.
refs() {
	bel-convert --to lackey "$1" 2>/dev/null | grep -v '^==' | sed 's/  *[0-9a-f]*,/ /'
}

@test "auto takes pagegrind, and says so, unless quiet" {
	run --separate-stderr bel-capture -o t.bel -- true
	[ "$status" -eq 0 ]
	[ "$stderr" = 'bel-capture: recording with pagegrind' ]
	[[ $(info .captured_by t.bel) == *' pagegrind' ]]
	run --separate-stderr bel-capture -q -o t.bel -- true
	[ -z "$stderr" ]
	run --separate-stderr bel-capture --with lackey -o t.bel -- true
	[ -z "$stderr" ]
	[[ $(info .captured_by t.bel) == *' lackey' ]]
	run --separate-stderr bel-capture --with cachegrind -o t.bel -- true
	[ "$status" -eq 2 ]
	[[ ${stderr_lines[0]} == "bel-capture: --with: 'cachegrind' is not auto, pagegrind or lackey"* ]]
}

@test "what only pagegrind can do is refused with lackey" {
	for option in --kernel --only=load --only-region=heap --window=1k/2k --from-mark=a --to-mark=b --from-fn=c; do
		run --separate-stderr bel-capture --with lackey "$option" -o t.bel -- true
		[ "$status" -eq 2 ]
		[[ $stderr == "bel-capture: ${option%%=*}: lackey cannot do that; pagegrind can"* ]]
	done
}

@test "--only: kinds, each counted as in the whole" {
	record -- true
	whole=$(info '[.fetches, .loads, .stores, .modifies] | @tsv' t.bel)
	read -r fetches loads stores modifies <<<"$whole"
	[ "$fetches" -gt 10000 ]
	while read -r kinds want; do
		record --only "$kinds" -- true
		[ "$(info '"\(.fetches) \(.loads) \(.stores) \(.modifies)"' t.bel)" = "$want" ]
	done <<-END
		fetch $fetches 0 0 0
		load 0 $loads 0 $modifies
		store 0 0 $stores $modifies
		fetch,store $fetches 0 $stores $modifies
		load,store,fetch $fetches $loads $stores $modifies
	END
	run --separate-stderr bel-capture --only fetch,data -o t.bel -- true
	[ "$status" -eq 2 ]
	[[ $stderr == *"--only: 'data' is not fetch, load or store"* ]]
}

# bats test_tags=slow
@test "--only-region: what bel-info counts there in the whole" {
	record -- ls /
	for region in text data heap stack mmap; do
		info ".regions.$region | [.references, .pages] | @tsv" t.bel >"want.$region"
		[ "$(cut -f 1 "want.$region")" -gt 1000 ]
	done
	for region in text data heap stack mmap; do
		record --only-region $region -- ls /
		info ".regions.$region | [.references, .pages] | @tsv" t.bel >got
		diff "want.$region" got
		[ "$(info '.references' t.bel)" -eq "$(cut -f 1 got)" ]
	done
	# With --first-byte a reference that crosses a page is one; byte by byte it is counted as
	# one, and beside it as a split. Whether there is one depends on where the stack begins.
	record --first-byte --only-region heap,stack -- true
	folded=$(info .references t.bel)
	record --page-size 1 --only-region heap,stack -- true
	[ "$(info '.references - .crossings' t.bel)" -eq "$folded" ]
	[ "$folded" -gt 1000 ]
	run --separate-stderr bel-capture --only-region heap,stuff -o t.bel -- true
	[ "$status" -eq 2 ]
	[[ $stderr == *"--only-region: 'stuff' is not text, data, heap, stack or mmap"* ]]
	run bel-capture --page-size 2M --only-region heap -o t.bel -- true
	[ "$status" -eq 2 ]
}

# bats test_tags=slow
@test "--skip and --limit cut at the reference" {
	record --page-size 1 -- true
	refs t.bel >all
	for cut in '0 1' '1 1000' '999 1' '12345 678'; do
		read -r skip limit <<<"$cut"
		record --page-size 1 --skip "$skip" --limit "$limit" -- true
		refs t.bel >got
		sed -n "$((skip + 1)),$((skip + limit))p" all >want
		[ "$(wc -l <want)" -eq "$limit" ]
		diff want got
		[ "$(info .ended_early t.bel)" = "limit of $limit references reached" ]
	done
}

# bats test_tags=slow
@test "--window: so many of each so many, the rest is counted" {
	record --page-size 1 -- true
	refs t.bel >all
	total=$(wc -l <all)
	record --page-size 1 --window 1000/5000 -- true
	refs t.bel >got
	awk '(NR - 1) % 5000 < 1000' all >want
	diff want got
	left=$(info '[.marks[].name | select(test("^[0-9]+ references left out$")) |
		split(" ")[0] | tonumber] | add' t.bel)
	[ "$((left + $(wc -l <got)))" -eq "$total" ]
	for window in 5 0/10 11/10 x/10 5/x; do
		run bel-capture -q --window "$window" -o t.bel -- true
		[ "$status" -eq 2 ]
	done
}

@test "from one mark to another, as bel-convert would cut it" {
	record -- "$programs/marks"
	bel-convert --from-mark 'phase 1' --to-mark 'phase 2' -o want.bel t.bel
	record --from-mark 'phase 1' --to-mark 'phase 2' -- "$programs/marks"
	[ "$(info .references t.bel)" -eq "$(info .references want.bel)" ]
	[ "$(info .stores t.bel)" -eq "$(info .stores want.bel)" ]
	# 1 MiB is written in phase 1.
	[ "$(info .pages t.bel)" -ge 256 ]
}

# bats test_tags=slow
@test "from the first call of a function on" {
	printf '%s\n' 'static volatile char m[1 << 20]; void work(void) { for (int i = 0; i < 1 << 20; i += 64)' \
		'm[i] = 1; } int main(void) { work(); return 3; }' >work.c
	"${BEL_CC:-cc}" -O1 -fno-inline -o work work.c
	run bel-capture -q --from-fn work --only store -o t.bel -- ./work
	[ "$status" -eq 3 ]
	[ "$(info .stores t.bel)" -ge 16384 ]
	[ "$(info .stores t.bel)" -lt 18000 ]
}

@test "a place that is not reached: an empty trace, and a warning" {
	run --separate-stderr bel-capture -q --from-fn nowhere -o t.bel -- true
	[ "$status" -eq 0 ]
	[ "$stderr" = 'bel-capture: nothing was recorded: the program never reached what the options name' ]
	[ "$(info .references t.bel)" -eq 0 ]
}

# bats test_tags=slow
@test "--kernel: what system calls read and write, beside all that was there" {
	head -c 100000 /dev/zero >zeros
	record -- cat zeros
	plain=$(info .references t.bel)
	record --kernel -- cat zeros
	[ "$(info '.kernel_loads > 0 and .kernel_stores > 0' t.bel)" = true ]
	# 100,000 bytes are read once and written once: 24 or more crossings each.
	[ "$(info .crossings t.bel)" -ge 48 ]
	kernel=$(info '.fetches + .loads + .stores + .modifies' t.bel)
	record -- cat zeros
	[ "$kernel" -eq "$(info '.fetches + .loads + .stores + .modifies' t.bel)" ]
	[ "$(info .references t.bel)" -eq "$plain" ]
}

# bats test_tags=slow
@test "deaths: each signal's status, nothing on stderr that is not the program's" {
	while read -r signal number; do
		run --separate-stderr bel-capture -q -o t.bel -- \
			sh -c "echo last words >&2; kill -$signal \$\$"
		[ "$status" -eq $((128 + number)) ]
		[ "$stderr" = 'last words' ]
		[ "$(info .references t.bel)" -gt 10000 ]
		[ "$(info .ended_early t.bel)" = null ]
	done <<-'END'
		SEGV 11
		ABRT 6
		FPE 8
		TERM 15
		KILL 9
	END
	run --separate-stderr bel-capture -q -o t.bel -- "$programs/crash"
	[ "$status" -eq 139 ]
	[ -z "$stderr" ]
}

# bats test_tags=slow
@test "SIGKILL from outside: what came through is a whole trace that says so" {
	bel-capture -q -o t.bel -- sh -c ': >ready; while :; do :; done' &
	for _ in $(seq 600); do
		[ -e ready ] && break
		sleep 0.1
	done
	# Half a second of CPU time is millions of references.
	for _ in $(seq 600); do
		pgrep -P $! | sed 's:.*:/proc/&/stat:' | xargs cut -d ' ' -f 14 | sort -n | tail -n 1 >ticks
		[ "$(cat ticks)" -lt 50 ] || break
		sleep 0.1
	done
	pkill -KILL -P $!
	wait $! && status=0 || status=$?
	[ "$status" -eq 137 ]
	bel-info --verify t.bel || [ $? -eq 0 ]
	[[ $(info .ended_early t.bel) =~ ^process\ [0-9]+\ was\ ended\ by\ SIGKILL$ ]]
	[ "$(info .references t.bel)" -gt 100000 ]
}

# bats test_tags=slow
@test "a child that outlives its parent is whole" {
	record -- sh -c 'sh -c "while [ -e wait ]; do :; done; ls /; ls /" & echo; exit 5' &
	wait $! && status=0 || status=$?
	[ "$status" -eq 5 ]
	[ "$(info '.references == ([.processes[].references] | add)' t.bel)" = true ]
	[ "$(info '[.processes[] | select(.name == "/usr/bin/ls /" or .name == "/bin/ls /")] |
		length' t.bel)" -eq 2 ]
	[ "$(info .ended_early t.bel)" = null ]
}

@test "a process that does not reach its pipe runs on, unrecorded" {
	# Under a number that only it knows.
	unshare --fork --pid true 2>/dev/null || skip 'needs the right to make a namespace'
	run --separate-stderr record -- unshare --fork --pid sh -c 'exit 7'
	[ "$status" -eq 7 ]
	[[ $stderr == 'pagegrind: '*': cannot be opened: this process runs unrecorded' ]]
	[[ $(info .ended_early t.bel) == 'the end of process '*' is missing' ]]
}

# bats test_tags=slow
@test "two that compute side by side are two whole spaces" {
	record -- sh -c '(i=0; while [ $i -lt 300 ]; do i=$((i + 1)); done) &
		i=0; while [ $i -lt 300 ]; do i=$((i + 1)); done; wait'
	[ "$(info '.processes | length' t.bel)" -eq 2 ]
	[ "$(info '[.processes[].references] | min' t.bel)" -gt 100000 ]
	bel-info --verify t.bel
}

@test "a program of 32 bits is lackey's; one that is executed runs unrecorded" {
	[ "$(uname -m)" = x86_64 ] || skip 'no 32-bit programs here'
	printf '%s\n' 'void _start(void) { __asm__ volatile("int $0x80" : : "a"(1), "b"(3)); }' >s.c
	"${BEL_CC:-cc}" -m32 -nostdlib -static -fno-pie -no-pie -o small s.c ||
		skip 'no compiler for 32 bits'
	run ./small
	[ "$status" -eq 3 ] || skip 'this kernel runs no programs of 32 bits'
	run --separate-stderr bel-capture -o t.bel -- ./small
	[ "$status" -eq 3 ]
	[ "$stderr" = 'bel-capture: recording with lackey' ]
	run --separate-stderr bel-capture --with pagegrind -o t.bel -- ./small
	[ "$status" -eq 3 ]
	[[ $stderr == *'small: is a 32-bit program, which only lackey can run' ]]
	run --separate-stderr bel-capture -q -o t.bel -- sh -c './small; exit $(($? + 1))'
	[ "$status" -eq 4 ]
	[[ $stderr == *'small: a 32-bit program runs unrecorded' ]]
	[[ $(info .ended_early t.bel) == 'the end of process '*' is missing' ]]
}
