/* SPDX-License-Identifier: MIT */
/* TCP: turns segments in any order into bytes in order, in bounded memory. */
#ifndef GSPROV_NET_TCP_PRIV_H
#define GSPROV_NET_TCP_PRIV_H

#include "net/frame.h"

enum { GS_TCP_FIN = 1, GS_TCP_SYN = 2, GS_TCP_RST = 4 };

/* A segment farther away, in either direction, belongs to another stream
 * between the same ports. */
enum { GS_TCP_FAR = 1024 * 1024, GS_TCP_GAP_SECONDS = 2 };

/* A buffer of GS_TCP_LARGE or more shrinks when no more than GS_TCP_SMALL
 * stays in it: quiet flows keep little. */
enum { GS_TCP_LARGE = 16 * 1024, GS_TCP_SMALL = 2048 };

/* One direction of a connection. A reader's own struct begins with it; the
 * rest is zeroed when it is made. */
struct gs_net_flow {
	struct gs_net_flow *chain; /* of its bucket */
	struct gs_net_flow *older;
	struct gs_net_flow *younger;
	struct gs_net_addr src;
	struct gs_net_addr dst;
	bool open; /* otherwise only its reader's part remains */
	bool ended; /* FIN or RST: a SYN begins another connection */
	bool favoured; /* is the last to be closed for room */
	uint32_t began; /* seq of the first byte that is read */
	uint32_t next; /* and of the next one */
	uint8_t *p; /* the n bytes before next that are kept */
	size_t n;
	uint8_t *buf;
	size_t room;
	struct gs_net_segment *pending; /* after a gap, by seq */
	struct gs_net_segment *last;
	unsigned pendings;
	uint64_t since; /* when the first of them came */
};

/* The reader of the bytes. Each call returns 0, or -1, which ends the call
 * that led to it. */
struct gs_net_tcp_reader {
	size_t size; /* of its flow */
	size_t flows; /* at most open at a time, one per direction */
	size_t bytes; /* at most kept in all of them */
	unsigned pending; /* at most segments of one behind a gap */
	/* More bytes are in f->p. */
	int (*more)(void *arg, struct gs_net_flow *f);
	/* The bytes from f->next to next did not come, or there is no room to
	 * wait for them (full). The bytes in f->p are dropped after the
	 * call. */
	int (*gap)(void *arg, struct gs_net_flow *f, uint32_t next, bool full);
	/* No more bytes come. Those in f->p are dropped after the last such
	 * call. */
	int (*rest)(void *arg, struct gs_net_flow *f);
	/* Frees what the reader added to f. Returns true if f must stay in the
	 * table, no longer open; not allowed if forced. NULL: nothing. */
	bool (*close)(void *arg, struct gs_net_flow *f, bool forced);
	void *arg;
};

struct gs_net_tcp;

/* NULL if out of memory. */
struct gs_net_tcp *gs_net_tcp_new(const struct gs_net_tcp_reader *r);

/* Wipes and frees; t may be NULL. */
void gs_net_tcp_free(struct gs_net_tcp *t);

static inline int32_t
gs_net_tcp_behind(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b);
}

/* The open flow between these, or NULL. */
struct gs_net_flow *gs_net_tcp_find(const struct gs_net_tcp *t,
    const struct gs_net_addr *src, const struct gs_net_addr *dst);

/* The first flow of the bucket of these addresses; others follow by chain. */
struct gs_net_flow *gs_net_tcp_chain(const struct gs_net_tcp *t,
    const struct gs_net_addr *src, const struct gs_net_addr *dst);

/* Whether bytes from seq on belong to f's connection, but stood before all that
 * are read of it: the capture began in its middle, and is out of order. */
bool gs_net_tcp_before(const struct gs_net_flow *f, uint32_t seq);

/* Whether a SYN with this seq begins another connection than f, or what of it
 * stood before. */
bool gs_net_tcp_restarts(const struct gs_net_flow *f, uint32_t seq);

/* A new open flow for frame g whose next byte is next. If there are too many,
 * the one that was quiet for the longest is closed. NULL if out of memory. */
struct gs_net_flow *gs_net_tcp_open(struct gs_net_tcp *t,
    const struct gs_net_frame *g, uint32_t next);

/* Marks f as last used. */
void gs_net_tcp_touch(struct gs_net_tcp *t, struct gs_net_flow *f);

/* Continues after each gap that is older than GS_TCP_GAP_SECONDS at ns, or
 * after all gaps. */
int gs_net_tcp_expire(struct gs_net_tcp *t, struct gs_net_flow *f, uint64_t ns);
int gs_net_tcp_skip_gaps(struct gs_net_tcp *t, struct gs_net_flow *f);

/* Takes n bytes from seq. Returns 0, or -1: out of memory, or the reader's. */
int gs_net_tcp_segment(struct gs_net_tcp *t, struct gs_net_flow *f, uint64_t ns,
    uint32_t seq, struct gs_span bytes);

/* Drops the first n bytes of f->p. */
void gs_net_tcp_consume(struct gs_net_tcp *t, struct gs_net_flow *f, size_t n);

/* Reads the rest of f, and closes it. */
int gs_net_tcp_close(struct gs_net_tcp *t, struct gs_net_flow *f);

/* Closes f without reading the rest. */
void gs_net_tcp_forget(struct gs_net_tcp *t, struct gs_net_flow *f);

/* The capture has ended: reads the rest of all flows, then closes them. */
int gs_net_tcp_end(struct gs_net_tcp *t);

#endif
