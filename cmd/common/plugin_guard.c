/* SPDX-License-Identifier: MIT */
/* plugin_guard.c: says which plug-ins are loaded when one of them ends the tool. */
#include "plugin_guard.h"

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "err.h"
#include "spec.h"
#include "visible.h"

/* A signal handler may only use what is ready. */
static struct {
	char name[32];     /* of the tool */
	char plugins[512]; /* the rest of the message, with a newline */
	pid_t process;
	volatile sig_atomic_t ended;
} guard;

static const struct {
	int signal;
	const char *name;
} crashes[] = {{SIGSEGV, ": Segmentation fault"}, {SIGBUS, ": Bus error"},
	{SIGFPE, ": Arithmetic error"}, {SIGILL, ": Illegal instruction"}, {SIGABRT, ": Aborted"}};

enum { CRASHES = sizeof(crashes) / sizeof(crashes[0]) };

static void put(const char *text)
{
	/* If standard error is closed, there is nobody to tell. */
	const ssize_t written = write(STDERR_FILENO, text, strlen(text));

	(void)written;
}

static void say(const char *what)
{
	put(guard.name);
	put(what);
	put(guard.plugins);
}

/* The default action follows: SA_RESETHAND, and the signal is raised again. */
static void crashed(int number)
{
	if (getpid() == guard.process)
		for (size_t i = 0; i < CRASHES; i++)
			if (crashes[i].signal == number)
				say(crashes[i].name);
	raise(number);
}

static void check_exit(void)
{
	if (guard.ended || getpid() != guard.process)
		return;
	say(": a policy ended the program");
	_exit(-BEL_FAIL);
}

/* The message's rest, which names the plug-ins in the list. Returns how many there are. */
static size_t name_plugins(const char *text)
{
	char *copy = strdup(text), *rest = copy, *one;
	size_t count = 0, used = 0;

	while (copy && (one = strsep(&rest, ","))) {
		char shown[128];

		one[strcspn(one, ":")] = 0;
		if (!bel_spec_is_plugin(one))
			continue;
		bel_visible_copy(shown, sizeof(shown), one);
		if (used + strlen(shown) + 120 < sizeof(guard.plugins))
			used += (size_t)snprintf(guard.plugins + used, sizeof(guard.plugins) - used,
				"%s%s", count ? ", " : "; plug-ins in this process: ", shown);
		count++;
	}
	snprintf(guard.plugins + used, sizeof(guard.plugins) - used,
		"; 'bel-sim --audit -p' runs each in a process of its own\n");
	free(copy);
	return count;
}

void plugin_guard_start(const char *name, const char *text)
{
	struct sigaction action = {
		.sa_handler = crashed, .sa_flags = (int)SA_RESETHAND | SA_NODEFER};
	const bool first = !guard.process;

	if (name_plugins(text) == 0)
		return;
	snprintf(guard.name, sizeof(guard.name), "%s", name);
	guard.process = getpid();
	for (size_t i = 0; i < CRASHES; i++)
		sigaction(crashes[i].signal, &action, NULL);
	if (first && atexit(check_exit) != 0)
		guard.process = 0;
}

void plugin_guard_end(void)
{
	guard.ended = true;
}
