#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# bel-lecture(7): each notion has one block of commands and one with what they print. All are run.
# story.bats has the reasons why these are the right figures.

load ../support/page_blocks

setup_file() {
	export PAGE=$BEL_TOP/cmd/bel-lecture.7 DESK=$BATS_FILE_TMPDIR/desk PATH=$BEL_BIN:$PATH
	mkdir -p "$DESK"
}

notions() {
	sed -n 's/^\.Sh //p' "$PAGE" | grep -vxE 'NAME|DESCRIPTION|SEE ALSO'
}

@test "every notion of the lecture prints what the page shows" {
	local notion count=0
	while read -r notion; do
		echo "$notion"
		section "$notion" 1
		[ -s "$BATS_TEST_TMPDIR/block.1.prints" ]
		count=$((count + 1))
	done < <(notions)
	# No block is outside these sections.
	[ "$(grep -c '^\.Bd -literal' "$PAGE")" -eq $((2 * count)) ]
}

@test "every table of the lecture is an exercise without its answers, too" {
	local notion
	cd "$BATS_TEST_TMPDIR"
	while read -r notion; do
		blocks "$notion"
		grep -q -e --brief block.1 || continue
		sed 's/--brief/--quiz/; s/--state [a-z]*//' block.1 >quiz
		bash -e -o pipefail quiz >printed
		grep -q 'blank\.$' printed
		# Neither a kind of fault nor a physical address is left.
		! grep -E '^[0-9].*(hit|miss|minor|major|invalid|dead|swap|drop)' printed
	done < <(notions)
}
