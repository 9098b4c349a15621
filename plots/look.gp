# SPDX-License-Identifier: MIT
#
# Settings of all figures; bel-plot puts them before each. The colours are those of Okabe and Ito, and
# two darker ones; colour-blind people can distinguish them. Dashes and points distinguish lines
# without colour. OPT is black.

set encoding utf8

# The ranges of the axes. gnuplot itself cannot choose a range for one single
# value, or for 0 on a logarithmic axis. y goes from 0 to a multiple of the step between its ticks,
# or from one power of ten to another. Large numbers are in thousands, millions or billions.
flat = x_min == x_max
x_from = flat ? x_min / 2.0 : x_min
x_to = !flat ? x_max : x_max > 0 ? 2.0 * x_max : 1
if (!names && (flat || log_x)) { set xrange [x_from:x_to] }
# The step of about so many ticks: 1, 2 or 5 times a power of ten.
step_near(n) = n < 1.41 ? 1 : n < 3.16 ? 2 : n < 7.07 ? 5 : 10
step_from(least, power) = power * step_near(least / power)
step_of(range, ticks) = step_from(range / ticks, 10.0**floor(log10(range / ticks)))
y_ticks = lines_high > 18 ? 6.0 : lines_high > 11 ? lines_high / 3.0 : 2.0
y_step = y_max > 0 ? step_of(y_max, y_ticks) : 1
y_top = y_max > 0 ? y_step * ceil(y_max / y_step - 1e-9) : 1
y_unit = log_y || y_top < 1e5 ? 1.0 : y_top < 1e6 ? 1e3 : y_top < 1e9 ? 1e6 : 1e9
y_unit_name = y_unit == 1 ? '' : y_unit == 1e3 ? 'thousand ' : y_unit == 1e6 ? 'million ' : 'billion '
y_counted = y_unit == 1 ? '' : ' ('.y_unit_name[1:strlen(y_unit_name)-1].')'
if (log_y && !names) {
	y_from = 10.0**floor(log10(y_least) + 1e-9)
	y_to = 10.0**ceil(log10(y_max) - 1e-9)
	if (y_from >= y_to) { y_to = 10 * y_from }
	set yrange [y_from:y_to]
}
# Most figures say @y_axis.
y_tick_list = "'0' 0"
do for [k = 1:int(y_top / y_step + 0.5)] { y_tick_list = y_tick_list.sprintf(", '%.6g' %.15g", k * y_step / y_unit, k * y_step) }
y_axis = log_y ? "set logscale y; set format y '%g'" \
	: 'set yrange [0:y_top]; set ytics '.(y_unit == 1 ? 'y_step' : '('.y_tick_list.')')

# Texts that LaTeX would take for commands.
percent = latex ? '\%%' : '%%'
at_least = latex ? '$\geq$ ' : dumb ? '>= ' : "\342\211\245 "
powers = dumb ? '%.0f' : latex ? '$10^{%T}$' : '10^{%T}'
small_font(size) = latex ? '' : sprintf(',%.4g', letter_points * size)

# The panel's place, and that of the key beside or below it. Several panels have one key, which comes
# after them.
set size panel_wide, panel_high
set origin panel_left, panel_bottom
set title title noenhanced
set border 3 linecolor rgb '#555555'
set tics nomirror out scale 0.6 textcolor rgb '#222222'
# A name of an axis that is longer than the axis has smaller letters. Several panels have the same axes,
# whose names are drawn once for all of them, at the left and below.
if (panels == 1 && !dumb && lines_high < 18) { set ylabel font ''.small_font(lines_high < 13 ? 0.7 : 0.85) }
common_x = ''
common_y = ''
name_of_x(text) = panels > 1 ? (common_x = text, '') : text
name_of_y(text) = panels > 1 ? (common_y = text, '') : text
if (panels > 1) { set xtics font ''.small_font(0.85); set ytics font ''.small_font(0.85) }
set key noenhanced Left reverse samplen (dumb ? 2 : 3.5) spacing (dumb ? 1 : 1.25) vertical maxrows key_rows
if (key_place eq 'right') { set key at screen 1 - key_share, 0.5 left center }
if (key_place eq 'below') { set key at screen 0.5, 0.25 * key_share / key_rows center bottom }
if (key_place ne 'right' || panels > 1) { set key off }
if (!dumb) { set grid linetype 1 linewidth 0.6 linecolor rgb '#dddddd' }

