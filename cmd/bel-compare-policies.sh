#!/bin/bash
# SPDX-License-Identifier: MIT
#
# bel-compare-policies: compares policies over many traces. bel-capture makes the traces that are
# missing, bel-sweep runs the simulations, one job for each trace, bel-plot draws figures, and jq
# arranges the tables. Complete files are not made again, so an interrupted comparison can be
# continued.
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

where to run (as for bel-sweep; default: on this machine):
  -j, --jobs=N                traces at a time on a machine (default: one for
                              each processor)
      --ssh=HOST,...          simulate on these hosts, with GNU parallel; ':' is
                              this machine
      --slurm                 submit the simulations to Slurm, and end; when
                              they have ended, run again without it
      --sbatch=OPTION         hand an option to sbatch; may be given again

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

# capture_missing: captures the commands that have no trace yet, several at a time.
capture_missing() {
	for number in "${!commands[@]}"; do
		[ -s "${traces[number]}" ] || printf '%s\0' "$quiet" "$((number + 1)) of $count: " \
			"${commands[number]}" "${traces[number]}"
	done | xargs -0 -r -n 4 -P "$jobs" "$0" --capture
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

# list_work: sets names and traces, and the commands that make them if there is a list. The order of
# the names must not depend on the locale.
list_work() {
	local LC_ALL=C trace line name
	if [ -d "$from" ]; then
		for trace in "$from"/*; do
			case $trace in *.md | *.jsonl | *.json) continue ;; esac
			[ -f "$trace" ] || continue
			names+=("${trace##*/}") traces+=("$trace")
		done
		return
	fi
	while IFS= read -r line || [ -n "$line" ]; do
		# Lines of a list may end with CR LF.
		line=${line%$'\r'}
		case $line in *[!\ $'\t']*) ;; *) continue ;; esac
		case $line in '#'*) continue ;; esac
		# The name is readable. The checksum tells apart commands with the same readable name.
		name=$(printf %s "$line" | tr -cs 'A-Za-z0-9._' - | cut -c 1-40)
		name=${name#-}$(printf %s "$line" | cksum | sed 's/ .*//; s/^/-/')
		names+=("$name") traces+=("$out/traces/$name.bel") commands+=("$line")
	done <"$from"
}

# sweep COMMAND...: bel-sweep, with its messages as this tool's. How many of its jobs are complete
# is left out: the last lines say how many traces failed.
# shellcheck disable=SC2154 # common/script.sh sets me
sweep() {
	{ bel-sweep "$@" 2>&1 >&3 |
		LC_ALL=C sed -u "/^bel-sweep: [0-9]* of [0-9]* jobs are complete/d; s/^bel-sweep: /$me: /" >&2; } 3>&1
	return "${PIPESTATUS[0]}"
}

