#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# Small traces that claim much: every tool reads them, or refuses them by name, in memory and time
# that what the trace holds explains. Each run has half a gigabyte of address space and 60 seconds.

bats_require_minimum_version 1.5.0

setup() {
	! grep -q -- -fsanitize "$BEL_BUILD/flags" || skip 'a sanitizer needs more address space than the limit'
	cd "$BATS_TEST_TMPDIR" || return
	claim=$BEL_BUILD/tests/helpers/claim_trace
}

bounded() {
	run --separate-stderr timeout 60 bash -c 'ulimit -v "$0"; exec "$@"' "${limit:-524288}" "$@"
	echo "$*: status $status, stderr '$stderr'"
}

# Every tool that reads FILE, one after the other: it ends by itself, and says why if it refuses.
all_tools() {
	local command
	for command in 'bel-info --format jsonl' 'bel-info --verify' 'bel-sim -p lru -f 2' \
		'bel-curve -p lru' 'bel-vm -f 8' 'bel-convert --page-size 4KiB -o out.bel' \
		'bel-reduce -f 2 -o out.bel' 'bel-explain -p lru -f 2'; do
		# shellcheck disable=SC2086
		bounded "$BEL_BIN"/$command -q "$1"
		[ "$status" -eq 0 ] || { [ "$status" -le 3 ] && [ -n "$stderr" ]; }
		[[ $stderr != *'out of memory'* ]]
	done
}

info() {
	jq -r "$1" <<<"$output"
}

# bats test_tags=slow
@test "space numbers far apart: as many spaces as there are" {
	"$claim" spaces 1000 >t.bel
	all_tools t.bel
	bounded "$BEL_BIN/bel-info" --format jsonl t.bel
	[ "$status" -eq 0 ]
	# Of the events' spaces only that of the reference tells something of itself.
	[ "$(info '[.process_count, .events, .mapping_count] | @csv')" = 1,1000,1 ]
	"$claim" starts 1000 >t.bel
	bounded "$BEL_BIN/bel-info" --format jsonl t.bel
	[ "$(info '[.process_count, (.processes | length)] | @csv')" = 1000,1000 ]
}

# bats test_tags=slow
@test "many processes, threads, regions, marks: counted in seconds" {
	for kind in starts threads maps marks; do
		"$claim" $kind 300000 >t.bel
		bounded "$BEL_BIN/bel-info" --format jsonl t.bel
		[ "$status" -eq 0 ]
		[ "$(info .events)" -eq 300000 ]
		case $kind in
		starts) [ "$(info '[.process_count, (.processes | length)] | @csv')" = 300000,65536 ] ;;
		threads) [ "$(info .threads)" -eq 300000 ] ;;
		maps) [ "$(info .regions.mmap.peak_mapped_bytes)" -eq $((300000 * 4096)) ] ;;
		marks) [ "$(info '[.mark_count, (.marks | length)] | @csv')" = 300000,65536 ] ;;
		esac
		bounded "$BEL_BIN/bel-sim" -q -p lru -f 2 t.bel
		[ "$status" -eq 0 ]
	done
}

# bats test_tags=slow
@test "more than there can be is refused by name, which --verify does not hold against the trace" {
	"$claim" starts 1048577 >t.bel
	bounded "$BEL_BIN/bel-info" --verify t.bel
	[ "$status" -eq 3 ]
	[[ $stderr = 'bel-info: t.bel: more than 1048576 address spaces' ]]
	"$claim" names 1200 >t.bel
	[ "$(stat -c %s t.bel)" -lt 1000000 ]
	bounded "$BEL_BIN/bel-info" --verify t.bel
	[ "$status" -eq 3 ]
	[[ $stderr = 'bel-info: t.bel: more than 1048576 mapped files, or 67108864 bytes of their names' ]]
}

# bats test_tags=slow
@test "forks of a large process" {
	"$claim" forks 5000 >t.bel
	bounded "$BEL_BIN/bel-info" --verify t.bel
	[ "$status" -eq 3 ]
	[[ $stderr = *'processes that fork have more than 4096 regions on average' ]]
	"$claim" forks 1000 >t.bel
	bounded "$BEL_BIN/bel-info" --verify t.bel
	[ "$status" -eq 0 ]
}

# bats test_tags=slow
@test "references of a quarter of a gigabyte: refused, and read at larger pages" {
	"$claim" wide 2000 >t.bel
	all_tools t.bel
	bounded "$BEL_BIN/bel-sim" -p lru -f 2 t.bel
	[ "$status" -eq 3 ]
	[[ $stderr = *'t.bel: reference 18: its size is 268435456; references reach into more than 256 pages on average; use larger pages (--page-size) or only first bytes (--first-byte)' ]]
	bounded "$BEL_BIN/bel-info" --format jsonl --page-size 256MiB t.bel
	[ "$status" -eq 0 ]
	[ "$(info .pages)" -eq 2000 ]
	bounded "$BEL_BIN/bel-info" --format jsonl --first-byte t.bel
	[ "$(info .pages)" -eq 2001 ]
	printf '%s\n' address,size,kind 0x4000000,4294967295,load >t.csv
	all_tools t.csv
	bounded "$BEL_BIN/bel-sim" -p lru -f 2 t.csv
	[ "$status" -eq 3 ]
	[[ $stderr = *'its size is 4294967295; the maximum is 536870911' ]]
}

