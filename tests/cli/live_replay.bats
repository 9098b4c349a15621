#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# bel-live replay, run and clean in real memory. They need root, a memory controller and swap, or a
# kernel with zram: where these are not, the tests are skipped with the reason.
#
# bats file_tags=slow

bats_require_minimum_version 1.5.0
load ../support/records

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	PATH=$BEL_BIN:$PATH
	[ -z "$BEL_RUN" ] || skip 'measures nothing under another tool'
	[ "$(id -u)" -eq 0 ] || skip 'not root'
	[ ! -e /run/belady/state ] || skip 'a bel-live runs, or was killed: /run/belady/state'
	run --separate-stderr bel-live run -n -f 4096 --swap 64M true
	[ "$status" -eq 0 ] || skip "${stderr#*: }"
	# Files may be there, and their use forbidden, as in a container.
	run --separate-stderr bel-live run -q -f 4096 --swap 64M true
	[ "$status" -eq 0 ] || skip "${stderr#*: }"
}

# What a measurement could leave: groups, swap areas, devices, processes, the state file. The test's
# own bel-live had process $1. Other measurements on this machine have other groups and devices.
nothing_left() {
	[ ! -e "/sys/fs/cgroup/memory/belady-live-$1" ]
	[ ! -e "/sys/fs/cgroup/belady-live-$1" ]
	run ! grep -q "belady-live-$1\$" /run/belady/state
	if [ -n "$2" ]; then
		[ ! -e "/sys/block/zram$2" ]
		run ! grep -q "^/dev/zram$2 " /proc/swaps
	fi
	[ ! -e "/proc/$1" ] || [ "$(awk '/^State/ {print $2}' "/proc/$1/status")" = Z ]
}

# Waits until the bel-live with process $1 has its child in its group; prints the child.
child_of() {
	local procs

	for _ in {1..600}; do
		procs=$(cat "/sys/fs/cgroup/memory/belady-live-$1/cgroup.procs" \
			"/sys/fs/cgroup/belady-live-$1/cgroup.procs" 2>/dev/null) || :
		[ -z "$procs" ] || { echo "$procs" | head -n 1; return; }
		sleep 0.1
	done
	return 1
}

# The device that the state file names.
our_zram() {
	sed -n 's/^zram \([0-9]*\)$/\1/p' /run/belady/state
}

# within VALUE EXPECTED PERCENT: whether they differ by at most that.
within() {
	awk -v a="$1" -v b="$2" -v p="$3" 'BEGIN {d = a > b ? a - b : b - a; exit !(d * 100 <= b * p)}'
}

@test "a loop: within 0.5% of bel-sim, and the records are as their schema says" {
	bel-gen loop -n 60000 --pages 1500 -o l.bel
	bel-live replay -q -f 1024,2048 -o l.jsonl l.bel
	validate 2 <l.jsonl
	# Every reference misses with 1024 frames; only the first ones do with 2048.
	within "$(jq 'select(.frames == 1024).faults' l.jsonl)" \
		"$(bel-sim -p lru -f 1024 --format jsonl l.bel | jq .faults)" 0.5
	[ "$(jq -c 'select(.frames == 2048) | [.faults, .major_faults, .compulsory_faults]' l.jsonl)" \
		= '[1500,0,1500]' ]
	jq -se '.[0].peak_resident_pages <= 1026 and .[0].mean_resident_pages > 960
		and .[0].mean_resident_pages <= 1024 and .[0].touches == 60000 and .[0].repetitions == 2
		and .[1].peak_resident_pages == 1500' l.jsonl
	[ "$(jq -c .trace.digest l.jsonl | sort -u)" = "$(bel-sim -p lru -f 1 --format jsonl l.bel |
		jq -c .trace.digest)" ]
}

@test "uniform references: within 3% of bel-sim, at 1024 frames and more" {
	bel-gen uniform -n 60000 --pages 4000 --seed 3 -o u.bel
	bel-live replay -q -f 1024,2048 -o u.jsonl u.bel
	for frames in 1024 2048; do
		within "$(jq "select(.frames == $frames).faults" u.jsonl)" \
			"$(bel-sim -p clock -f $frames --format jsonl u.bel | jq .faults)" 3
	done
}

@test "writes and a trace from a pipe: the pages are those of the trace" {
	bel-gen loop -n 20000 --pages 1200 --write-ratio 0.3 |
		bel-live replay -q -f 1024 --repeat 1 --format jsonl >w.jsonl
	validate 1 <w.jsonl
	[ "$(jq '.compulsory_faults' w.jsonl)" -eq 1200 ]
	within "$(jq .faults w.jsonl)" 20000 0.5
}

