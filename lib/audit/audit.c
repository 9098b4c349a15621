/* SPDX-License-Identifier: MIT */
/*
 * audit.c: starts a process for each policy and collects its findings, also if it dies.
 *
 * The child writes its finding to memory shared with the parent: first the original string, then
 * the shrunk one. If the child dies, the parent knows the case and the step. It makes the same
 * string again and shrinks it with one child for each try.
 */
#include "audit.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "audit_plan.h"
#include "audit_shrink.h"

/* CPU time of a case; beyond that it is endless. The slowest case of our policies takes 10 ms. */
#define CASE_SECONDS 2
#define CASE_WALL_SECONDS 60 /* for a case that sleeps */
#define TRY_MILLISECONDS 100 /* CPU time of a try at shrinking an endless case */
#define TRIES 3000
#define TRIES_CHILDREN 300
#define TRIES_ENDLESS 60

struct report {
	volatile uint64_t index, at; /* the case and the step being processed */
	uint64_t strings, references;
	volatile int done, findings; /* findings: number of those below */
	struct finding {
		struct bel_audit_found found;
		struct bel_audit_string string; /* its steps are in `step` */
		struct bel_audit_step step[BEL_AUDIT_STEPS_MAX];
	} finding[2]; /* the original, and the shrunk one */
};

/* Everything to audit one policy. */
struct work {
	const struct bel_audit_setup *setup;
	const struct bel_policy_spec *given;
	struct report *report;
	pid_t child;
	struct bel_audit_string string, spare;
	struct bel_policy_spec spec;
	struct bel_audit_case is;
	struct bel_audit_found found; /* from the last try that showed the finding */
	enum bel_audit_rule rule;     /* the rule that the shrunk string must break */
};

/* The process dies after this much CPU time, or after CASE_WALL_SECONDS. */
static void limit_time(long milliseconds)
{
	const struct itimerval cpu = {
		.it_value = {milliseconds / 1000, milliseconds % 1000 * 1000}};

	setitimer(ITIMER_PROF, &cpu, NULL);
	alarm(CASE_WALL_SECONDS);
}

/* Prepares a child: no core files, default signal actions. */
static void start_child(void)
{
	const struct rlimit none = {0, 0};

	setrlimit(RLIMIT_CORE, &none);
	signal(SIGPROF, SIG_DFL);
	signal(SIGALRM, SIG_DFL);
}

static bool still_breaks(void *host, const struct bel_audit_string *candidate)
{
	struct work *w = host;
	struct bel_audit_found found;

	w->is.string = candidate;
	limit_time(CASE_SECONDS * 1000L);
	if (!bel_audit_case_breaks(&w->is, &found) || found.rule != w->rule)
		return false;
	w->found = found;
	return true;
}

static void publish(struct work *w)
{
	struct finding *finding = &w->report->finding[w->report->findings];

	finding->found = w->found;
	finding->string.count = w->string.count;
	finding->string.pages = w->string.pages;
	finding->string.drops = w->string.drops;
	memcpy(finding->step, w->string.step, w->string.count * sizeof(*w->string.step));
	w->report->findings++;
}

/* The child: runs the cases up to the first finding. */
static void audit(struct work *w)
{
	const uint64_t cases = bel_audit_plan_cases(w->setup, w->given->policy);
	struct report *report = w->report;

	for (uint64_t i = 0; i < cases; i++) {
		bel_audit_plan_case(w->setup, w->given, i, &w->string, &w->spec, &w->is);
		report->index = i;
		report->at = 0;
		w->is.at = &report->at;
		limit_time(CASE_SECONDS * 1000L);
		report->strings++;
		if (bel_audit_case_breaks(&w->is, &w->found)) {
			w->rule = w->found.rule;
			publish(w);
			w->is.at = NULL;
			bel_audit_shrink(&w->string, &w->spare, TRIES, still_breaks, w);
			publish(w);
			break;
		}
		for (size_t k = 0; k < w->string.count; k++)
			report->references += w->string.step[k].kind != BEL_AUDIT_DROP;
	}
	report->done = 1;
}

static int launch(struct work *w, struct bel_err *err)
{
	w->child = fork();
	if (w->child < 0)
		return bel_fail_errno(err, errno, "cannot start a process");
	if (w->child == 0) {
		start_child();
		audit(w);
		_exit(0);
	}
	return 0;
}

static int wait_for(pid_t child)
{
	int status = 0;

	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}

/* If a child exits before it is done, the policy ended it: this counts as a crash. */
static enum bel_audit_rule rule_of(const struct report *report, int status)
{
	if (WIFSIGNALED(status))
		return WTERMSIG(status) == SIGPROF || WTERMSIG(status) == SIGALRM
			       ? BEL_AUDIT_ENDLESS
			       : BEL_AUDIT_CRASH;
	return report->done ? BEL_AUDIT_HELD : BEL_AUDIT_CRASH;
}

