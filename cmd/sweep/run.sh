#!/bin/bash
# SPDX-License-Identifier: MIT
#
# bel-sweep: what is missing, and the three ways to run it.
# The other parts of bel-sweep set the variables of the options and use what this part sets.
# shellcheck disable=SC2034,SC2154

# open_sweep: reads the plan. Sets names, digests, names of traces, lines, and the numbers of the jobs
# that are complete, missing, or not as planned. A job of `plan --by-time` has the digest of its
# result.
open_sweep() {
	local number first rest digest
	folder=${traces[0]:-sweep}
	[ "${#traces[@]}" -le 1 ] || wrong "$command: one folder is needed"
	case $folder in -*) folder=./$folder ;; esac
	[ -f "$folder/plan" ] && [ -f "$folder/jobs" ] ||
		fail '' "$folder" ": no sweep is planned here; 'bel-sweep plan -o FOLDER' does that"
	mapfile -t lines <"$folder/plan"
	{ read -r version && mapfile -t names; } <"$folder/jobs"
	[ "${#names[@]}" -eq "${#lines[@]}" ] ||
		fail '' "$folder" ": its files plan and jobs differ in length; run 'bel-sweep plan' again"
	complete=() missing=() strange=() cut=()
	for number in "${!names[@]}"; do
		rest=${names[number]#*$'\t'}
		names[number]=${names[number]%%$'\t'*}
		digests[number]=${rest%%$'\t'*} shown_traces[number]=${rest#*$'\t'}
		if [ ! -s "$folder/results/${names[number]}.host" ] ||
			[ ! -s "$folder/results/${names[number]}.jsonl" ]; then
			missing+=("$number")
			continue
		fi
		IFS= read -r first 2>/dev/null <"$folder/results/${names[number]}.jsonl" || {
			cut+=("$number")
			continue
		}
		digest=${first#*'"digest":"'} digest=${digest%%\"*}
		case ${digests[number]},$first in
		"$digest",*'"version":"'"$version"'",'* | bytes=*,*'"version":"'"$version"'",'*)
			digests[number]=$digest
			complete+=("$number") ;;
		*) strange+=("$number") ;;
		esac
	done
	check_ends
}

# The names of the files of complete jobs, each with a zero byte after it.
result_files() {
	local number
	for number in "${complete[@]}"; do
		printf '%s\0' "$folder/results/${names[number]}.jsonl"
	done
}

# A result whose last line has no end was cut when it was copied.
check_ends() {
	local number
	[ -n "$(result_files | xargs -0 -r tail -qc 1 -- | tr -d '\n' | tr '\0' x)" ] || return 0
	local -a all=("${complete[@]}")
	complete=()
	for number in "${all[@]}"; do
		if [ -z "$(tail -c 1 -- "$folder/results/${names[number]}.jsonl" | tr '\0' x)" ]; then
			complete+=("$number")
		else
			cut+=("$number")
		fi
	done
}

# report: says what is complete; its status is 1 if something is not.
report() {
	local said="${#complete[@]} of ${#names[@]} jobs are complete"
	[ "${#strange[@]}" -eq 0 ] || say "${#strange[@]} results are not as planned, the first is " \
		"$folder/results/${names[strange[0]]}.jsonl" ": its trace or bel-sim was changed after the \
plan; run 'bel-sweep plan' again, then 'bel-sweep clean'"
	[ "${#cut[@]}" -eq 0 ] || say "${#cut[@]} results end in the middle of a line, the first is " \
		"$folder/results/${names[cut[0]]}.jsonl" ": run 'bel-sweep clean', then 'bel-sweep run'"
	if [ "${#missing[@]}" -gt 0 ]; then
		"${1:-tell}" "$said; 'bel-sweep run' makes the others"
	else
		tell "$said"
	fi
	[ $((${#missing[@]} + ${#strange[@]} + ${#cut[@]})) -eq 0 ]
}

# A job that is killed must not stop xargs: the outer sh always succeeds. If there are fewer jobs than
# can run at a time, each has several threads.
run_here() {
	export BEL_SWEEP_THREADS=$((jobs > ${#missing[@]} ? jobs / ${#missing[@]} : 1))
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
	local number line engine=run_here
	open_sweep
	[ -z "${value[ssh]-}" ] || engine=run_ssh
	[ -z "${value[slurm]-}" ] || engine=run_slurm
	[ -z "${value[ssh]-}" ] || [ -z "${value[slurm]-}" ] || wrong '--ssh and --slurm exclude each other'
	if [ "${#missing[@]}" -gt 0 ]; then
		for number in "${missing[@]}"; do
			line=''
			[ -z "${value[verbose]-}" ] || words printf '%s\n' \
				"$me: $((number + 1)) of ${#names[@]}: simulating ${shown_traces[number]}"
			printf '%s\n' "${line:+$line >&2; }${lines[number]}"
		done | $engine
		[ $engine != run_slurm ] || return 0
		open_sweep
	fi
	report say || exit 3
}
