#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# What all tools do alike: --help, --version, wrong options, full disks,
# closed pipes. Every program in BEL_BIN is asked.

bats_require_minimum_version 1.5.0

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	tools=("$BEL_BIN"/bel-*)
	[ -x "${tools[0]}" ]
}

# The commands that --help shows, if the tool has commands.
commands() {
	"$1" --help | sed -n '/^commands:$/,/^$/s/^  \([a-z]*\) .*/\1/p'
}

# The long options that --help shows, of all commands.
long_options() {
	local command

	{
		"$1" --help
		for command in $(commands "$1"); do "$1" "$command" --help; done
	} | sed -n 's/^  \(-., \|    \)--\([a-z0-9-]*\).*/\2/p'
}

@test "--help: on stdout, status 0, usage first" {
	for tool in "${tools[@]}"; do
		run --separate-stderr "$tool" --help
		[ "$status" -eq 0 ]
		[ -z "$stderr" ]
		[[ ${lines[0]} = "usage: $(basename "$tool") "* ]]
		[[ $output = *"--help "* && $output = *"--version "* ]]
	done
}

@test "--help fits into 80 columns" {
	for tool in "${tools[@]}"; do
		"$tool" --help | awk -v tool="$tool" 'length > 80 {print tool ": " $0; bad = 1} END {exit bad}'
	done
}

@test "--version: name and version" {
	version=$(sed -n 's/^#define BEL_VERSION "\(.*\)"/\1/p' "$BEL_TOP/lib/base/version.h")
	for tool in "${tools[@]}"; do
		run --separate-stderr "$tool" --version
		[ "$status" -eq 0 ]
		[ -z "$stderr" ]
		[ "${lines[0]}" = "$(basename "$tool") (belady) $version" ]
		[ "${#lines[@]}" -eq 1 ] || [[ ${lines[1]} =~ ^'built from commit '[0-9a-zA-Z.-]+$ ]]
	done
}

@test "every option is in the man page, and no other" {
	command -v mandoc >/dev/null || skip "mandoc is not installed"
	for tool in "${tools[@]}"; do
		page=$BEL_TOP/cmd/$(basename "$tool").1
		[ -f "$page" ] || { echo "no $page"; return 1; }
		mandoc -T ascii "$page" | sed 's/.\x08//g' | grep -oE -- '--[a-z][a-z0-9-]*' | sort -u >documented
		long_options "$tool" | sort -u >known
		[ -s known ]
		sed 's/^/--/' known | sort | comm -23 - documented >missing
		[ ! -s missing ] || { echo "$tool: $(cat missing): not in its man page"; return 1; }
		# Options in the list of options, in the page's source.
		sed -n 's/^\.It.* Fl Fl \([a-z0-9-]*\).*/\1/p' "$page" | sort -u >listed
		comm -13 known listed >strange
		[ ! -s strange ] || { echo "$page: $(cat strange): unknown to the tool"; return 1; }
	done
}

# bats test_tags=slow
@test "man finds every page if the tools are in PATH, before make install" {
	[ -d "$BEL_BUILD/share/man" ] || skip 'installed tools have installed pages'
	local page name
	for page in "$BEL_TOP"/cmd/*.[1-8] "$BEL_TOP"/lib/*/*.[1-8]; do
		name=${page##*/}
		[ "$BEL_BUILD/share/man/man${name##*.}/$name" -ef "$page" ]
	done
	command -v man >/dev/null || skip 'no man(1)'
	[ "$(env -u MANPATH PATH="$BEL_BUILD/bin:$PATH" man -w bel-sim)" -ef "$BEL_TOP/cmd/bel-sim.1" ]
}

@test "an unknown option: one line, a pointer to --help, status 2" {
	for tool in "${tools[@]}"; do
		name=$(basename "$tool")
		run --separate-stderr "$tool" --no-such-option
		[ "$status" -eq 2 ]
		[ -z "$output" ]
		[ "$stderr" = "$name: unknown option '--no-such-option'
try '$name --help'" ]
		run --separate-stderr "$tool" '-%'
		[ "$status" -eq 2 ]
		[ "${stderr_lines[0]}" = "$name: unknown option '-%'" ]
	done
}

# bats test_tags=slow
@test "a full disk: a message and status 3" {
	for tool in "${tools[@]}"; do
		for option in --help --version; do
			run --separate-stderr bash -c "'$tool' $option >/dev/full"
			[ "$status" -eq 3 ]
			[[ $stderr = "$(basename "$tool"): "*"No space left on device" ]]
		done
	done
}

@test "a closed standard output: a message and status 3" {
	for tool in "${tools[@]}"; do
		run --separate-stderr bash -c "'$tool' --help >&-"
		[ "$status" -eq 3 ]
		[[ $stderr = "$(basename "$tool"): "*"Bad file descriptor" ]]
	done
}

# bats test_tags=slow
@test "a closed pipe: no word" {
	for tool in "${tools[@]}"; do
		# The reader is gone before the tool starts to write.
		exec 7> >(exec true)
		wait $!
		"$tool" --help 2>words >&7 || :
		[ ! -s words ]
		(trap '' PIPE && "$tool" --help 2>words >&7)
		exec 7>&-
		[ ! -s words ]
	done
}

@test "a file that is called as a closed pipe is: a message and status 3" {
	for name in 'Broken pipe.bel' 'Broken pipe'; do
		for tool in info sim curve vm convert explain plot compare; do
			run --separate-stderr "$BEL_BIN/bel-$tool" "$name"
			[ "$status" -eq 3 ]
			[[ $stderr = *"$name: "*"No such file or directory"* ]]
		done
	done
	echo 'p 1' >'Broken pipe.csv'
	run --separate-stderr "$BEL_BIN/bel-sim" -p 'Broken pipe' -f 1 'Broken pipe.csv'
	[ "$status" -ne 0 ]
	[ -n "$stderr" ]
}

@test "no colour, no control characters, and no progress where there is no terminal" {
	PATH=$BEL_BIN:$PATH
	bel-gen zipf -n 3000000 -o z.bel 2>words
	bel-convert z.bel -o y.bel 2>>words
	bel-info z.bel >/dev/null 2>>words
	[ ! -s words ]
}
