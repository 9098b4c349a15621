#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# Bad input: each tool that reads traces says what is wrong with which file, on one
# line of stderr, and ends with 3; wrong usage ends with 2.

bats_require_minimum_version 1.5.0

setup_file() {
	cd "$BATS_FILE_TMPDIR"
	"$BEL_BIN/bel-gen" uniform -n 50000 --pages 500 --seed 1 -o good.bel
	head -c 60000 "$BEL_BIN/bel-sim" >garbage
	# A line of text in front, so that the garbage starts well.
	{ printf '0000 R\n0001 W\n'; cat garbage; } >late-garbage
	size=$(stat -c %s good.bel)
	for cut in 5 31 40 100 $((size / 2)) $((size - 1)); do
		head -c $cut good.bel >cut-$cut.bel
	done
	# flip NAME OFFSET: another byte at that place.
	flip() {
		local byte
		byte=$(od -An -tu1 -j "$2" -N 1 good.bel)
		cp good.bel "$1"
		printf "\\x$(printf %02x $((byte ^ 0x20)))" |
			dd of="$1" bs=1 seek="$2" conv=notrunc status=none
	}
	flip flip-magic.bel 1
	flip flip-version.bel 8
	flip flip-head.bel 25
	flip flip-block.bel $((size / 3))
	flip flip-index.bel $((size - 150))
	flip flip-trailer.bel $((size - 4))
}

setup() {
	cd "$BATS_FILE_TMPDIR"
}

# Each tool that reads a trace, as a command to which the trace is added.
readers() {
	cat <<-'TOOLS'
		bel-sim -p lru,opt -f 4,8 --format jsonl
		bel-sim -p lru -f 50% --format jsonl
		bel-info --format jsonl
		bel-convert -o converted
	TOOLS
}

# refused STATUS PATTERN ARGS...: every reader ends so, with one line that matches, no result.
refused() {
	local status_wanted=$1 pattern=$2 tool
	shift 2
	while read -r tool <&9; do
		rm -f converted
		run --separate-stderr "$BEL_BIN"/$tool "$@"
		echo "$tool $*: status $status, stdout '$output', stderr '$stderr'"
		[ "$status" -eq "$status_wanted" ]
		[ -z "$output" ]
		[ "${#stderr_lines[@]}" -le 2 ]
		[[ ${stderr_lines[0]} == "${tool%% *}: "* ]]
		grep -qE -- "$pattern" <<<"$stderr"
		[ ! -e converted ]
	done 9< <(readers)
}

@test "the trace that the others are damaged copies of is good" {
	while read -r tool <&9; do
		run -0 --separate-stderr "$BEL_BIN"/$tool good.bel
		[ -z "$stderr" ]
	done 9< <(readers)
}

@test "a truncated trace" {
	local remedy='(; --salvage reads what is before)?$'

	for file in cut-*.bel; do
		case $file in
		cut-5.bel) refused 3 "$file: " "$file" ;;
		*) refused 3 "$file: byte [0-9]+: the trace is truncated$remedy" "$file" ;;
		esac
	done
}

# bats test_tags=slow
@test "a truncated trace in a pipe" {
	for file in cut-31.bel cut-100.bel; do
		while read -r tool <&9; do
			run -3 --separate-stderr bash -c "cat $file | $BEL_BIN/$tool"
			[ -z "$output" ]
			grep -qE '^bel-[a-z]+: standard input: byte [0-9]+: the trace is truncated$' <<<"$stderr"
		done 9< <(readers)
	done
}

# bats test_tags=slow
@test "a flipped byte" {
	refused 3 'flip-head.bel: byte 0: head checksum mismatch$' flip-head.bel
	refused 3 'flip-block.bel: byte [0-9]+: block checksum mismatch$' flip-block.bel
	refused 3 'flip-index.bel: byte [0-9]+: .*(checksum|magic|block|end)' flip-index.bel
	refused 3 'flip-trailer.bel: byte [0-9]+: bad end mark; --salvage reads what is before$' flip-trailer.bel
}

@test "another version of the format" {
	refused 3 'flip-version.bel: .*version' flip-version.bel
}

@test "wrong magic" {
	refused 3 'flip-magic.bel: not a trace in any known format' flip-magic.bel
	refused 3 'flip-magic.bel: byte 0: not a belady trace' --from bel flip-magic.bel
}

