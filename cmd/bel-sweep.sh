#!/bin/bash
# SPDX-License-Identifier: MIT
#
# bel-sweep: plans many runs of bel-sim as one shell command a line, and collects their results.
# xargs, GNU parallel or Slurm run the lines. bel-sim gives a result its name when it is complete;
# then the line writes the name of the host, and does nothing if that is there. So lines may be
# killed, repeated and doubled.
#
# Files in the folder of a sweep: plan (the lines), jobs (name of the job and digest of its trace, in
# the order of the plan, after a line with the version), results/NAME.jsonl, results/NAME.host.
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
      --slurm                 as an array job of Slurm, collected by a second one
      --lines=N               lines of the plan in a task of the array (default:
                              as many as give at most 1000 tasks)
      --sbatch=OPTION         hand an option to sbatch; may be given again

output:
  -o, --output=FILE           plan: the folder of the sweep (default: sweep);
                              collect: the file of results (default: standard
                              output)
      --partial               collect: leave out what is not complete
      --all                   clean: remove plan and results, too
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

# quote WORD: sets `quoted` to one word for sh. Control characters need $'...' of bash, so that the
# word has no line break; `odd` then says so.
quote() {
	case $1 in
	*[[:cntrl:]]*) printf -v quoted %q "$1"; odd=1 ;;
	'' | *[!A-Za-z0-9_./,:=+@%-]*) quoted=\'${1//\'/\'\\\'\'}\' ;;
	*) quoted=$1 ;;
	esac
}

# words WORD...: appends the quoted words to `line`.
words() {
	local word
	for word; do
		quote "$word"
		line+=${line:+ }$quoted
	done
}

# expand SPEC: appends to `policies` a policy for each choice of values between '|'.
expand() {
	local choices value head tail
	if [[ $1 =~ ^([^:|]*:[^|]*=)([^:|=]*(\|[^:|=]*)+)(:.*)?$ ]]; then
		head=${BASH_REMATCH[1]} tail=${BASH_REMATCH[4]-}
		IFS='|' read -ra choices <<<"${BASH_REMATCH[2]}"
		for value in "${choices[@]}"; do
			expand "$head$value$tail"
		done
	else
		policies+=("$1")
	fi
}


