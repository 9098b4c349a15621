/* SPDX-License-Identifier: MIT */
/*
 * html_form.c: the script of an HTML quiz. It writes what the student filled in as the text that
 * grade.h reads, and saves it as a file. It knows no answers and uses no network. The browser asks
 * before it closes a page whose answers are not saved.
 *
 * A quiz that checks itself has a second script, which compares the code of what is in a field with
 * the code of the right answer (answer_code.h). As for grade.h, spaces do not count.
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

static const char check_script[] =
	"<p><button type=\"button\" id=\"check\">Check answers</button>\n"
	"<output id=\"verdict\"></output></p>\n"
	"<p>This page is for practice, not for an examination. It holds a code of each answer, "
	"and\n"
	"whoever tries all answers finds those with the right codes.</p>\n"
	"<script>\n"
	"function code(input) {\n"
	"  const fold = input.dataset.code[0] == 'i';\n"
	"  let text = input.value.replace(/[\\s|]/g, '');\n"
	"  if (fold) text = text.replace(/[A-Z]/g, c => c.toLowerCase());\n"
	"  let hash = 2166136261;\n"
	"  for (const byte of new TextEncoder().encode(input.ariaLabel + '|' + text))\n"
	"    hash = Math.imul(hash ^ byte, 16777619) >>> 0;\n"
	"  return input.dataset.code[0] + hash.toString(16).padStart(8, '0');\n"
	"}\n"
	"document.getElementById('check').onclick = () => {\n"
	"  const inputs = document.querySelectorAll('td input');\n"
	"  let right = 0, empty = 0;\n"
	"  for (const input of inputs) {\n"
	"    const given = input.value.trim() != '', same = given && code(input) == "
	"input.dataset.code;\n"
	"    right += same;\n"
	"    empty += !given;\n"
	"    input.classList.toggle('right', same);\n"
	"    input.classList.toggle('wrong', given && !same);\n"
	"    input.ariaInvalid = given && !same;\n"
	"  }\n"
	"  document.getElementById('verdict').textContent = right + ' of ' + inputs.length +\n"
	"    ' cells are right, ' + (inputs.length - right - empty) + ' wrong, ' + empty + ' "
	"empty';\n"
	"};\n"
	"for (const input of document.querySelectorAll('td input'))\n"
	"  input.addEventListener('input', () => {\n"
	"    input.classList.remove('right', 'wrong');\n"
	"    input.ariaInvalid = null;\n"
	"    document.getElementById('verdict').textContent = '';\n"
	"  });\n"
	"</script>\n";

void bel_html_form(const struct bel_step_table *table)
{
	fputs(script, table->file);
	if (table->self_check)
		fputs(check_script, table->file);
}
