#!/bin/sh
# SPDX-License-Identifier: MIT
#
# bel-compare-policies: compares policies over many traces, on all cores. bel-capture makes the
# traces that are missing, bel-sim counts faults, bel-plot draws figures, and jq arranges the
# tables. Complete files are not made again, so an interrupted comparison can be continued.
set -u

usage() {
	cat <<'END'
usage: bel-compare-policies [OPTION...] FOLDER|LIST
Compares policies over many traces: the traces in FOLDER, or those of the
commands in LIST (a file with one command per line), which it captures first.
Run it again after an interruption or with more traces: it makes only what is
missing or older than its trace.

what to compute:
  -p, --policies=LIST         policies, as for bel-sim (default
                              fifo,lru,opt,clock,ws)
  -f, --frames=LIST           frame counts, as for bel-sim (default 4:256:*2)

output:
  -o, --output=FOLDER         folder of all results (default: comparison)
      --format=FORMAT         summary on standard output: table or csv
                              (default table)
  -q, --quiet                 print no progress; errors are still printed

speed:
  -j, --jobs=N                number of traces at a time (default: one for each
                              processor)

help:
      --help                  print this help and exit
      --version               print the name and version and exit

examples:
  bel-compare-policies -p lru,sieve,opt -f 8:1024:*2 -o results traces
  bel-compare-policies -o results programs.txt
END
}

# insert common/script.sh

# Checks policies and frame counts with a trace of one reference. So a mistake is reported once, not
# once per trace.
check_policies() {
	found=$(echo 0 | bel-sim -q -p "$policies" -f "$frames" --format jsonl 2>&1)
	status=$?
	case $found in '{'*) return ;; esac
	[ "$status" -ne 0 ] || wrong "-p: '" "$policies" "' names no policies"
	say '' "$(printf '%s\n' "$found" | sed -n '1s/^bel-sim: //p')"
	exit "$status"
}

# capture COMMAND-LINE FILE: splits the command line into words as a shell does. The program may
# exit with any status below 126. It fails if a signal ends the program or there is no trace.
capture() {
	eval "set -- \"\$2\" $1" || return 3
	trace=$1
	shift
	bel-capture -o "$trace.part" -- "$@" </dev/null >/dev/null
	status=$?
	if [ "$status" -ge 126 ] || [ ! -s "$trace.part" ]; then
		rm -f "$trace.part"
		return 3
	fi
	mv "$trace.part" "$trace"
}

# refuse_trace FILE: a list is evaluated by the shell, so a trace must never be taken for one.
refuse_trace() {
	if [ "$(head -c 65536 -- "$1" | LC_ALL=C tr -d '\11\12\15\40-\176\200-\377' | wc -c)" -gt 0 ]; then
		say '' "$1" ': is not a list of commands: it has bytes that are not text; give the folder of the traces'
		exit 3
	fi
	if bel-info -q --format jsonl -- "$1" >/dev/null 2>&1; then
		say '' "$1" ': is a trace, not a list of commands; give the folder of the traces'
		exit 3
	fi
}

# newer A B: true if B is missing or empty, or A is newer than B.
newer() {
	[ ! -s "$2" ] || [ -n "$(find -L "$1" -newer "$2")" ]
}

# one POSITION NAME TRACE [COMMAND-LINE]: brings one trace's records and figure up to date. When it succeeds,
# it adds a byte to $work.done: "s" if it simulated, "." if the records were up to date. So a killed
# process counts as failed, too.
one() {
	did=.
	position="$1 of $count: "
	shift
	records=$out/runs/$1.jsonl
	figure=$out/figures/$1.svg
	if [ -n "${3:-}" ] && [ ! -s "$2" ]; then
		tell "${position}capturing " "$3"
		capture "$3" "$2" || { say '' "$3" ': capture failed'; return 1; }
	fi
	if newer "$2" "$records"; then
		did=s
		tell "${position}simulating " "$2"
		rm -f -- "$figure"
		bel-sim -q -p "$policies" -f "$frames" -j "$threads" --format jsonl \
			-o "$records" -- "$2" || { rm -f -- "$records"; return 1; }
	fi
	if newer "$records" "$figure"; then
		bel-plot -o "$figure" -- "$records" || return 1
	fi
	printf %s "$did" >>"$work.done"
}

