/* SPDX-License-Identifier: MIT */
/* Live capture of an interface, and BPF filters, by libpcap. */
#include "net/live.h"

#include <net/if.h>
#include <sys/socket.h>

#include <errno.h>
#include <poll.h>
#include <stdlib.h>

#include <linux/filter.h>
#include <pcap/pcap.h>

#include "base/library.h"
#include "net/amsdu.h"

enum { PROGRAMS = 64, KERNEL_BUFFER = 8 * 1024 * 1024 };

#define LIBPCAP(X)                                                             \
	X(bpf_filter)                                                          \
	X(pcap_activate)                                                       \
	X(pcap_close)                                                          \
	X(pcap_compile)                                                        \
	X(pcap_create)                                                         \
	X(pcap_datalink)                                                       \
	X(pcap_fileno)                                                         \
	X(pcap_freecode)                                                       \
	X(pcap_get_selectable_fd)                                              \
	X(pcap_get_tstamp_precision)                                           \
	X(pcap_geterr)                                                         \
	X(pcap_lib_version)                                                    \
	X(pcap_next_ex)                                                        \
	X(pcap_open_dead)                                                      \
	X(pcap_set_buffer_size)                                                \
	X(pcap_set_promisc)                                                    \
	X(pcap_set_snaplen)                                                    \
	X(pcap_set_timeout)                                                    \
	X(pcap_set_tstamp_precision)                                           \
	X(pcap_setfilter)                                                      \
	X(pcap_setnonblock)                                                    \
	X(pcap_stats)                                                          \
	X(pcap_statustostr)

struct calls {
	LIBPCAP(GS_LIBRARY_CALL)
};

/* A run that reads a capture without a filter does without libpcap. */
static int
load(struct calls *l, struct gs_err *err)
{
	static const char *const names[] = { LIBPCAP(GS_LIBRARY_NAME) };

	return gs_library_load("libpcap.so.0.8", GS_ALL(names), l) ?
	    0 :
	    gs_err_set(err,
		"libpcap.so.0.8 cannot be loaded: install libpcap0.8");
}

/* A filter for one link type. */
struct program {
	uint32_t link;
	struct bpf_program code;
};

struct gs_net_filter {
	struct calls lib;
	char *expression;
	size_t programs;
	size_t last; /* the one last used */
	struct program program[PROGRAMS];
};

/* LINKTYPE_RAW is 101 in every file, DLT_RAW differs by system. */
static int
dlt_of(uint32_t link)
{
	return link == GS_LINK_RAW ? DLT_RAW : (int)link;
}

static int
compile(const struct gs_net_filter *f, uint32_t link, struct bpf_program *code,
    struct gs_err *err)
{
	pcap_t *dead = f->lib.pcap_open_dead(dlt_of(link), GS_CAPTURE_PACKET);

	if (dead == NULL)
		return gs_err_sys(err, ENOMEM, "filter");
	int r = f->lib.pcap_compile(dead, code, f->expression, 1,
	    PCAP_NETMASK_UNKNOWN);
	if (r != 0)
		r = gs_err_set(err, "filter \"%s\", link type %u: %s",
		    f->expression, link, f->lib.pcap_geterr(dead));
	f->lib.pcap_close(dead);
	return r;
}

static int
add_program(struct gs_net_filter *f, uint32_t link, struct gs_err *err)
{
	if (f->programs == PROGRAMS)
		return gs_err_set(err, "filter: more than %d link types",
		    PROGRAMS);
	struct program *p = &f->program[f->programs];
	p->link = link;
	if (compile(f, link, &p->code, err) == -1)
		return -1;
	f->last = f->programs++;
	return 0;
}

struct gs_net_filter *
gs_net_filter_new(const char *expression, struct gs_err *err)
{
	/* Looks up names in it, which may be impossible later. */
#define NUMBER(name, number) number,
	static const uint32_t links[] = { GS_NET_LINKTYPES(NUMBER) };
#undef NUMBER
	struct gs_net_filter *f = calloc(1, sizeof(*f));

	if (f != NULL)
		f->expression = strdup(expression);
	if (f == NULL || f->expression == NULL) {
		gs_net_filter_free(f);
		(void)gs_err_sys(err, ENOMEM, "filter");
		return NULL;
	}
	if (load(&f->lib, err) == -1) {
		gs_net_filter_free(f);
		return NULL;
	}
	/* "ether host" has no meaning without Ethernet, and the reverse. */
	bool good = add_program(f, GS_LINK_ETHERNET, err) == 0;
	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++)
		good |= links[i] != GS_LINK_ETHERNET &&
		    add_program(f, links[i], NULL) == 0 &&
		    links[i] == GS_LINK_RAW;
	if (good) {
		f->last = 0;
		return f;
	}
	gs_net_filter_free(f);
	return NULL;
}

