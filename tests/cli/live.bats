#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# bel-live where it changes nothing: what it finds, what it would do, and what it refuses.

bats_require_minimum_version 1.5.0
load ../support/records

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	PATH=$BEL_BIN:$PATH
}

teardown() {
	[ -z "$open_folder" ] || rm -r "$open_folder"
}

# Makes the array `nobody`: a bel-live that runs as a user who is not root. The tools, and the folder
# of the test, may be in a folder that only root can enter.
find_nobody() {
	if [ "$(id -u)" -ne 0 ]; then
		nobody=(bel-live)
		return
	fi
	command -v setpriv >/dev/null || skip 'no setpriv'
	open_folder=$(mktemp -d /tmp/bel-live-XXXXXX)
	chmod 755 "$open_folder"
	cp "$BEL_BIN/bel-live" "$open_folder/"
	nobody=(setpriv --reuid 65534 --regid 65534 --clear-groups "$open_folder/bel-live")
	"${nobody[@]}" --version >/dev/null || skip 'setpriv may not change the user here'
}

# What a measurement could change.
machine() {
	cat /proc/sys/vm/page-cluster
	ls -d /run/belady/state /sys/fs/cgroup{,/memory}/belady-live-* 2>/dev/null || :
}

@test "probe: a record for each facility; what is missing has a remedy" {
	bel-live probe --format jsonl >p.jsonl
	validate 13 <p.jsonl
	jq -se 'all(.remedy != null or .available) and (map(.facility) | unique | length) == 13' p.jsonl
	[ "$(jq -r 'select(.facility == "root").available' p.jsonl)" = \
		"$([ "$(id -u)" -eq 0 ] && echo true || echo false)" ]
	[ "$(jq -r 'select(.facility == "page-cluster").detail' p.jsonl)" = \
		"$(cat /proc/sys/vm/page-cluster): pages that are read at a time: $((1 << $(cat /proc/sys/vm/page-cluster)))" ]
	[ "$(jq -r 'select(.facility == "mglru").available' p.jsonl)" = \
		"$([ $(($(cat /sys/kernel/mm/lru_gen/enabled 2>/dev/null || echo 0) & 1)) -eq 1 ] && echo true || echo false)" ]
}

@test "probe: a table that fits into 80 columns, and the remedies on standard error" {
	find_nobody
	run --separate-stderr "${nobody[@]}" probe --format table
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 14 ]
	for line in "${lines[@]}"; do [ ${#line} -le 80 ]; done
	[[ $stderr = *'bel-live probe: root: run bel-live with sudo'* ]]
	run --separate-stderr "${nobody[@]}" probe --format table --quiet
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
}

@test "probe: works without root, and as csv" {
	find_nobody
	run --separate-stderr "${nobody[@]}" probe --format csv
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 14 ]
	[ "${lines[0]}" = 'schema,tool,version,kernel,facility,available,detail,use,remedy' ]
}

@test "without root: a sentence, and status 3" {
	find_nobody
	bel-gen loop -n 100 --pages 10 -o l.bel
	for command in 'replay -f 1024 l.bel' 'run -f 1024 true' clean; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr "${nobody[@]}" $command
		[ "$status" -eq 3 ]
		[ -z "$output" ]
		[[ $stderr = "bel-live ${command%% *}: this needs root"*'sudo'* ]]
	done
}

@test "--dry-run: says what it would change, and changes nothing" {
	bel-gen loop -n 100000 --pages 2000 -o l.bel
	machine >before
	for command in 'replay -n -f 1024 l.bel' 'run --dry-run -f 1024 --swap 16M touch ran'; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr bel-live $command
		if [ "$status" -eq 3 ]; then
			# This machine cannot do it: the message says what is missing.
			[[ $stderr = *cgroup* || $stderr = *zram* || $stderr = *memory* || $stderr = *MiB* ]]
			skip "${stderr#*: }"
		fi
		[ "$status" -eq 0 ]
		[ "${lines[0]}" = 'as root, this would:' ]
		[[ $output = *'/run/belady/state'*'memory cgroup'*'undo all of this at the end' ]]
		[[ $output = *'swap area'* || $output = *'zram device'* ]]
	done
	[ ! -e ran ]
	machine >after
	# Another bel-live may run at the same time.
	grep -q belady-live before after || cmp before after
}

@test "wrong usage: one line, status 2" {
	bel-gen loop -n 100 --pages 10 -o l.bel
	while read -r command; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr bel-live $command
		[ "$status" -eq 2 ]
		[ -z "$output" ]
		[ "${#stderr_lines[@]}" -eq 2 ]
		[[ ${stderr_lines[1]} = "try 'bel-live"*"--help'" ]]
	done <<-'EOT'

		nothing
		replay l.bel
		replay -f 0 l.bel
		replay -f many l.bel
		replay -f 64 --repeat 0 l.bel
		replay -f 64 --repeat 2000 l.bel
		replay -f 64 l.bel l.bel
		replay -f 64 --from nothing l.bel
		run -f 64
		run true
		run -f 10% true
		run -f 64 --swap x true
		run -f 64 --copies . true
		run -f 64 --read-ahead 0 true
		run -f 64 --copies . --read-ahead 1 -t l.bel true
		run -f 64 --copies . --read-ahead much -t l.bel true
		run -f 64 --copies . --read-ahead 2GiB -t l.bel true
		run -n -f 64 --copies . -t - true
		probe more
		clean more
		clean --frames 3
	EOT
}

@test "every command has --help, with its own options, within 80 columns" {
	run -0 bel-live --help
	for command in probe replay run clean; do
		[[ $output = *"  $command "* ]]
		bel-live "$command" --help >help
		[[ $(head -n 1 help) = "usage: bel-live $command"* ]]
		awk 'length > 80 {bad = 1} END {exit bad}' help
		run -0 bel-live "$command" --version
		run -2 bel-live "$command" --no-such-option
		run -0 bel-live --help
	done
}

@test "--dry-run: more memory than the machine has is refused, with numbers" {
	[ -e /proc/meminfo ] || skip 'no /proc'
	run --separate-stderr bel-live run -n -f 4000000000 --swap 1M true
	[ "$status" -eq 3 ]
	[[ $stderr != *'not enough memory'* ]] ||
		[[ $stderr = *"not enough memory: "*" MiB are needed and "*" MiB are to stay free, but "*" MiB are available"* ]]
	[[ $stderr = *'not enough memory'* ]] || skip "${stderr#*: }"
}