# A style is a number from 0. All figures give a policy the same number, and so one colour, dash and
# mark. Colours repeat after 8 numbers, with other dashes and other marks.
array colour[8] = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#882255', '#7f7f00']
array mark[10] = [7, 5, 9, 13, 11, 6, 4, 8, 12, 10]
if (!dumb) {
	set dashtype 2 (12*dash_scale,4*dash_scale)
	set dashtype 3 (5*dash_scale,3*dash_scale)
	set dashtype 4 (12*dash_scale,3*dash_scale,2*dash_scale,3*dash_scale)
	set dashtype 5 (2*dash_scale,2*dash_scale)
	set dashtype 6 (12*dash_scale,3*dash_scale,2*dash_scale,3*dash_scale,2*dash_scale,3*dash_scale)
	set dashtype 7 (20*dash_scale,4*dash_scale)
	set dashtype 8 (7*dash_scale,2*dash_scale,7*dash_scale,6*dash_scale)
}
colour_of(s) = colour[s % 8 + 1]
dash_of(s) = (s % 8 + 3 * (s / 8)) % 8 + 1
mark_of_style(s) = dumb ? s % 26 + 1 : mark[(s % 8 + s / 8) % 10 + 1]

# Line styles 1 .. lines+spots+floors+measured are the series of this panel, and those from 1001 the entries
# of the key. Lower bounds are black.
array measured_mark[4] = [6, 4, 8, 12]
array measured_letter[4] = ['@', '&', '+', '~']
floors_before = 0
series = lines+spots+floors+measured
do for [i = 1:series+keys] {
	entry = i - series
	kind = entry > 0 ? key_kind[entry] : i <= lines ? 0 : i <= lines+spots ? 1 : i <= lines+spots+floors ? 2 : 3
	look = entry > 0 ? key_style[entry] : style_of[i]
	at = entry > 0 ? 1000 + entry : i
	if (entry == 1) { floors_before = 0 }
	if (dumb && kind < 3) { set style line at lt (entry > 0 ? entry : i) pt (kind == 2 ? 0 : mark_of_style(look)) }
	if (dumb && kind == 3) { set style line at lt 9 pt measured_letter[look % 4 + 1] }
	if (!dumb && kind < 2) {
		set style line at lc rgb colour_of(look) lw 2 dt dash_of(look) \
			pt mark_of_style(look) ps mark_scale * (kind ? 1.5 : 0.8)
	}
	if (!dumb && kind == 2) {
		if (floors_before == 0) { set style line at lc rgb '#000000' lw 2 dt (8*dash_scale,5*dash_scale) pt -1 }
		if (floors_before == 1) { set style line at lc rgb '#777777' lw 2 dt (3*dash_scale,4*dash_scale) pt -1 }
		if (floors_before >= 2) { set style line at lc rgb '#000000' lw 1 dt (14*dash_scale,3*dash_scale) pt -1 }
	}
	# What was measured is black, too; points without a line.
	if (!dumb && kind == 3) { set style line at lc rgb '#000000' lw 1.5 dt 1 pt measured_mark[look % 4 + 1] ps mark_scale }
	if (kind == 2) { floors_before = floors_before + 1 }
}

# A figure plots @bands_under @curves @marks_on: first bands, then their lines, then special
# points on the lines. One that draws its lines itself ends with @key_of_lines.
if (dumb) { bands = 0 }
bands_under = bands ? 'for [b = 1:bands] $bands index b-1 using 1:2:3 with filledcurves ls band_of[b] fs transparent solid 0.25 noborder notitle,' : ''
key_of_lines = ''
do for [k = 1:keys] {
	key_of_lines = key_of_lines.sprintf(', keyentry with %s ls %d title key_text[%d]', \
		key_kind[k] == 1 || key_kind[k] == 3 ? 'points' : 'linespoints', 1000 + k, k)
}
if (key_more ne '') { key_of_lines = key_of_lines.', keyentry with lines lc rgb "#ffffff" title key_more' }
curves = 'for [i = 1:lines+spots+floors] $series index i-1 using 1:2 with lines ls i notitle'.(lines+spots ? ', for [i = 1:lines+spots] $dots index i-1 using 1:2 with points ls i notitle' : '').key_of_lines
key_of_marks = marks ? ', keyentry with points lc rgb "#555555" lw 2 pt 6 ps 1.8 * mark_scale title mark_name' : ''
marks_on = marks ? ', for [m = 1:marks] $marks index m-1 using 1:2 with points ls mark_of[m] dt 1 lw 2 pt 6 ps 2.2 * mark_scale notitle'.key_of_marks : ''