# resolve PAGE-BYTES SEED: sets for each policy `keys`, what names it in a result, and `counts`, its
# frame counts ("null" for a policy of variable space). A trace of one reference is enough for that.
resolve() {
	local number file=$work/resolved.$1.$2 status
	if [ ! -e "$file" ]; then
		for number in "${!policies[@]}"; do
			echo "{\"number\":$number}"
			bel-sim -q --from addresses --page-size "$1" --seed "$2" --format jsonl \
				-p "${policies[number]}" "${memory[@]}" 2>"$work/words" <<<0 || {
				status=$?
				say '' "$(sed -n '1s/^bel-sim: //p' "$work/words")"
				exit "$status"
			}
		done >"$work/probe"
		jq -nr 'reduce inputs as $r ([]; if $r.number != null then . + [[null]]
			else .[-1][0] = ($r | {policy, params, plugin: .plugin.digest} | tojson)
				| .[-1] += [$r.frames | tostring] end)
			| .[] | (.[0] // error("no policy")), (.[1:] | join(","))' \
			"$work/probe" >"$file" 2>/dev/null || wrong '-p: the list names no policies'
	fi
	mapfile -t probed <"$file"
	keys=() counts=()
	for ((number = 0; number < ${#probed[@]}; number += 2)); do
		keys+=("${probed[number]}") counts+=("${probed[number + 1]}")
	done
}

# add_job POLICIES KEYS OPTION FRAMES FRAMES-KEY: appends one job. Its key, which has all that its
# result depends on, goes to a file of its own.
add_job() {
	local line=
	odd=
	words -p "$1"
	# Policies of variable space take no frame counts.
	[ "$5" = null ] || words "$3" "$4"
	words --seed "$seed" "${page_size[@]}" "${reader[@]}"
	before+=("$line")
	line=
	words "$trace"
	after+=("$line") odds+=("$odd") digests+=("$digest")
	printf '%s\0' "$version" "$digest" "$trace" "$page_bytes" "$seed" "$2" "$5" \
		>"$work/key.${#after[@]}"
}

# add_jobs: appends the jobs of one trace, page size and seed.
add_jobs() {
	local at number part list key frames=null parts=('') option=${memory[0]} text
	resolve "$page_bytes" "$seed"
	for number in "${!counts[@]}"; do
		[ "${counts[number]}" = null ] || frames=${counts[number]}
	done
	if [ "$split" -gt 0 ] && [ "$frames" != null ]; then
		mapfile -t parts < <(tr , '\n' <<<"$frames" | xargs -n "$split" | tr ' ' ,)
		option=-f
	fi
	for ((at = 0; at < ${#policies[@]}; at += chunk)); do
		for part in "${!parts[@]}"; do
			list='' key='' text=null
			for ((number = at; number < at + chunk && number < ${#policies[@]}; number++)); do
				# A policy of variable space has one result, not one for each part.
				[ "$part" -eq 0 ] || [ "${counts[number]}" != null ] || continue
				list+=${list:+,}${policies[number]} key+=${keys[number]}
				[ "${counts[number]}" = null ] || text=${parts[part]:-$frames}
			done
			[ "$text" = null ] || [ -z "$shares" ] || text=${memory[1]}
			[ -z "$list" ] || add_job "$list" "$key" "$option" "${parts[part]:-${memory[1]}}" "$text"
		done
	done
}

# read_traces: sets `found`: digest and page size of each trace with each page size, in order.
read_traces() {
	local number=0
	for trace in "${traces[@]}"; do
		for size in "${sizes[@]}"; do
			printf '%s\0' "${size:+--page-size=}${size:--q}" -o "$work/info.$((number += 1))" -- "$trace"
		done
	done | xargs -0 -n 5 -P "$jobs" bel-info -q -j 1 --format jsonl "${reader[@]}" || exit 3
	number=$((${#traces[@]} * ${#sizes[@]}))
	(cd "$work" && seq -f info.%.0f "$number" | xargs cat --) |
		jq -r '.trace | .digest, .page_bytes' >"$work/found"
	mapfile -t found <"$work/found"
}

# write_plan: names the jobs and writes the files of the sweep.
write_plan() {
	local names line head result number complete=0 odd='' at
	(cd "$work" && seq -f key.%.0f "${#after[@]}" | xargs sha256sum | cut -c 1-16) >"$work/names"
	mapfile -t names <"$work/names"
	line='cd'
	words "$PWD"
	head="$line && { test -s "
	quote "$out/results"
	result=$quoted at=$odd
	line=
	words "$sim" -q -j 1 --format jsonl
	sim=$line at+=$odd
	mkdir -p -- "$out/results" || exit 3
	for number in "${!names[@]}"; do
		line="$head$result/${names[number]}.host || { $sim ${before[number]} -o $result/${names[number]}"
		line+=".jsonl -- ${after[number]} && uname -n >$result/${names[number]}.host; }; }"
		if [ -n "$at${odds[number]}" ]; then
			quote "$line"
			line="bash -c $quoted"
		fi
		printf '%s\n' "$line"
		printf '%s\t%s\n' "${names[number]}" "${digests[number]}" >&3
		[ ! -s "$out/results/${names[number]}.host" ] || complete=$((complete + 1))
	done >"$out/plan.part" 3>"$work/jobs"
	{ echo "$version" && cat "$work/jobs"; } >"$out/jobs.part"
	mv -- "$out/jobs.part" "$out/jobs"
	mv -- "$out/plan.part" "$out/plan"
	tell "${#names[@]} jobs ($complete complete already): " "$out" '/plan'
}

plan() {
	local list size seed at=0
	find_tools bel-sim bel-info jq
	out=${value[output]:-sweep}
	case $out in -*) out=./$out ;; esac
	sim=${value[sim]:-$(command -v bel-sim)}
	version=$(bel-sim --version)
	version=${version##* }
	[ "${#traces[@]}" -gt 0 ] || wrong 'plan: no trace is given'
	for trace in "${traces[@]}"; do
		[ "$trace" != - ] || wrong "-: jobs read traces from files, not from standard input"
	done
	[ -z "${value[frames]-}" ] || [ -z "${value[ram]-}" ] || wrong '-f and -m exclude each other'
	memory=(-f "${value[frames]:-4:256:*2}")
	[ -z "${value[ram]-}" ] || memory=(-m "${value[ram]}")
	case ${memory[1]} in *%* | *all*) shares=1 ;; *) shares='' ;; esac
	[ -z "$shares" ] || [ "$split" -eq 0 ] ||
		wrong "--split: it needs frame counts that are the same for every trace, not shares or 'all'"
	IFS=, read -ra list <<<"${value[policies]:-fifo,lru,opt,clock}"
	for size in "${list[@]}"; do expand "$size"; done
	IFS=, read -ra sizes <<<"${value[page-size]-}"
	IFS=, read -ra seeds <<<"${value[seed]:-1}"
	[ "${#sizes[@]}" -gt 0 ] || sizes=('')
	work=$(mktemp -d)
	trap 'rm -rf "$work"' EXIT
	resolve "${sizes[0]:-4096}" "${seeds[0]}"
	read_traces
	for trace in "${traces[@]}"; do
		for size in "${sizes[@]}"; do
			digest=${found[at]} page_bytes=${found[at + 1]} at=$((at + 2))
			page_size=(${size:+--page-size "$size"})
			for seed in "${seeds[@]}"; do add_jobs; done
		done
	done
	write_plan
}

# open_sweep: reads the plan. Sets names, digests, lines, and the numbers of the jobs that are
# complete, missing, or not as planned.
open_sweep() {
	local number first
	folder=${traces[0]:-sweep}
	[ "${#traces[@]}" -le 1 ] || wrong "$command: one folder is needed"
	case $folder in -*) folder=./$folder ;; esac
	[ -f "$folder/plan" ] && [ -f "$folder/jobs" ] ||
		fail '' "$folder" ": no sweep is planned here; 'bel-sweep plan -o FOLDER' does that"
	mapfile -t lines <"$folder/plan"
	{ read -r version && mapfile -t names; } <"$folder/jobs"
	[ "${#names[@]}" -eq "${#lines[@]}" ] ||
		fail '' "$folder" ": its files plan and jobs differ in length; run 'bel-sweep plan' again"
	complete=() missing=() strange=()
	for number in "${!names[@]}"; do
		digests[number]=${names[number]#*$'\t'}
		names[number]=${names[number]%%$'\t'*}
		if [ ! -s "$folder/results/${names[number]}.host" ] ||
			[ ! -s "$folder/results/${names[number]}.jsonl" ]; then
			missing+=("$number")
			continue
		fi
		IFS= read -r first <"$folder/results/${names[number]}.jsonl" || :
		case $first in
		*'"version":"'"$version"'",'*'"digest":"'"${digests[number]}"'",'*) complete+=("$number") ;;
		*) strange+=("$number") ;;
		esac
	done
}

# report: says what is complete; its status is 1 if something is not.
report() {
	local said="${#complete[@]} of ${#names[@]} jobs are complete"
	[ "${#strange[@]}" -eq 0 ] || say "${#strange[@]} results are not as planned, the first is " \
		"$folder/results/${names[strange[0]]}.jsonl" ": its trace or bel-sim was changed after the \
plan; run 'bel-sweep plan' again, then 'bel-sweep clean'"
	if [ "${#missing[@]}" -gt 0 ]; then
		"${1:-tell}" "$said; 'bel-sweep run' makes the others"
	else
		tell "$said"
	fi
	[ $((${#missing[@]} + ${#strange[@]})) -eq 0 ]
}

# A job that is killed must not stop xargs: the outer sh always succeeds.
run_here() {
	xargs -d '\n' -n 1 -P "$jobs" sh -c 'sh -c "$0" </dev/null || :' || :
}

run_ssh() {
	find_tools parallel
	parallel --version 2>/dev/null | grep -q '^GNU parallel' ||
		fail 'parallel is not GNU parallel; install the package parallel'
	parallel --sshlogin "${value[ssh]}" ${value[jobs]:+-j "${value[jobs]}"} sh -c '{}' || :
}

# Each submission has its own folder, because the array reads its lines when it runs.
run_slurm() {
	local here tasks per_task=${value[lines]:-$(((${#missing[@]} + 999) / 1000))} array self
	find_tools sbatch
	mkdir -p -- "$folder/slurm"
	here=$(cd -- "$folder/slurm" && mktemp -d -- "$PWD/XXXXXX")
	case $here in *[[:cntrl:]%\\]*) fail '' "$here" ": Slurm cannot use a folder of this name" ;; esac
	cat >"$here/lines"
	tasks=$(((${#missing[@]} + per_task - 1) / per_task))
	self=$(cd -- "$(dirname -- "$0")" && pwd)/${0##*/}
	quote "$here/lines"
	cat >"$here/jobs.sh" <<END
#!/bin/sh
#SBATCH --job-name=bel-sweep
first=\$((SLURM_ARRAY_TASK_ID * $per_task + 1))
sed -n "\$first,\$((first + $per_task - 1))p" $quoted | while IFS= read -r line; do
	sh -c "\$line" </dev/null
done
END
	line='exec'
	words "$self" collect -o "$here/../../results.jsonl" "$here/../.."
	printf '#!/bin/sh\n#SBATCH --job-name=bel-sweep-collect\n%s\n' "$line" >"$here/collect.sh"
	array=$(sbatch --parsable --array="0-$((tasks - 1))" --output="$here/%a.log" \
		"${sbatch[@]}" "$here/jobs.sh") || exit 3
	array=${array%%;*}
	sbatch --parsable --dependency="afterany:$array" --output="$here/collect.log" \
		"${sbatch[@]}" "$here/collect.sh" >"$here/collect.id" || exit 3
	tell "Slurm has job $array ($tasks tasks of $per_task lines); then job $(cut -d \; -f 1 \
		"$here/collect.id") writes " "$folder/results.jsonl" "; messages of jobs: slurm/*/*.log"
}

run() {
	local number engine=run_here
	open_sweep
	[ -z "${value[ssh]-}" ] || engine=run_ssh
	[ -z "${value[slurm]-}" ] || engine=run_slurm
	[ -z "${value[ssh]-}" ] || [ -z "${value[slurm]-}" ] || wrong '--ssh and --slurm exclude each other'
	if [ "${#missing[@]}" -gt 0 ]; then
		for number in "${missing[@]}"; do
			printf '%s\n' "${lines[number]}"
		done | $engine
		[ $engine != run_slurm ] || return 0
		open_sweep
	fi
	report say || exit 3
}

hosts() {
	local number
	for number in "${complete[@]}"; do
		host_of "${names[number]}"
		echo "${host:-unknown}"
	done | sort | uniq -c | awk '{printf "%-16s %d\n", "on " $2, $1}'
}

status() {
	open_sweep
	counts() {
		printf '%-16s %d\n' jobs "${#names[@]}" complete "${#complete[@]}" missing "${#missing[@]}" \
			'not as planned' "${#strange[@]}"
		hosts
	}
	print counts
	[ "${#complete[@]}" -eq "${#names[@]}" ] || exit 1
}

# host_of NAME: sets `host`, empty if the job did not write it. Other characters cannot be in a
# host's name.
host_of() {
	host=
	! IFS= read -r host 2>/dev/null <"$folder/results/$1.host" || host=${host//[!A-Za-z0-9._-]/}
}

# provenance: a record for each job, in the order of the plan.
provenance() {
	local number host by
	for number in "${!names[@]}"; do
		host_of "${names[number]}"
		by=\"$version\" host=${host:+\"$host\"}
		case " ${complete[*]} " in *" $number "*) ;; *) by=null host= ;; esac
		printf '{"schema":"belady.sweep-job/1","tool":"bel-sweep","version":"%s",' "$version"
		printf '"job":"%s","position":%d,"trace_digest":"%s","simulated_by":%s,"host":%s}\n' \
			"${names[number]}" $((number + 1)) "${digests[number]}" "$by" "${host:-null}"
	done
}

# results: the records of complete jobs, in the order of the plan.
results() {
	local number
	for number in "${complete[@]}"; do
		printf '%s\0' "$folder/results/${names[number]}.jsonl"
	done | xargs -0 -r cat --
}

collect() {
	local to=${value[output]-}
	open_sweep
	report say || [ -n "${value[partial]-}" ] || exit 1
	provenance >"$folder/provenance.jsonl.part"
	mv -- "$folder/provenance.jsonl.part" "$folder/provenance.jsonl"
	case $to in
	'' | -) print results ;;
	*) case $to in -*) to=./$to ;; esac
		results >"$to.part" || exit 3
		mv -- "$to.part" "$to" || exit 3 ;;
	esac
}

clean() {
	local number
	open_sweep
	local -A keep=()
	for number in "${complete[@]}"; do keep[${names[number]}]=1; done
	[ -z "${value[all]-}" ] || keep=()
	find "$folder/results" -maxdepth 1 -type f -name '.?*.jsonl*' -delete
	for file in "$folder/results"/*.jsonl "$folder/results"/*.host; do
		name=${file##*/}
		[ -n "${keep[${name%.*}]-}" ] || rm -f -- "$file"
	done
	rm -rf -- "$folder/slurm"
	[ -n "${value[all]-}" ] || return 0
	rm -f -- "$folder"/{plan,jobs,provenance.jsonl,results.jsonl}
	rmdir -- "$folder/results" "$folder" 2>/dev/null || :
}

declare -A value=() takes=([policies]=plan [frames]=plan [ram]=plan [page-size]=plan [seed]=plan
	[spec]=plan [chunk]=plan [split]=plan [sim]=plan [from]=plan [first-byte]=plan [max-bad]=plan
	[columns]=plan [separator]=plan [kinds]=plan [unit]=plan [jobs]='plan run' [ssh]=run [slurm]=run
	[lines]=run [sbatch]=run [output]='plan collect' [partial]=collect [all]=clean
	[quiet]='plan run status collect clean')
declare -A short=([-p]=policies [-f]=frames [-m]=ram [-j]=jobs [-o]=output [-q]=quiet)
reader=() sbatch=() traces=() policies=() before=() after=() odds=() digests=()

# take_spec FILE: takes its lines NAME=VALUE as options.
take_spec() {
	local text
	[ -f "$1" ] && [ -r "$1" ] || fail '--spec: ' "$1" ': it cannot be read'
	while IFS= read -r text || [ -n "$text" ]; do
		text=${text%$'\r'}
		case $text in
		'' | '#'*) ;;
		trace=?*) traces+=("${text#*=}") ;;
		spec=*) wrong '--spec: ' "$1" ': a file of options names no other' ;;
		first-byte | [a-z]*=?*)
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
		slurm,* | partial,* | all,* | quiet,* | first-byte,*)
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
