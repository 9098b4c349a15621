#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# bel-report: the page is well-formed and loads nothing; its values are those of the other tools'
# records, and those worked by hand; foreign text stays text; what a browser makes of it.

bats_require_minimum_version 1.5.0
load ../support/records

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	PATH=$BEL_BIN:$BEL_BUILD/tests/helpers:$PATH
	traces=$BEL_TOP/traces
}

# records_of PAGE: the records that are in it, one on each line.
records_of() {
	python3 - "$1" <<-'END'
		import json, sys
		page = open(sys.argv[1], encoding="utf-8").read()
		begin = page.index('<script type="application/json" id="records">')
		text = page[page.index(">", begin) + 1:page.index("</script>", begin)]
		for record in json.loads(text):
		    print(json.dumps(record))
	END
}

# whole PAGE: its elements are closed in order, its ids differ, and nothing in it loads or runs but
# its own script.
whole() {
	python3 - "$1" <<-'END'
		import re, sys
		from html.parser import HTMLParser
		page = open(sys.argv[1], encoding="utf-8").read()
		open_tags, ids, scripts = [], [], 0
		class Check(HTMLParser):
		    def handle_starttag(self, tag, attrs):
		        global scripts
		        scripts += tag == "script"
		        if tag != "meta": open_tags.append(tag)
		        for name, value in attrs:
		            assert not name.startswith("on"), (tag, name)
		            assert name not in ("src", "href", "xlink:href", "action"), (tag, name)
		            if name == "id": ids.append(value)
		    def handle_startendtag(self, tag, attrs):
		        self.handle_starttag(tag, attrs)
		        open_tags.pop()
		    def handle_endtag(self, tag):
		        assert open_tags.pop() == tag, (tag, self.getpos())
		Check().feed(page)
		assert not open_tags and scripts == 2
		assert len(ids) == len(set(ids)), ids
		addresses = set(re.findall(r"https?://[^\"' <]*", page))
		assert addresses <= {"http://www.w3.org/2000/svg"}, addresses
		assert "@import" not in page and "url(" not in page
		assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", page)
	END
}

# cells PAGE HEAD...: the rows of the tables with these heads, cells separated by "|".
cells() {
	python3 - "$@" <<-'END'
		import sys
		from html.parser import HTMLParser
		class Tables(HTMLParser):
		    row, cell, head = None, None, []
		    def handle_starttag(self, tag, attrs):
		        if tag == "table": self.head = []
		        if tag == "tr": self.row, self.heads = [], True
		        if tag in ("td", "th"): self.cell, self.heads = "", tag == "th"
		    def handle_data(self, data):
		        if self.cell is not None: self.cell += data
		    def handle_endtag(self, tag):
		        if tag in ("td", "th"):
		            self.row.append(self.cell)
		            self.cell = None
		        if tag == "tr" and self.heads: self.head = self.row
		        elif tag == "tr" and self.head == sys.argv[2:]: print("|".join(self.row))
		Tables().feed(open(sys.argv[1], encoding="utf-8").read())
	END
}

browser() {
	# Its socket needs a short path.
	TMPDIR=/tmp timeout 100 chromium --headless --no-sandbox --disable-gpu --no-first-run \
		--disable-background-networking --enable-logging=stderr --user-data-dir="$PWD/profile" \
		"$@" 2>chromium.log
}

# A process whose names say what they want to be.
hostile() {
	event_trace hostile.bel <<-'END'
		start 7 </script><script>document.title='BAD'</script><img src=x onerror=alert(1)>
		map heap 1 2
		map data 3 2 /lib/<!--"'&lt;.so
		mark </title><b onload=x>
		r 1 2 3 4 1 2 3 4
	END
}

