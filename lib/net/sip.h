/* SPDX-License-Identifier: MIT */
/* SIP messages in a capture: in UDP, in TCP streams, in HEP. */
#ifndef GSPROV_NET_SIP_H
#define GSPROV_NET_SIP_H

#include "net/addr.h"
#include "net/counts.h"

struct gs_err;
struct gs_net_frame;
struct gs_net_packet;

enum gs_net_sip_transport {
	GS_SIP_UDP,
	GS_SIP_TCP,
	GS_SIP_TLS, /* opened by a layer; in HEP sofia-sip marks it as IP
		     * protocol 22 */
	GS_SIP_SCTP, /* only in HEP */
	GS_SIP_WS, /* WebSocket (RFC 7118) */
	GS_SIP_WSS, /* the same, opened by a layer */
};

/* A message, borrowed for the call; its bytes may contain keys. */
struct gs_net_sip_message {
	struct gs_span bytes; /* start line, header and body */
	size_t body; /* offset of the body; bytes.n: none */
	enum gs_net_sip_transport transport;
	bool hep; /* a copy: addresses are the inner ones */
	bool truncated; /* cut by a snaplen, a gap or the end */
	bool opened; /* by a layer; then the following is set: */
	bool answers; /* the sender is the server */
	uint32_t said; /* octets of messages sent before by the sender, */
	uint32_t heard; /* and received before */
	struct gs_net_addr src;
	struct gs_net_addr dst;
	uint64_t first_frame; /* over TCP a message may span several */
	uint64_t last_frame;
	uint64_t ns; /* of last_frame; HEP: as its sender says */
	uint32_t file;
};

/* Whether a TCP stream with this beginning is a layer's. */
enum gs_net_sip_is { GS_SIP_IS_NOT, GS_SIP_IS, GS_SIP_MAY_BE /* too short */ };

/* A segment of a connection, as its layer sees it. */
struct gs_net_sip_segment {
	const struct gs_net_addr *src;
	const struct gs_net_addr *dst;
	struct gs_span bytes;
	uint64_t frame;
};

/* Receives what one side of a connection said, once it is opened; hidden:
 * others could not read it. */
typedef void gs_net_sip_opened(void *to, unsigned side, struct gs_span plain,
    bool hidden);

/* Opens TCP connections in which SIP is encrypted: TLS. The calls with a
 * connection return 0, or -1 if out of memory. */
struct gs_net_sip_layer {
	enum gs_net_sip_is (*is)(void *arg, const struct gs_net_sip_segment *s);
	/* A connection that begins with s; s->src is its side 0. NULL if out
	 * of memory. */
	void *(*connect)(void *arg, const struct gs_net_sip_segment *s,
	    gs_net_sip_opened *opened, void *to);
	int (*feed)(void *connection, unsigned side,
	    const struct gs_net_sip_segment *s);
	/* Bytes of a side are missing here. */
	void (*gap)(void *connection, unsigned side);
	/* The connection has ended: to is not called any more. */
	void (*close)(void *connection);
	void *arg;
};

struct gs_net_sip_sink {
	void (*message)(void *arg, const struct gs_net_sip_message *m);
	void *arg;
	const struct gs_net_sip_layer *layer; /* outlives the reader, or NULL */
	/* Bytes of a TCP stream in which no message had begun, up to frame: a
	 * stream that is not SIP is passed on until this is known. NULL: they
	 * are forgotten. */
	void (*stray)(void *arg, struct gs_span bytes, uint64_t frame);
};

/* Limits. Longer messages are passed on up to the limit, as truncated. If a
 * table or the memory is full, other streams are dropped, those without SIP
 * first. */
enum {
	GS_SIP_MESSAGE = 64 * 1024, /* bytes of one message over TCP */
	GS_SIP_FLOWS = 4096, /* TCP streams, one per direction */
	GS_SIP_PENDING = 64, /* segments of a stream after a gap */
	GS_SIP_BYTES = 8 * 1024 * 1024, /* kept in all of them */
};

struct gs_net_sip;

/* NULL if out of memory. */
struct gs_net_sip *gs_net_sip_new(const struct gs_net_sip_sink *sink,
    struct gs_err *err) GS_MUST;

/* Reads frame f of packet p. Every message that it completes goes to the sink
 * before the call returns. Costs a few comparisons for what is not SIP.
 * Returns true if f belongs to SIP: a datagram with SIP or HEP, or a segment
 * of a TCP stream that carries SIP. If the sink takes stray bytes, also if f is
 * a segment of a stream of which that is not yet known. */
bool gs_net_sip_feed(struct gs_net_sip *t, const struct gs_net_packet *p,
    const struct gs_net_frame *f);

/* The capture has ended: passes on incomplete messages. */
void gs_net_sip_end(struct gs_net_sip *t);

struct gs_net_sip_counts gs_net_sip_counts(const struct gs_net_sip *t);

/* Wipes and frees; t may be NULL. */
void gs_net_sip_free(struct gs_net_sip *t);

#endif
