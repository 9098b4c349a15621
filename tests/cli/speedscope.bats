#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# speedscope itself reads the folded output of bel-blame. npm installs speedscope into a temporary
# folder, and Chromium opens its page. Where npm, Chromium or the network is missing, the tests are
# skipped. .ci/run does not install npm: in Debian it needs 400 packages.

bats_require_minimum_version 1.5.0
load ../support/missing

setup_file() {
	local tool
	for tool in npm chromium python3; do
		command -v $tool >/dev/null || missing "$tool is not installed" || return 0
	done
	cd "$BATS_FILE_TMPDIR"
	# Its scripts and the configuration of the user are not needed.
	HOME=$PWD timeout 60 npm install --no-audit --no-fund --ignore-scripts --fetch-retries=1 \
		--fetch-timeout=20000 --prefix "$PWD" speedscope@1.25.0 >npm.log 2>&1 ||
		missing "npm cannot install speedscope: $(head -n 2 npm.log | xargs)" || return 0
}

setup() {
	skip_missing
	cd "$BATS_TEST_TMPDIR" || return
	PATH=$BEL_BIN:$BEL_BUILD/tests/helpers:$PATH
}

# table FILE: speedscope's table of functions, a line 'total self name' for each, sorted. Chromium's
# virtual time does not wait for the worker threads of the page, so a busy machine may need more of it.
table() {
	local page=$BATS_FILE_TMPDIR/node_modules/speedscope/dist/release/index.html budget
	printf 'speedscope.loadFileFromBase64("%s", "%s")' "$1" "$(base64 -w 0 "$1")" >load.js
	for budget in 5000 50000 500000 5000000; do
		# Its socket needs a short path. The window is high, so that all rows of the table exist.
		TMPDIR=/tmp timeout 100 chromium --headless --no-sandbox --disable-gpu --no-first-run \
			--disable-background-networking --enable-logging=stderr \
			--user-data-dir="$PWD/profile.$budget" --window-size=1000,9000 \
			--virtual-time-budget=$budget \
			--dump-dom "file://$page#view=sandwich&localProfilePath=$PWD/load.js" \
			2>chromium.log >dom || { tail -n 3 chromium.log; return 1; }
		! grep -q '<td' dom || break
	done
	# As a file of this format, not as one of the others that it guesses.
	grep -q 'Importing as collapsed stack format' chromium.log
	python3 - <<-'END' | LC_ALL=C sort
		import html.parser
		class Rows(html.parser.HTMLParser):
		    row = cell = None
		    def handle_starttag(self, tag, attributes):
		        if tag == "tr": self.row = []
		        elif tag == "td": self.cell = ""
		    def handle_data(self, text):
		        if self.cell is not None: self.cell += text
		    def handle_endtag(self, tag):
		        if tag == "td": self.row.append(self.cell); self.cell = None
		        elif tag == "tr" and self.row:
		            total, self_value = (c.split()[0].replace(",", "") for c in self.row[:2])
		            print(total, self_value, self.row[2])
		Rows().feed(open("dom", encoding="utf-8").read())
	END
}

# Six faults of LRU with two frames: pages 10, 11, 12, 10, 13 and 11. f makes the references to 10,
# 11, 13 and 11, the library those to 12 and 10.
@test "speedscope: totals and own counts of a trace that is worked by hand" {
	event_trace stacks.bel <<-'END'
		near 1
		start 100 prog
		frame 0 main|m.c:1|/bin/prog
		frame 1 f; or \g|m.c:9|/bin/prog
		frame 1 ||/usr/lib/lib.so.1+0x40
		stack 2
		r 10 11
		stack 3
		r 12 10
		stack 2
		r 13 11 13
	END
	bel-blame -f 2 --by process,stack --format folded stacks.bel >folded.txt
	table folded.txt >got
	LC_ALL=C sort >want <<-'END'
		6 0 100 prog
		6 0 main
		4 4 f: or \g
		2 2 lib.so.1+0x40
	END
	diff want got
}

@test "speedscope: the sum of a shell pipeline is the number of faults of bel-sim" {
	bel-blame -f 16 --by process,mapping --format folded "$BEL_TOP/traces/sh.bel" >folded.txt
	table folded.txt >got
	[ "$(wc -l <got)" -gt 20 ]
	[ "$(awk '{sum += $2} END {print sum}' got)" -eq \
		"$(bel-sim -p lru -f 16 "$BEL_TOP/traces/sh.bel" | jq .faults)" ]
	# The process with its number is the outermost frame: its total is the sum of its mappings.
	bel-blame -f 16 --by process --top 0 "$BEL_TOP/traces/sh.bel" | jq .faults | sort -n >want
	awk '$3 ~ /^[0-9]+$/ {print $1}' got | sort -n | diff want -
}
