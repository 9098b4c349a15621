/* SPDX-License-Identifier: MIT */
/* lackey_call.c: parses the text that Valgrind prints for one system call. */
#include "lackey_call.h"

#include <stdlib.h>
#include <string.h>

bool bel_lackey_call_whole(const char *text)
{
	const char *arrow = strstr(text, "--> ");
	const char *result;

	if (!arrow)
		return false;
	result = strpbrk(arrow, "SFN");
	if (strstr(arrow, "[async] ..."))
		return true;
	if (!result)
		return false;
	return strstr(result, "NoWriteResult") || strchr(result, ')');
}

static const char *digits(const char *p, uint32_t *value)
{
	char *end;
	const unsigned long number = strtoul(p, &end, 10);

	if (end == p || number > UINT32_MAX || *p < '0' || *p > '9')
		return NULL;
	*value = (uint32_t)number;
	return end;
}

/* The parenthesis that ends an argument's text: the next argument or the list's end follows. */
static const char *text_end(const char *p)
{
	for (; (p = strchr(p, ')')) != NULL; p++) {
		if (strncmp(p, ") )", 3) == 0 ||
			(strncmp(p, "), ", 3) == 0 && p[3] >= '0' && p[3] <= '9'))
			return p;
	}
	return NULL;
}

/* "name ( a, b(text), c )": fills name, arguments and path; returns the end of the text. */
static const char *arguments(const char *p, struct bel_lackey_call *call)
{
	size_t length;

	if (strncmp(p, "sys_", 4) == 0)
		p += 4;
	length = strcspn(p, " ([");
	if (length >= sizeof(call->name))
		return p;
	memcpy(call->name, p, length);
	p += length;
	p += strcspn(p, "(");
	if (*p != '(')
		return p;
	p++;
	while (call->args < 6) {
		char *end;

		p += strspn(p, " ");
		call->arg[call->args] = strtoull(p, &end, 0);
		if (end == p)
			break;
		call->args++;
		p = end;
		if (*p == '(') {
			const char *const close = text_end(p + 1);

			if (!close)
				break;
			if (!call->path) {
				call->path = p + 1;
				call->path_length = (size_t)(close - p - 1);
			}
			p = close + 1;
		}
		if (*p != ',')
			break;
		p++;
	}
	return p;
}

bool bel_lackey_call_parse(const char *text, struct bel_lackey_call *call)
{
	const char *p, *arrow, *child;

	memset(call, 0, sizeof(*call));
	if (strncmp(text, "SYSCALL[", 8) != 0 || !(p = digits(text + 8, &call->pid)) || *p != ',' ||
		!(p = digits(p + 1, &call->tid)) || strncmp(p, "](", 2) != 0)
		return false;
	p += 2;
	p += strcspn(p, ")");
	if (strncmp(p, ") ", 2) != 0)
		return false;
	p += 2;
	if (strncmp(p, "... ", 4) != 0)
		p = arguments(p, call);
	child = strstr(p, "created child ");
	if (child)
		digits(child + strlen("created child "), &call->child);
	arrow = strstr(p, "--> ");
	if (!arrow)
		return true;
	call->finished = true;
	call->waits = strstr(arrow, "[async] ...") != NULL;
	p = strstr(arrow, "Success(");
	if (p && !call->waits) {
		call->success = true;
		call->result = strtoull(p + strlen("Success("), NULL, 16);
	}
	return true;
}
