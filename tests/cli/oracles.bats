#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# Every row of ../shared/oracles/faults.csv: counts that this project did not compute, on
# public traces. Compared are references and faults, write-backs and the working set's summed
# size where given. All are equal, but for LIRS as libCacheSim has it, which evicts at hits,
# and CLOCK-Pro as the paper has it, against its author's program: these are within 1%.

bats_require_minimum_version 1.5.0

setup() {
	oracles=${BEL_SHARED:-}/oracles/faults.csv
	[ -n "${BEL_SHARED:-}" ] && [ -e "$oracles" ] || skip "no ../shared beside the source"
	cd "$BATS_TEST_TMPDIR"
}

# wanted TRACE POLICY VARIANT: number,references,faults,writebacks,ws_size_sum
#
# Not those S3-FIFO rows in which every reference faults: libCacheSim lets nothing into a small
# queue of one object or none, while a page that is referenced is always loaded.
wanted() {
	awk -F, -v OFS=, -v trace="$1" -v policy="$2" -v variant="$3" '
		policy == "S3-FIFO" && $5 == $6 {next}
		$1 == trace && $2 == policy && $3 == variant {print $4, $5, $6, $7, $8}' "$oracles" |
		sort -t, -k1,1n -u
}

# counted PATH OPTIONS...: the same columns, from bel-sim.
counted() {
	"$BEL_BIN/bel-sim" --first-byte --format jsonl "${@:2}" "$1" |
		jq -r '[.frames // .params.tau, .references, .faults, .writebacks,
			(.mean_resident_pages * .references | round)] | @csv'
}

# same TRACE POLICY VARIANT SPEC PATH OPTIONS...: adds the number of rows to the file `rows`.
same() {
	local numbers
	wanted "$1" "$2" "$3" >want
	[ -s want ] || return 0
	numbers=$(cut -d, -f1 want | paste -sd,)
	if [ "$2" = WS ]; then
		counted "${@:5}" -p "$(sed 's/\([0-9]*\),*/ws:tau=\1,/g; s/,$//' <<<"$numbers")"
	else
		counted "${@:5}" -p "$4" -f "$numbers"
	fi | sort -t, -k1,1n >got
	# What the oracle leaves out is left out.
	paste -d, want got | awk -F, -v OFS=, '
		{print $6, $7, $8, $4 == "" ? "" : $9, $5 == "" ? "" : $10}' >comparable
	diff -u want comparable
	wc -l <want >>rows
}

# vmin TRACE FILE OPTIONS...: VMIN faults where the working set of the same tau does.
vmin() {
	wanted "$1" WS tau | cut -d, -f1-3 >want
	[ -s want ] || return 0
	counted "${@:2}" -p "$(sed 's/,.*//; s/^/vmin:tau=/' want | paste -sd,)" |
		sort -t, -k1,1n | cut -d, -f1-3 | diff -u want -
}

# near PERCENT TRACE POLICY VARIANT SPEC PATH OPTIONS...: faults alone, so far off at most.
near() {
	wanted "$2" "$3" "$4" >want
	[ -s want ] || return 0
	counted "${@:6}" -p "$5" -f "$(cut -d, -f1 want | paste -sd,)" | sort -t, -k1,1n >got
	paste -d, want got | awk -F, -v percent="$1" '
		{print}
		$1 != $6 || ($8 - $3) ^ 2 > (percent / 100 * $3) ^ 2 {bad = 1}
		END {exit bad}'
	wc -l <want >>rows
}

# all TRACE FILE OPTIONS...
all() {
	set -- "$1" "$BEL_SHARED/traces/$2" "${@:3}"
	: >rows
	same "$1" FIFO textbook fifo "${@:2}"
	same "$1" LRU textbook lru "${@:2}"
	same "$1" OPT textbook opt "${@:2}"
	same "$1" CLOCK insert-ref=1 clock "${@:2}"
	same "$1" CLOCK insert-ref=0 clock:bit=0 "${@:2}"
	same "$1" SIEVE textbook sieve "${@:2}"
	same "$1" WS tau ws "${@:2}"
	same "$1" ARC real-delta arc "${@:2}"
	same "$1" ARC integer-delta arc:integer=on "${@:2}"
	same "$1" CAR textbook car "${@:2}"
	same "$1" 2Q Kin25-Kout50 2q "${@:2}"
	same "$1" 2Q libCacheSim-in25-out50 2q:early=on "${@:2}"
	same "$1" LIRS author-lirs.c-hir1pct-min2 lirs "${@:2}"
	near 1 "$1" LIRS libCacheSim lirs:repeats=on:stack=200:least=1 "${@:2}"
	near 0 "$1" CLOCK-Pro author-clock-pro.c-cold5pct \
		clock-pro:adaptive=off:cold=5:spare=off:repeats=off "${@:2}"
	near 1 "$1" CLOCK-Pro author-clock-pro.c-cold5pct \
		clock-pro:adaptive=off:cold=5:repeats=off "${@:2}"
	near 0.3 "$1" CLOCK-Pro author-clock-pro.c-adaptive-1-100pct \
		clock-pro:spare=off:repeats=off "${@:2}"
	near 1 "$1" CLOCK-Pro author-clock-pro.c-adaptive-1-100pct clock-pro:repeats=off "${@:2}"
	same "$1" S3-FIFO libCacheSim-small10-ghost90-thr2 s3-fifo "${@:2}"
	vmin "$1" "${@:2}"
	# No row of this trace was passed over; those of CLOCK-Pro are taken twice.
	[ "$(awk '{n += $1} END {print n + 0}' rows)" -eq "$(awk -F, -v trace="$1" '
		$1 == trace && !($2 == "S3-FIFO" && $5 == $6)
		$1 == trace && $2 == "CLOCK-Pro" {print "again " $0}' "$oracles" |
		sort -u | wc -l)" ]
	[ -s rows ]
}

