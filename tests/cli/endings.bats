#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# How every tool ends when its output cannot be written, when a signal stops it in the middle, and when
# its input is empty: one table of commands, one test for each way to end. Nothing that is half
# written looks whole.

bats_require_minimum_version 1.5.0

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return
	PATH=$BEL_BIN:$PATH
	bel-gen zipf -n 3000 --pages 100 --seed 1 -o t.bel
	bel-gen loop -n 0 -q -o none.bel
	bel-sim -q -p lru,opt -f 4,8 --format jsonl -o r.jsonl t.bel
	bel-curve -q -p lru --summary -o t.sum t.bel
	bel-curve -q -p lru --summary -o none.sum none.bel
}

setup() {
	cd "$BATS_FILE_TMPDIR" || return
	PATH=$BEL_BIN:$PATH
}

# A command for each tool that writes one result, to standard output or with -o. bel-report and
# bel-capture write only to a file; bel-capture is in fault.bats and capture_end.bats, bel-live in
# live.bats, bel-sweep and bel-compare-policies, which write folders, in files of their own.
writers() {
	cat <<-'END'
		bel-blame -q -p lru -f 4 t.bel
		bel-compare r.jsonl
		bel-convert -q --to pages t.bel
		bel-convert -q t.bel
		bel-curve -q -p lru,fifo t.bel
		bel-curve -q -p lru --summary t.bel
		bel-explain -p lru -f 2 '1 2 3 1'
		bel-gen zipf -q -n 30000
		bel-info -q --format jsonl t.bel
		bel-map -q t.bel
		bel-merge t.sum
		bel-merge --summary t.sum
		bel-plot --format svg r.jsonl
		bel-reduce -q -f 2 t.bel
		bel-sim -q -p lru -f 4 t.bel
		bel-sim -q -p lru,fifo -f 1:99 --format table t.bel
		bel-vm -q -p lru -f 4 t.bel
	END
}

# Those that read a trace.
readers() {
	writers | sed -n 's/ t\.bel$//p'
	echo 'bel-report -q'
}

# each FUNCTION LIST: calls the function with each command of the list, and says which one failed.
each() {
	local command
	while IFS= read -r command <&9; do
		echo "== $command"
		"$1" "$command"
	done 9< <("$2")
}

# sh COMMAND: runs it with standard input closed by the caller; sets status, output, stderr.
sh() {
	run --separate-stderr bash -c "$1" </dev/null
	echo "status $status, stdout '${output:0:200}', stderr '$stderr'"
}

@test "every tool is in the table, or in the list of the others" {
	for tool in "$BEL_BIN"/bel-*; do
		case ${tool##*/} in
		bel-report | bel-capture | bel-live | bel-sweep | bel-compare-policies | bel-new-policy) ;;
		*) writers | grep -q "^${tool##*/} " || { echo "${tool##*/} is not in the table"; return 1; } ;;
		esac
	done
}

no_space() {
	sh "$1 >/dev/full"
	[ "$status" -eq 3 ]
	[[ $stderr = "${1%% *}: "*'No space left on device' ]]
	sh "$1 -o /dev/full"
	[ "$status" -eq 3 ]
	[[ $stderr = "${1%% *}: "*'No space left on device' ]]
}

# bats test_tags=slow
@test "a full disk: one line, status 3" {
	each no_space writers
	sh 'bel-report -q -o /dev/full t.bel'
	[ "$status" -eq 3 ]
}

# SIGXFSZ would end the tool without a word. The messages go through a pipe, for files have no room.
no_size() {
	sh "set -o pipefail; { ulimit -f 0; $1 -o large.out; } 2>&1 | cat"
	[ "$status" -eq 3 ]
	[[ $output = "${1%% *}: "*'File too large' ]]
	[ "$(wc -l <<<"$output")" -eq 1 ]
	[ ! -e large.out ]
}

@test "a limit of the size of files: one line, status 3, and no output" {
	each no_size writers
	no_size 'bel-report -q t.bel'
	# What the tool starts has the usual action, which is 128 + SIGXFSZ.
	sh "ulimit -f 1; bel-capture -q -- sh -c 'head -c 4096 /dev/zero >large' 2>/dev/null | cat; echo \${PIPESTATUS[0]}"
	[ "${lines[-1]}" = 153 ]
}

@test "an empty name is said to be one" {
	sh "bel-convert -q -o '' t.bel"
	[ "$stderr" = 'bel-convert: the name of the output file is empty' ]
	sh "bel-info ''"
	[[ $stderr = 'bel-info: the name of a trace is empty'* ]]
	sh "bel-compare ''"
	[ "$stderr" = 'bel-compare: the name of a file of records is empty' ]
	sh "bel-merge ''"
	[ "$stderr" = 'bel-merge: the name of a summary is empty' ]
	[ "$status" -eq 3 ]
}

@test "a name as long as names may be" {
	local name
	name=$(printf '%0255d' 0)
	bel-convert -q --to pages -o "$name" t.bel
	bel-convert -q --to pages t.bel | cmp - "$name"
	run ! bel-convert -q -o "0$name" t.bel
	[ "$(find . -name '*00000*')" = "./$name" ]
}

