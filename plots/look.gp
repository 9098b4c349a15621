# SPDX-License-Identifier: MIT
#
# What all figures have in common; bel-plot puts it before each. Colours are
# those of Okabe and Ito, which colour-blind eyes tell apart; dashes and points
# do the same on grey paper. Black is OPT's.

set encoding utf8
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

# Line styles 1 .. lines+spots+floors, one a series.
set style line 1 lt 1
do for [i = 1:lines+spots] { set style line i lt i pointinterval point_gap }
if (spots) { do for [i = lines+1:lines+spots] { set style line i lt i lw 1 ps 1.2 pointinterval spot_gap } }
if (floors) {
	do for [i = lines+spots+1:lines+spots+floors] {
		set style line i lt i lc rgb '#000000' lw 2 dt (8,5) pointtype -1
	}
	if (floors > 1) { set style line lines+spots+2 lc rgb '#777777' dt (3,4) }
	if (floors > 2) { set style line lines+spots+3 lw 1 dt (14,3) }
	if (dumb) { do for [i = lines+spots+1:lines+spots+floors] { set style line i lt i } }
}