int
gs_net_filter_match(struct gs_net_filter *f, const struct gs_net_packet *p,
    struct gs_err *err)
{
	uint32_t link = p->interface->link;

	if (f->program[f->last].link != link) {
		size_t i = 0;
		while (i < f->programs && f->program[i].link != link)
			i++;
		if (i == f->programs && add_program(f, link, err) == -1)
			return -1;
		f->last = i;
	}
	return f->lib.bpf_filter(f->program[f->last].code.bf_insns, p->p,
		   p->wire, p->n) != 0;
}

void
gs_net_filter_free(struct gs_net_filter *f)
{
	if (f == NULL)
		return;
	for (size_t i = 0; i < f->programs; i++)
		f->lib.pcap_freecode(&f->program[i].code);
	free(f->expression);
	free(f);
}

/* ---- live */

struct gs_net_live {
	struct calls lib;
	pcap_t *pcap;
	struct gs_net_amsdu parts; /* of the packet that came last */
	struct gs_net_interface interface;
	uint64_t frames;
	bool nano;
	uint64_t received; /* libpcap counts in 32 bits */
	uint64_t dropped;
	struct pcap_stat last;
};

static int
pcap_failed(const struct gs_net_live *l, const char *name, int code,
    struct gs_err *err)
{
	const char *text = l->lib.pcap_geterr(l->pcap);
	const char *what = l->lib.pcap_statustostr(code);
	bool more = *text != '\0' && strcmp(text, what) != 0;

	return gs_err_set(err, "%s: %s%s%s", name, what, more ? ": " : "",
	    more ? text : "");
}

static int
set_filter(struct gs_net_live *l, const char *name, const char *filter,
    struct gs_err *err)
{
	struct bpf_program code;

	if (filter == NULL)
		return 0;
	if (l->lib.pcap_compile(l->pcap, &code, filter, 1,
		PCAP_NETMASK_UNKNOWN) != 0)
		return gs_err_set(err, "filter \"%s\": %s", filter,
		    l->lib.pcap_geterr(l->pcap));
	int r = l->lib.pcap_setfilter(l->pcap, &code);
	l->lib.pcap_freecode(&code);
	return r == 0 ? 0 : pcap_failed(l, name, r, err);
}

/* On loopback, the kernel delivers each packet twice: as outgoing and as
 * incoming. libpcap shows only the second, but both take room and are counted
 * when dropped. So the first is rejected before libpcap's own filter in the
 * kernel. libpcap itself cannot express this: it runs a filter again on
 * packets that came before it was set, where the kernel's extensions mean
 * nothing. If this fails, libpcap's own filter stays. */
static void
refuse_doubles(const struct gs_net_live *l)
{
	enum { ALL = GS_CAPTURE_PACKET, OUTGOING = 4, OWN = 5 };
	struct sock_filter code[OWN + BPF_MAXINSNS] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
		    (uint32_t)(SKF_AD_OFF + SKF_AD_IFINDEX)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, if_nametoindex("lo"), 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
		    (uint32_t)(SKF_AD_OFF + SKF_AD_PKTTYPE)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, OUTGOING, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	socklen_t n = BPF_MAXINSNS; /* of instructions */
	int fd = l->lib.pcap_fileno(l->pcap);

	if (getsockopt(fd, SOL_SOCKET, SO_GET_FILTER, code + OWN, &n) == -1)
		return;
	if (n == 0)
		code[OWN + n++] =
		    (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, ALL);
	struct sock_fprog all = { .len = (unsigned short)(OWN + n),
		.filter = code };
	(void)setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &all, sizeof(all));
}