@test "a program under a limit: its faults, its output, and what simulations predict" {
	bel-gen loop -n 3000 --pages 10 -o l.bel
	run --separate-stderr bel-live run -q -f 1024,4096 --format jsonl -- echo 'from the program'
	[ "$status" -eq 0 ]
	[ "$stderr" = $'from the program\nfrom the program' ]
	validate 2 <<<"$output"
	[ "$(jq -c '[.status, .signal, .command]' <<<"${lines[0]}")" = "[0,null,\"echo 'from the program'\"]" ]
	bel-live run -q -f 1024 --trace l.bel -p lru,fifo -o r.jsonl -- echo 'from the program' >said
	[ "$(cat said)" = 'from the program' ]
	validate 1 <r.jsonl
	# 1024 frames hold 10 pages: no fault but the first references.
	[ "$(jq -c .predicted_major_faults r.jsonl)" = '{"lru":0,"fifo":0}' ]
	run --separate-stderr bel-live run -f 1024 -o r.jsonl -- sh -c 'exit 7'
	[ "$status" -eq 0 ]
	[ "$stderr" = 'bel-live run: 1024 frames: the program ended with status 7' ]
	[ "$(jq .status r.jsonl)" -eq 7 ]
	run --separate-stderr bel-live run -f 1024 -- ./no-such-program
	[ "$status" -eq 3 ]
	[ "$stderr" = 'bel-live run: ./no-such-program: cannot run it: No such file or directory' ]
}

@test "a program that needs more than its frames: major faults, and its result is right" {
	command -v awk >/dev/null
	# Some 20 MB of an array, walked three times.
	awk 'BEGIN {for (k = 0; k < 3; k++) for (i = 0; i < 150000; i++) a[i] += i
		for (i in a) s += a[i]; print s}' >expected
	# The kernel kills some such runs (bel-live(1)); a second one beside it is rare.
	for i in 1 2 3; do
		bel-live run -q -f 2048 --swap 256M -o r.jsonl -- awk 'BEGIN {
			for (k = 0; k < 3; k++) for (i = 0; i < 150000; i++) a[i] += i
			for (i in a) s += a[i]; print s}' >said
		[ "$(jq .signal r.jsonl)" = 9 ] || break
	done
	cmp expected said
	[ "$(jq '.major_faults > 1000 and .peak_anonymous_pages <= 2060' r.jsonl)" = true ]
}

# Prints the front of a script that makes groups below the one of bel-live, and leaves a child there.
make_groups() {
	cat <<-'EOT'
		for top in /sys/fs/cgroup/memory /sys/fs/cgroup; do
			[ ! -d $top/belady-live-$PPID ] || break
		done
		group=$top/belady-live-$PPID
		mkdir -p $group/a/b $group/c || exit 1
		sleep 1000 &
		echo $! >$group/a/b/cgroup.procs
	EOT
}

@test "a program that makes groups below its own, and leaves children there" {
	make_groups >make-groups
	cat >>make-groups <<-'EOT'
		echo $! >left
		(echo $(exec sh -c 'echo $PPID') >$group/c/cgroup.procs || exit 1
		exec awk 'BEGIN {for (i = 0; i < 100000; i++) a[i] += i; system("sleep 0.1")}')
		echo $group >where
	EOT
	bel-live run -q -f 8192 -o r.jsonl -- sh ./make-groups 3>&-
	# The memory of awk, which is in a group below, is counted.
	jq -e '.status == 0 and .peak_anonymous_pages > 1500' r.jsonl
	[ ! -e "$(cat where)" ]
	[ ! -e "/proc/$(cat left)" ] || [ "$(awk '/^State/ {print $2}' "/proc/$(cat left)/status")" = Z ]
	[ ! -e /run/belady/state ]
}

@test "a program in a group below is rarely killed while the swap area has room" {
	# The shell stays in the group above, and awk needs more than twice the frames.
	make_groups >below
	cat >>below <<-'EOT'
		(echo $(exec sh -c 'echo $PPID') >$group/c/cgroup.procs || exit 1
		exec awk 'BEGIN {for (k = 0; k < 3; k++) for (i = 0; i < 150000; i++) a[i] += i}')
	EOT
	# On a loaded machine, one may be killed all the same: 1 of 60 was, and 15 of 20 without what
	# this tests.
	for i in 1 2 3 4 5 6; do
		bel-live run -q -f 2048 --swap 256M -- sh ./below 3>&- >>r.jsonl
	done
	[ "$(jq -s 'map(select(.status == 137)) | length <= 1' r.jsonl)" = true ]
	[ "$(jq -s 'map(select(.status == 0 and .major_faults > 1000)) | length >= 5' r.jsonl)" = true ]
}

