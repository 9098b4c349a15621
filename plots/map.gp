# SPDX-License-Identifier: MIT
#
# figure: references, writes or faults by address and time (bel-map)
# records: belady.map/1
# x: start_reference
# y: counts
# series: row
# width: column_references
# columns: hole_bytes space column_references references
# rows: name what
# events: belady.mark/1 reference name
#
# Addresses grow downwards; the first process is on top. A wide gap separates processes, a narrow one
# stands for a hole, and a line is between mappings. Shades follow the logarithm, from light to
# dark, so they read in grey. White: no count.

rows = lines
array hole[rows]
array space[rows]
array top[rows]
array tall[rows]
array last[rows]
highest = 1
set xrange [*:*]
set yrange [*:*]
do for [i = 1:rows] {
	stats $series index i-1 using 3 nooutput
	hole[i] = STATS_max
	stats $series index i-1 using 4 nooutput
	space[i] = STATS_max
	stats $series index i-1 using 2 nooutput
	# The last line of the data is the end of the last column.
	last[i] = int(STATS_records) - 2
	if (STATS_max > highest) { highest = STATS_max }
}

# A row has a height of 0.45 lines of text, but a name needs 0.9 lines.
from = 1
do for [i = 1:rows] {
	if (i == rows || label[i+1] ne label[i]) {
		n = i - from + 1
		do for [k = from:i] { tall[k] = dumb ? 1 : n == 1 ? 2 : 1 }
		from = i + 1
	}
}
do for [i = 1:rows] {
	above = i == 1 || dumb ? 0 : space[i] != space[i-1] ? 1.5 : hole[i] > 0 ? 0.7 : 0
	top[i] = i == 1 ? 0 : top[i-1] + tall[i-1] + above
}
height = top[rows] + tall[rows]
stats $series index 0 using 5 nooutput
wide = STATS_max
stats $series index 0 using 6 nooutput
x_end = x_min + (STATS_max > 0 ? STATS_max : 1)

# The name of neighbouring rows is at their middle, if there is room below the name before.
set ytics noenhanced scale 0 font ''.small_font(0.8)
set ytics ('' -1)
name_height = dumb ? 0 : 0.75 * height / (lines_high > 8 ? lines_high - 6 : 2)
from = 1
free_from = -height
do for [i = 1:rows] {
	if (i == rows || label[i+1] ne label[i]) {
		middle = (top[from] + top[i] + tall[i]) / 2.0
		if (middle >= free_from) {
			set ytics add (label_tick[i] middle)
			free_from = middle + name_height
		}
		from = i + 1
	}
}
do for [i = 2:rows] {
	if (!dumb && space[i] == space[i-1] && label[i] ne label[i-1]) {
		set arrow from graph 0, first (top[i] + top[i-1] + tall[i-1]) / 2.0 \
			rto graph 1, 0 nohead lw 0.5 lc rgb '#999999' back
	}
}

unset grid
set border 3 linecolor rgb '#555555'
set xlabel 'time ('.x_unit_name.'references)'
set xrange [x_min / x_unit:x_end / x_unit]
set yrange [height:0]
set key off
set palette defined (0 '#fdf3b0', 0.25 '#cfbe6f', 0.5 '#8f8d84', 0.75 '#4b5b7e', 1 '#00204c')
set logscale cb
set cbrange [1:highest > 1 ? highest : 10]
set cblabel rows_of.' / cell' noenhanced offset 1, 0
set format cb '%.0s%c'
set cbtics font ''.small_font(0.85)
# The scale has its upper end, too, if that is no power of ten.
power = 10.0**floor(log10(highest) + 1e-9)
set cbtics ('1' 1)
do for [k = 1:int(log10(power) + 0.5)] { set cbtics add (gprintf('%.0s%c', 10.0**k) 10.0**k) }
if (highest > 1.3 * power) { set cbtics add (gprintf('%.0s%c', highest) highest) }
set style fill solid 1 noborder

if (dumb) {
	unset colorbox
	# The largest count in a letter's place is drawn last.
	shades = '.:-=+*%#@'
	level(n) = n <= 0 ? 0 : highest <= 1 ? 9 : 1 + int(8.0 * log(n) / log(highest) + 0.5)
	set xlabel 'time ('.x_unit_name.'references); '.rows_of.': . is 1, @ is '.sprintf('%.0f', highest)
	plot for [s = 1:9] for [i = 1:rows] $series index i-1 every ::0::last[i] \
		using (($1 + wide / 2) / x_unit):(top[i] + 0.5):(level($2) == s ? shades[s:s] : '') with labels
} else {
	# Boxes overlap a little, so that no light line is between them.
	plot for [i = 1:rows] $series index i-1 every ::0::last[i] \
		using ($1 / x_unit):(top[i]):($1 / x_unit):(($1 + 1.1 * wide) / x_unit):(top[i]):(top[i] + tall[i]):($2 > 0 ? $2 : NaN) \
		with boxxyerror fillcolor palette notitle
}
