#!/bin/bash
# SPDX-License-Identifier: MIT
#
# bel-sweep: status, collect and clean.
# The other parts of bel-sweep set the variables of the options and use what this part sets.
# shellcheck disable=SC2034,SC2154

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
			'not as planned' $((${#strange[@]} + ${#cut[@]}))
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
	local number host by digest
	local -A made=()
	for number in "${complete[@]}"; do made[$number]=1; done
	for number in "${!names[@]}"; do
		host_of "${names[number]}"
		by=\"$version\" host=${host:+\"$host\"} digest=\"${digests[number]}\"
		[ -n "${made[$number]-}" ] || by=null host=
		# Of a trace that no job has read, plan --by-time knows no digest.
		case $digest in *=*) digest=null ;; esac
		printf '{"schema":"belady.sweep-job/1","tool":"bel-sweep","version":"%s",' "$version"
		printf '"job":"%s","position":%d,"trace_digest":%s,"simulated_by":%s,"host":%s}\n' \
			"${names[number]}" $((number + 1)) "$digest" "$by" "${host:-null}"
	done
}

# results: the records of complete jobs, in the order of the plan.
results() {
	result_files | xargs -0 -r cat --
}

collect() {
	local to=${value[output]-}
	open_sweep
	report say || [ -n "${value[partial]-}" ] || exit 1
	write_part "$folder/provenance.jsonl" provenance
	mv -- "$folder/provenance.jsonl.part" "$folder/provenance.jsonl"
	case $to in
	'' | -) print results ;;
	*) case $to in -*) to=./$to ;; esac
		write_part "$to" results
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