# Makes t.script, a trace that maps the tool bel-sim and the C library, and skips the test if files
# cannot be copied here.
copies_or_skip() {
	sim=$(readlink -f "$BEL_BIN/bel-sim")
	library=$(ldd "$sim" | sed -n 's/.*=> \(.*\/libc\.[^ ]*\) .*/\1/p')
	[ -n "$library" ] || skip 'bel-sim has no libc.so'
	{
		echo "map 0x400000 8K r-x text $sim"
		echo "map 0x500000 8K r-x text $(readlink -f "$library")"
		echo 'map 0x600000 8K rw- heap'
		echo 'i 0x400000; i 0x500000; i 0x501000; w 0x600000'
	} >t.script
	run --separate-stderr bel-live run -n -f 4096 -t t.script --copies . true
	[ "$status" -eq 0 ] || skip "${stderr#*: }"
	device=$(sed -n 's/.*read-ahead of block device \([0-9:]*\) from.*/\1/p' <<<"$output")
	[ -n "$device" ] || skip 'the read-ahead of this device is 0'
	queue=/sys/dev/block/$device/queue/read_ahead_kb
	[ -e "$queue" ] || queue=/sys/dev/block/$device/../queue/read_ahead_kb
	read_ahead=$(cat "$queue")
}

@test "copies of files: their pages count, the program alone sees them, nothing is left" {
	copies_or_skip
	run --separate-stderr bel-live run -n -f 4096 -t t.script --copies . true
	[[ $output = *"copy 2 files "*"$PWD/belady-live-"* ]]
	bel-live run -q -f 4096 --repeat 3 -t t.script -p lru --copies . -o c.jsonl -- "$sim" --version >/dev/null
	validate 3 <c.jsonl
	# Three pages of files and one other. Each run reads them again.
	jq -se 'all(.copied_files == 2 and .file_pages == 3 and .predicted_major_faults.lru == 3
		and .read_ahead_bytes == 0 and .file_major_faults > 20 and .mean_file_pages > 0
		and .major_faults >= .file_major_faults)' c.jsonl
	bel-live run -q -f 4096 -t t.script -p lru -o n.jsonl -- "$sim" --version >/dev/null
	jq -e '.predicted_major_faults.lru == 0 and (has("copied_files") | not)' n.jsonl
	[ "$(cat "$queue")" = "$read_ahead" ]
	compgen -G 'belady-live-*' && return 1
	# The copy is mounted over the file, read only, and nobody else has this mount.
	bel-live run -q -f 4096 -t t.script --copies . -o c.jsonl -- sh -c '
		grep -F " $1 " /proc/self/mountinfo | grep -c " ro[, ]"; : >>"$1"' - "$sim" >said 2>err || :
	[ "$(cat said)" = 1 ]
	[[ $(cat err) = *'Read-only file system'* ]]
	run ! grep -F "$sim" /proc/self/mountinfo
}

@test "copies of files: what cannot be is refused with a remedy" {
	copies_or_skip
	[ "$(stat -f -c %T /dev/shm)" = tmpfs ] || skip '/dev/shm is no tmpfs'
	run --separate-stderr bel-live run -q -f 4096 -t t.script --copies /dev/shm true
	[ "$status" -eq 3 ]
	[ "$stderr" = 'bel-live run: /dev/shm: not on a block device whose read-ahead can be set: give a folder on a disk, or --read-ahead keep' ]
	run --separate-stderr bel-live run -q -f 4096 -t t.script --copies /dev/shm --read-ahead keep true
	[ "$status" -eq 3 ]
	[[ $stderr = 'bel-live run: /dev/shm/belady-live-'*'of its pages stay in memory: the folder has to be on a disk'* ]]
	run --separate-stderr bel-live run -q -f 4096 -t t.script --copies ./no-such-folder true
	[ "$status" -eq 3 ]
	[[ $stderr = 'bel-live run: ./no-such-folder: copies of files cannot go there: No such file or directory' ]]
	bel-gen loop -n 100 --pages 10 -o l.bel
	run --separate-stderr bel-live run -q -f 4096 -t l.bel --copies . true
	[ "$status" -eq 3 ]
	[[ $stderr = *'the trace names no file that is here'* ]]
	[ ! -e /run/belady/state ]
	compgen -G '/dev/shm/belady-live-*' && return 1
	[ "$(cat "$queue")" = "$read_ahead" ]
}

