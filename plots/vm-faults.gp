# SPDX-License-Identifier: MIT
#
# figure: classes of page faults stacked over time (bel-vm --interval)
# records: belady.vm-interval/1
# x: start_reference
# y: zero_fill_faults
# columns: in_frame_faults copy_on_write_faults protection_faults file_read_faults swap_read_faults no_region_faults no_permission_faults
# series: policy params frames
# width: references
# axis: panels
#
# One panel per machine, all on one scale. Major faults, which wait for a device,
# have warm colours and are stacked on the minor ones.

classes = 8
array class[classes] = ['zero fill', 'page in a frame', 'copy on write', 'protection', \
	'read from a file', 'read from swap', 'no region', 'no right']
array shade[classes] = ['#56b4e9', '#0072b2', '#009e73', '#b8e0d2', \
	'#e69f00', '#d55e00', '#000000', '#777777']
machines = lines + floors

# The classes that occur, and the height of the stack.
array total[classes]
highest = 1
set xrange [*:*]
set yrange [*:*]
stats $series using (column(2)+column(3)+column(4)+column(5)+column(6)+column(7)+column(8)+column(9)) nooutput
if (STATS_max > 0) { highest = STATS_max }
do for [c = 1:classes] {
	stats $series using (column(c + 1)) nooutput
	total[c] = STATS_sum
}

if (flat || log_x) { set xrange [x_from / x_unit:x_to / x_unit] }
set yrange [0:highest * 1.05]
power = 10**floor(log10(highest))
if (machines > 2) { set ytics power * (highest >= 5 * power ? 5 : highest >= 2 * power ? 2 : 1) }
if (!dumb) { set style fill solid 0.9 noborder }
style = dumb ? 'steps lt c' : 'fillsteps lc rgb shade[c]'

# The key is below all panels and is drawn with the last one.
unset key
set title offset 0, -0.6
bottom = dumb ? 0.3 : 0.22
gap = machines > 1 && !dumb ? 0.07 : 0
set multiplot layout machines, 1 title (machines > 1 ? title : '') noenhanced \
	margins screen 0.1, 0.97, bottom, (dumb ? 0.85 : 0.88) spacing screen 0.5 * gap, gap
do for [m = 0:machines-1] {
	last = m == machines - 1
	if (machines > 1) { set title label[m + 1] noenhanced }
	set xlabel (last ? 'time ('.x_unit_name.'references)' : '')
	if (!last) { set format x '' } else { set format x '%g' }
	if (m == (machines - 1) / 2) { set ylabel 'faults of the interval' } else { unset ylabel }
	if (last) {
		set key at screen 0.52, 0.02 center bottom horizontal Left reverse noenhanced \
			samplen 2 spacing 1.25 maxrows 2
	}
	plot for [c = classes:1:-1] $series index m \
		using ($1/x_unit):(total[c] > 0 ? (sum [k = 2:c+1] column(k)) : NaN) \
		with @style title (last && total[c] > 0 ? class[c] : '')
}
unset multiplot