@test "a few wide references are read in pieces: right to the last page" {
	# 2 x 2^15 pages and 1: 128 MiB from the last byte of page 0 on, twice.
	printf '%s\n' address,size,kind 0xfff,134217728,load 0xfff,134217728,store >t.csv
	bounded "$BEL_BIN/bel-info" --format jsonl t.csv
	[ "$status" -eq 0 ]
	[ "$(info '[.references, .crossings, .pages, .runs] | @csv')" = 65538,65536,32769,65538 ]
	bounded "$BEL_BIN/bel-sim" -p lru -f 32769 --format jsonl t.csv
	[ "$(info '[.faults, .references] | @csv')" = 32769,65538 ]
	bounded "$BEL_BIN/bel-convert" --page-size 4KiB -o t.bel t.csv
	bounded "$BEL_BIN/bel-info" --format jsonl t.bel
	[ "$(info '[.references, .crossings, .pages, .stores] | @csv')" = 65538,65536,32769,1 ]
}

# bats test_tags=slow
@test "page numbers that meet in one slot of a hash table" {
	"$claim" collide 300000 >t.bel
	bounded "$BEL_BIN/bel-info" --format jsonl t.bel
	[ "$status" -eq 0 ]
	[ "$(info .pages)" -eq 300001 ]
}

# bats test_tags=slow
@test "thirty thousand configurations of a trace of five pages" {
	printf '%s\n' 1 2 3 4 5 1 2 >t.pages
	bounded "$BEL_BIN/bel-sim" -q -p lru -f 1:30000 --from pages --format csv -o runs t.pages
	[ "$status" -eq 0 ]
	[ "$(wc -l <runs)" -eq 30001 ]
	bounded "$BEL_BIN/bel-vm" -q -f 1:3000 --from pages --format jsonl -o machines t.pages
	[ "$status" -eq 0 ]
	[ "$(jq -c 'select(.schema == "belady.vm/1")' machines | wc -l)" -eq 3000 ]
}

@test "many call stacks: what only counted them is freed before OPT counts" {
	# A binary tree of 200,000 nodes; each has one reference.
	{
		printf 'near 1\nstart 100 prog\nframe 0 main|m.c:1|/bin/prog\n'
		seq 2 200000 | awk '{
			print "frame " int($1 / 2) " f" $1 % 50 "|m.c:9|/bin/prog\nstack " $1 "\nr " $1 % 500}'
	} | "$BEL_BUILD/tests/helpers/event_trace" t.bel
	# It needs 115 MB; 180 MB if all is kept.
	limit=150000 bounded "$BEL_BIN/bel-blame" -q -j 1 -f 50 --by stack --top 1 --trace-memory 1M t.bel
	[ "$status" -eq 0 ]
	# Each reference is to another page than the 499 before it, so all fault, also those of node 2.
	[ "$(jq -c '[.keys, .references, .faults]' <<<"$output")" = '[1,1,1]
[199998,199998,199998]' ]
}

@test "--verify: 1 for a trace that is wrong, 3 where nobody could look" {
	"$BEL_BIN/bel-gen" uniform -n 2000000 --pages 1000000 --seed 1 -o t.bel
	run timeout 60 bash -c 'ulimit -v 60000; exec "$@"' - "$BEL_BIN/bel-info" --verify t.bel
	[ "$status" -eq 3 ]
	[[ $output = *'out of memory'* ]]
	head -c 100000 t.bel >cut.bel
	run -1 "$BEL_BIN/bel-info" --verify cut.bel
}

@test "an index that claims more pages than the file can number: slices are read from the front" {
	"$BEL_BIN/bel-gen" zipf -n 200000 --pages 3000 --write-ratio 0.2 --seed 1 -q -o good.bel
	"$claim" index 134000000 <good.bel >claim.bel
	[ "$(stat -c %s claim.bel)" -lt 1000000 ]
	for command in 'bel-sim -p lru,fifo -f 5,50' 'bel-curve -p lru'; do
		# shellcheck disable=SC2086
		for slice in 1/2 2/2 150000:; do
			"$BEL_BIN"/$command --format jsonl --name t --slice $slice good.bel | jq -c 'del(.trace.file)' >expected
			bounded "$BEL_BIN"/$command --format jsonl --name t --slice $slice claim.bel
			[ "$status" -eq 0 ]
			cmp expected <(jq -c 'del(.trace.file)' <<<"$output")
		done
	done
	# Read as a whole, it is not used. --verify looks at it.
	bounded "$BEL_BIN/bel-info" claim.bel
	[ "$status" -eq 0 ]
	bounded "$BEL_BIN/bel-info" --verify claim.bel
	[ "$status" -eq 1 ]
	[[ $stderr = *'the index does not say what the blocks say'* ]]
}

