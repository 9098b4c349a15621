# SPDX-License-Identifier: MIT
#
# figure: measured faults, simulated ones, and their errors (bel-live)
# records: belady.run/1 belady.curve/1
# measured: belady.live/1 belady.live-program/1
# x: frames mean_resident_pages
# y: faults
# series: policy params
# axis: pages
#
# Above are the simulated lines with the measured points; bars go from the fewest to the most faults
# that were measured. Below is the error of each line at these points. There, the bars at 0 are the
# spread of the measurements. OPT is a bound and no model of a kernel, so it has no error.

# The lower plot takes two fifths of the panel. Both have the same left margin.
upper = 0.6 * panel_high
numbers = log_y ? 5 : strlen(sprintf('%g', (y_top - y_step) / y_unit))
set lmargin (panels == 1 ? 6 : 3) + (numbers > 3 ? numbers : 3)
set rmargin 4
x_name = name_of_x('frames ('.page_unit.')')
unset ylabel
if (name_of_y('faults'.y_counted.'; below: error (percent)') ne '') { set ylabel 'faults'.y_counted }

set size panel_wide, upper
set origin panel_left, panel_bottom + panel_high - upper
set bmargin (dumb ? 1 : 0.6)
unset tmargin
unset xlabel
set format x ''
set format y '%h'
unset logscale y
set ytics autofreq
@y_axis
if (log_y) { set format y powers }
if (lines_high < 18 && !log_y) { set ytics ('0' 0, sprintf('%g', y_top / y_unit) y_top) }
spread = bands ? ', for [b = 1:bands] $bands index b-1 using 1:2:(0):($3-$2) with vectors heads size screen 0.005,90 nofilled fixed lc rgb "#000000" lw 1.5 notitle' : ''
first = lines + spots + floors + 1
points = measured ? ', for [i = first:series] $series index i-1 using 1:2 with points ls i notitle' : ''
plot @curves @spread @points

# Both ends of the axis are multiples of the step between its ticks.
set size panel_wide, panel_high - upper
set origin panel_left, panel_bottom
set tmargin (dumb ? 0 : 0.6)
unset bmargin
unset title
unset x2tics
set border 3
set key off
unset logscale y
range = error_most - error_least > 1 ? error_most - error_least : 1
wanted = dumb || lines_high < 18 ? 1.3 : lines_high < 24 ? 2.0 : 4.0
step = step_of(range, wanted)
set ytics step
set format y '%g'
set yrange [step * floor(error_least / step):step * ceil(error_most / step)]
if (error_most - error_least < 1e-9) { set yrange [-1:1] }
set format x '%.0f'
set xlabel x_name
if (panels == 1) { set ylabel lines_high < 26 ? 'error %' : 'error (percent)' }
spread = spreads && !dumb ? ', for [s = 1:spreads] $spreads index s-1 using 1:2:(0):($3-$2) with vectors heads size screen 0.005,90 nofilled fixed lc rgb "#000000" lw 1.5 notitle' : ''
errors_on = errors ? ', for [e = 1:errors] $errors index e-1 using 1:2 with linespoints ls error_of[e] notitle' : ''
plot 0 with lines lc rgb '#555555' lw 1 notitle @errors_on @spread
