#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# Every row of ../shared/oracles/faults.csv for FIFO, LRU, OPT, CLOCK (both bits)
# and WS: counts that this project did not compute, on public traces. Compared are
# references and faults, write-backs and the working set's summed size where given.

bats_require_minimum_version 1.5.0

setup() {
	oracles=${BEL_SHARED:-}/oracles/faults.csv
	[ -n "${BEL_SHARED:-}" ] && [ -e "$oracles" ] || skip "no ../shared beside the source"
	cd "$BATS_TEST_TMPDIR"
}

# wanted TRACE POLICY VARIANT: number,references,faults,writebacks,ws_size_sum
wanted() {
	awk -F, -v OFS=, -v trace="$1" -v policy="$2" -v variant="$3" '
		$1 == trace && $2 == policy && $3 == variant {print $4, $5, $6, $7, $8}' "$oracles" |
		sort -t, -k1,1n -u
}

# counted FILE OPTIONS...: the same columns, from bel-sim.
counted() {
	"$BEL_BIN/bel-sim" --first-byte --format jsonl "${@:2}" "$BEL_SHARED/traces/$1" |
		jq -r '[.frames // .params.tau, .references, .faults, .writebacks,
			(.mean_resident_pages * .references | round)] | @csv'
}

# same TRACE POLICY VARIANT SPEC FILE OPTIONS...: adds the number of rows to the file `rows`.
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

# all TRACE FILE OPTIONS...
all() {
	: >rows
	same "$1" FIFO textbook fifo "${@:2}"
	same "$1" LRU textbook lru "${@:2}"
	same "$1" OPT textbook opt "${@:2}"
	same "$1" CLOCK insert-ref=1 clock "${@:2}"
	same "$1" CLOCK insert-ref=0 clock:bit=0 "${@:2}"
	same "$1" WS tau ws "${@:2}"
	# No row of this trace was passed over.
	[ "$(awk '{n += $1} END {print n + 0}' rows)" -eq "$(awk -F, -v trace="$1" '
		$1 == trace && $2 ~ /^(FIFO|LRU|OPT|CLOCK|WS)$/' "$oracles" | sort -u | wc -l)" ]
	[ -s rows ]
}

@test "arc-P3: 3.9 M block requests" {
	all arc-P3 arc-P3.lis.xz
}

@test "cache2k-web12: big-endian numbers" {
	all cache2k-web12 cache2k-web12.u32be.xz --from u32be
}

@test "dinero-cc1p: Dinero text at 4 KiB" {
	all dinero-cc1p-4k dinero-cc1-partial.din
}

@test "lackey-ls at 4 KiB" {
	all lackey-ls-4k lackey-ls.lackey.xz
}

@test "lackey-ls at 16 KiB" {
	all lackey-ls-16k lackey-ls.lackey.xz --page-size 16k
}

@test "lirs-2_pools" {
	all lirs-2_pools lirs-2_pools.trc.xz
}

@test "lirs-cpp" {
	all lirs-cpp lirs-cpp.trc.xz
}

@test "lirs-cs" {
	all lirs-cs lirs-cs.trc.xz
}

@test "lirs-loop" {
	all lirs-loop lirs-loop.trc.xz
}

@test "lirs-multi1" {
	all lirs-multi1 lirs-multi1.trc.xz
}

@test "spec1m-bzip" {
	all spec1m-bzip spec1m-bzip.trace.xz
}

@test "no trace of faults.csv is without a test above" {
	run -0 bash -c 'tail -n +2 "$1" | cut -d, -f1 | sort -u | paste -sd" "' - "$oracles"
	for trace in $output; do
		grep -q "^	all $trace " "$BATS_TEST_FILENAME"
	done
}

# bzip's course runs: FIFO 32 and 64, LRU 16 and 64 frames; faults and write-backs.
@test "course runs of bzip" {
	run -0 bash -c '"$BEL_BIN/bel-sim" --first-byte --format jsonl -p fifo,lru -f 16,32,64 \
		"$BEL_SHARED/traces/spec1m-bzip.trace.xz" |
		jq -r "\"\(.policy) \(.frames) \(.faults)/\(.writebacks)\""'
	grep -qx 'fifo 32 2497/851' <<<"$output"
	grep -qx 'fifo 64 1467/514' <<<"$output"
	grep -qx 'lru 16 3344/1069' <<<"$output"
	grep -qx 'lru 64 1264/420' <<<"$output"
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