static int
activate(struct gs_net_live *l, const char *name, const char *filter,
    struct gs_err *err)
{
	/* These five fail only on an active handle; without nanoseconds there
	 * are microseconds. */
	(void)l->lib.pcap_set_snaplen(l->pcap, GS_CAPTURE_PACKET);
	(void)l->lib.pcap_set_promisc(l->pcap, 1);
	(void)l->lib.pcap_set_timeout(l->pcap, GS_LIVE_WAIT_MS);
	(void)l->lib.pcap_set_buffer_size(l->pcap, KERNEL_BUFFER);
	(void)l->lib.pcap_set_tstamp_precision(l->pcap,
	    PCAP_TSTAMP_PRECISION_NANO);
	int r = l->lib.pcap_activate(l->pcap);
	if (r < 0)
		return pcap_failed(l, name, r, err);
	l->nano = l->lib.pcap_get_tstamp_precision(l->pcap) ==
	    PCAP_TSTAMP_PRECISION_NANO;
	int dlt = l->lib.pcap_datalink(l->pcap);
	l->interface.link = dlt == DLT_RAW ? GS_LINK_RAW : (uint32_t)dlt;
	l->interface.tsresol = l->nano ? 9 : 6;
	size_t n = strlen(name);
	n = n < sizeof(l->interface.name) ? n : sizeof(l->interface.name) - 1;
	memcpy(l->interface.name, name, n);
	/* A blocking libpcap does not return for a signal. */
	char why[PCAP_ERRBUF_SIZE] = "";
	if (l->lib.pcap_setnonblock(l->pcap, 1, why) == -1)
		return gs_err_set(err, "%s: %s", name, why);
	if (set_filter(l, name, filter, err) == -1)
		return -1;
	if (strcmp(name, "lo") == 0 || strcmp(name, "any") == 0)
		refuse_doubles(l);
	return 0;
}

struct gs_net_live *
gs_net_live_open(const char *interface, const char *filter, struct gs_err *err)
{
	char why[PCAP_ERRBUF_SIZE] = "";
	struct gs_net_live *l = calloc(1, sizeof(*l));

	if (l == NULL) {
		(void)gs_err_sys(err, ENOMEM, "%s", interface);
		return NULL;
	}
	const bool loaded = load(&l->lib, err) == 0;
	if (loaded && (l->pcap = l->lib.pcap_create(interface, why)) == NULL)
		(void)gs_err_set(err, "%s: %s", interface, why);
	else if (loaded && activate(l, interface, filter, err) == 0)
		return l;
	gs_net_live_close(l);
	return NULL;
}

int
gs_net_live_next(struct gs_net_live *l, struct gs_net_packet *p,
    struct gs_err *err)
{
	struct pcap_pkthdr *h;
	const u_char *bytes;
	struct pollfd wait = { .fd = l->lib.pcap_get_selectable_fd(l->pcap),
		.events = POLLIN };
	int r;

	/* The parts are in what the next call overwrites. */
	if (gs_net_amsdu_next(&l->parts, p))
		return 1;
	r = l->lib.pcap_next_ex(l->pcap, &h, &bytes);
	if (r == 0 && poll(&wait, 1, GS_LIVE_WAIT_MS) == 1)
		r = l->lib.pcap_next_ex(l->pcap, &h, &bytes);
	if (r == 0)
		return 0;
	if (r != 1)
		return pcap_failed(l, l->interface.name, r, err);
	uint64_t part = (uint64_t)h->ts.tv_usec;
	uint64_t sec = (uint64_t)h->ts.tv_sec;
	*p = (struct gs_net_packet){
		.p = bytes,
		.n = h->caplen,
		.wire = h->len > h->caplen ? h->len : h->caplen,
		.frame = ++l->frames,
		.interface = &l->interface,
	};
	p->ticks = sec * (l->nano ? 1000000000 : 1000000) + part;
	p->ns = l->nano ? p->ticks : p->ticks * 1000;
	gs_net_amsdu_begin(&l->parts, p);
	return 1;
}

bool
gs_net_live_ready(struct gs_net_live *l)
{
	struct pollfd p = { .fd = l->lib.pcap_get_selectable_fd(l->pcap),
		.events = POLLIN };

	return gs_net_amsdu_more(&l->parts) || poll(&p, 1, 0) == 1;
}

struct gs_net_capture_format
gs_net_live_format(const struct gs_net_live *l)
{
	return (struct gs_net_capture_format){ .nano = l->nano,
		.link = l->interface.link };
}

int
gs_net_live_counts(struct gs_net_live *l, uint64_t *received, uint64_t *dropped,
    struct gs_err *err)
{
	struct pcap_stat now;

	if (l->lib.pcap_stats(l->pcap, &now) != 0)
		return pcap_failed(l, l->interface.name, PCAP_ERROR, err);
	l->received += now.ps_recv - l->last.ps_recv;
	l->dropped += now.ps_drop - l->last.ps_drop;
	l->dropped += now.ps_ifdrop - l->last.ps_ifdrop;
	l->last = now;
	*received = l->received;
	*dropped = l->dropped;
	return 0;
}

void
gs_net_live_close(struct gs_net_live *l)
{
	if (l == NULL)
		return;
	if (l->pcap != NULL)
		l->lib.pcap_close(l->pcap);
	gs_net_amsdu_free(&l->parts);
	free(l);
}

void
gs_net_live_library(struct gs_buf *b)
{
	struct calls l;

	gs_buf_puts(b,
	    load(&l, NULL) == 0 ? l.pcap_lib_version() : "libpcap is missing");
}
