#!/bin/bash
# SPDX-License-Identifier: MIT
#
# bel-sweep: from options to the plan.
# The other parts of bel-sweep set the variables of the options and use what this part sets.
# shellcheck disable=SC2034,SC2154

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
	after+=("$line") odds+=("$odd") digests+=("$digest"$'\t'"$visible_trace")
	printf '%s\0' "$version" "$digest" "$trace" "$page_bytes" "$seed" "$2" "$5" \
		>"$work/key.${#after[@]}"
}

# add_jobs: appends the jobs of one trace, page size and seed.
add_jobs() {
	local at number part list key frames=null parts=('') option=${memory[0]} text
	resolve "${page_bytes:-4096}" "$seed"
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

# stat_traces: sets `found` as read_traces does, without reading. What stands for the digest has a
# '=', which no digest has. An own page size is not known.
stat_traces() {
	local stamp size
	found=()
	for trace in "${traces[@]}"; do
		[ -e "$trace" ] || fail '' "$trace" ': cannot open: No such file or directory'
	done
	while IFS= read -r stamp; do
		for size in "${sizes[@]}"; do found+=("$stamp" "$size"); done
	done < <(printf '%s\0' "${traces[@]}" | xargs -0 stat -L -c 'bytes=%s,changed=%.9Y' --)
	[ ${#found[@]} -eq $((${#traces[@]} * ${#sizes[@]} * 2)) ] || exit 3
}

# read_traces: sets `found`: digest and page size of each trace with each page size, in order. Of a
# bad trace, or one without references, bel-info says what is wrong.
read_traces() {
	local number=0
	for trace in "${traces[@]}"; do
		for size in "${sizes[@]}"; do
			printf '%s\0' "${size:+--page-size=}${size:--q}" -o "$work/info.$((number += 1))" -- "$trace"
		done
	done | xargs -0 -n 5 -P "$jobs" bel-info -q -j 1 --format jsonl "${reader[@]}" 2>&1 |
		sed 's/^bel-info: /bel-sweep: /' >&2 || exit 3
	number=$((${#traces[@]} * ${#sizes[@]}))
	(cd "$work" && seq -f info.%.0f "$number" | xargs cat --) |
		jq -r '.trace | if .references > 0 then .digest, .page_bytes
			else halt_error end' >"$work/found" 2>/dev/null || exit 3
	mapfile -t found <"$work/found"
}

# write_plan: names the jobs and writes the files of the sweep.
write_plan() {
	local names line head result name number complete=0 odd='' at
	job_lines() {
		echo "$version"
		for number in "${!names[@]}"; do
			printf '%s\t%s\n' "${names[number]}" "${digests[number]}"
		done
	}
	plan_lines() {
		for number in "${!names[@]}"; do
			name=$result/${names[number]}
			line="$head$name.jsonl && test -s $name.host || { $sim ${before[number]} -o $name.jsonl"
			line+=" -- ${after[number]} && uname -n >$name.host; }; }"
			if [ -n "$at${odds[number]}" ]; then
				quote "$line"
				line="bash -c $quoted"
			fi
			printf '%s\n' "$line"
		done
	}
	(cd "$work" && seq -f key.%.0f "${#after[@]}" | xargs sha256sum | cut -c 1-16) >"$work/names"
	mapfile -t names <"$work/names"
	line='cd'
	words "$PWD"
	head="$line && { test -s "
	quote "$out/results"
	result=$quoted at=$odd
	line=
	words "$sim" -q --format jsonl
	# shellcheck disable=SC2016 # the shell that runs the line knows the number of threads
	sim=$line' -j "${BEL_SWEEP_THREADS:-1}"' at+=$odd
	mkdir -p -- "$out/results" || exit 3
	write_part "$out/plan" plan_lines
	write_part "$out/jobs" job_lines
	for name in "${names[@]/#/$out/results/}"; do
		[ ! -s "$name.jsonl" ] || [ ! -s "$name.host" ] || complete=$((complete + 1))
	done
	mv -- "$out/jobs.part" "$out/jobs"
	mv -- "$out/plan.part" "$out/plan"
	tell "jobs: ${#names[@]} ($complete complete already): " "$out" '/plan'
}

plan() {
	local list size seed at=0
	policies=() before=() after=() odds=() digests=()
	find_tools bel-sim bel-info jq
	out=${value[output]:-sweep}
	case $out in -*) out=./$out ;; esac
	sim=${value[sim]:-$(command -v bel-sim)}
	version=$(bel-sim --version | sed -n '1s/.* //p')
	[ "${#traces[@]}" -gt 0 ] || wrong 'plan: no trace is given'
	for trace in "${traces[@]}"; do
		[ "$trace" != - ] || wrong "-: jobs read traces from files, not from standard input"
	done
	[ -z "${value[frames]-}" ] || [ -z "${value[ram]-}" ] || wrong '-f and -m exclude each other'
	memory=(-f "${value[frames]:-4:256:*2}")
	[ -z "${value[ram]-}" ] || memory=(-m "${value[ram]}")
	case ${memory[1]} in *%* | *all*) shares=1 ;; *) shares='' ;; esac
	# --by-time does not know how many pages of an own size fit into memory.
	[ -z "${value[ram]-}" ] || [ -z "${value[by-time]-}" ] || [ -n "${value[page-size]-}" ] || shares=1
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
	if [ -n "${value[by-time]-}" ]; then stat_traces; else read_traces; fi
	for trace in "${traces[@]}"; do
		visible_trace=$trace
		case $trace in *[!\ -~]*) visible_trace=$(shown "$trace") ;; esac
		for size in "${sizes[@]}"; do
			digest=${found[at]} page_bytes=${found[at + 1]} at=$((at + 2))
			page_size=(${size:+--page-size "$size"})
			for seed in "${seeds[@]}"; do add_jobs; done
		done
	done
	write_plan
}
