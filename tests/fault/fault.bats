#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# Each tool with the 1st, 2nd, 3rd ... allocation, system call or thread failing, or
# with room for n bytes of output: it either does its work (exit 0 and the right
# bytes) or says why not (exit 3 and a message). It never crashes, never
# leaves half a file, never claims success over wrong output.

bats_require_minimum_version 1.5.0
load ../support/missing

setup_file() {
	[ -z "$BEL_RUN" ] || missing 'says nothing under another program' || return 0
	case $BEL_BUILD in
	*sanitize*) missing 'the address sanitizer has its own malloc' || return 0 ;;
	esac
	# A file too large is an error of write(), not a signal.
	trap '' XFSZ
	export DATA=$BATS_FILE_TMPDIR LIBS=$BEL_BUILD/tests/fault
	"$BEL_BIN"/bel-gen zipf -n 3000 --pages 200 --seed 7 -o "$DATA/small.bel"
	"$BEL_BIN"/bel-gen uniform -n 200000 --pages 4000 --seed 7 -o "$DATA/large.bel"
	"$BEL_BIN"/bel-gen zipf -n 3000 --pages 200 --seed 7 --to pages -o "$DATA/small.txt"
	gzip -k "$DATA/small.txt"
	"$BEL_BIN"/bel-sim -p fifo,lru -f 4:64:*2 --format jsonl -o "$DATA/records" "$DATA/small.bel"
}

setup() {
	skip_missing
	cd "$BATS_TEST_TMPDIR"
}

# try LIBRARY N TOOL ARG...: one run with the Nth call failing; complains if it misbehaves.
# The tool's output file, if it makes one, is called result.svg (bel-plot looks at the ending).
# There are thousands of runs: what bash can do itself starts no program.
try() {
	local library=$1 n=$2 tool=$3 status=0
	shift 3
	[ ! -e result.svg ] || rm result.svg
	LD_PRELOAD=$LIBS/$library.so BEL_FAULT_TOOL=$tool BEL_FAULT_AT=$n BEL_FAULT_COUNT=$PWD/calls \
		"$BEL_BIN/$tool" "$@" >out 2>err </dev/null || status=$?
	judge "$status" "$library, call $n: $tool $*"
}

# judge STATUS WHAT: compares out and result with what they are without a fault.
judge() {
	local file message
	case $1 in
	0)
		cmp -s out out.right || { echo "$2: exit 0 with other output"; return 1; }
		[ ! -e result.right ] || cmp -s result.svg result.right || {
			echo "$2: exit 0 with another file"
			return 1
		}
		;;
	3)
		IFS= read -r message <err || true
		[[ $message =~ ^bel-[a-z]*:\ . ]] || { echo "$2: exit 3 without a message: $(cat err)"; return 1; }
		# A configuration that fails is named and left out; what others gave is whole.
		[ ! -e result.svg ] || { grep -q ' frames)$' err && ! grep -qvxFf \
			<(tr -s ' ' <result.right) <(tr -s ' ' <result.svg); } || {
			echo "$2: exit 3 left a file"
			return 1
		}
		;;
	*) echo "$2: exit $1: $(cat err)"; return 1 ;;
	esac
	for file in * .[!.]*; do
		case $file in
		out | err | calls | result.svg | out.right | result.right | '.[!.]*') ;;
		*) echo "$2: left a file behind: $file"; return 1 ;;
		esac
	done
}

# each LIBRARY TOOL ARG...: fails every call in turn; but for `make check-long`, a sample of
# those beyond the 60th.
each() {
	local library=$1 n=1 calls bad=0 failed=0
	shift
	rm -f result.svg out.right result.right
	"$BEL_BIN/$1" "${@:2}" >out.right 2>err </dev/null || { cat err; return 1; }
	[ ! -e result.svg ] || mv result.svg result.right
	try "$library" 0 "$@" || return
	calls=$(cat calls)
	[ "$calls" -gt 0 ] || { echo "$library sees no call of $1"; return 1; }
	while [ "$n" -le "$calls" ]; do
		try "$library" "$n" "$@" || bad=$((bad + 1))
		[ ! -s err ] || failed=$((failed + 1))
		[ "$bad" -lt 5 ] || return 1
		n=$((n < 60 || (n < 5000 && ${BEL_LONG:-0}) ? n + 1 : n + 1 + n / 20))
	done
	# A library that makes nothing fail would prove nothing.
	[ "$failed" -gt 0 ] || { echo "no fault of $library was noticed by $1"; return 1; }
	[ "$bad" -eq 0 ]
}

