# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# Runs the commands of a man page: each literal block of a section is a piece of shell script, and a
# block after a line `.\" prints' is what the block before it prints, to the byte. PAGE is the page;
# DESK is the directory in which all sections run.

# Splits the section $1 into files block.N, scripts, and block.N.prints, what they print.
blocks() {
	rm -f block.*
	awk -v section="$1" '
		/^\.Sh / { on = substr($0, 5) == section }
		!on { next }
		/^\.\\" prints$/ { prints = 1; next }
		/^\.Ed/ { file = ""; next }
		/^\.Bd -literal/ {
			file = prints ? "block." n ".prints" : "block." ++n
			prints = 0
			printf "" >file
			next
		}
		file != "" { gsub(/\\e/, "\\"); print >file }
	' "$PAGE"
}

# Runs the section $1 of the page and compares; it must have $2 blocks of commands.
section() {
	local i
	cd "$BATS_TEST_TMPDIR" || return
	blocks "$1"
	[ -e "block.$2" ] && [ ! -e "block.$(($2 + 1))" ]
	for ((i = 1; i <= $2; i++)); do
		(cd "$DESK" && bash -e -o pipefail "$BATS_TEST_TMPDIR/block.$i") >printed 2>words || {
			cat "block.$i" printed words
			return 1
		}
		[ ! -e "block.$i.prints" ] || diff "block.$i.prints" printed
	done
}
