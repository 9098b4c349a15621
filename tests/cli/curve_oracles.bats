#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# bats file_tags=slow
#
# Every row of ../shared/oracles/faults.csv for FIFO, CLOCK (both bits) and SIEVE, at all
# its sizes in one reading by bel-curve; and SIEVE through the engine, too.

bats_require_minimum_version 1.5.0

setup() {
	oracles=${BEL_SHARED:-}/oracles/faults.csv
	[ -n "${BEL_SHARED:-}" ] && [ -e "$oracles" ] || skip "no ../shared beside the source"
	cd "$BATS_TEST_TMPDIR"
}

# same TRACE POLICY VARIANT SPEC FILE OPTIONS...
same() {
	local frames
	awk -F, -v trace="$1" -v policy="$2" -v variant="$3" '
		$1 == trace && $2 == policy && $3 == variant {print $4 "," $5 "," $6}' "$oracles" |
		sort -t, -n -u >want
	[ -s want ]
	frames=$(cut -d, -f1 want | paste -sd,)
	"$BEL_BIN/bel-curve" -q --first-byte --format jsonl -p "$4" -f "$frames" "${@:6}" \
		"$BEL_SHARED/traces/$5" |
		jq -r '.trace.references as $n | [.frames, .faults] | transpose[] |
			[.[0], $n, .[1]] | @csv' | sort -t, -n >got
	diff -u want got
}

all() {
	same "$1" FIFO textbook fifo "${@:2}"
	same "$1" CLOCK insert-ref=1 clock "${@:2}"
	same "$1" CLOCK insert-ref=0 clock:bit=0 "${@:2}"
	same "$1" SIEVE textbook sieve "${@:2}"
}

@test "curves of the lackey, din and hex traces" {
	all lackey-ls-4k lackey-ls.lackey.xz
	all lackey-ls-16k lackey-ls.lackey.xz --page-size 16k
	all dinero-cc1p-4k dinero-cc1-partial.din
	all spec1m-bzip spec1m-bzip.trace.xz
}

@test "curves of the LIRS traces" {
	for trace in 2_pools cpp cs loop multi1; do
		all lirs-$trace lirs-$trace.trc.xz
	done
}

@test "curves of the large traces" {
	all cache2k-web12 cache2k-web12.u32be.xz --from u32be
	all arc-P3 arc-P3.lis.xz
}

@test "SIEVE through the engine" {
	for trace in 2_pools cpp cs loop multi1; do
		awk -F, -v trace=lirs-$trace '$1 == trace && $2 == "SIEVE" {print $4 "," $5 "," $6}' \
			"$oracles" | sort -t, -n -u >want
		[ -s want ]
		"$BEL_BIN/bel-sim" --first-byte --format jsonl -p sieve \
			-f "$(cut -d, -f1 want | paste -sd,)" \
			"$BEL_SHARED/traces/lirs-$trace.trc.xz" |
			jq -r '[.frames, .references, .faults] | @csv' | sort -t, -n >got
		diff -u want got
	done
}
