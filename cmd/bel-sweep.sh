#!/bin/bash
# SPDX-License-Identifier: MIT
#
# bel-sweep: plans many runs of bel-sim as one shell command a line, and collects their results.
# xargs, GNU parallel or Slurm run the lines. bel-sim gives a result its name when it is complete;
# then the line writes the name of the host, and does nothing if both are there. So lines may be
# killed, repeated and doubled.
#
# Files in the folder of a sweep: plan (the lines), jobs (name of the job, digest of its trace, path of
# its trace made visible, in the order of the plan, after a line with the version),
# results/NAME.jsonl, results/NAME.host.
set -euo pipefail
export LC_ALL=C

usage() {
	cat <<'END'
usage: bel-sweep plan [OPTION...] TRACE...
       bel-sweep run|status|collect|clean [OPTION...] [FOLDER]
Plans many runs of bel-sim, runs them here or on a cluster, collects results.

what to compute (plan):
  -p, --policies=LIST         policies, as for bel-sim; 'ws:tau=100|1000' is two
                              (default fifo,lru,opt,clock)
  -f, --frames=LIST           frame counts, as for bel-sim (default 4:256:*2)
  -m, --ram=LIST              bytes of memory instead of frame counts
      --page-size=LIST        page sizes (default: each trace's own page size)
      --seed=LIST             seeds for policies that draw random numbers
                              (default 1)
      --spec=FILE             read options from FILE: lines such as
                              policies=lru,opt or trace=ls.bel

the jobs (plan):
      --chunk=N               policies that share one reading of a trace in a
                              job (default 8)
      --split=N               at most N frame counts in a job (default: all)
      --by-time               read no trace: know it by its path, its size and
                              the time of its last change, not by its digest
      --sim=COMMAND           bel-sim as the jobs call it (default: the one
                              beside bel-sweep)

input (plan, as for bel-sim):
      --from=FORMAT           format of the traces
      --first-byte            count a crossing reference once
      --max-bad=N             skip up to N malformed lines
      --columns=MAP           columns of csv traces
      --separator=CHAR        separator of csv columns
      --kinds=MAP             kinds of reference in csv traces
      --unit=SIZE             bytes for each page number

where to run (run; default: xargs, on this machine):
  -j, --jobs=N                jobs at a time on a machine (default: one for each
                              processor); plan reads so many traces at a time
      --ssh=HOST,...          on these hosts, with GNU parallel; ':' is this
                              machine
      --slurm                 as an array job of Slurm, with one that collects
      --lines=N               lines of the plan in a task of the array (default:
                              as many as give at most 1000 tasks)
      --sbatch=OPTION         hand an option to sbatch; may be given again

output:
  -o, --output=FILE           plan: the folder of the sweep (default: sweep);
                              collect: the file of results (default: standard
                              output)
      --partial               collect: leave out what is not complete
      --all                   clean: remove plan and results, too
  -v, --verbose               run: name the trace of each job that begins
  -q, --quiet                 print no progress; errors are still printed

help:
      --help                  print this help and exit
      --version               print the name and version and exit

examples:
  bel-sweep plan -p lru,sieve,opt --page-size 4K,64K -o s traces/*.bel
  bel-sweep run s && bel-sweep collect -o results.jsonl s
  bel-sweep run --slurm --sbatch=--time=2:00:00 s
END
}

# insert common/script.sh

fail() {
	say "$@"
	exit 3
}

# What fails without a check of its own, as when a disk is full, is status 3, not 1.
set -E
trap 'exit 3' ERR

# insert sweep/plan.sh
# insert sweep/run.sh
# insert sweep/collect.sh

declare -A value=() takes=([policies]=plan [frames]=plan [ram]=plan [page-size]=plan [seed]=plan
	[spec]=plan [chunk]=plan [split]=plan [by-time]=plan [sim]=plan [from]=plan [first-byte]=plan [max-bad]=plan
	[columns]=plan [separator]=plan [kinds]=plan [unit]=plan [jobs]='plan run' [ssh]=run [slurm]=run
	[lines]=run [sbatch]=run [output]='plan collect' [partial]=collect [all]=clean [verbose]=run
	[quiet]='plan run status collect clean')
declare -A short=([-p]=policies [-f]=frames [-m]=ram [-j]=jobs [-o]=output [-q]=quiet [-v]=verbose)
reader=() sbatch=() traces=()

# take_spec FILE: takes its lines NAME=VALUE as options.
take_spec() {
	local text
	[ -f "$1" ] && [ -r "$1" ] || fail '--spec: ' "$1" ': cannot read'
	while IFS= read -r text || [ -n "$text" ]; do
		text=${text%$'\r'}
		case $text in
		'' | '#'*) ;;
		trace=?*) traces+=("${text#*=}") ;;
		spec=*) wrong '--spec: ' "$1" ': a file of options names no other' ;;
		first-byte | by-time | [a-z]*=?*)
			name=${text%%=*}
			take "$name" "--$name" "${text#*=}" ;;
		*) wrong '--spec: ' "$1: '$text'" ' is not NAME=VALUE' ;;
		esac
	done <"$1"
}

# take NAME AS-GIVEN VALUE: takes one option. Lists grow when they are given again.
take() {
	[ -n "$1" ] && [ -n "${takes[$1]-}" ] || wrong "unknown option '" "$2" "'"
	[[ " ${takes[$1]} " = *" $command "* ]] || wrong "$2: bel-sweep ${command:-without a command} does not take it"
	case $1 in
	policies | frames | ram | page-size | seed | ssh) value[$1]+=${value[$1]:+,}$3 ;;
	sbatch) sbatch+=("$3") ;;
	from | max-bad | columns | separator | kinds | unit) reader+=("--$1=$3") ;;
	first-byte) reader+=(--first-byte) ;;
	spec) take_spec "$3" ;;
	jobs | chunk | lines | split)
		[[ $3 =~ ^[1-9][0-9]{0,8}$ ]] || wrong "$2: '" "$3" "' is not a number from 1 on"
		value[$1]=$3 ;;
	*) value[$1]=$3 ;;
	esac
}

command=${1-}
case $command in
plan | run | status | collect | clean) shift ;;
-*) command= ;;
'') wrong 'give a command: plan, run, status, collect or clean' ;;
*) wrong "'" "$command" "' is none of plan, run, status, collect, clean" ;;
esac
while [ $# -gt 0 ]; do
	case $1 in
	--help) print usage; exit 0 ;;
	--version) print version; exit 0 ;;
	--) shift; traces+=("$@"); break ;;
	-?*)
		name=${1%%=*}
		case $1 in --*) name=${name#--} ;; *) name=${short[$1]-} ;; esac
		case $name,$1 in
		slurm,* | partial,* | all,* | quiet,* | verbose,* | by-time,* | first-byte,*)
			[[ $1 != *=* ]] || wrong "$name: it takes no value"
			take "$name" "$1" 1
			shift ;;
		*,--*=*) take "$name" "${1%%=*}" "${1#*=}"; shift ;;
		*)
			[ -n "$name" ] && [ -n "${takes[$name]-}" ] || wrong "unknown option '" "$1" "'"
			[ $# -ge 2 ] || wrong "$1: a value is needed"
			take "$name" "$1" "$2"
			shift 2 ;;
		esac ;;
	*) traces+=("$1"); shift ;;
	esac
done
[ -n "$command" ] || wrong 'plan, run, status, collect or clean is needed'
quiet=${value[quiet]-} jobs=${value[jobs]:-$(getconf _NPROCESSORS_ONLN)}
chunk=${value[chunk]:-8} split=${value[split]:-0}
$command
