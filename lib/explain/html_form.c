/* SPDX-License-Identifier: MIT */
/*
 * html_form.c: the script of an HTML quiz. It writes what the student filled in as the text that
 * grade.h reads, and saves it as a file. It knows no answers and uses no network. The browser asks
 * before it closes a page whose answers are not saved.
 */
#include "style.h"

static const char script[] =
	"<p><button type=\"button\" id=\"save\">Save answers</button>\n"
	"The button saves a text file, which is what you hand in.</p>\n"
	"<script>\n"
	"function answers() {\n"
	"  const bare = t => t.replace(/[\\s|]/g, '');\n"
	"  const content = e => {\n"
	"    const input = e.querySelector('input');\n"
	"    return bare(input ? input.value || '_' : e.textContent) || '_';\n"
	"  };\n"
	"  const lines = [];\n"
	"  for (const e of document.querySelectorAll('p.field, h2, tr')) {\n"
	"    if (e.matches('p')) {\n"
	"      const input = e.querySelector('input');\n"
	"      const value = input ? input.value.replace(/\\s+/g, ' ').trim() : '';\n"
	"      lines.push((e.textContent.trim() + ' ' + value).trim());\n"
	"    } else if (e.matches('tr') && e.querySelector('td')) {\n"
	"      const cells = Array.from(e.querySelectorAll('td'), content);\n"
	"      lines.push(e.querySelector('th').textContent + ' | ' + cells.join(' '));\n"
	"    } else {\n"
	"      lines.push('', e.textContent.trim());\n"
	"    }\n"
	"  }\n"
	"  return lines.join('\\n') + '\\n';\n"
	"}\n"
	"let saved = true;\n"
	"document.oninput = () => { saved = false; };\n"
	"window.onbeforeunload = e => { if (!saved) e.preventDefault(); };\n"
	"document.getElementById('save').onclick = () => {\n"
	"  const number = /^Student number: (\\d+)$/m.exec(answers());\n"
	"  const link = document.createElement('a');\n"
	"  link.href = URL.createObjectURL(new Blob([answers()], {type: 'text/plain'}));\n"
	"  link.download = (number ? number[1] : 'answers') + '.txt';\n"
	"  link.click();\n"
	"  saved = true;\n"
	"};\n"
	"</script>\n";

void bel_html_form(const struct bel_step_table *table)
{
	fputs(script, table->file);
}