/* A try in a child of its own, which may die. */
static bool still_dies(void *host, const struct bel_audit_string *candidate)
{
	struct work *w = host;
	pid_t child;

	w->report->done = 0;
	child = fork();
	if (child < 0)
		return false;
	if (child == 0) {
		struct bel_audit_found ignored;

		start_child();
		w->is.string = candidate;
		w->is.at = &w->report->at;
		limit_time(w->rule == BEL_AUDIT_ENDLESS ? TRY_MILLISECONDS : CASE_SECONDS * 1000L);
		bel_audit_case_breaks(&w->is, &ignored);
		w->report->done = 1;
		_exit(0);
	}
	return rule_of(w->report, wait_for(child)) == w->rule;
}

static void describe_death(struct work *w, int status)
{
	uint64_t reference = 0;

	still_dies(w, &w->string);
	for (size_t i = 0; i < w->string.count && i < w->report->at; i++)
		reference += w->string.step[i].kind != BEL_AUDIT_DROP;
	w->found = (struct bel_audit_found){.rule = w->rule, .reference = reference};
	if (w->rule == BEL_AUDIT_ENDLESS)
		snprintf(w->found.text, sizeof(w->found.text), "it does not return");
	else if (WIFSIGNALED(status))
		snprintf(w->found.text, sizeof(w->found.text), "it crashed: %s",
			strsignal(WTERMSIG(status)));
	else
		snprintf(w->found.text, sizeof(w->found.text),
			"it ended the program with status %d", WEXITSTATUS(status));
}

/* The child died without a finding. It died in the case that it was processing. */
static void examine_death(struct work *w, int status)
{
	const struct report *report = w->report;

	w->rule = rule_of(report, status);
	bel_audit_plan_case(w->setup, w->given, report->index, &w->string, &w->spec, &w->is);
	if (report->at + 1 < w->string.count) {
		bel_audit_string_cut(&w->spare, &w->string, report->at + 1, w->string.count);
		if (still_dies(w, &w->spare))
			bel_audit_string_copy(&w->string, &w->spare);
	}
	bel_audit_shrink(&w->string, &w->spare,
		w->rule == BEL_AUDIT_ENDLESS ? TRIES_ENDLESS : TRIES_CHILDREN, still_dies, w);
	describe_death(w, status);
}

static void take_finding(struct work *w)
{
	const struct finding *finding = &w->report->finding[w->report->findings - 1];

	/* Makes the child's string and parameters again, from the case number. */
	bel_audit_plan_case(w->setup, w->given, w->report->index, &w->string, &w->spec, &w->is);
	w->found = finding->found;
	w->string.count = finding->string.count;
	w->string.pages = finding->string.pages;
	w->string.drops = finding->string.drops;
	memcpy(w->string.step, finding->step, w->string.count * sizeof(*w->string.step));
}

static void collect(struct work *w, struct bel_audit_result *result)
{
	const int status = wait_for(w->child);

	if (w->report->findings)
		take_finding(w);
	else if (!w->report->done)
		examine_death(w, status);
	*result = (struct bel_audit_result){
		.strings = w->report->strings,
		.references = w->report->references,
		.found = w->found,
		.spec = w->found.rule ? w->spec : *w->given,
		.frames = w->is.frames,
		.seed = w->is.seed,
		.string = w->string,
	};
	w->string.step = NULL;
}

static int work_init(
	struct work *w, const struct bel_audit_setup *setup, size_t index, struct bel_err *err)
{
	*w = (struct work){.setup = setup, .given = &setup->specs[index]};
	w->report = mmap(NULL, sizeof(*w->report), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (w->report == MAP_FAILED)
		w->report = NULL;
	if (!w->report || bel_audit_string_init(&w->string) < 0 ||
		bel_audit_string_init(&w->spare) < 0)
		return bel_err_memory(err, "audit");
	return 0;
}

static void work_release(struct work *w)
{
	if (w->report)
		munmap(w->report, sizeof(*w->report));
	bel_audit_string_free(&w->string);
	bel_audit_string_free(&w->spare);
}

/* Runs the policies in order. When `jobs` are running, waits for the oldest. */
static int run_all(const struct bel_audit_setup *setup, struct work *work,
	struct bel_audit_result *results, struct bel_err *err)
{
	size_t started = 0;

	for (size_t i = 0; i < setup->spec_count; i++) {
		while (started < setup->spec_count && started < i + setup->jobs) {
			if (work_init(&work[started], setup, started, err) < 0 ||
				launch(&work[started], err) < 0)
				return BEL_FAIL;
			started++;
		}
		collect(&work[i], &results[i]);
		work_release(&work[i]);
		work[i] = (struct work){.child = 0};
	}
	return 0;
}

int bel_audit(
	const struct bel_audit_setup *setup, struct bel_audit_result **results, struct bel_err *err)
{
	struct work *work = calloc(setup->spec_count + 1, sizeof(*work));
	int r;

	*results = calloc(setup->spec_count + 1, sizeof(**results));
	r = work && *results ? run_all(setup, work, *results, err) : bel_err_memory(err, "audit");
	for (size_t i = 0; work && i < setup->spec_count; i++) {
		if (work[i].child > 0)
			wait_for(work[i].child);
		work_release(&work[i]);
	}
	free(work);
	if (r < 0 && *results)
		bel_audit_results_free(*results, setup->spec_count);
	return r;
}

void bel_audit_results_free(struct bel_audit_result *results, size_t count)
{
	for (size_t i = 0; i < count; i++)
		bel_audit_string_free(&results[i].string);
	free(results);
}