@test "an index of more bytes than a window has: a slice seeks, the whole trace is read, cut ones are truncated" {
	# Pages 0, 1, 2, ..., as in the claimed index.
	"$BEL_BIN/bel-gen" loop -n 200000 --pages 3000 --write-ratio 0.2 --seed 1 -q -o good.bel
	"$claim" listing 70000000 <good.bel >large.bel
	for slice in 1/2 2/2; do
		"$BEL_BIN/bel-curve" -p lru --format jsonl --name t --slice $slice good.bel |
			jq -c 'del(.trace.file)' >expected
		bounded "$BEL_BIN/bel-curve" -p lru --format jsonl --name t --slice $slice large.bel
		[ "$status" -eq 0 ]
		cmp expected <(jq -c 'del(.trace.file)' <<<"$output")
	done
	bounded "$BEL_BIN/bel-info" large.bel
	[ "$status" -eq 0 ]
	bounded bash -c '"$0" <(cat large.bel)' "$BEL_BIN/bel-info"
	[ "$status" -eq 0 ]
	for way in '"$0" --verify large.bel' '"$0" --verify <(cat large.bel)'; do
		bounded bash -c "$way" "$BEL_BIN/bel-info"
		[ "$status" -eq 1 ]
		[[ $stderr = *'the index does not say what the blocks say'* ]]
	done
	bounded bash -c 'head -c 30000000 large.bel | "$0" --verify' "$BEL_BIN/bel-info"
	[ "$status" -eq 1 ]
	[[ $stderr$output = *'byte 30000000: the trace is truncated'* ]]
	printf x | dd of=large.bel bs=1 seek=40000000 conv=notrunc status=none
	bounded "$BEL_BIN/bel-curve" -p lru --slice 2/2 large.bel
	[ "$status" -eq 3 ]
	[[ $stderr = *'block checksum mismatch'* ]]
	rm large.bel
}

@test "a summary of 25 kB that unpacks to 600 MB" {
	"$claim" summary 600000000 >bomb.sum
	[ "$(stat -c %s bomb.sum)" -lt 100000 ]
	bounded "$BEL_BIN/bel-merge" bomb.sum
	[ "$status" -eq 3 ]
	[ "$stderr" = 'bel-merge: bomb.sum: damaged: it cannot be unpacked' ]
	# A large one is a summary as any other.
	"$BEL_BIN/bel-gen" loop -n 300000 --pages 300000 -q |
		"$BEL_BIN/bel-curve" -q -p lru,ws --summary -o large.sum
	bounded "$BEL_BIN/bel-merge" -o curve large.sum
	[ "$status" -eq 0 ]
}

# bats test_tags=slow
@test "a line of 250 MB in a file of 10 kB: refused, or read in pieces" {
	limit=200000
	head -c 250M /dev/zero | tr '\0' 7 | zstd -q -o digits.zst
	{
		printf '{"hash_ids":[1,2,3],"x":"'
		zstd -qdc digits.zst
		printf '"}\n'
	} | zstd -q -o member.zst
	[ "$(stat -c %s digits.zst)" -lt 100000 ]
	for format in csv pages hexrw addresses script lackey; do
		bounded "$BEL_BIN/bel-sim" -p lru -f 2 --from $format digits.zst
		[ "$status" -eq 3 ]
		[[ $stderr = *'a line of more than '* ]]
	done
	bounded "$BEL_BIN/bel-info" --from hash-ids --format jsonl member.zst
	[ "$status" -eq 0 ]
	[ "$(info .references)" -eq 3 ]
}

@test "a long line without a blank: its format is not known, which is said at once" {
	for character in '\0' 7 x , '#' '['; do
		head -c 200000 /dev/zero | tr '\0' "$character" >line
		bounded timeout 10 "$BEL_BIN/bel-info" line
		[ "$status" -eq 3 ]
		[[ $stderr = 'bel-info: line: '* ]]
	done
}

@test "records and answers without an end" {
	bounded bash -c 'yes 1,2,3 | "$0" -p fifo -f 2 --grade - "1w 2 3"' "$BEL_BIN/bel-explain"
	[ "$status" -eq 3 ]
	[[ $stderr = *': answers have less than 16 MiB'* ]]
	bounded "$BEL_BIN/bel-compare" /dev/zero
	[ "$status" -eq 3 ]
	[[ $stderr = 'bel-compare: /dev/zero: is not text, so it has no result records'* ]]
	printf '{"schema":"belady.run/1"}\n\0' >nul.jsonl
	bounded "$BEL_BIN/bel-compare" nul.jsonl
	[ "$status" -eq 3 ]
	[[ $stderr = *"line 2, column 1: '\\x00' where a JSON record should begin"* ]]
	bounded bash -c 'yes "{\"a\":" | tr -d "\n" | "$0" -' "$BEL_BIN/bel-plot"
	[ "$status" -eq 3 ]
}