# Writes POSITION, NAME, TRACE and COMMAND-LINE of each trace, each followed by a NUL. The subshell sets
# LC_ALL, because the order of the names must not depend on the locale.
list_work() (
	export LC_ALL=C
	position=0
	if [ -d "$from" ]; then
		for trace in "$from"/*; do
			case $trace in *.md | *.jsonl | *.json) continue ;; esac
			[ -f "$trace" ] || continue
			position=$((position + 1))
			printf '%s\0%s\0%s\0\0' "$position" "${trace##*/}" "$trace"
		done
		return
	fi
	cr=$(printf '\r')
	while IFS= read -r line || [ -n "$line" ]; do
		# Lines of a list may end with CR LF.
		line=${line%"$cr"}
		case $line in *[!\ \	]*) ;; *) continue ;; esac
		case $line in '#'*) continue ;; esac
		# The name is readable. The checksum tells apart commands with the same readable name.
		name=$(printf %s "$line" | tr -cs 'A-Za-z0-9._' - | cut -c 1-40)
		name=${name#-}$(printf %s "$line" | cksum | sed 's/ .*//; s/^/-/')
		position=$((position + 1))
		printf '%s\0%s\0%s\0%s\0' "$position" "$name" "$out/traces/$name.bel" "$line"
	done <"$from"
)

# collect FILE: prints the records of the traces in FILE, in its order.
collect() {
	xargs -0 -n 4 sh -c 'f=$0/runs/$2.jsonl; [ ! -s "$f" ] || cat -- "$f"' "$out" <"$1"
}

# shellcheck disable=SC2016,SC2154 # the variables are jq's; common/script.sh sets visible
# Rows: trace and frames; columns: policies. Variable-space policies have no frame count; their rows
# show ~ and the mean resident set.
summary=$visible'
def left($w): . + " " * ($w - length);
def right($w): " " * ($w - length) + .;
def middle: if length > 40 then .[:18] + "..." + .[length - 19:] else . end;
# The name of a trace, or its file if several traces have the same name.
def called($shared): .trace.name as $name
  | if ($shared | index([$name])) and .trace.file then .trace.file | split("/")[-1] else $name end;
(map(.trace | {name, file, digest}) | unique | group_by(.name) | map(select(length > 1) | .[0].name)) as $shared |
([.[].spec] | reduce .[] as $l ([]; if index([$l]) then . else . + [$l] end)) as $policies
| [["trace", "pages", "frames"] + $policies]
  + (group_by([.trace.name, .trace.file, .trace.digest, .frames == null, .frames, (if .frames then 0 else .spec end)])
     | map(. as $rows
       | [(.[0] | called($shared)), (.[0].trace.pages | tostring),
          (if .[0].frames then .[0].frames | tostring
           else "~" + (.[0].mean_resident_pages * 10 | round / 10 | tostring) end)]
         + [$policies[] as $p | [$rows[] | select(.spec == $p) | .faults | tostring][0] // "-"]))
| if $csv then .[] | @csv
  else
    map(map(visible))
    | if (map(.[0]) | unique | length) == (map(.[0] | middle) | unique | length)
      then map([.[0] | middle] + .[1:]) else . end
    | . as $table
    | [range($table[0] | length) as $c | [$table[][$c] | length] | max] as $width
    | $table[] | . as $row
    | [range(length) as $c | $row[$c] | if $c == 0 then left($width[0]) else right($width[$c]) end]
    | join("  ")
  end'

# summary true|false FILE: makes FILE of all records, as CSV or as a table.
summarise() {
	jq -rs --argjson csv "$1" "$summary" "$out/results.jsonl" >"$2.part" && mv -- "$2.part" "$2"
}

out=comparison policies=fifo,lru,opt,clock,ws frames='4:256:*2' format=table
jobs=$(getconf _NPROCESSORS_ONLN)
if [ "${1:-}" = --one ]; then
	shift
	out=$COMPARE_OUT policies=$COMPARE_POLICIES frames=$COMPARE_FRAMES threads=$COMPARE_THREADS
	work=$COMPARE_WORK quiet=$COMPARE_QUIET count=$COMPARE_COUNT
	one "$@"
	exit
fi
while [ $# -gt 0 ]; do
	case $1 in
	--output=* | --policies=* | --frames=* | --jobs=* | --format=*)
		value=${1#*=} name=${1%%=*}
		shift
		set -- "$name" "$value" "$@" ;;
	esac
	case $1 in
	-o | --output | -p | --policies | -f | --frames | -j | --jobs | --format)
		[ $# -ge 2 ] || wrong "$1: a value is needed"
		case $1 in
		-o | --output) out=$2 ;;
		-p | --policies) policies=$2 ;;
		-f | --frames) frames=$2 ;;
		-j | --jobs) jobs=$2 ;;
		--format) format=$2 ;;
		esac
		shift 2 ;;
	-q | --quiet) quiet=1; shift ;;
	--help) print usage; exit 0 ;;
	--version) print version; exit 0 ;;
	--) shift; break ;;
	-?*) wrong "unknown option '" "$1" "'" ;;
	*) break ;;
	esac