@test "Belady's string, by hand: curves, half of the memory, costs, keys, working set" {
	bel-report -p lru,opt -f 3 --by region -o page.html "$traces/belady.pages"
	whole page.html
	# LRU is a stack; OPT with 2 frames: 1 2 3 4 . 2 5 . 2 3 4 . of 1 2 3 4 1 2 5 1 2 3 4 5.
	cells page.html frames memory 'of the footprint' lru opt | cut -d'|' -f1,2,4- >got
	printf '%s\n' '1|4 KiB|12|12' '2|8 KiB|12|9' '3|12 KiB|10|7' '4|16 KiB|8|6' '5|20 KiB|5 knee|5 knee' >want
	sed 's/ knee//g' want >plain
	sed 's/ knee//g' got | diff plain -
	grep -q '<b>12 faults</b> with 2 frames, 8 KiB: 2.4 times those with all of it' page.html
	grep -q '<b>9 faults</b> with 2 frames, 8 KiB: 1.8 times those with all of it' page.html
	# 7 and 4 pages are read back, at 12.7 ms, 120 us, 80 us and 3 us.
	cells page.html policy memory frames 'pages read back' 'hdd, 12.7 ms' 'sata-ssd, 120 us' \
		'nvme, 80 us' 'zram, 3 us' | head -n 2 >got
	printf '%s\n' 'lru|50 %|2|7|88.9 ms|840 us|560 us|21 us' 'opt|50 %|2|4|50.8 ms|480 us|320 us|12 us' | diff - got
	cells page.html region faults share "OPT's faults" regret references write-backs |
		diff - <(echo 'unknown|10|100 %|7|3|12|0')
	# One reference in each part; the pages touched so far grow at 1 2 3 4 and 5.
	cells page.html 'from reference' 'to reference' 'working set' memory 'touched so far' |
		cut -d'|' -f1,3,5 | tr '\n' ' ' >got
	printf '0|1|1 1|1|2 2|1|3 3|1|4 4|1|4 5|1|4 6|1|5 7|1|5 8|1|5 9|1|5 10|1|5 11|1|5 ' | diff - got
}

@test "a short rest of the trace is no part of the working set's line" {
	# 10,001 references are 156 parts of 64 and one of 17, which is less than half; 1000 are 250 of 4.
	for n in 10001 1000; do
		bel-gen loop -n $n --pages 10 | bel-report -o page.html
		grep -o 'data-last="[^"]*"' page.html | tail -n 2 | tr -dc '0-9\n' | tr '\n' ' '
	done >got
	echo >>got
	read -r short all even end <got
	[ $((all - short)) -eq 1 ]
	[ "$even" -eq "$end" ]
	# The table has it.
	bel-gen loop -n 10001 --pages 10 | bel-report -o page.html
	[ "$(cells page.html 'from reference' 'to reference' 'working set' memory 'touched so far' |
		tail -n 1 | cut -d'|' -f1-3)" = '9,984|10,001|10' ]
}

@test "the records in the page are those of the other tools" {
	for trace in sh ls; do
		bel-report -p lru,opt -f 40 --by command,region -o page.html "$traces/$trace.bel"
		records_of page.html >records
		validate <records
		jq -e -s 'all(.tool == "bel-report")' records
		{
			bel-curve -p lru,opt "$traces/$trace.bel"
			bel-info --analysis working-set --format jsonl "$traces/$trace.bel"
			bel-map "$traces/$trace.bel"
			bel-blame -f 40 --by command,region --top 40 "$traces/$trace.bel"
			bel-vm -q -p lru -f 40 "$traces/$trace.bel" | grep '^{"schema":"belady.vm/1"'
		} | jq -cS 'del(.tool)' | sort >want
		jq -cS 'del(.tool)' records | sort | diff - want
	done
}

# 1247 faults: a key with one is narrower than a pixel of 1180. 45 such keys are below main;f; one is
# below main;k and one below main;l, which meet at main.
@test "keys narrower than a pixel are sums that keep what they have in common" {
	{
		printf '%s\n' 'near 1' 'start 7 prog' 'frame 0 main' 'frame 1 big' 'frame 1 f' 'frame 1 k' \
			'frame 1 l' 'frame 4 h' 'frame 5 i'
		for i in {1..45}; do
			echo "frame 3 g$i"
		done
		echo 'stack 2'
		printf 'r %s\n' {1..1200}
		printf '%s\n' 'stack 6' 'r 1201' 'stack 7' 'r 1202'
		for i in {1..45}; do
			printf '%s\n' "stack $((i + 7))" "r $((i + 1202))"
		done
	} | event_trace narrow.bel
	bel-report -p lru -f 1 -o page.html narrow.bel
	records_of page.html | jq -c 'select(.schema == "belady.blame/1")' >narrow.jsonl
	validate <narrow.jsonl
	jq -c '[.command, .stack, .keys, .faults]' narrow.jsonl | diff - <(cat <<-'END'
		["prog","main;big",1,1200]
		["prog","main;f;(other keys)",45,45]
		["prog","main;(other keys)",2,2]
	END
	)
	bel-report -o stored.html narrow.jsonl
	for page in page stored; do
		grep -o '<title>[^<]*faults' $page.html | sort | diff - <(cat <<-'END'
			<title>(other keys): 2 faults
			<title>(other keys): 45 faults
			<title>all: 1247 faults
			<title>big: 1200 faults
			<title>f: 45 faults
			<title>main: 1247 faults
			<title>prog: 1247 faults
		END
		)
		grep -q 'The most faults, <b>1,200</b>.*main;big' $page.html
	done
}