# bats test_tags=slow
@test "empty input" {
	: >empty
	refused 3 'empty: empty: no trace$' empty
	refused 3 'standard input: empty: no trace$' </dev/null
	for format in bel lackey pages hexrw csv; do
		refused 3 'empty: empty: no trace$' --from $format empty
	done
}

# bats test_tags=slow
@test "binary garbage, to be recognised or said to be text" {
	refused 3 'garbage: is a program or a library, not a trace; bel-capture ' garbage
	tail -c +2 garbage >no-program
	refused 3 'no-program: not a trace in any known format' no-program
	for format in lackey hexrw din pages csv lirs arc; do
		refused 3 '(late-)?garbage: ' --from $format garbage
		refused 3 '(late-)?garbage: ' --from $format late-garbage
	done
}

@test "text garbage names the line" {
	printf '1000 R\n2000 W\nthere is no third\n4000 R\n' >words
	refused 3 "words: line 3: .*'there is no third'" --from hexrw words
}

# bats test_tags=slow
@test "compressed files that are cut short or damaged" {
	for tool in gzip xz 'zstd -q'; do
		$tool -c good.bel >whole
		head -c $(($(stat -c %s whole) - 10)) whole >short
		refused 3 'short: ' short
	done
}

@test "a directory" {
	mkdir -p folder
	refused 3 'folder: is a directory$' folder
}

@test "a file that is not there" {
	refused 3 'nowhere.bel: cannot open: No such file or directory$' nowhere.bel
}

@test "an unknown format" {
	refused 2 "'?nonsense'?.*" --from nonsense good.bel
}

# bats test_tags=slow
@test "a page size that is none, or finer than the trace" {
	refused 2 "page-size" --page-size 3000 good.bel
	refused 2 "smaller" --page-size 512 good.bel
}

# usage PATTERN ARGS...
usage() {
	local pattern=$1
	shift
	run --separate-stderr "$BEL_BIN/bel-sim" "$@" good.bel
	echo "bel-sim $*: status $status, stdout '$output', stderr '$stderr'"
	[ "$status" -eq 2 ]
	[ -z "$output" ]
	[[ $stderr == "bel-sim: "* ]]
	grep -qE -- "$pattern" <<<"$stderr"
}

# bats test_tags=slow
@test "frames that are none" {
	usage 'at least 1|zero|frames' -f 0
	usage frames -f ''
	usage frames -f 4:
	usage frames -f 8:4
	usage frames -f 4:256:0
	usage frames -f 4:256:*1
	usage frames -f -4
	usage frames -f 1x
	usage frames -f 99999999999999999999
	usage frames -f 0%
}

# bats test_tags=slow
@test "policies that are none" {
	usage "unknown policy .nosuch.*-p list" -p nosuch
	usage 'policy|policies' -p ''
	usage 'clock.*bit.*3' -p clock:bit=3
	usage 'clock.*colour' -p clock:colour=3
	usage 'tau' -p ws:tau=0
	usage 'tau' -p ws:tau=many
}

@test "a closed pipe ends quietly" {
	run --separate-stderr bash -c '"$BEL_BIN/bel-sim" --format jsonl --interval 1 -p lru -f 4 \
		good.bel | head -n 1 >first; echo "${PIPESTATUS[0]}"'
	[ -z "$stderr" ]
	[ -s first ]
	[ "$output" -eq 0 ] || [ "$output" -eq 141 ]
	run --separate-stderr bash -c '"$BEL_BIN/bel-convert" --to pages good.bel | head -n 1 >first
		echo "${PIPESTATUS[0]}"'
	[ -z "$stderr" ]
	[ "$output" -eq 0 ] || [ "$output" -eq 141 ]
}

@test "a closed pipe where the caller ignores SIGPIPE" {
	run --separate-stderr bash -c 'trap "" PIPE
		"$BEL_BIN/bel-sim" --format jsonl --interval 1 -p lru -f 4 good.bel | head -n 1 >first
		echo "${PIPESTATUS[0]}"'
	[ -z "$stderr" ]
	[ "$output" -eq 0 ]
}

