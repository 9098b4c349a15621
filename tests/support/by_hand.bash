# SPDX-License-Identifier: MIT
#
# What the tests of policies worked by hand have in common: load ../support/by_hand

bats_require_minimum_version 1.5.0

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	PATH=$BEL_BIN:$PATH
}

# leaves POLICY FRAMES STRING "VICTIMS": one a reference, '-' for nobody, 'w' behind a written one.
leaves() {
	run -0 bel-explain --brief --width 1000 -p "$1" -f "$2" "$3"
	local got
	# shellcheck disable=SC2154 # output is set by run
	got=$(sed -n 's/^leaves *| *//p' <<<"$output" | xargs)
	[ "$got" = "$4" ] || {
		echo "$1, $2 frames, $3: $got leave, by hand $4"
		return 1
	}
}

# refused SPEC WORDS: exit 2 and a message that has them.
refused() {
	run -2 bel-sim -p "$1" -f 3 /dev/null
	[[ $output == *"$2"* ]] || {
		echo "$1: $output"
		return 1
	}
}