done
[ $# -eq 1 ] || wrong 'one folder of traces, or one list of commands, is needed'
from=$1
case $jobs in '' | *[!0-9]* | 0) wrong "-j: '" "$jobs" "' is not a number of jobs" ;; esac
case $format in table | csv) ;; *) wrong "--format: '" "$format" "' is neither table nor csv" ;; esac
[ -e "$from" ] || { say '' "$from" ': no such file or folder'; exit 3; }
# Tools must not take a name that begins with '-' for an option.
case $from in -*) from=./$from ;; esac
case $out in -*) out=./$out ;; esac
find_tools bel-compare bel-sim bel-plot jq
if [ ! -d "$from" ]; then
	find_tools bel-capture bel-info
	refuse_trace "$from"
fi
check_policies

mkdir -p "$out/runs" "$out/figures" "$out/traces" || exit 3
settings="policies $policies
frames $frames
$(bel-sim --version | sed -n 1p)"
if [ -e "$out/settings" ] && [ "$(cat "$out/settings")" != "$settings" ]; then
	say '' "$out" ' was made with other settings (see the file settings there): choose another -o;
bel-compare joins the results.jsonl of both'
	exit 2
fi
printf '%s\n' "$settings" >"$out/settings"
rm -f "$out"/traces/*.part

work=$out/work.$$
trap 'rm -f "$work" "$work.done"' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 141' PIPE
trap 'exit 143' TERM
list_work >"$work"
: >"$work.done"
count=$(($(tr -dc '\0' <"$work" | wc -c) / 4))
[ "$count" -gt 0 ] || { say '' "$from" ': no traces'; exit 3; }
# Uses all cores: bel-sim gets several threads if there are fewer traces than jobs.
threads=$((jobs > count ? jobs / count : 1))
COMPARE_OUT=$out COMPARE_POLICIES=$policies COMPARE_FRAMES=$frames COMPARE_THREADS=$threads \
	COMPARE_WORK=$work COMPARE_QUIET=$quiet COMPARE_COUNT=$count xargs -0 -n 4 -P "$jobs" "$0" --one <"$work"
failed=$((count - $(wc -c <"$work.done")))

# In the order of the list, so that the result does not depend on which job ended first.
collect "$work" >"$out/results.jsonl.part" &&
	mv -- "$out/results.jsonl.part" "$out/results.jsonl" || exit 3
[ -s "$out/results.jsonl" ] || { say 'no trace could be simulated'; exit 3; }
summarise false "$out/summary.txt" || exit 3
if [ "$format" = csv ]; then
	summarise true "$out/summary.csv" || exit 3
	print cat -- "$out/summary.csv"
else
	print cat -- "$out/summary.txt"
fi
bel-compare --show traces,policies --format table -o "$out/comparison.txt" "$out/results.jsonl" \
	2>/dev/null || tell 'no policy of fixed space: nothing to compare'
simulated=$(tr -d . <"$work.done" | wc -c)
tell "$((count - failed)) of $count traces ($((simulated)) simulated now, $((count - failed - simulated)) \
were up to date): " "$out" '/results.jsonl, summary.txt, figures/'
[ "$failed" -eq 0 ] || { say "$failed of $count traces failed, see above"; exit 3; }