# A map: rows are series and columns are names. Its names have the angle and the room that suit
# them; numbers are drawn where a cell has room for 4 letters.
map_font = 1
if (names) {
	set key off
	unset grid
	unset border
	set tics scale 0
	set style fill solid 1 noborder
	set lmargin at screen map_left
	set rmargin at screen 1 - map_right
	set bmargin at screen map_bottom
	set tmargin at screen 1 - map_top
	cell_wide = (1 - map_left - map_right) * letters_wide / names
	cell_high = (1 - map_bottom - map_top) * lines_high / (lines + floors)
	map_font = cell_wide / 4.6 < cell_high ? cell_wide / 4.6 : cell_high
	if (map_font > 0.95) { map_font = 0.95 }
	if (map_angle) { set xtics rotate by map_angle right noenhanced offset 0, -0.2 } else { set xtics noenhanced }
	set ytics noenhanced font "".small_font(cell_high < 1 ? cell_high : 1)
	set xtics ('' 0)
	set ytics ('' 0)
}
lower(n) = n > 0 ? "\n".lower(n - 1) : ''

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
	octaves = log(high_x / low_x) / log(2)
	room = (letters_wide - 8) / (2.0 + strlen(sprintf('%.0f', high_x)))
	set xtics low_x, 2.0**ceil(octaves / (room > 1 ? room : 1) - 1e-9)
}
if (x_pages && !log_x) {
	room = letters_wide / (3.0 + strlen(sprintf('%.0f', x_max)))
	ticks = room < 1 ? 1.0 : room > 9 ? 9.0 : real(floor(room))
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
# A label of bytes has up to 8 letters.
room = (letters_wide - 8) / 10.0
room = room < 1 ? 1.0 : room > 10 ? 10.0 : room
if (bytes_high >= 1 && bytes_high < size_most && !dumb && (panels == 1 || lines_high >= 12)) {
	set border 7
	set x2tics () textcolor rgb '#222222' font ''.small_font(panels > 1 ? 0.85 : 1)
	if (log_x) {
		from = int(ceil(log(low_x * page_bytes) / log(2) - 1e-9))
		if (from < 0) { from = 0 }
		to = int(floor(log(bytes_high) / log(2) + 1e-9))
		do for [n = from:to:int((to - from) / room) + 1] { set x2tics add (size(n) 2.0**n / page_bytes) }
	} else {
		n = int(ceil(log(bytes_high / (room > 9 ? 9.0 : room)) / log(2)))
		if (n < 0) { n = 0 }
		do for [k = 0:9] {
			set x2tics add ((k ? sprintf('%.0f', k * 2**(n % 10)).unit[n / 10 + 1] : '0') k * 2.0**n / page_bytes)
		}
	}
}

# Moments with names, such as the marks of a program: a line, and above it the name if there is room.
# What is left of the panel before goes; the title of all panels is drawn with the first.
if (panel > 1) { unset arrow; unset label }
free_from = -1e300
if (events) { set title offset 0, 0.8 }
do for [k = 1:events] {
	event_at = event_x[k] / x_unit
	set arrow from first event_at, graph 0 to first event_at, graph (dumb ? 0.95 : 1) nohead lw 0.8 dt (4,3) lc rgb '#444444' front
	if (event_at >= free_from) {
		set label event_name[k] at first event_at, graph 1 offset 0, (dumb ? 0 : 0.5) left noenhanced \
			font ''.small_font(0.8) textcolor rgb '#444444' front
		free_from = event_at + (strlen(event_name[k]) + 2) * 0.8 / letters_wide * (x_max - x_min) / x_unit
	}
}
