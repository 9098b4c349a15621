# SPDX-License-Identifier: MIT
#
# figure: heat map of faults divided by those of opt, policies by traces (bel-compare)
# records: belady.compare-trace/1
# x: trace.name
# y: faults_over_opt
# series: policy params
# joins: trace
# axis: names
#
# The best policy over all traces is on top; opt, which is 1 everywhere, is left out. Shades
# follow the logarithm: twice the faults is always the same step.

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

set key off
unset grid
unset border
set tics scale 0
set xrange [0.5:names + 0.5]
set yrange [rows + 0.5:0.5]
set xtics rotate by 30 right noenhanced
set ytics noenhanced font ','.(rows > 30 ? 8 : 10)
set xtics ('' 0)
do for [n = 1:names] { set xtics add (name_tick[n] n) }
set ytics ('' 0)
do for [i = 1:rows] { set ytics add (label_tick[i] place[i]) }
set palette defined (0 '#f7fbff', 0.3 '#9ecae1', 0.6 '#e69f00', 1 '#8c2d04')
set logscale cb 2
# A few very bad policies do not take the shades of all others: the darkest shade begins at the
# square of the upper quartile.
quartile = exp(2 * middle)
top = y_max > quartile ? quartile : y_max
if (top < 1.1) { top = 1.1 }
more = y_max > top * 1.001 ? ' (darkest: this and more)' : ''
set cbrange [1:top]
set cblabel "faults / OPT's faults, mean over sizes".more
set style fill solid 1 noborder
size = rows > 30 || names > 20 ? 6 : rows > 16 || names > 12 ? 8 : 10
dark(v) = log(v) > 0.75 * log(top) ? 0xffffff : 0x222222
# Letters: as many digits as there is room for.
digits = (letters_wide - 24) / names >= 5 ? '%.2f' : (letters_wide - 24) / names >= 4 ? '%.1f' : '%.0f'
if (dumb) {
	plot for [i = 1:rows] $series index i-1 \
		using 1:(0.0 + place[i]):(sprintf(digits, $2)) with labels
} else {
	plot for [i = 1:rows] $series index i-1 \
			using 1:(0.0 + place[i]):(0.5):(0.5):2 with boxxyerror fillcolor palette, \
		for [i = 1:rows] $series index i-1 \
			using 1:(0.0 + place[i]):(sprintf('%.2f', $2)):(dark($2)) \
			with labels font ','.size textcolor rgb variable
}