@test "what was there stays when the new result fails" {
	echo before >kept
	run -3 "$BEL_BIN/bel-sim" -p lru -f 4 -o kept "cut-$(($(stat -c %s good.bel) / 2)).bel"
	[ "$(cat kept)" = before ]
	run -3 "$BEL_BIN/bel-convert" -o kept flip-block.bel
	[ "$(cat kept)" = before ]
}

@test "what precedes the damage is read on request, and said" {
	"$BEL_BIN/bel-gen" uniform -n 300000 --pages 500 --seed 1 -o large.bel
	head -c $(($(stat -c %s large.bel) / 2)) large.bel >half.bel
	run -0 --separate-stderr "$BEL_BIN/bel-sim" --salvage --format jsonl -p lru -f 4 half.bel
	[[ $stderr == bel-sim:*truncated* ]]
	got=$(jq .references <<<"$output")
	[ "$got" -gt 0 ]
	[ "$got" -lt 300000 ]
	# Where nothing precedes it, there is nothing to count.
	half=cut-$(($(stat -c %s good.bel) / 2)).bel
	run -3 --separate-stderr "$BEL_BIN/bel-sim" --salvage --format jsonl -p lru -f 4 $half
	[[ $stderr == "bel-sim: $half: no references before the damage: "*truncated* ]]
}

# Reading from the front uses no index, but slices of such a trace would be of other pages.
@test "--verify: an index that lies, with a right checksum" {
	local claim=$BEL_BUILD/tests/helpers/claim_trace
	"$BEL_BIN/bel-gen" string '0 1 2 1' -o counted.bel
	"$BEL_BIN/bel-gen" string '7 3 7 5' -o other.bel
	"$claim" renumber 1 <counted.bel >right.bel
	"$claim" renumber 1 <other.bel >wrong.bel
	run -0 --separate-stderr "$BEL_BIN/bel-info" --verify counted.bel other.bel right.bel
	[ -z "$stderr" ]
	run -1 --separate-stderr "$BEL_BIN/bel-info" --verify wrong.bel
	[[ $stderr == 'bel-info: wrong.bel: byte '*': the index does not say what the blocks say'* ]]
	"$claim" listing 1 <other.bel >more.bel
	run -1 --separate-stderr "$BEL_BIN/bel-info" --verify < <(gzip -c more.bel)
	[[ $stderr == *': the index does not say what the blocks say'* ]]
	[ "$("$BEL_BIN/bel-sim" --format jsonl -p lru -f 2 wrong.bel | jq .faults)" = 3 ]
}

@test "a trace that is also the output does not fill the disk" {
	seq 300000 >both
	run -3 --separate-stderr bash -c "ulimit -f 20000; '$BEL_BIN/bel-convert' -q --to pages both >>both"
	[[ $stderr = 'bel-convert: both: its size changes while it is read, from 1988895 to '*' bytes: is it also the output? If another program writes it, wait until it is complete, or read a copy' ]]
}

# The trailer of the second trace points into the first: the file has no end that says how many references it has.
@test "two traces in one file: the first one is read, and never as the whole" {
	"$BEL_BIN/bel-gen" string '1 2 3 1 4 5' -o six.bel
	cat six.bel six.bel >two.bel
	at=$(stat -c %s six.bel)
	run -3 --separate-stderr "$BEL_BIN/bel-sim" -p lru -f 2 two.bel
	[ "$stderr" = "bel-sim: two.bel: byte $at: bytes after the end of the trace; --salvage reads what is before" ]
	run -2 --separate-stderr "$BEL_BIN/bel-sim" -p lru -f 2 --slice 1/2 two.bel
	[[ $stderr == 'bel-sim: two.bel: --slice 1/2: only a whole file '* ]]
	run -0 --separate-stderr "$BEL_BIN/bel-sim" --format jsonl -p lru -f 2 --slice 1:4 two.bel
	[ "$(jq -r '"\(.references) \(.faults)"' <<<"$output")" = '3 3' ]
	# 40% of the five pages are two frames, in which each of the six references faults.
	run -0 --separate-stderr "$BEL_BIN/bel-sim" --salvage --format jsonl -p lru -f 40% two.bel
	[ "$(jq -r '"\(.frames) \(.faults)"' <<<"$output")" = '2 6' ]
	[[ $stderr == *"byte $at: bytes after the end of the trace" ]]
}