@test "a page from stored records, on several lines and of several traces" {
	bel-curve -p lru,ws "$traces/ls.bel" >ls.jsonl
	bel-curve -p fifo "$traces/zipf.bel" | jq . >zipf.json
	bel-vm -p lru -f 16 "$traces/ls.bel" | jq -c 'select(.schema == "belady.vm/1")' >vm.jsonl
	bel-report -o page.html ls.jsonl zipf.json vm.jsonl
	whole page.html
	records_of page.html | jq -cS 'select(.schema != "belady.curve/1" or .spec != "ws")' | sort >got
	{ jq -cS 'select(.spec != "ws")' ls.jsonl; jq -cS . zipf.json vm.jsonl; } | sort | diff - got
	grep -q 'Paging report of 2 traces' page.html
	cells page.html policy frames faults 'major faults' write-backs 'time of a reference' \
		'CPU time' 'device time' 'CPU use' | cut -d'|' -f1-5 >got
	jq -r '[.spec, .frames, .faults, .major_faults, .writebacks] | join("|")' vm.jsonl |
		diff - <(tr -d , <got)
	cat ls.jsonl zipf.json vm.jsonl | bel-report --records | cmp - page.html
	# Other records are counted.
	bel-sim -p lru -f 8,9 "$traces/ls.bel" >>ls.jsonl
	run --separate-stderr bel-report ls.jsonl
	[ "$stderr" = 'bel-report: 2 records that the page does not show (the last: belady.run/1)' ]
	run --separate-stderr bel-report -q ls.jsonl
	[ -z "$stderr" ]
}

@test "the machine: the values of bel-vm, in the page's tables; by a pipe, and without a footprint" {
	local pages
	pages=$(bel-info "$traces/sh.bel" | jq .pages)
	# 10 % of the pages are the frames, also if their number is known only at the end.
	bel-vm -q -p clock -f $((pages / 10)) "$traces/sh.bel" |
		jq -c 'select(.schema == "belady.vm/1") | del(.tool, .trace.file)' >want
	bel-report -p opt,clock,lru -o file.html "$traces/sh.bel"
	bel-report -p opt,clock,lru <"$traces/sh.bel" >pipe.html
	for page in file pipe; do
		records_of $page.html | jq -c 'select(.schema == "belady.vm/1") |
			del(.tool, .trace.file)' | diff want -
		cells $page.html policy frames 'zero fill' 'in a frame' 'copy on write' protection \
			'file read' 'swap read' invalid | tr -d , >got
		jq -r '[.spec, .frames, .zero_fill_faults, .in_frame_faults, .copy_on_write_faults,
			.protection_faults, .file_read_faults, .swap_read_faults, .invalid_faults] |
			join("|")' want | diff - got
		cells $page.html policy frames 'TLB misses' 'of references' walks \
			'memory references of walks' 'page tables, at most' | cut -d'|' -f 3,5,6 |
			tr -d , >got
		jq -r '[.tlb.misses, .tlb.walks, .tlb.walk_references] | join("|")' want | diff - got
		grep -q "bel-vm.* -p clock -f $((pages / 10))" $page.html
	done
	# Policies that need the future have no machine, and neither have pages of 2 GiB.
	bel-report -p opt -o none.html "$traces/ls.bel"
	run ! grep -q 'The machine' none.html
	bel-report --page-size 2G -f 1 -o none.html "$traces/ls.bel"
	run ! grep -q 'The machine' none.html
}