# simulate: plans one job for each trace that is there, and runs what is missing. Sets for each of
# these traces `job`, its result without the ending, and `before` if that was complete.
simulate() {
	local planned=() files=() number name loudness missing=0
	for number in "${!traces[@]}"; do
		[ -z "${commands[number]-}" ] || [ -s "${traces[number]}" ] || continue
		planned+=("$number") files+=("${traces[number]}")
	done
	[ ${#files[@]} -gt 0 ] || { say 'no trace could be simulated'; exit 3; }
	sweep plan -q --by-time --chunk 999999999 -p "$policies" -f "$frames" -o "$out/sweep" \
		-- "${files[@]}" || exit
	set -- "${planned[@]}"
	while read -r name _; do
		job[$1]=$out/sweep/results/$name
		if [ -s "${job[$1]}.host" ]; then before[$1]=1; else missing=1; fi
		shift
	done < <(sed 1d "$out/sweep/jobs")
	[ $missing -eq 1 ] || return 0
	if [ -n "$quiet" ]; then loudness=--quiet; else loudness=--verbose; fi
	sweep run "$loudness" "${where[@]}" "$out/sweep" || [ $? -eq 3 ] || exit
	[ -z "$slurm" ] || { tell 'when these jobs have ended, run the same command without --slurm'; exit 0; }
}

# draw: draws the figures of traces with new results, several at a time. Sets how many traces have
# records and figure: `now` if they were simulated now, else `earlier`. runs/NAME.jsonl tells which
# result a figure shows.
draw() {
	local number records figure
	for number in "${!names[@]}"; do
		records=$out/runs/${names[number]}.jsonl figure=$out/figures/${names[number]}.svg
		if [ ! -s "${job[number]-}.host" ]; then
			rm -f -- "$figure" "$records"
			continue
		fi
		if [ ! "$records" -ef "${job[number]}.jsonl" ]; then
			[ ! -e "$figure" ] || rm -f -- "$figure"
			ln -sfn -- "../sweep/results/${job[number]##*/}.jsonl" "$records" || exit 3
		fi
		[ -s "$figure" ] || printf '%s\0' -o "$figure" -- "$records"
	done | xargs -0 -r -n 4 -P "$jobs" bel-plot
	for number in "${!names[@]}"; do
		[ -s "$out/figures/${names[number]}.svg" ] || continue
		if [ -n "${before[number]-}" ]; then earlier=$((earlier + 1)); else now=$((now + 1)); fi
	done
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

if [ "${1:-}" = --capture ]; then
	quiet=$2
	tell "$3capturing " "$4"
	capture "$4" "$5" || { say '' "$4" ': capture failed'; exit 1; }
	exit
fi
out=comparison policies=fifo,lru,opt,clock,ws frames='4:256:*2' format=table slurm=''
jobs=$(getconf _NPROCESSORS_ONLN)
names=() traces=() commands=() job=() before=() where=() now=0 earlier=0
while [ $# -gt 0 ]; do
	case $1 in
	--output=* | --policies=* | --frames=* | --jobs=* | --format=* | --ssh=* | --sbatch=*)
		value=${1#*=} name=${1%%=*}
		shift
		set -- "$name" "$value" "$@" ;;
	esac
	case $1 in
	-o | --output | -p | --policies | -f | --frames | -j | --jobs | --format | --ssh | --sbatch)
		[ $# -ge 2 ] || wrong "$1: a value is needed"
		case $1 in
		-o | --output) out=$2 ;;
		-p | --policies) policies=$2 ;;
		-f | --frames) frames=$2 ;;
		-j | --jobs) jobs=$2 where+=("--jobs=$2") ;;
		--format) format=$2 ;;
		*) where+=("$1=$2") ;;
		esac
		shift 2 ;;
	--slurm) slurm=1 where+=("$1"); shift ;;
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
[ -z "$slurm" ] || [[ " ${where[*]}" != *" --ssh="* ]] || wrong '--ssh and --slurm exclude each other'
case $format in table | csv) ;; *) wrong "--format: '" "$format" "' is neither table nor csv" ;; esac
[ -e "$from" ] || { say '' "$from" ': cannot open: No such file or directory'; exit 3; }
# Tools must not take a name that begins with '-' for an option.
case $from in -*) from=./$from ;; esac
case $out in -*) out=./$out ;; esac
find_tools bel-compare bel-sim bel-sweep bel-plot jq
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
# In one step: a rest of it would look like other settings.
write_part "$out/settings" printf '%s\n' "$settings"
mv -- "$out/settings.part" "$out/settings" || exit 3
rm -f "$out"/traces/*.part

list_work
count=${#names[@]}
[ "$count" -gt 0 ] || { say '' "$from" ': no traces'; exit 3; }
capture_missing
simulate
draw
sweep collect -q --partial -o "$out/results.jsonl" "$out/sweep" || exit 3
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
tell "$((now + earlier)) of $count traces ($now simulated now, $earlier were up to date): " "$out" \
	'/results.jsonl, summary.txt, figures/'
failed=$((count - now - earlier))
[ "$failed" -eq 0 ] || { say "$failed of $count traces failed, see above"; exit 3; }
