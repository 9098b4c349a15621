# SPDX-License-Identifier: MIT
#
# Settings of all figures; bel-plot puts them before each. The colours are
# those of Okabe and Ito, which colour-blind people can distinguish; dashes and points
# distinguish lines without colour. OPT is black.

set encoding utf8

# The ranges of the axes. gnuplot itself cannot choose a range for one single
# value, or for 0 on a logarithmic axis. y goes from 0 to a multiple of half a power of ten, or from one
# power of ten to another.
flat = x_min == x_max
x_from = flat ? x_min / 2.0 : x_min
x_to = !flat ? x_max : x_max > 0 ? 2.0 * x_max : 1
if (!names && (flat || log_x)) { set xrange [x_from:x_to] }
y_step = y_max > 0 ? 10.0**floor(log10(y_max)) / 2 : 1
y_top = y_max > 0 ? y_step * ceil(y_max / y_step - 1e-9) : 1
if (log_y && !names) {
	y_from = 10.0**floor(log10(y_least) + 1e-9)
	y_to = 10.0**ceil(log10(y_max) - 1e-9)
	if (y_from >= y_to) { y_to = 10 * y_from }
	set yrange [y_from:y_to]
}

set title title noenhanced
set border 3 linecolor rgb '#555555'
set tics nomirror out scale 0.6 textcolor rgb '#222222'
set key noenhanced Left reverse samplen 3.5 spacing 1.25 width 1
if (long_labels) {
	set key below left vertical maxrows (lines + spots + floors + 1) / 2
} else {
	set key outside right center
}
if (!dumb) { set grid linetype 1 linewidth 0.6 linecolor rgb '#dddddd' }
if (dumb) { set key samplen 2 spacing 1 width 0 }

set linetype 1 lc rgb '#0072b2' lw 2 dt 1              pt 7  ps 0.7
set linetype 2 lc rgb '#d55e00' lw 2 dt (12,4)         pt 5  ps 0.7
set linetype 3 lc rgb '#009e73' lw 2 dt (5,3)          pt 9  ps 0.9
set linetype 4 lc rgb '#cc79a7' lw 2 dt (12,3,2,3)     pt 13 ps 0.9
set linetype 5 lc rgb '#e69f00' lw 2 dt (2,2)          pt 11 ps 0.9
set linetype 6 lc rgb '#56b4e9' lw 2 dt (12,3,2,3,2,3) pt 6  ps 0.9
set linetype 7 lc rgb '#0072b2' lw 2 dt (5,3)          pt 4  ps 0.9
set linetype 8 lc rgb '#d55e00' lw 2 dt 1              pt 12 ps 0.9
set linetype cycle 8

# Line styles 1 .. lines+spots+floors, one per series.
set style line 1 lt 1
do for [i = 1:lines+spots] { set style line i lt i }
if (spots) { do for [i = lines+1:lines+spots] { set style line i lt i lw 1 ps 1.2 } }
if (floors) {
	do for [i = lines+spots+1:lines+spots+floors] {
		set style line i lt i lc rgb '#000000' lw 2 dt (8,5) pointtype -1
	}
	if (floors > 1) { set style line lines+spots+2 lc rgb '#777777' dt (3,4) }
	if (floors > 2) { set style line lines+spots+3 lw 1 dt (14,3) }
	if (dumb) { do for [i = lines+spots+1:lines+spots+floors] { set style line i lt i } }
}

# A figure plots @bands_under @curves @marks_on: first bands, then their lines, then special
# points on the lines.
if (dumb) { bands = 0 }
bands_under = bands ? 'for [b = 1:bands] $bands index b-1 using 1:2:3 with filledcurves ls band_of[b] fs transparent solid 0.25 noborder notitle,' : ''
curves = 'for [i = 1:lines+spots+floors] $series index i-1 using 1:2 with lines ls i notitle, for [i = 1:lines+spots] $dots index i-1 using 1:2 with points ls i notitle, for [i = 1:lines+spots+floors] keyentry with linespoints ls i title label[i]'
marks_on = marks ? ', for [m = 1:marks] $marks index m-1 using 1:2 with points ls mark_of[m] dt 1 lw 2 pt 6 ps 2.2 notitle, keyentry with points lc rgb "#555555" lw 2 pt 6 ps 1.8 title mark_name' : ''

# 2^n bytes as text.
array unit[9] = [' B', ' KiB', ' MiB', ' GiB', ' TiB', ' PiB', ' EiB', ' ZiB', ' YiB']
size_most = 2.0**80
size(n) = sprintf('%.0f', 2**(n % 10)).unit[n / 10 + 1]

# If x counts pages, its ticks are whole numbers, and a second axis above shows bytes.
if (x_pages && log_x) {
	set logscale x 2
	set logscale x2 2
	set format x '%.0f'
	low_x = 2.0**floor(log(x_min) / log(2) + 1e-9)
	high_x = 2.0**ceil(log(x_max) / log(2) - 1e-9)
	if (low_x >= high_x) { high_x = 2 * low_x; low_x = low_x / 2.0 }
}
if (x_pages && !log_x) {
	ticks = dumb ? 5.0 : 9.0
	power = 10.0**floor(log10((x_max > 1 ? x_max : 1) / ticks))
	tick = x_max / ticks / power
	tick = power * (tick <= 1 ? 1 : tick <= 2 ? 2 : tick <= 5 ? 5 : 10)
	if (tick < 1) { tick = 1 }
	set xtics tick
	set format x '%.0f'
	low_x = tick * floor(x_min / real(tick))
	high_x = tick * ceil(x_max / real(tick))
}
if (x_pages && low_x < high_x) { set xrange [low_x:high_x]; set x2range [low_x:high_x] }
bytes_high = x_pages && low_x < high_x ? high_x * real(page_bytes) : 0
if (bytes_high >= 1 && bytes_high < size_most && !dumb) {
	set border 7
	set x2tics () textcolor rgb '#222222'
	if (log_x) {
		from = int(ceil(log(low_x * page_bytes) / log(2) - 1e-9))
		if (from < 0) { from = 0 }
		to = int(floor(log(bytes_high) / log(2) + 1e-9))
		do for [n = from:to:(to - from) / 10 + 1] { set x2tics add (size(n) 2.0**n / page_bytes) }
	} else {
		n = int(ceil(log(bytes_high / 9.0) / log(2)))
		if (n < 0) { n = 0 }
		do for [k = 0:9] {
			set x2tics add ((k ? sprintf('%.0f', k * 2**(n % 10)).unit[n / 10 + 1] : '0') k * 2.0**n / page_bytes)
		}
	}
}