@test "copies of files: SIGTERM undoes them; after SIGKILL 'bel-live clean' does" {
	copies_or_skip
	for signal in TERM KILL; do
		bel-live run -q -f 4096 -t t.script --copies . -o c.jsonl -- sleep 1000 3>&- &
		tool=$!
		child_of $tool >/dev/null
		zram=$(our_zram)
		[ -e "belady-live-$tool/0" ]
		[ "$(cat "$queue")" = 0 ]
		kill -$signal $tool
		wait $tool || :
		if [ $signal = KILL ]; then
			run --separate-stderr bel-live clean
			[ "$status" -eq 0 ]
			[[ $stderr = *"set the read-ahead of device $device to $read_ahead KiB again"* ]]
			[[ $stderr = *"removed the copies of files in $PWD/belady-live-$tool"* ]]
		fi
		nothing_left $tool "$zram"
		[ ! -e "belady-live-$tool" ]
		[ "$(cat "$queue")" = "$read_ahead" ]
	done
}

@test "SIGTERM: everything is undone, and the status is that of the signal" {
	bel-gen loop -n 20000000 --pages 1500 -o l.bel
	bel-live replay -q -f 1024 -o l.jsonl l.bel 3>&- &
	tool=$!
	child=$(child_of $tool)
	zram=$(our_zram)
	kill -TERM $tool
	status=0
	wait $tool || status=$?
	[ "$status" -eq 143 ]
	nothing_left $tool "$zram"
	[ ! -e "/proc/$child" ]
	[ ! -e l.jsonl ]
}

@test "other signals that end a program undo everything, too; one that is ignored does nothing" {
	bel-gen loop -n 20000000 --pages 1500 -o l.bel
	for name in PIPE ALRM USR1 XCPU; do
		bel-live replay -q -f 1024 -o l.jsonl l.bel 3>&- &
		tool=$!
		child_of $tool >/dev/null
		zram=$(our_zram)
		kill -"$name" $tool
		status=0
		wait $tool || status=$?
		[ "$status" -eq $((128 + $(kill -l "$name"))) ]
		nothing_left $tool "$zram"
	done
	bel-gen loop -n 20000 --pages 1500 -o s.bel
	(trap '' HUP; exec bel-live replay -q -f 1024 --repeat 1 -o s.jsonl s.bel 3>&-) &
	tool=$!
	child_of $tool >/dev/null
	kill -HUP $tool
	wait $tool
	[ "$(jq .touches s.jsonl)" -eq 20000 ]
	nothing_left $tool
}

@test "SIGKILL: the child ends, and 'bel-live clean' undoes the rest" {
	bel-gen loop -n 20000000 --pages 1500 -o l.bel
	bel-live replay -q -f 1024 l.bel 3>&- &
	tool=$!
	child=$(child_of $tool)
	zram=$(our_zram)
	run --separate-stderr bel-live clean
	[ "$status" -eq 3 ]
	[ "$stderr" = "bel-live clean: another bel-live runs: process $tool: it undoes its own changes when it ends" ]
	kill -KILL $tool
	status=0
	wait $tool || status=$?
	[ "$status" -eq 137 ]
	for _ in {1..600}; do [ -e "/proc/$child" ] || break; sleep 0.1; done
	[ ! -e "/proc/$child" ]
	# Another measurement does not begin before.
	run --separate-stderr bel-live replay -q -f 1024 l.bel
	[ "$status" -eq 3 ]
	[ "$stderr" = "bel-live replay: an earlier bel-live was killed: undo what it left with 'bel-live clean'" ]
	run --separate-stderr bel-live clean
	[ "$status" -eq 0 ]
	[[ $stderr = *"bel-live clean: removed the memory cgroup "*"/belady-live-$tool"* ]]
	nothing_left $tool "$zram"
	run --separate-stderr bel-live clean
	[ "$status" -eq 0 ]
	[ "$stderr" = 'bel-live clean: nothing to undo' ]
}

@test "the child is killed: a message, and everything is undone" {
	bel-gen loop -n 20000000 --pages 1500 -o l.bel
	bel-live replay -q -f 1024 l.bel 2>said 3>&- &
	tool=$!
	child=$(child_of $tool)
	zram=$(our_zram)
	kill -KILL "$child"
	status=0
	wait $tool || status=$?
	[ "$status" -eq 3 ]
	[ "$(cat said)" = 'bel-live replay: 1024 frames: the process that touches the pages was killed by signal 9 (Killed)' ]
	nothing_left $tool "$zram"
}
