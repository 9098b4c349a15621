/* SPDX-License-Identifier: MIT */
/* report_words.c: the terms of the page, each in a sentence. */
#include "report_parts.h"

static const char words[] =
	"<section>\n<h2>Terms</h2>\n<dl class=\"terms\">\n"
	"<dt>Reference</dt><dd>The program reads, writes or fetches at one address.</dd>\n"
	"<dt>Page</dt><dd>Memory is divided into pages of equal size.</dd>\n"
	"<dt>Frame</dt><dd>A frame is memory that holds one page.</dd>\n"
	"<dt>Footprint</dt><dd>The footprint is all pages that the program references.</dd>\n"
	"<dt>Fault</dt><dd>A fault is a reference to a page that is in no frame.</dd>\n"
	"<dt>Compulsory fault</dt><dd>The first reference to each page faults at any memory "
	"size.</dd>\n"
	"<dt>Policy</dt><dd>The policy chooses the page that leaves when a page needs its "
	"frame. lru: the page that was not referenced for the longest time.</dd>\n"
	"<dt>OPT</dt><dd>The page leaves whose next reference is furthest in the future. No "
	"policy has fewer faults, but a real system does not know the future.</dd>\n"
	"<dt>Knee</dt><dd>The memory size at which the references between two faults, divided by "
	"the memory, are most: more memory than that gains less for each frame.</dd>\n"
	"<dt>Working set</dt><dd>The pages that the last references were to. The length of this "
	"part of the trace is the window.</dd>\n"
	"<dt>Regret</dt><dd>The faults of a policy that OPT with as many frames does not "
	"have.</dd>\n"
	"<dt>Virtual time</dt><dd>The number of references since the start of the trace.</dd>\n"
	"</dl>\n</section>\n";

void bel_report_words(FILE *file)
{
	fputs(words, file);
}