# room TOOL ARG...: limits the size of files to growing numbers of bytes; the result
# goes to standard output, a file here, as well as to `result.svg` where -o asks for it.
room() {
	local size bytes status message
	rm -f result.svg out.right result.right
	"$BEL_BIN/$1" "${@:2}" >out.right 2>err </dev/null || { cat err; return 1; }
	[ ! -e result.svg ] || mv result.svg result.right
	size=$(cat out.right result.right 2>/dev/null | wc -c)
	for bytes in 0 1 $((size / 3)) $((size / 2)) $((size - 1)); do
		rm -f result.svg
		status=0
		# The message comes through a pipe: the limit is for files.
		message=$(prlimit --fsize="$bytes" "$BEL_BIN/$1" "${@:2}" 2>&1 >out </dev/null) || status=$?
		printf '%s\n' "$message" >err
		[ "$status" -eq 3 ] || { echo "$bytes of $size bytes: exit $status"; return 1; }
		judge "$status" "$bytes of $size bytes: $*" || return
		grep -qE 'File too large|cannot write' err || { cat err; return 1; }
	done
}

# bats test_tags=slow
@test "bel-sim: no memory, one decode for all" {
	each fail_alloc bel-sim -j 1 -p fifo,lru,clock,ws -f 4,32 --format jsonl "$DATA/small.bel"
}

# bats test_tags=slow
@test "bel-sim: no memory, with threads, the future and an output file" {
	each fail_alloc bel-sim -j 2 -p opt,lru -f 4,10% --format table -o result.svg "$DATA/small.bel"
}

@test "bel-sim: no memory for a compressed foreign trace" {
	each fail_alloc bel-sim -j 1 -p lru -f 4 --format csv "$DATA/small.txt.gz"
}

# bats test_tags=slow
@test "bel-sim: reads fail" {
	each fail_io bel-sim -j 1 -p fifo,lru -f 4,32 --format jsonl "$DATA/large.bel"
}

# bats test_tags=slow
@test "bel-sim: the temporary file of the future fails" {
	each fail_io bel-sim -j 1 --trace-memory 64k -p opt -f 32 --format jsonl "$DATA/large.bel"
}

@test "bel-sim: threads cannot be started" {
	each fail_thread bel-sim -j 4 -p fifo,lru,clock -f 4,32 --format jsonl "$DATA/small.bel"
}

@test "bel-sim: no room for the output" {
	room bel-sim -p lru,fifo -f 4:64:*2 --format jsonl "$DATA/small.bel"
	room bel-sim -p lru,fifo -f 4:64:*2 --format jsonl -o result.svg "$DATA/small.bel"
}

# bats test_tags=slow
@test "bel-gen: no memory" {
	each fail_alloc bel-gen zipf -n 3000 --pages 200 -o result.svg
	each fail_alloc bel-gen belady
}

# bats test_tags=slow
@test "bel-gen: no room for the trace" {
	room bel-gen uniform -n 100000 --pages 3000
	room bel-gen uniform -n 100000 --pages 3000 -o result.svg
}

# bats test_tags=slow
@test "bel-convert: no memory" {
	each fail_alloc bel-convert --to din -o result.svg "$DATA/small.txt.gz"
	each fail_alloc bel-convert -o result.svg "$DATA/small.bel"
}

# bats test_tags=slow
@test "bel-convert: reads fail" {
	each fail_io bel-convert --to pages -o result.svg "$DATA/small.txt.gz"
	each fail_io bel-convert -o result.svg "$DATA/large.bel"
}

