/* SPDX-License-Identifier: MIT */
/*
 * calls.c: functions that each touch their own array, 40 pages one after the other, as often as
 * main() says: the call stacks of these references are known. With LIBRARY it is the shared
 * library of library_walk(); with USE_LIBRARY the program calls it.
 *
 *	calls           everything, then executes itself with "again"
 *	calls again     touches `executed`
 */
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGES 40
#define ARRAY __attribute__((aligned(4096))) char

/* No call that stands before this becomes a jump. */
#define RETURNED __asm__ volatile("" ::: "memory")

#define WALK(array)                                                                                \
	for (int page = 0; page < PAGES; page++)                                                   \
	((volatile char *)(array))[page * 4096]++

#define FUNCTION __attribute__((noinline))

FUNCTION void library_walk(char *array);

#if defined(LIBRARY)

void library_walk(char *array)
{
	WALK(array);
}

#else

ARRAY direct[PAGES * 4096], recursed[PAGES * 4096], caught[PAGES * 4096], signalled[PAGES * 4096],
	resumed[PAGES * 4096], escaped[PAGES * 4096], first[PAGES * 4096], second[PAGES * 4096],
	tail[PAGES * 4096], shared[PAGES * 4096], forked[PAGES * 4096], executed[PAGES * 4096];

static jmp_buf target;
static sigjmp_buf way_out;
static char *volatile nowhere; /* no page is there */

FUNCTION static void walk_direct(void)
{
	WALK(direct); /* the line of walk_direct */
}

FUNCTION static void outer(void)
{
	walk_direct();
	RETURNED;
}

FUNCTION static void recurse(int depth)
{
	if (depth > 0)
		recurse(depth - 1);
	else
		WALK(recursed);
	RETURNED;
}

FUNCTION static void throw_far(int depth)
{
	if (depth > 0)
		throw_far(depth - 1);
	else if (depth == 0)
		longjmp(target, 1);
	RETURNED;
}

FUNCTION static void catch_it(void)
{
	if (setjmp(target) == 0)
		throw_far(5);
	/* Nothing is called between the landing and this. */
	WALK(caught);
}

FUNCTION static void on_signal(int number)
{
	(void)number;
	WALK(signalled);
}

FUNCTION static void interrupted(void)
{
	raise(SIGUSR1);
	WALK(resumed);
}

FUNCTION static void on_crash(int number)
{
	(void)number;
	siglongjmp(way_out, 1);
}

/* The handler runs on another stack and does not return. */
FUNCTION static void crashes(void)
{
	if (sigsetjmp(way_out, 1) == 0)
		*nowhere = 1;
	WALK(escaped);
}

FUNCTION static void *walk_first(void *unused)
{
	WALK(first);
	return unused;
}

FUNCTION static void *walk_second(void *unused)
{
	WALK(second);
	return unused;
}

FUNCTION static int walk_tail(int n)
{
	WALK(tail);
	return n + 1;
}

FUNCTION static int jumps(int n)
{
	return walk_tail(n); /* compiled as a jump */
}

FUNCTION static int calls_jumps(int n)
{
	n = jumps(n);
	RETURNED;
	return n;
}

FUNCTION static void walk_forked(void)
{
	WALK(forked);
}

FUNCTION static void walk_executed(void)
{
	WALK(executed);
}

static void handle(int number, void (*handler)(int), int flags)
{
	struct sigaction action;

	memset(&action, 0, sizeof(action));
	action.sa_handler = handler;
	action.sa_flags = flags;
	sigaction(number, &action, NULL);
}

static void signals(void)
{
	static char other[65536];
	const stack_t stack = {.ss_sp = other, .ss_size = sizeof(other)};

	handle(SIGUSR1, on_signal, 0);
	interrupted();
	interrupted();
	sigaltstack(&stack, NULL);
	handle(SIGSEGV, on_crash, SA_ONSTACK);
	crashes();
	crashes();
}

static int threads(void)
{
	pthread_t thread[2];

	if (pthread_create(&thread[0], NULL, walk_first, NULL) != 0 ||
		pthread_create(&thread[1], NULL, walk_second, NULL) != 0)
		return 1;
	pthread_join(thread[0], NULL);
	pthread_join(thread[1], NULL);
	return 0;
}

int main(int argc, char **argv)
{
	int status = 0;

	if (argc > 1) {
		walk_executed();
		return 0;
	}
	for (int i = 0; i < 3; i++)
		outer();
	recurse(3);
	recurse(3);
	catch_it();
	catch_it();
	signals();
	if (threads() || calls_jumps(1) != 2)
		return 1;
#if defined(USE_LIBRARY)
	library_walk(shared);
	library_walk(shared);
#endif
	if (fork() == 0) {
		walk_forked();
		_exit(0);
	}
	wait(&status);
	execl(argv[0], argv[0], "again", (char *)NULL);
	return 1;
}

#endif
