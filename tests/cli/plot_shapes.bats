#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# bel-plot: every kind of figure with every shape of input gives a picture, or a sentence of its own.

bats_require_minimum_version 1.5.0

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	PATH=$BEL_BIN:$PATH
	unset COLUMNS NO_COLOR
	command -v gnuplot >/dev/null || skip 'no gnuplot'
	bel-plot -k list | sed 's/ .*//' >kinds
}

# shape KIND POLICIES XS YS: records of the kind, with all members that any figure draws. Every
# policy has the same points; XS and YS are JSON arrays.
shape() {
	local schema
	schema=$(sed -n 's/^# records: \([^ ]*\).*/\1/p' "$BEL_TOP/plots/$1.gp")
	jq -cn --arg schema "$schema" --argjson policies "$2" --argjson xs "$3" --argjson ys "$4" '
		$policies[] as $policy | range($xs | length) as $i | $xs[$i] as $x | $ys[$i] as $y |
		{$schema, trace: {name: "t\($x)", digest: "0\($x)", references: 1000, pages: 9,
			page_bytes: 4096}, $policy, params: {}, spec: $policy, frames: $x, tau: $x,
		mean_resident_pages: $x, faults: (1000 * $y), fault_ratio: $y, start_reference: $x,
		references: 1, faults_over_opt: $y, against_spec: $policies[$i % ($policies | length)],
		win_share: ([1, $y] | min), traces: $x, cost: {cpu_utilisation: $y},
		tlb: {reach_bytes: (4096 * $x), miss_ratio: $y},
		fragmentation: {internal_fragmentation_bytes: $y}, tables: {peak_bytes: $y},
		zero_fill_faults: $y, in_frame_faults: 0, copy_on_write_faults: 0,
		protection_faults: 0, file_read_faults: 0, swap_read_faults: $y,
		no_region_faults: 0, no_permission_faults: 0, writebacks: $y,
		predicted_major_faults: (1000 * $y), measured_major_faults: (900 * $y),
		measured_least: 0, measured_most: (2000 * $y), what: "references", name: "heap \($x)", counts: $y, column_references: 1,
		hole_bytes: 0, space: $i} |
		if $schema == "belady.compare-trace/1" or $schema == "belady.compare-pair/1" then .
		else .trace.name = "t" | .trace.digest = "0" end |
		if $schema == "belady.vm/1" and .fragmentation and $ENV.KIND == "vm-page-size"
		then .trace.page_bytes = $x else . end'
	# What was measured: half of the points, with a spread.
	[ "$1" != truth ] || jq -cn --argjson xs "$3" --argjson ys "$4" '
		range(0; $xs | length; 2) as $i | {schema: "belady.live/1", trace: {name: "t",
		digest: "0", references: 1000, pages: 9, page_bytes: 4096}, frames: $xs[$i],
		faults: ([1000 * $ys[$i], 1e15] | min | floor), kernel: "6.1.0", reclaim: "lists"} |
		.faults_least = (.faults / 2 | floor) | .faults_most = .faults * 2'
}

# shapes POLICIES XS YS: KIND.jsonl of every kind, unless that is there already.
shapes() {
	local kind policies
	[ "${made-}" != "$*" ] || return 0
	while read -r kind; do
		case $kind in
			reuse-distance) policies=${1//\"p1\"/\"lru\"} ;;
			working-set-curve) policies=${1//\"p1\"/\"ws\"} ;;
			*) policies=$1 ;;
		esac
		KIND=$kind shape "$kind" "$policies" "$2" "$3" >"$kind.jsonl"
	done <kinds
	made=$*
}

# draws POLICIES XS YS OPTION...: all kinds draw it, or say in one sentence why not. There are more
# than a thousand pictures: `run` would take as long as they do.
draws() {
	local kind policies=$1 xs=$2 ys=$3 wrong=0 said other status
	shapes "$1" "$2" "$3"
	shift 3
	while read -r kind; do
		status=0 other=
		bel-plot -k "$kind" "$@" "$kind.jsonl" >picture 2>words </dev/null || status=$?
		said=$(<words)
		[ -z "$said" ] || other=$(grep -v '^bel-plot: ' words) || true
		if [ "$status" -eq 0 ]; then
			[ -s picture ] && [ -z "$other" ] || { echo "$kind $*: $said"; wrong=1; }
			case "$*" in *dumb*) ;; *) [ -n "$said" ] || grep -q '<svg' picture ||
				{ echo "$kind $*: no picture"; wrong=1; } ;; esac
		else
			[ "$status" -eq 3 ] && [ ! -s picture ] && [ -n "$said" ] && [ -z "$other" ] ||
				{ echo "$kind $*: status $status: $said"; wrong=1; }
		fi
		case $said in *gnuplot* | *dev/stdin*) echo "$kind $*: $said"; wrong=1 ;; esac
	done <kinds
	[ "$wrong" -eq 0 ] || echo "shape: $policies $xs $ys"
	return "$wrong"
}

# ways POLICIES XS YS: with all axes, in SVG and with letters.
ways() {
	local wrong=0
	draws "$@" || wrong=1
	draws "$@" --log-y || wrong=1
	draws "$@" --log || wrong=1
	draws "$@" --linear --size 200x100 || wrong=1
	LC_ALL=C draws "$@" --format dumb || wrong=1
	LC_ALL=C draws "$@" --format dumb --log-y --size 40x12 || wrong=1
	return "$wrong"
}

# bats test_tags=slow
@test "one point" {
	ways '["p1"]' '[4]' '[0.5]'
}

# bats test_tags=slow
@test "one point at zero" {
	ways '["p1","opt"]' '[0]' '[0]'
}

@test "two points" {
	ways '["p1","opt"]' '[3,4]' '[0.75,0.5]'
}

# bats test_tags=slow
@test "equal lines" {
	ways '["p1","p2","opt"]' '[4,8,16]' '[0.5,0.25,0.125]'
}

# bats test_tags=slow
@test "all zero" {
	ways '["p1","opt"]' '[4,8,16]' '[0,0,0]'
}

# bats test_tags=slow
@test "flat" {
	ways '["p1","opt"]' '[4,8,16]' '[0.25,0.25,0.25]'
}

# bats test_tags=slow
@test "zeros between" {
	ways '["p1","opt"]' '[0,1,2,4]' '[0,0.5,0,0.25]'
}

# bats test_tags=slow
@test "only opt" {
	ways '["opt"]' '[4,8]' '[1,1]'
}

# bats test_tags=slow
@test "the largest and the smallest numbers" {
	ways '["p1"]' '[1,1000000000000000000]' '[0.000000000000000001,1000000000000000]'
}

# bats test_tags=slow
@test "hundreds of lines" {
	policies=$(jq -cn '["p" + (range(1; 301) | tostring)]')
	draws "$policies" '[4,8]' '[0.5,0.25]'
	draws "$policies" '[4,8]' '[0.5,0]' --log-y
	LC_ALL=C draws "$policies" '[4,8]' '[0.5,0.25]' --format dumb
}
