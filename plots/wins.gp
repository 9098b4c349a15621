# SPDX-License-Identifier: MIT
#
# figure: which policy beats which: share of sizes won (bel-compare)
# records: belady.compare-pair/1
# x: against_spec
# y: win_share
# series: policy params
# joins: trace
# axis: names high
#
# The policy of a row against that of a column; a tie counts half. Blue wins, brown loses.

rows = lines
if (rows == 0) { rows = floors }
array mean[rows]
array place[rows]
do for [i = 1:rows] {
	stats $series index i-1 using 2 nooutput
	mean[i] = STATS_mean
}
do for [i = 1:rows] {
	place[i] = sum [k = 1:rows] (mean[k] > mean[i] || (mean[k] == mean[i] && k <= i))
}
# The columns are in the same order as the rows.
column_of(n) = sum [k = 1:rows] (label[k] eq name[n] ? place[k] : 0)
array at[names]
do for [n = 1:names] { at[n] = column_of(n) }

set xrange [0.5:rows + 0.5]
set yrange [rows + 0.5:0.5]
do for [n = 1:names] { set xtics add (lower((at[n] - 1) % map_stagger).name_tick[n] at[n]) }
do for [i = 1:rows] { set ytics add (label_tick[i] place[i]) }
set palette defined (0 '#8c510a', 0.25 '#dfc27d', 0.5 '#f5f5f5', 0.75 '#92c5de', 1 '#2166ac')
set cbrange [0:1]
set cblabel 'share of sizes that the row wins'
dark(v) = v < 0.15 || v > 0.85 ? 0xffffff : 0x222222
# Letters: if there is no room for decimals, digits from 0 (never) to 9 (always).
wide = cell_wide >= 5
if (dumb) {
	plot for [i = 1:rows] $series index i-1 \
		using (0.0 + at[int($1)]):(0.0 + place[i]):(wide ? sprintf('%.2f', $2) : sprintf('%.0f', 9 * $2)) with labels
} else {
	# Numbers only if there is room for them.
	plot for [i = 1:rows] $series index i-1 \
			using (0.0 + at[int($1)]):(0.0 + place[i]):(0.5):(0.5):2 \
			with boxxyerror fillcolor palette, \
		for [i = 1:map_font < 0.4 ? 0 : rows] $series index i-1 \
			using (0.0 + at[int($1)]):(0.0 + place[i]):(sprintf('%.2f', $2)):(dark($2)) \
			with labels font "".small_font(map_font) textcolor rgb variable
}
