# SPDX-License-Identifier: MIT
#
# figure: classes of faults stacked over time (bel-vm --interval)
# records: belady.vm-interval/1
# x: start_reference
# y: zero_fill_faults
# columns: in_frame_faults copy_on_write_faults protection_faults file_read_faults swap_read_faults no_region_faults no_permission_faults writebacks
# series: policy params frames
# width: references
# events: belady.mark/1 reference name
# axis: panels sums
#
# One panel per machine, all on one scale. Major faults, which wait for a device,
# have warm colours and are stacked on the minor ones. Classes differ in grey, too. A line shows the
# pages written back.
#
# A few very high bars, as at the start of a program, do not take the room of all others: the axis
# ends below them, and a triangle is on each bar that is cut.

classes = 8
array class[classes] = ['zero fill', 'page in a frame', 'copy on write', 'protection', \
	'read from a file', 'read from swap', 'no region', 'no right']
array shade[classes] = ['#bde0f5', '#004b87', '#009e73', '#e3f2ec', \
	'#e69f00', '#b34700', '#000000', '#999999']
machines = lines + floors

# The classes that occur, and the height of the stack.
array total[classes + 1]
set xrange [*:*]
set yrange [*:*]
stack = 'column(2)+column(3)+column(4)+column(5)+column(6)+column(7)+column(8)+column(9)'
taller = '((@stack) > column(10) ? (@stack) : column(10))'
stats $series using (@taller) nooutput
highest = STATS_max > 0 ? STATS_max : 1
corners = STATS_records
do for [c = 1:classes+1] {
	stats $series using (column(c + 1)) nooutput
	total[c] = STATS_sum
}

# At most 3 of 100 bars are cut.
top = highest
if (!log_y) {
	stats $series using (@taller > 0 || highest == 1 ? @taller : NaN) nooutput
	top = STATS_up_quartile > 0 ? 4.0 * STATS_up_quartile : 1.0
	cut = corners
	while (top < highest && cut > 0.03 * corners) {
		stats $series using (@taller > top ? 1 : 0) nooutput
		cut = STATS_sum
		if (cut > 0.03 * corners) { top = 2 * top }
	}
	if (2 * top > highest) { top = highest }
}
cuts = top < highest

set xrange [x_from / x_unit:x_to / x_unit]
base = log_y ? 0.5 : 0
set yrange [base:(log_y ? 2 * highest : 1.08 * top)]
if (log_y) { set logscale y; set format y '%g' }
power = 10**floor(log10(top))
few = power * (top >= 5 * power ? 5 : top >= 2 * power ? 2 : 1)
step = machines > 2 ? few : top < 5 ? 1 : 2
if (!log_y && (machines > 2 || top < 10)) { set ytics step }
if (!dumb) { set style fill solid 0.9 noborder }
style = dumb ? 'lines lt c' : 'filledcurves y1=base lc rgb shade[c]'
line_style = dumb ? 'lines lt 9' : 'lines lw 1.5 lc rgb "#222222"'
mark_style = dumb ? 'points pt 1' : 'points pt 9 ps 0.9 * mark_scale lc rgb "#222222"'
references = bar < 10000 ? sprintf('%.0f', bar) : bar < 2e6 ? sprintf('%.0f thousand', bar / 1e3) : sprintf('%.3g million', bar / 1e6)

# The key is below all panels and is drawn with the last one.
unset key
set title offset 0, -0.6
share(n) = n / lines_high > 0.4 ? 0.4 : n / lines_high
bottom = share(7.0)
gap = machines > 1 ? (dumb ? 1.0 : 2.0) / lines_high : 0
set multiplot layout machines, 1 title (machines > 1 ? title : '') noenhanced \
	margins screen (letters_wide > 40 ? 10 / letters_wide : 0.25), 0.97, bottom, 1 - share(machines > 1 ? 3.6 : 2.5) \
	spacing screen 0.5 * gap, gap
do for [m = 0:machines-1] {
	last = m == machines - 1
	if (machines > 1) { set title label[m + 1] noenhanced }
	set xlabel (last ? 'time ('.x_unit_name.'references)' : '')
	if (!last) { set format x '' } else { set format x '%g' }
	if (m == machines / 2) { set ylabel 'faults in '.references.' references' } else { unset ylabel }
	if (last) {
		set key at screen 0.52, 0.02 center bottom horizontal Left reverse noenhanced \
			samplen 2 spacing 1.25 maxrows 2
	}
	plot for [c = classes:1:-1] $series index m \
		using ($1/x_unit):(total[c] > 0 ? (sum [k = 2:c+1] column(k)) : NaN) \
		with @style title (last && total[c] > 0 ? class[c] : ''), \
		$series index m using ($1/x_unit):(total[classes+1] > 0 ? column(10) : NaN) \
		with @line_style title (last && total[classes+1] > 0 ? 'pages written back' : ''), \
		$series index m every 2 using (($1+0.5*bar)/x_unit):(@taller > top ? 1.04 * top : NaN) \
		with @mark_style title (last && cuts ? sprintf('cut: up to %.0f', highest) : '')
}
unset multiplot