@test "bel-convert: no room for the trace" {
	room bel-convert --to pages "$DATA/small.bel"
	room bel-convert -o result.svg "$DATA/large.bel"
}

# bats test_tags=slow
@test "bel-info: no memory, reads fail" {
	each fail_alloc bel-info --format jsonl "$DATA/small.bel"
	each fail_io bel-info --format jsonl "$DATA/large.bel"
}

# captures LIBRARY N...: captures with the Nth call failing. Two captures of processes side by side
# are never the same: the trace is judged by bel-info. None may wait for what does not come, nor
# leave a process or a folder.
captures() {
	local library=$1 n status
	export TMPDIR=$PWD
	for n in "${@:2}"; do
		rm -f result.svg
		status=0
		LD_PRELOAD=$LIBS/$library.so BEL_FAULT_TOOL=bel-capture BEL_FAULT_AT=$n BEL_CAPTURE_MARK=$$ \
			timeout -k 1 60 "$BEL_BIN"/bel-capture -q -o result.svg -- \
			sh -c '/bin/true; exit 0' >out 2>err </dev/null || status=$?
		case $status in
		0) "$BEL_BIN"/bel-info --verify result.svg >/dev/null ;;
		3) grep -q '^bel-capture: .' err && [ ! -e result.svg ] ;;
		*) echo "$library, call $n: exit $status: $(cat err)"; return 1 ;;
		esac || { echo "$library, call $n: exit $status: $(cat err)"; return 1; }
		[ "$(ls -A | grep -cvxE 'out|err|result\.svg')" -eq 0 ] || { ls -A; return 1; }
		! grep -qsz "^BEL_CAPTURE_MARK=$$\$" /proc/[0-9]*/environ || {
			echo "$library, call $n: a process is left"
			return 1
		}
	done
}

# Each capture takes a second or two: a sample. `make check-long` takes all.
# bats test_tags=slow
@test "bel-capture: no memory, reads fail" {
	command -v valgrind >/dev/null || skip 'no valgrind'
	local calls='1 2 5 12 30 34 38 40 42 46 50 75'
	[ -z "${BEL_LONG:-}" ] || calls=$(seq 200)
	captures fail_alloc $calls
	captures fail_io 1 2 5 12 30 75
}

# bats test_tags=slow
@test "bel-capture: no process, no pipe, no right to follow" {
	command -v valgrind >/dev/null || skip 'no valgrind'
	captures fail_process 1 2 3 4 5 6 7 8 9
}

# bats test_tags=slow
@test "bel-plot: no memory" {
	each fail_alloc bel-plot --print "$DATA/records"
}

@test "bel-plot: no room for the picture" {
	command -v gnuplot >/dev/null || skip 'no gnuplot'
	room bel-plot -o result.svg "$DATA/records"
}

@test "a disk that is full only when the file is closed: no file, and status 3" {
	each fail_close bel-gen zipf -n 1000 --seed 1 -o result.svg
	each fail_close bel-sim -p lru -f 4 -o result.svg "$DATA/small.bel"
	# What was there stays.
	echo old >result.svg
	run -3 --separate-stderr env LD_PRELOAD="$LIBS/fail_close.so" BEL_FAULT_TOOL=bel-convert \
		BEL_FAULT_AT=1 "$BEL_BIN"/bel-convert -o result.svg "$DATA/small.bel"
	[ "$stderr" = 'bel-convert: result.svg: cannot write: No space left on device' ]
	[ "$(cat result.svg)" = old ]
}

@test "short and interrupted reads and writes change nothing" {
	local most
	"$BEL_BIN"/bel-sim -p lru,opt -f 4:64:*2 --format jsonl "$DATA/large.bel" >out.right
	"$BEL_BIN"/bel-convert --to pages "$DATA/small.txt.gz" >pages.right
	for most in 13 4096; do
		LD_PRELOAD=$LIBS/fail_io.so BEL_FAULT_TOOL=bel-sim BEL_FAULT_SHORT=$most \
			"$BEL_BIN"/bel-sim -p lru,opt -f 4:64:*2 --trace-memory 64k --format jsonl \
			"$DATA/large.bel" >out
		cmp out out.right
		LD_PRELOAD=$LIBS/fail_io.so BEL_FAULT_TOOL=bel-convert BEL_FAULT_SHORT=$most \
			"$BEL_BIN"/bel-convert --to pages "$DATA/small.txt.gz" >pages
		cmp pages pages.right
	done
}

