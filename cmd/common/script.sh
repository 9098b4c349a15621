#!/bin/sh
# SPDX-License-Identifier: MIT
#
# What the tools that are scripts have in common: messages, names made visible, standard output, and
# finding the other tools. The Makefile puts this file in place of their line `# insert`.
me=${0##*/} quiet=''

# Shows control characters in names as \xNN, so that a name cannot control the terminal.
# shellcheck disable=SC2016 # the variables are jq's
visible='
def hex: "0123456789abcdef" as $d | $d[. / 16 | floor:][:1] + $d[. % 16:][:1];
def visible: explode | map(if . < 32 or (. >= 127 and . < 160) then "\\x" + hex
	elif (. >= 8234 and . <= 8238) or (. >= 8294 and . <= 8297) then "?"
	else [.] | implode end) | add // "";
'

shown() {
	printf '%s' "$1" | jq -Rrs "$visible visible"
}

# say TEXT [NAME [TEXT]] prints an error or a warning; tell prints progress, unless -q is given.
say() {
	if [ $# -eq 1 ]; then
		printf '%s: %s\n' "$me" "$1" >&2
	else
		printf '%s: %s%s%s\n' "$me" "$1" "$(shown "$2")" "${3-}" >&2
	fi
}

tell() {
	[ -n "$quiet" ] || say "$@"
}

wrong() {
	say "$@"
	echo "try '$me --help'" >&2
	exit 2
}

# print COMMAND...: its text on standard output. A closed or full output is an error; a reader that
# has gone is none.
print() {
	{ true 3>&1; } 2>/dev/null || { say 'standard output: Bad file descriptor'; exit 3; }
	{ words=$({ "$@" | cat >&3; } 2>&1) || :; } 3>&1
	# The second are the words of xargs.
	case $words in '' | *'Broken pipe' | *' terminated by signal 13') return ;; esac
	say "standard output: ${words##*: }"
	exit 3
}

# write_part FILE COMMAND...: what the command prints, as FILE.part. The caller gives it its name.
write_part() {
	part_of=$1
	shift
	{ words=$({ "$@" >"$part_of.part"; } 2>&1); } || words=${words:-failed}
	[ -n "$words" ] || return 0
	rm -f -- "$part_of.part"
	say '' "$part_of" ": cannot write: ${words##*: }"
	exit 3
}

# Uses the tools in this script's own folder, else those in PATH.
find_tools() {
	PATH=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd):$PATH
	export PATH
	for tool in "$@"; do
		command -v "$tool" >/dev/null || { say "$tool is not installed, or not in PATH"; exit 3; }
	done
}

version() {
	find_tools bel-sim
	bel-sim --version | sed "s/^bel-sim/$me/"
}