closed() {
	sh "$1 >&-"
	[ "$status" -eq 3 ]
	[[ $stderr = "${1%% *}: "*'Bad file descriptor' ]]
	sh "$1 | cksum"
	expected=$output
	sh "{ $1 2>&-; } | cksum"
	[ "$output" = "$expected" ]
}

# bats test_tags=slow
@test "closed standard output: a message, status 3; closed standard error: the same result" {
	each closed writers
}

no_reader() {
	# The reader is gone before the tool starts to write.
	sh "exec 7> >(exec true); wait \$!; trap '' PIPE; $1 >&7"
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
}

# bats test_tags=slow
@test "a closed pipe: no word, status 0" {
	each no_reader writers
}

no_folder() {
	for path in absent/x.out /proc/x.out t.bel/x.out; do
		sh "$1 -o $path"
		[ "$status" -eq 3 ]
		[[ $stderr = "${1%% *}: "*"$path"* ]]
	done
	sh "$1 -o ."
	[ "$status" -ge 2 ]
	[[ $stderr = "${1%% *}: "* ]]
}

# bats test_tags=slow
@test "-o in a folder that is missing, takes no files, or is none: the path is named, status 3" {
	each no_folder writers
	no_folder 'bel-report -q t.bel'
	[ ! -e absent ]
}

# The tool waits for the rest of its input when the signal comes. The old result stays as it was, and
# nothing is left beside it.
stopped() {
	local signal
	for signal in TERM INT HUP; do
		# SIGINT asks bel-curve for the curve so far (curve.bats).
		[[ $1 != bel-curve* || $signal != INT ]] || continue
		rm -rf stopped
		mkdir stopped
		echo old >stopped/out
		rm -f input
		mkfifo input
		# Background jobs of a shell ignore SIGINT.
		env --default-signal=INT,HUP bash -c "exec $1 --from pages -o stopped/out input" 2>words &
		exec 8<>input
		yes 1 | timeout 60 head -n 200000 >&8
		kill -$signal $!
		status=0
		wait $! || status=$?
		exec 8>&-
		[ "$status" -gt 128 ]
		[ "$(ls -A stopped)" = out ]
		[ "$(cat stopped/out)" = old ]
	done
}

# bats test_tags=slow
@test "SIGTERM, SIGINT, SIGHUP in the middle: the old result stays, nothing is left" {
	each stopped readers
}

empty() {
	sh "$1 -o empty.out none.bel"
	case $1 in
	*--summary*)
		[ "$status" -eq 0 ] ;;
	bel-info* | bel-convert*)
		[ "$status" -eq 0 ]
		[[ $stderr = "${1%% *}: "*': no references '* ]] ;;
	*)
		[ "$status" -eq 3 ]
		[ "$stderr" = "${1%% *}: none.bel: no references in the trace" ]
		[ ! -e empty.out ] ;;
	esac
	rm -f empty.out
}

# bats test_tags=slow
@test "a trace without references: bel-info shows it, bel-convert copies it, the others refuse it by name" {
	each empty readers
	# A slice may be empty, a whole trace not.
	sh 'bel-merge none.sum'
	[ "$status" -eq 3 ]
	[ "$stderr" = 'bel-merge: bel-gen loop -n 0 --pages 1000: no references in the trace' ]
	sh 'bel-live replay -f 2 none.bel'
	[ "$status" -eq 3 ]
	[ "$stderr" = 'bel-live replay: none.bel: no references in the trace' ] ||
		[[ $stderr = 'bel-live replay: '*'cannot'* ]]
	sh 'bel-gen loop -n 0'
	[ "$status" -eq 0 ]
	[ "$stderr" = 'bel-gen: no references were written: the trace, or the slice of it, is empty' ]
	for file in /dev/null none.bel; do
		sh "bel-plot $file"
		[ "$status" -eq 3 ]
		sh "bel-compare $file"
		[ "$status" -eq 3 ]
	done
}

# bats test_tags=slow
@test "a trace that comes through a pipe with a name is read from its first byte" {
	seq 5000 >long.pages
	for tool in blame curve sim vm; do
		case $tool in curve) frames='' ;; *) frames='-f 4' ;; esac
		sh "bel-$tool -q -p lru $frames --from pages --format jsonl <(cat long.pages)"
		[ "$status" -eq 0 ]
		[ "$(head -n 1 <<<"$output" | jq .trace.references)" -eq 5000 ]
	done
	sh 'bel-info --from pages --format jsonl <(cat long.pages)'
	[ "$(jq .references <<<"$output")" -eq 5000 ]
	sh 'bel-report -q --from pages -o page.html <(cat long.pages)'
	[ "$status" -eq 0 ]
	grep -q '"references":5000,' page.html
	sh 'bel-merge <(cat t.sum)'
	[ "$status" -eq 3 ]
	[[ $stderr = *': a summary must be a file, not a pipe: it is read twice' ]]
}