# A good trace, a damaged one, one that is not there, and a good one: "TOOL ARGS" for each tool.
# bats test_tags=slow
@test "the next trace follows a bad one, and the status is 3" {
	printf '1 2 3 1 2\n' >first.pages
	printf '3 2 1\n' >last.pages
	while read -r tool <&9; do
		run --separate-stderr "$BEL_BIN"/$tool --format jsonl \
			first.pages flip-block.bel absent.bel last.pages
		echo "$tool: status $status, stdout '$output', stderr '$stderr'"
		[ "$status" -eq 3 ]
		[ "${#stderr_lines[@]}" -eq 2 ]
		[[ ${stderr_lines[0]} == "${tool%% *}: "*flip-block.bel* ]]
		[[ ${stderr_lines[1]} == "${tool%% *}: "*absent.bel* ]]
		# The good ones' records are those that they have by themselves.
		diff <(echo "$output") <("$BEL_BIN"/$tool --format jsonl first.pages
			"$BEL_BIN"/$tool --format jsonl last.pages)
	done 9<<-'TOOLS'
		bel-sim -p lru,opt -f 1,2
		bel-sim -p lru -f 50%
		bel-curve -p lru,opt,clock
		bel-vm -p lru,opt -f 2
		bel-info
	TOOLS
}

# bats test_tags=slow
@test "bad traces alone leave an older output as it was" {
	for tool in 'bel-sim -p lru -f 2' 'bel-curve -p lru' bel-info 'bel-vm -f 2'; do
		echo old >result
		run --separate-stderr "$BEL_BIN"/$tool -o result flip-block.bel absent.bel
		[ "$status" -eq 3 ]
		[ "${#stderr_lines[@]}" -eq 2 ]
		[ "$(cat result)" = old ]
	done
	# That a trace does not fit the options is wrong usage of one trace, and a bad one of several.
	run -2 "$BEL_BIN/bel-sim" -f 2 --page-size 1k good.bel
	run -3 --separate-stderr "$BEL_BIN/bel-sim" -f 2 --page-size 1k good.bel good.bel
}

# bats test_tags=slow
@test "--verify: what is unsound is 1, what cannot be read besides is 3" {
	run --separate-stderr -1 "$BEL_BIN/bel-info" --verify flip-block.bel good.bel
	run --separate-stderr -3 "$BEL_BIN/bel-info" --verify flip-block.bel absent.bel good.bel
	[ "${#stderr_lines[@]}" -eq 2 ]
}

@test "a mix with a bad trace fails, the smaller mixes stand" {
	printf '1 2 3 1 2\n' >first.pages
	run --separate-stderr -3 "$BEL_BIN/bel-vm" -f 2 --mix first.pages,absent.bel --degree 1,2 \
		--format jsonl
	[ "$(jq -r 'select(.schema == "belady.vm/1") | .traces' <<<"$output")" = 1 ]
	[[ $stderr == *absent.bel* ]]
}

@test "bel-compare: what cannot be read is left out as a whole, status 3" {
	printf '1 2 3 1 2\n' >first.pages
	printf '3 2 1 2\n' >last.pages
	"$BEL_BIN/bel-sim" -p lru,opt,fifo -f 1,2 --format jsonl first.pages >first.jsonl
	# A good record of another policy and another trace, then one that is cut.
	"$BEL_BIN/bel-sim" -p mru -f 1,2 --format jsonl last.pages | head -c -20 >cut.jsonl
	[ "$(wc -l <cut.jsonl)" -ge 1 ]
	run --separate-stderr -3 "$BEL_BIN/bel-compare" --format jsonl absent.jsonl first.jsonl cut.jsonl
	[ "${#stderr_lines[@]}" -eq 2 ]
	[[ ${stderr_lines[0]} == *absent.jsonl* && ${stderr_lines[1]} == *cut.jsonl* ]]
	diff <(echo "$output") <("$BEL_BIN/bel-compare" --format jsonl first.jsonl)
	run --separate-stderr -3 "$BEL_BIN/bel-compare" --format jsonl absent.jsonl cut.jsonl
	[ -z "$output" ]
	run --separate-stderr -3 "$BEL_BIN/bel-compare" --max-faults-increase 2% first.jsonl cut.jsonl
}
