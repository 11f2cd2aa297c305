/* SPDX-License-Identifier: MIT */
/* Captures: pcap and pcapng, from files and pipes, one packet at a time. */
#ifndef GSPROV_NET_CAPTURE_H
#define GSPROV_NET_CAPTURE_H

#include "base/diag.h"

/* Link types (LINKTYPE_ of https://www.tcpdump.org/linktypes.html) that
 * net/frame can read. */
#define GS_NET_LINKTYPES(L)                                                    \
	L(NULL, 0)                                                             \
	L(ETHERNET, 1)                                                         \
	L(PPP, 9)                                                              \
	L(FDDI, 10)                                                            \
	L(RAW_BSD, 12)                                                         \
	L(RAW_OPENBSD, 14)                                                     \
	L(PPP_HDLC, 50)                                                        \
	L(PPP_ETHERNET, 51)                                                    \
	L(RFC1483, 100)                                                        \
	L(RAW, 101)                                                            \
	L(C_HDLC, 104)                                                         \
	L(802_11, 105)                                                         \
	L(FRAME_RELAY, 107)                                                    \
	L(LOOP, 108)                                                           \
	L(ENC, 109)                                                            \
	L(SLL, 113)                                                            \
	L(PRISM, 119)                                                          \
	L(RADIOTAP, 127)                                                       \
	L(FIREWIRE, 138)                                                       \
	L(DOCSIS, 143)                                                         \
	L(AVS, 163)                                                            \
	L(JUNIPER_ETHERNET, 178)                                               \
	L(PPI, 192)                                                            \
	L(ERF, 197)                                                            \
	L(PPP_DIRECTION, 204)                                                  \
	L(C_HDLC_DIRECTION, 205)                                               \
	L(FRAME_RELAY_DIRECTION, 206)                                          \
	L(IPV4, 228)                                                           \
	L(IPV6, 229)                                                           \
	L(NFLOG, 239)                                                          \
	L(PKTAP, 258)                                                          \
	L(SLL2, 276)

enum gs_net_linktype {
#define GS_NET_LINKTYPE(name, number) GS_LINK_##name = (number),
	GS_NET_LINKTYPES(GS_NET_LINKTYPE)
#undef GS_NET_LINKTYPE
};

/* Limits. A record that claims more is an error: the file is damaged. */
enum {
	GS_CAPTURE_PACKET = 256 * 1024, /* bytes of one packet */
	GS_CAPTURE_INTERFACES = 1024, /* different interfaces in all files */
	GS_CAPTURE_OPEN = 64, /* open files */
	GS_CAPTURE_SECTION = 4096, /* interfaces of a pcapng section */
	GS_CAPTURE_SECRETS = 256 * 1024, /* bytes of a block in memory */
};

/* An interface on which packets were captured; a pcap file has one. Equal
 * interfaces of several files or sections are one. */
struct gs_net_interface {
	uint32_t id; /* 0, 1, … in the order of appearance */
	uint32_t link; /* usually one of enum gs_net_linktype */
	uint8_t tsresol; /* of ticks: 10^-n s, with bit 7 2^-n s */
	int64_t tsoffset; /* seconds to add to ticks */
	char name[64]; /* bytes as found, "" if not given */
};

/* One packet. p is borrowed until the next call that reads. */
struct gs_net_packet {
	const uint8_t *p;
	uint32_t n; /* bytes captured */
	uint32_t wire; /* bytes on the wire; n < wire: cut by a snaplen */
	uint64_t ns; /* nanoseconds since 1970; 0: no time */
	uint64_t ticks; /* the same as the file has it */
	uint64_t frame; /* number, counted from 1 over all files */
	uint64_t at; /* offset of its record in its file */
	uint32_t file; /* index of its file */
	const struct gs_net_interface
	    *interface; /* until gs_net_capture_close() */
};

struct gs_net_capture;

/* Whether a file that begins with p is a pcap or pcapng, in either byte
 * order. */
bool gs_net_capture_is(struct gs_span begin);

/* Opens n files ("-" is standard input) as one capture; path and its strings
 * must outlive it. Regular files are merged by time: each is opened when its
 * first packet is due, so that files of a rotation are read one after the
 * other, in whatever order they are given. If one is a pipe, all are read in
 * the given order. The header and the first packet of regular files are read
 * at once. NULL with err filled: out of memory, no such file, or not a
 * capture. An empty file is not a capture; gzip is named in the error. */
struct gs_net_capture *gs_net_capture_open(const char *const *path, size_t n,
    struct gs_err *err) GS_MUST;

/* Receives the TLS secrets that a pcapng file contains for its packets
 * (Decryption Secrets Block, draft-tuexen-opsawg-pcapng section 4.7): lines of
 * a key log, in pieces; last: this piece ends the block. take returns 0, or -1
 * with err filled, which ends the read. */
void gs_net_capture_secrets(struct gs_net_capture *c,
    int (*take)(void *arg, struct gs_span piece, bool last, struct gs_err *err),
    void *arg);

/* The next packet, as soon as its last byte was read: a pipe may still be
 * growing. Returns 1, 0 at the end of the last file, or -1 if the file is
 * unreadable or malformed; err names file and byte offset. All packets before
 * that were returned. After -1, the capture can only be closed. */
int gs_net_capture_next(struct gs_net_capture *c, struct gs_net_packet *p,
    struct gs_err *err) GS_MUST;

/* Whether gs_net_capture_next() would have to wait for a pipe: the time to
 * flush the output. */
bool gs_net_capture_idle(const struct gs_net_capture *c);

/* Ends the capture soon, as a signal during a read does: files at once; a
 * pipe, whose writer may have got the same signal, after half a second without
 * data, after 128 KiB, or at a second signal. */
void gs_net_capture_drain(struct gs_net_capture *c);

/* Bytes read so far and, if all files are regular, the bytes of all files
 * (else 0), for a progress bar. */
uint64_t gs_net_capture_position(const struct gs_net_capture *c);
uint64_t gs_net_capture_size(const struct gs_net_capture *c);

/* The format of a file that can contain all these packets with their exact
 * time: see net/writer.h. */
struct gs_net_capture_format {
	bool pcapng; /* else pcap */
	bool nano; /* pcap: nanoseconds, else microseconds */
	uint32_t link; /* pcap: the link type of all packets */
};

/* pcap if every file is a pcap and all have one link type; pcapng if one is a
 * pcapng, if they differ, or if a later file is a pipe. */
struct gs_net_capture_format gs_net_capture_format(
    const struct gs_net_capture *c);

/* The name of file i as given. */
const char *gs_net_capture_path(const struct gs_net_capture *c, uint32_t i);

/* c may be NULL. */
void gs_net_capture_close(struct gs_net_capture *c);

#endif