@test "a long curve has fewer points in the page, each as in the record" {
	bel-gen zipf -n 50k --pages 3000 --seed 3 -o z.bel
	bel-report -p lru -o page.html z.bel
	bel-curve -p lru z.bel >whole.json
	pages=$(jq '.trace.pages' whole.json)
	records_of page.html | jq -c 'select(.schema == "belady.curve/1")' >drawn.json
	jq -s -e --argjson pages "$pages" '.[0] as $whole | .[1] as $drawn | ($drawn.frames | length) as $n |
		$n > 400 and $n < 800 and ($drawn.faults | length) == $n and
		$drawn.frames[0] == 1 and $drawn.frames[-1] == $pages and
		([range($n) | $drawn.faults[.] == $whole.faults[$drawn.frames[.] - 1]] | all)' whole.json drawn.json
	grep -q "lru: the figure and the JSON of this page have [0-9]* of $pages sizes" page.html
}

@test "the same bytes twice, with any number of threads, from a file and a pipe" {
	bel-report -j 1 --name x -o one.html "$traces/sh.bel"
	bel-report -j 3 --name x -o three.html "$traces/sh.bel"
	cmp one.html three.html
	bel-report --name x <"$traces/sh.bel" >piped.html
	whole piped.html
	for page in one piped; do
		records_of $page.html | jq -c 'del(.trace.file, .stored_bytes, .stored_bytes_per_reference,
			.stored_bits_per_reference, .algorithm)' >$page
	done
	cmp one piped
}

@test "foreign text stays text, and the commands quote it" {
	hostile
	mv hostile.bel "a'b <i>.bel"
	bel-report -f 2 --by process,mapping -o page.html "a'b <i>.bel"
	whole page.html
	bel-map "a'b <i>.bel" >map.jsonl
	name='$(touch BAD)</title><script>alert(1)</script>'$'\e[31m'
	bel-report -p lru --name "$name" -o named.html "a'b <i>.bel"
	whole named.html
	records_of named.html | head -n 1 | jq -e --arg name "$name" '.trace.name == $name'
	grep -qF '<h1>$(touch BAD)&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt;\x1b[31m</h1>' named.html
	# The command as a shell reads it.
	grep '^bel-map' named.html | sed "s/&lt;/</g; s/&gt;/>/g; s/&#39;/'/g; s/&quot;/\"/g; s/&amp;/\&/g" >again
	bash again | cmp - map.jsonl
}

@test "wrong usage, bad records, an empty trace, a page that cannot be written" {
	run -2 bel-report -f 0 "$traces/ls.bel"
	run -2 bel-report --by colour "$traces/ls.bel"
	run -2 bel-report "$traces/ls.bel" "$traces/sh.bel"
	run -3 bel-report none.bel
	run -3 bel-report --records "$traces/belady.pages"
	[[ $output == *'belady.pages: line 1'* ]]
	echo '{"schema":"belady.run/1"}' >run.jsonl
	run -3 bel-report -q run.jsonl
	[[ $output == 'bel-report: no record that a report shows'* ]]
	bel-curve -p lru "$traces/belady.pages" >c.jsonl
	jq -c '.faults[2] = -1' c.jsonl >bad.jsonl
	run -3 bel-report -o bad.html bad.jsonl
	[ "$output" = 'bel-report: bad.jsonl: line 1: memory sizes and faults must be numbers from 0 to 2^53' ]
	jq -c 'del(.faults[2])' c.jsonl >bad.jsonl
	run -3 bel-report -o bad.html bad.jsonl
	[ "$output" = 'bel-report: bad.jsonl: line 1: a curve needs as many faults as memory sizes, and at least one' ]
	jq -c '.frames[2] = 1' c.jsonl >bad.jsonl
	run -3 bel-report -o bad.html bad.jsonl
	[ "$output" = 'bel-report: bad.jsonl: line 1: the memory sizes of a curve must ascend' ]
	bel-map "$traces/belady.pages" | jq -c 'del(.counts[0])' >bad.jsonl
	run -3 bel-report -o bad.html bad.jsonl
	[[ $output == *'line 1: the rows of a map need equal numbers of columns, and at least one' ]]
	[ ! -e bad.html ]
	run -3 bel-report -o /dev/full "$traces/ls.bel"
}

