# SPDX-License-Identifier: MIT
#
# figure: map of faults / OPT's, policies by traces (bel-compare)
# records: belady.compare-trace/1
# x: trace.name
# y: faults_over_opt
# series: policy params
# joins: trace
# axis: names
#
# The best policy over all traces is on top; opt, which is 1 everywhere, is left out. Shades
# follow the logarithm: twice the faults is always the same step. Shades are of the mean over sizes.

rows = lines
if (rows == 0) { rows = floors }
array mean[rows]
array place[rows]
do for [i = 1:rows] {
	stats $series index i-1 using (log($2 > 0 ? $2 : 1e-18)) nooutput
	mean[i] = STATS_mean
}
do for [i = 1:rows] {
	place[i] = sum [k = 1:rows] (mean[k] < mean[i] || (mean[k] == mean[i] && k <= i))
}

stats mean using 2 nooutput
middle = rows > 4 ? STATS_up_quartile : STATS_max

set xrange [0.5:names + 0.5]
set yrange [rows + 0.5:0.5]
do for [n = 1:names] { set xtics add (lower((n - 1) % map_stagger).name_tick[n] n) }
do for [i = 1:rows] { set ytics add (label_tick[i] place[i]) }
set palette defined (0 '#f7fbff', 0.3 '#9ecae1', 0.6 '#e69f00', 1 '#8c2d04')
set logscale cb 2
# A few very bad policies do not take the shades of all others: the darkest shade begins at the
# square of the upper quartile.
quartile = exp(2 * middle)
top = y_max > quartile ? quartile : y_max
if (top < 1.1) { top = 1.1 }
set cbrange [1:top]
last_tick = 1.0
set cbtics ('1' 1)
array shown[20] = [1.1, 1.2, 1.3, 1.5, 1.7, 2, 2.5, 3, 4, 5, 7, 10, 15, 20, 30, 50, 100, 1000, 1e4, 1e6]
do for [k = 1:20] {
	if (log(shown[k]) < 0.9 * log(top) && log(shown[k] / last_tick) > 0.09 * log(top)) {
		last_tick = 1.0 * shown[k]
		set cbtics add (sprintf('%g', last_tick) last_tick)
	}
}
set cbtics add ((y_max > top * 1.001 ? at_least : '').sprintf(top < 1000 ? '%.3g' : '%.0f', top) top)
set cblabel "faults / OPT's faults"
dark(v) = log(v) > 0.75 * log(top) ? 0xffffff : 0x222222
number(v) = sprintf(v < 10 && (!dumb || cell_wide >= 5) ? '%.2f' : v < 100 && (!dumb || cell_wide >= 4) ? '%.1f' : '%.0f', v)
if (dumb) {
	plot for [i = 1:rows] $series index i-1 \
		using 1:(0.0 + place[i]):(number($2)) with labels
} else {
	plot for [i = 1:rows] $series index i-1 \
			using 1:(0.0 + place[i]):(0.5):(0.5):2 with boxxyerror fillcolor palette, \
		for [i = 1:map_font < 0.4 ? 0 : rows] $series index i-1 \
			using 1:(0.0 + place[i]):(number($2)):(dark($2)) \
			with labels font "".small_font(map_font) textcolor rgb variable
}
