/* SPDX-License-Identifier: MIT */
/*
 * sfifo.c: segmented FIFO, as in VMS (Turner and Levy, SIGMETRICS 1981): a FIFO queue, and behind
 * it a second queue from which a reference brings a page back.
 *
 * State: the secondary queue has floor(frames x p / 100) frames, the primary queue the others.
 *
 * On a hit:
 * 1. In the primary queue: nothing; hardware does not report such a hit.
 * 2. In the secondary queue, whose pages are marked absent for the hardware: move the page to the
 *    young end of the primary queue, without a fault. This is a rescue.
 *
 * On a fault:
 * 1. Load the page at the young end of the primary queue.
 * 2. If no frame was free, evict the oldest page of the secondary queue.
 *
 * Whenever the primary queue is longer than its share, its oldest page moves to the young end of
 * the secondary queue (on a fault, before step 2).
 *
 * p=0 is FIFO, p=100 is LRU. Pages of the secondary queue stay dirty; VMS would write them back
 * early. Reported: rescues.
 *
 * Cost: O(1) per reference; 9 bytes per page.
 */
#include "list.h"

struct sfifo {
	uint64_t share; /* of the primary queue, in frames */
	uint64_t frames;
	uint64_t rescues;
	struct bel_link *link;
	struct bel_list primary, secondary; /* the youngest at the head */
	uint8_t *in_secondary;              /* of a resident page */
};

static void sfifo_init(void *self, const struct bel_env *env)
{
	struct sfifo *sfifo = self;
	const uint64_t percent = (uint64_t)env->param[0];

	sfifo->frames = env->frames;
	/* In two parts: frames x percent might overflow. */
	sfifo->share =
		env->frames - env->frames / 100 * percent - env->frames % 100 * percent / 100;
	bel_list_init(&sfifo->primary);
	bel_list_init(&sfifo->secondary);
	env->page_array(env->host, &sfifo->link, sizeof(*sfifo->link));
	env->page_array(env->host, &sfifo->in_secondary, sizeof(*sfifo->in_secondary));
}

/* Puts the page into the primary queue. If that is too long, its oldest page moves on. */
static void enter(struct sfifo *sfifo, uint32_t page)
{
	bel_list_push(&sfifo->primary, sfifo->link, page);
	sfifo->in_secondary[page] = 0;
	if (sfifo->primary.count > sfifo->share) {
		const uint32_t oldest = sfifo->primary.tail;

		bel_list_remove(&sfifo->primary, sfifo->link, oldest);
		bel_list_push(&sfifo->secondary, sfifo->link, oldest);
		sfifo->in_secondary[oldest] = 1;
	}
}

static void sfifo_hit(void *self, uint64_t now, struct bel_ref ref)
{
	struct sfifo *sfifo = self;

	(void)now;
	if (!sfifo->in_secondary[ref.page])
		return;
	sfifo->rescues += sfifo->share ? 1 : bel_count(ref);
	bel_list_remove(&sfifo->secondary, sfifo->link, ref.page);
	enter(sfifo, ref.page);
}

/* If the secondary queue is empty, the oldest page of the primary queue leaves. */
static uint32_t sfifo_victim(void *self, uint64_t now, const struct bel_decision *out)
{
	const struct sfifo *sfifo = self;

	(void)now;
	(void)out;
	return sfifo->secondary.count ? sfifo->secondary.tail : sfifo->primary.tail;
}

static void sfifo_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out)
{
	struct sfifo *sfifo = self;

	(void)now;
	enter(sfifo, ref.page);
	sfifo->rescues += sfifo->share ? 0 : bel_count(ref) - 1;
	if (bel_resident(out) == sfifo->frames) {
		const uint32_t victim = sfifo->secondary.tail;

		bel_list_remove(&sfifo->secondary, sfifo->link, victim);
		bel_evict(out, victim);
	}
}

static void sfifo_drop(void *self, uint32_t page)
{
	struct sfifo *sfifo = self;

	bel_list_remove(
		sfifo->in_secondary[page] ? &sfifo->secondary : &sfifo->primary, sfifo->link, page);
}

static const struct bel_hooks sfifo_hooks = {
	.hit = sfifo_hit,
	.fault = sfifo_fault,
	.drop = sfifo_drop,
};

static const struct bel_param sfifo_params[] = {
	{"p", "% of the frames", BEL_PARAM_INTEGER, 25, 0, 100, "share of the secondary queue"},
	{.name = NULL},
};

static void sfifo_report(void *self, struct bel_sink *sink)
{
	const struct sfifo *sfifo = self;

	sink->count(sink->host, "rescues", sfifo->rescues);
}

static void sfifo_show(void *self, const struct bel_show *show)
{
	const struct sfifo *sfifo = self;

	bel_list_show(&sfifo->secondary, sfifo->link, show, BEL_SHOW_OTHER);
	bel_list_show(&sfifo->primary, sfifo->link, show, BEL_SHOW_OTHER);
}

BEL_RUN(sfifo, sfifo_hooks, 0)

static const struct bel_policy sfifo = {
	BEL_POLICY_BASE(sfifo, struct sfifo),
	.name = "sfifo",
	.title = "segmented FIFO: two queues; a reference brings a page back from the second",
	.source = "R. Turner, H. Levy, Segmented FIFO page replacement, SIGMETRICS 1981",
	.params = sfifo_params,
	.victim = sfifo_victim,
	.report = sfifo_report,
	.show = sfifo_show,
	.aliases = "segmented FIFO",
};

BEL_POLICY(sfifo);