@test "in a browser: the script runs, values appear at the pointer, nothing is said on the console" {
	command -v chromium >/dev/null || skip 'chromium is not installed'
	bel-report -p lru,opt -o page.html "$traces/ls.bel"
	# The middle of the x axis, then a line that is hidden, then a cell of the map, then a zoom.
	sed 's|</body>|<script>\
		const at = (e, type, x, y) => { const b = e.getBoundingClientRect(); e.dispatchEvent(new PointerEvent(type,\
			{clientX: b.left + b.width * x, clientY: b.top + b.height * y, bubbles: true})); };\
		const say = (id, text) => { const p = document.createElement("p"); p.id = id; p.textContent = text; document.body.append(p); };\
		const charts = document.querySelectorAll("svg.chart"), map = document.querySelector("svg.map");\
		at(charts[0], "pointermove", 0.5, 0.5); say("both", document.querySelector(".readout").textContent);\
		document.querySelector(".key button").click(); say("opt", document.querySelector(".readout").textContent);\
		at(map, "pointermove", 0.5, 0.1); say("cell", map.closest("figure").querySelector(".readout").textContent);\
		document.querySelector("[data-zoom=in]").click(); say("view", map.querySelector(".cells").getAttribute("viewBox"));\
		</script></body>|' page.html >tried.html
	browser --dump-dom "file://$PWD/tried.html" >dom || { tail -3 chromium.log; return 1; }
	run -1 grep CONSOLE chromium.log
	grep -q '<html lang="en" data-script="ready">' dom
	said() { sed -n "s|.*<p id=\"$1\">\([^<]*\)</p>.*|\1|p" dom; }
	frames=$(said both | sed 's/ frames.*//; s/,//g')
	bel-sim -p lru,opt -f "$frames" "$traces/ls.bel" | jq -r .faults | tr '\n' ' ' >faults
	said both | sed 's/.*lru: //; s/; opt://; s/,//g; s/$/ /' | tr -d '\n' | diff - faults
	[[ $(said opt) != *lru* && $(said opt) == *opt:* ]]
	[[ $(said cell) =~ ^.*,\ from\ reference\ [0-9,]+:\ [0-9,]+\ references$ ]]
	columns=$(records_of page.html | jq 'select(.schema == "belady.map/1" and .row == 0) | .counts | length')
	[ "$(said view | cut -d' ' -f3)" -eq $(((columns + 1) / 2)) ]
}

@test "in a browser: foreign text does nothing, and the picture is not blank" {
	command -v chromium >/dev/null || skip 'chromium is not installed'
	hostile
	bel-report -f 2 --by process,mapping -o page.html hostile.bel
	browser --dump-dom "file://$PWD/page.html" >dom || { tail -3 chromium.log; return 1; }
	grep -q 'data-script="ready"' dom
	run -1 grep -E '<title>BAD|<img|<b onload' dom
	run -1 grep CONSOLE chromium.log
	echo '<!DOCTYPE html><title>blank</title>' >blank.html
	for page in blank page; do
		browser --window-size=900,900 --screenshot="$PWD/$page.png" "file://$PWD/$page.html"
	done
	[ "$(stat -c %s page.png)" -gt $(($(stat -c %s blank.png) * 4)) ]
}

@test "on paper: no page ends with a heading or a legend" {
	command -v chromium >/dev/null || skip 'chromium is not installed'
	command -v pdftotext >/dev/null || skip 'pdftotext is not installed'
	bel-report -p lru,fifo,clock,opt -o page.html "$traces/ls.bel"
	browser --print-to-pdf="$PWD/page.pdf" --no-pdf-header-footer "file://$PWD/page.html"
	pdftotext -layout page.pdf - | tr -s ' ' | sed 's/^ //; s/ $//' >text
	grep -c $'\f' text | grep -qE '^([2-9]|[1-9][0-9]+)$'
	# The last line of each page, and what it may not be.
	awk -v RS='\f' 'NF { n = split($0, line, "\n"); while (n && line[n] == "") n--; print line[n] }' text >ends
	sed 's/<h2/\n&/g' page.html | sed -n 's|^<h2[^>]*>\(.*\)</h2>.*|\1|p' >never
	echo 'working set touched so far' >>never
	[ "$(wc -l <never)" -ge 5 ]
	run -1 grep -Fxf never ends
}