@test "a reader that closes the pipe early ends every tool quietly" {
	local bytes
	for bytes in 0 1 100 5000; do
		"$BEL_BIN"/bel-gen uniform -n 1000000 --pages 3000 2>err | head -c "$bytes" >/dev/null
		[ ! -s err ]
		"$BEL_BIN"/bel-convert --to pages "$DATA/large.bel" 2>err | head -c "$bytes" >/dev/null
		[ ! -s err ]
		"$BEL_BIN"/bel-sim -p lru -f 1:64 --format jsonl "$DATA/small.bel" 2>err |
			head -c "$bytes" >/dev/null
		[ ! -s err ]
	done
}

# bats test_tags=slow
@test "bel-curve: no memory, with every algorithm, page sizes and phases" {
	each fail_alloc bel-curve -p lru,opt,fifo,clock,ws,vmin "$DATA/small.bel"
	each fail_alloc bel-curve -p lru,opt,fifo,ws -f 4,10% --page-size 4k,16k "$DATA/small.txt"
	each fail_alloc bel-curve -p lru,fifo,ws -f 4,8 --interval 1000 -j 1 "$DATA/small.bel"
}

# bats test_tags=slow
@test "bel-curve: no memory for less than the trace; bel-reduce" {
	each fail_alloc bel-curve -p lru,opt,fifo -f 16,32 -j 1 "$DATA/small.bel"
	for method in phase sad olr; do
		each fail_alloc bel-reduce -q -f 8 --method $method -o result.svg "$DATA/small.bel"
	done
	each fail_io bel-reduce -q -f 8 --method olr -o result.svg "$DATA/large.bel"
}

# bats test_tags=slow
@test "bel-curve: threads cannot be started, reads and temporary files fail" {
	each fail_thread bel-curve -p lru,opt,fifo -j 3 "$DATA/small.bel"
	each fail_io bel-curve -p lru,opt,fifo --trace-memory 0 "$DATA/large.bel"
}

@test "where no file can be without a name: whole outputs, and no temporary after a signal" {
	local signal tool pid status n
	for tool in 'bel-gen zipf -n 1000' "bel-sim -p lru $DATA/small.bel" "bel-info $DATA/small.bel" \
		"bel-convert $DATA/small.bel" "bel-plot --print $DATA/records" 'bel-explain belady'; do
		"$BEL_BIN"/$tool -o out.svg >print.right
		[ ! -e out.svg ] || mv out.svg right.svg
		LD_PRELOAD=$LIBS/fail_unnamed.so "$BEL_BIN"/$tool -o out.svg >print
		cmp print print.right
		[ ! -e right.svg ] || cmp out.svg right.svg
		rm -f ./*
		[ -z "$(ls -A)" ]
	done
	LD_PRELOAD=$LIBS/fail_unnamed.so "$BEL_BIN"/bel-new-policy mine
	[ "$(ls -A)" = mine.c ]
	rm mine.c
	for signal in TERM HUP INT; do
		# What a shell starts in the background ignores SIGINT, and below nohup SIGHUP.
		LD_PRELOAD=$LIBS/fail_unnamed.so env --default-signal=$signal \
			"$BEL_BIN"/bel-gen zipf -n 100G -o out 3>&- &
		pid=$!
		for ((n = 0; n < 200; n++)); do
			[ -z "$(find . -name '.out.*~' -size +0)" ] || break
			sleep 0.05
		done
		[ "$n" -lt 200 ]
		kill -$signal $pid
		status=0
		wait $pid || status=$?
		[ "$status" -eq $((128 + $(kill -l $signal))) ]
		[ -z "$(ls -A)" ]
	done
}