# bats test_tags=slow
@test "arc-P3: 3.9 M block requests" {
	all arc-P3 arc-P3.lis.xz
}

# bats test_tags=slow
@test "cache2k-web12: big-endian numbers" {
	all cache2k-web12 cache2k-web12.u32be.xz --from u32be
}

@test "dinero-cc1p: Dinero text at 4 KiB" {
	all dinero-cc1p-4k dinero-cc1-partial.din
}

# bats test_tags=slow
@test "lackey-ls at 4 KiB" {
	all lackey-ls-4k lackey-ls.lackey.xz
}

# bats test_tags=slow
@test "lackey-ls at 16 KiB" {
	all lackey-ls-16k lackey-ls.lackey.xz --page-size 16k
}

# bats test_tags=slow
@test "lirs-2_pools" {
	all lirs-2_pools lirs-2_pools.trc.xz
}

# bats test_tags=slow
@test "lirs-cpp" {
	all lirs-cpp lirs-cpp.trc.xz
}

@test "lirs-cs" {
	all lirs-cs lirs-cs.trc.xz
}

# bats test_tags=slow
@test "lirs-loop" {
	all lirs-loop lirs-loop.trc.xz
}

# bats test_tags=slow
@test "lirs-multi1" {
	all lirs-multi1 lirs-multi1.trc.xz
}

# bats test_tags=slow
@test "spec1m-bzip" {
	all spec1m-bzip spec1m-bzip.trace.xz
}

@test "no trace of faults.csv is without a test above" {
	run -0 bash -c 'tail -n +2 "$1" | cut -d, -f1 | sort -u | paste -sd" "' - "$oracles"
	for trace in $output; do
		grep -q "^	all $trace " "$BATS_TEST_FILENAME"
	done
}

# bzip's course runs: FIFO 32 and 64, LRU 16 and 64 frames, segmented FIFO; faults, write-backs.
# bats test_tags=slow
@test "course runs of bzip" {
	run -0 bash -c '"$BEL_BIN/bel-sim" --first-byte --format jsonl -p fifo,lru -f 16,32,64 \
		"$BEL_SHARED/traces/spec1m-bzip.trace.xz" |
		jq -r "\"\(.policy) \(.frames) \(.faults)/\(.writebacks)\""'
	grep -qx 'fifo 32 2497/851' <<<"$output"
	grep -qx 'fifo 64 1467/514' <<<"$output"
	grep -qx 'lru 16 3344/1069' <<<"$output"
	grep -qx 'lru 64 1264/420' <<<"$output"
	run -0 bash -c '"$BEL_BIN/bel-sim" --first-byte --format jsonl -f 64 \
		-p sfifo:p=0,sfifo:p=25,sfifo:p=50 "$BEL_SHARED/traces/spec1m-bzip.trace.xz" |
		jq -r "\"\(.params.p)% \(.faults)/\(.writebacks)\""'
	grep -qx '0% 1467/514' <<<"$output"
	grep -qx '25% 1367/471' <<<"$output"
	grep -qx '50% 1290/427' <<<"$output"
}

@test "Belady's anomaly on a real trace: FIFO and CLOCK on bzip" {
	run -0 bash -c '"$BEL_BIN/bel-sim" --first-byte --format jsonl -p fifo,clock -f 7,8,91,92 \
		"$BEL_SHARED/traces/spec1m-bzip.trace.xz" |
		jq -r "\"\(.policy) \(.frames) \(.faults)\""'
	grep -qx 'fifo 91 1096' <<<"$output"
	grep -qx 'fifo 92 1100' <<<"$output"
	grep -qx 'clock 7 40696' <<<"$output"
	grep -qx 'clock 8 46164' <<<"$output"
}
