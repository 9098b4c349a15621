# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2034 # variables that the other files use
#
# measure.bash: what the files of tests/bench share: their traces, and how they measure.
#
# Time is user + system time of the processes, so that other work on the machine matters less. The
# commands of one comparison take turns, and a figure is the median of BENCH_RUNS rounds (5).
#
# The traces are made once, in build/bench (1.5 GB): the first 40 M references of a python3
# script, of gzip and of sort, captured with lackey, which also gives the text; and Zipf traces. Remove the
# folder to make them anew.

runs=${BENCH_RUNS:-5}
cache=$BEL_TOP/build/bench
plain=$BEL_BUILD/tests/bench/plain
export LC_ALL=C

# capture NAME PROGRAM ARG...: NAME.lackey, its first references, and NAME.bel.
capture() {
	local name=$1
	shift
	[ ! -e "$cache/$name.bel" ] || [ ! -e "$cache/$name.lackey" ] || return 0
	echo "capturing $name" >&2
	# What valgrind does once the reader has enough does not matter.
	{ valgrind --tool=lackey --trace-mem=yes --log-fd=9 "$@" 9>&1 >/dev/null || true; } |
		{ grep -E '^(I | [LSM]) ' || true; } | head -n 40000000 >"$cache/$name.part"
	mv "$cache/$name.part" "$cache/$name.lackey"
	"$BEL_BIN/bel-convert" -q -o "$cache/$name.bel" "$cache/$name.lackey"
}

# generate NAME ARG...: NAME.bel, by bel-gen.
generate() {
	[ -e "$cache/$1.bel" ] || "$BEL_BIN/bel-gen" "${@:2}" --seed 1 -o "$cache/$1.bel"
}

# The programs that are captured, and their input.
prepare_programs() {
	mkdir -p "$cache"
	cat >"$cache/work.py" <<-'PYTHON'
		words = [f"w{i * 7919 % 251}" for i in range(2500)]
		counts = {}
		for word in words:
		    counts[word] = counts.get(word, 0) + 1
		print(sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:3])
	PYTHON
	seq 1 20000 >"$cache/numbers"
	rev "$cache/numbers" >"$cache/unsorted"
	# Not a shell script that stands before it in the PATH.
	capture python "$(python3 -c 'import sys; print(sys.executable)')" -I -S "$cache/work.py"
	capture gzip gzip -c "$cache/numbers"
	capture sort sort --parallel=1 "$cache/unsorted"
	[ -e "$cache/small.bel" ] || head -n 2000000 "$cache/python.lackey" |
		"$BEL_BIN/bel-convert" -q -o "$cache/small.bel"
}

# count NAME MEMBER: of the trace NAME.bel: references, pages, runs.
count() {
	"$BEL_BIN/bel-info" -q --format jsonl "$cache/$1.bel" | jq ".$2"
}

median() {
	sort -g | awk '{x[NR] = $1} END {print x[int((NR + 1) / 2)]}'
}

# take_turns: reads lines LABEL<tab>COMMAND, and prints lines LABEL<tab>SECONDS in the same order.
take_turns() {
	local TIMEFORMAT='%U %S' round i label command
	local -a labels=() commands=() times=()

	while IFS=$'\t' read -r label command; do
		labels+=("$label")
		commands+=("$command")
		times+=('')
	done
	for ((round = 0; round < runs; round++)); do
		for i in "${!commands[@]}"; do
			{ time eval "${commands[i]}" >/dev/null 2>"$cache/words" </dev/null; } \
				2>"$cache/time" || {
				echo "this command failed: ${commands[i]}" >&2
				cat "$cache/words" >&2
				return 1
			}
			times[i]+=$(awk '{print $1 + $2}' "$cache/time")$'\n'
		done
	done
	for i in "${!labels[@]}"; do
		printf '%s\t%s\n' "${labels[i]}" "$(printf %s "${times[i]}" | median)"
	done
}

# seconds COMMAND...: the time of one command.
seconds() {
	printf 'it\t%s\n' "${*@Q}" | take_turns | cut -f 2
}

# peak COMMAND...: the peak of its memory in KiB. Needs GNU time.
peak() {
	/usr/bin/time -f %M "$@" 2>&1 >/dev/null | tail -n 1
}

# instructions COMMAND...: as callgrind counts them. callgrind knows no AVX-512.
instructions() {
	valgrind --tool=callgrind --callgrind-out-file="$cache/callgrind.out" "$@" \
		>/dev/null 2>"$cache/callgrind.log"
	awk '/^(summary|totals):/ {print $2; exit}' "$cache/callgrind.out"
	rm "$cache/callgrind.out" "$cache/callgrind.log"
}
