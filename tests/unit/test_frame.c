/* SPDX-License-Identifier: MIT */
/* Frames of every encapsulation: the payload found, rewritten, and judged
 * by tshark. */
#include "net_build.h"
#include "own_live.h"

#include <fcntl.h>
#include <malloc.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/if_arp.h>
#include <linux/if_tun.h>

#include "net/live.h"

enum { PAYLOAD = 182, SHORTER = 172, CASES = 64 };

static uint8_t rtp[PAYLOAD];

static void
make_rtp(void)
{
	for (size_t i = 0; i < PAYLOAD; i++)
		rtp[i] = (uint8_t)(i * 7 + 3);
	memcpy(rtp, "\x80\x08\x12\x34\0\0\1\x40\xca\xfe\xba\xbe", 12);
}

/* ---- what stands around a UDP packet */

struct shape {
	const char *name;
	uint32_t link;
	void (*build)(struct build *f);
	bool v6; /* the innermost */
	const char *head; /* before what build makes, or NULL */
	size_t n;
	bool own; /* tshark does not read it, or guesses otherwise */
};

#define HEAD(s) (s), sizeof(s) - 1

static void
inner4(struct build *f)
{
	build_udp(f, 5004, 5006, 0x1234);
	build_ipv4(f, 17, 0, 1, 0x4000);
}

static void
inner6(struct build *f)
{
	build_udp(f, 5004, 5006, 0);
	build_ipv6(f, 17);
}

static void
eth_inner4(struct build *f)
{
	inner4(f);
	build_ethernet(f, 0x0800);
}

static void
eth_inner6(struct build *f)
{
	inner6(f);
	build_ethernet(f, 0x86dd);
}

static void
eth_options(struct build *f)
{
	build_udp(f, 5004, 5006, 0x1234);
	build_ipv4(f, 17, 40, 1, 0);
	build_ethernet(f, 0x0800);
}

static void
eth_padding(struct build *f)
{
	struct build g;

	build_start(&g, rtp, PAYLOAD);
	eth_inner4(&g);
	build_start(f, "padding FCS", 11);
	build_bytes(f, g.b + g.at, build_length(&g));
}

static void
eth_extensions(struct build *f)
{
	build_udp(f, 5004, 5006, 0x1234);
	build_bytes(f, "\x11\0\0\0\0\0\0\0", 8); /* atomic fragment */
	build_bytes(f, "\x2c\0\1\4\0\0\0\0", 8); /* destination options */
	build_bytes(f,
	    "\x3c\2\0\0\0\0\0\0"
	    "\x20\1\xd\xb8\0\0\0\0\0\0\0\0\0\0\0\x77",
	    24);
	build_bytes(f, "\x2b\1\1\xc\0\0\0\0\0\0\0\0\0\0\0\0", 16);
	build_ipv6(f, 0);
	build_ethernet(f, 0x86dd);
}

/* Under way: the final destination is in the routing header. */
static void
eth_routing(struct build *f)
{
	build_udp(f, 5004, 5006, 0x1234);
	build_bytes(f,
	    "\x11\2\2\1\0\0\0\0"
	    "\x20\1\xd\xb8\0\0\0\0\0\0\0\0\0\0\0\x99",
	    24);
	build_ipv6(f, 43);
	build_ethernet(f, 0x86dd);
}

static void
vlan(struct build *f)
{
	inner4(f);
	build_bytes(f, "\0\x64\x08\0", 4);
	build_ethernet(f, 0x8100);
}

static void
qinq(struct build *f)
{
	inner4(f);
	build_bytes(f, "\0\x64\x81\0\0\x65\x08\0", 8);
	build_ethernet(f, 0x88a8);
}

static void
pppoe_session(struct build *f)
{
	inner4(f);
	build_bytes(f, "\0\x21", 2);
	size_t n = build_length(f);
	uint8_t *p = build_front(f, 6);
	p[0] = 0x11;
	p[3] = 7;
	w16(p + 4, n);
}

static void
pppoe(struct build *f)
{
	pppoe_session(f);
	build_ethernet(f, 0x8864);
}

static void
mpls(struct build *f)
{
	inner4(f);
	build_bytes(f, "\0\1\0\x40\0\1\1\x40", 8);
	build_ethernet(f, 0x8847);
}

static void
mpls_ethernet(struct build *f)
{
	eth_inner6(f);
	build_bytes(f, "\0\1\1\x40", 4);
	build_ethernet(f, 0x8847);
}

static void
mpls_word(struct build *f)
{
	eth_inner6(f);
	build_bytes(f, "\0\1\1\x40\0\0\0\0", 8);
	build_ethernet(f, 0x8847);
}

static void
snap(struct build *f)
{
	inner4(f);
	build_bytes(f, "\xaa\xaa\3\0\0\0\x08\0", 8);
	build_ethernet(f, (unsigned)build_length(f));
}

static void
pktap(struct build *f)
{
	eth_inner4(f);
	uint8_t *p = build_front(f, 108);
	p[0] = 108;
	p[4] = p[8] = 1;
}

static void
ppi(struct build *f)
{
	eth_inner6(f);
	build_bytes(f, "\0\0\x0c\0\1\0\0\0\0\0\0\0", 12);
}

static void
qinq_old(struct build *f)
{
	inner4(f);
	build_bytes(f, "\0\x64\x81\0\0\x65\x08\0", 8);
	build_ethernet(f, 0x9200);
}

static void
nflog(struct build *f)
{
	inner4(f);
	size_t n = build_length(f) + 4;
	uint8_t *p = build_front(f, 4);
	p[0] = (uint8_t)n;
	p[1] = (uint8_t)(n >> 8);
	p[2] = 9;
	build_bytes(f, "\2\0\0\1\x6\0\xa\0ab\0\0", 12);
}

/* Cisco HDLC. */
static void
hdlc(struct build *f)
{
	inner4(f);
	uint8_t *p = build_front(f, 4);
	p[0] = 0x0f;
	w16(p + 2, 0x0800);
}

static void
llc(struct build *f, unsigned type)
{
	uint8_t *p = build_front(f, 8);
	memcpy(p, "\xaa\xaa\x03", 3);
	w16(p + 6, type);
}

/* A header of 802.11 that begins with these octets. */
static void
put_wireless(struct build *f, size_t n, uint8_t type, uint8_t flags)
{
	uint8_t *p = build_front(f, n);
	p[0] = type;
	p[1] = flags;
}

/* A data frame to the access point. */
static void
wireless(struct build *f)
{
	inner4(f);
	llc(f, 0x0800);
	put_wireless(f, 24, 0x08, 1);
}

static void
prism(struct build *f)
{
	wireless(f);
	uint8_t *p = build_front(f, 144);
	p[0] = 0x44;
	p[4] = 144;
}

static void
avs(struct build *f)
{
	wireless(f);
	build_bytes(f, "\x80\x21\x10\1\0\0\0\x0c\0\0\0\0", 12);
}

/* QoS, from one access point to another, high throughput. */
static void
wireless_qos(struct build *f)
{
	inner6(f);
	llc(f, 0x86dd);
	put_wireless(f, 36, 0x88, 0x83);
}

/* With a time and two words of what is there. */
static void
radiotap(struct build *f)
{
	wireless(f);
	uint8_t *p = build_front(f, 30);
	p[2] = 30;
	p[4] = 3;
	p[7] = 0x80;
}

/* The header of 26 octets is padded. */
static void
radiotap_padded(struct build *f)
{
	inner4(f);
	llc(f, 0x0800);
	put_wireless(f, 28, 0x88, 1);
	uint8_t *p = build_front(f, 9);
	p[2] = 9;
	p[4] = 2;
	p[8] = 0x20;
}

static void
gre(struct build *f)
{
	inner4(f);
	build_bytes(f, "\xb0\0\x08\0\xde\xad\0\0\0\0\0\1\0\0\0\2", 16);
	build_ipv4(f, 47, 0, 2, 0);
	build_ethernet(f, 0x0800);
}

static void
gre_teb(struct build *f)
{
	eth_inner6(f);
	build_bytes(f, "\0\0\x65\x58", 4);
	build_ipv6(f, 47);
	build_ethernet(f, 0x86dd);
}

static void
erspan1(struct build *f)
{
	eth_inner4(f);
	build_bytes(f, "\0\0\x88\xbe", 4);
	build_ipv4(f, 47, 0, 2, 0);
	build_ethernet(f, 0x0800);
}

static void
erspan2(struct build *f)
{
	eth_inner4(f);
	build_bytes(f, "\x10\0\x88\xbe\0\0\0\1\x10\x01\0\1\0\0\0\0", 16);
	build_ipv4(f, 47, 0, 2, 0);
	build_ethernet(f, 0x0800);
}

static void
erspan3(struct build *f)
{
	eth_inner4(f);
	build_bytes(f, "\0\0\0\0\0\0\0\0", 8); /* platform's */
	build_bytes(f, "\x20\1\0\1\0\0\0\0\0\0\0\1", 12);
	build_bytes(f, "\x10\0\x22\xeb\0\0\0\1", 8);
	build_ipv4(f, 47, 0, 2, 0);
	build_ethernet(f, 0x0800);
}

static void
ipip(struct build *f)
{
	inner4(f);
	build_ipv4(f, 4, 0, 2, 0);
	build_ethernet(f, 0x0800);
}

static void
six_in_four(struct build *f)
{
	inner6(f);
	build_ipv4(f, 41, 0, 2, 0);
	build_ethernet(f, 0x0800);
}

static void
vxlan(struct build *f)
{
	eth_inner4(f);
	build_bytes(f, "\x08\0\0\0\0\0\5\0", 8);
	build_udp(f, 40000, 4789, 0);
	build_ipv4(f, 17, 0, 2, 0);
	build_ethernet(f, 0x0800);
}

static void
vxlan_sum(struct build *f)
{
	eth_inner6(f);
	build_bytes(f, "\x08\0\0\0\0\0\5\0", 8);
	build_udp(f, 40000, 4789, 0x7777);
	build_ipv6(f, 17);
	build_ethernet(f, 0x86dd);
}

static void
geneve(struct build *f)
{
	eth_inner4(f);
	build_bytes(f, "\1\0\x65\x58\0\0\5\0\1\2\3\0", 12);
	build_udp(f, 40000, 6081, 0x7777);
	build_ipv4(f, 17, 0, 2, 0);
	build_ethernet(f, 0x0800);
}

static void
gtpu(struct build *f)
{
	inner4(f);
	size_t n = build_length(f) + 4;
	uint8_t *p = build_front(f, 12);
	p[0] = 0x32;
	p[1] = 0xff;
	w16(p + 2, n);
	p[7] = 9;
	build_udp(f, 2152, 2152, 0x7777);
	build_ipv4(f, 17, 0, 2, 0);
	build_ethernet(f, 0x0800);
}

static void
gtpu_extension(struct build *f)
{
	inner6(f);
	build_bytes(f, "\1\x10\1\0", 4); /* PDU session container */
	size_t n = build_length(f) + 4;
	uint8_t *p = build_front(f, 12);
	p[0] = 0x34;
	p[1] = 0xff;
	p[11] = 0x85;
	w16(p + 2, n);
	build_udp(f, 2152, 2152, 0);
	build_ipv4(f, 17, 0, 2, 0);
	build_ethernet(f, 0x0800);
}

/* A UDP datagram over Ethernet that carries what is there. */
static void
carry(struct build *f, unsigned src, unsigned dst)
{
	build_udp(f, src, dst, 0x7777);
	build_ipv4(f, 17, 0, 2, 0);
	build_ethernet(f, 0x0800);
}

static void
vxlan_elsewhere(struct build *f)
{
	eth_inner4(f);
	build_bytes(f, "\x08\0\0\0\0\0\5\0", 8);
	carry(f, 40000, 18472);
}

static void
tzsp(struct build *f)
{
	eth_inner4(f);
	build_bytes(f, "\1\0\0\1\0\x0a\1\xd0\1", 9);
	carry(f, 40000, 37008);
}

static void
tzsp_wireless(struct build *f)
{
	wireless(f);
	build_bytes(f, "\1\0\0\x12\1", 5);
	carry(f, 40000, 37008);
}

static void
l2tp(struct build *f)
{
	inner4(f);
	build_bytes(f, "\xff\3\0\x21", 4);
	size_t n = build_length(f) + 14;
	uint8_t *p = build_front(f, 14);
	w16(p, 0x4a02); /* with length, sequence numbers, an offset of 0 */
	w16(p + 2, n);
	w16(p + 4, 7);
	w16(p + 6, 8);
	carry(f, 1701, 50000);
}

static void
l2tp3(struct build *f)
{
	eth_inner6(f);
	build_bytes(f, "\0\3\0\0\0\0\0\5\1\2\3\4", 12);
	carry(f, 1701, 1701);
}

static void
l2tp3_bare(struct build *f)
{
	eth_inner4(f);
	build_bytes(f, "\0\0\0\5", 4);
	build_ipv4(f, 115, 0, 2, 0);
	build_ethernet(f, 0x0800);
}

static void
pptp(struct build *f)
{
	inner4(f);
	build_bytes(f, "\xff\3\0\x21", 4);
	size_t n = build_length(f);
	uint8_t *p = build_front(f, 16);
	w32(p, 0x3081880b);
	w16(p + 4, n);
	p[7] = 1;
	p[11] = 2;
	p[15] = 3;
	build_ipv4(f, 47, 0, 2, 0);
	build_ethernet(f, 0x0800);
}

static void
authenticated(struct build *f)
{
	build_udp(f, 5004, 5006, 0x1234);
	uint8_t *p = build_front(f, 24);
	p[0] = 17;
	p[1] = 4;
	p[7] = 1;
	p[11] = 1;
	build_ipv4(f, 51, 0, 2, 0);
	build_ethernet(f, 0x0800);
}

static void
mpls_udp(struct build *f)
{
	inner4(f);
	build_bytes(f, "\0\1\1\x40", 4);
	carry(f, 40000, 6635);
}

static void
capwap(struct build *f)
{
	eth_inner4(f);
	build_bytes(f, "\0\x10\2\0\0\0\0\0", 8);
	carry(f, 5247, 40000);
}

static void
capwap_wireless(struct build *f)
{
	wireless(f);
	build_bytes(f, "\0\x10\3\0\0\0\0\0", 8);
	carry(f, 40000, 5247);
}

static void
docsis(struct build *f)
{
	eth_inner4(f);
	size_t n = build_length(f);
	uint8_t *p = build_front(f, 6);
	w16(p + 2, n);
}

static void
endace(struct build *f)
{
	eth_inner4(f);
	size_t n = build_length(f);
	uint8_t *p = build_front(f, 26);
	p[8] = 0x82;
	w16(p + 10, n + 26);
	w16(p + 14, n);
	p[16] = 3;
}

static const struct shape shapes[] = {
	{ "ethernet", 1, eth_inner4, false },
	{ "ethernet, IPv6", 1, eth_inner6, true },
	{ "IPv4 options", 1, eth_options, false },
	{ "padding", 1, eth_padding, false },
	{ "IPv6 extensions", 1, eth_extensions, true },
	{ "IPv6 routing", 1, eth_routing, true },
	{ "VLAN", 1, vlan, false },
	{ "QinQ", 1, qinq, false },
	{ "PPPoE", 1, pppoe, false },
	{ "PPPoE session", 51, pppoe_session, false },
	{ "MPLS", 1, mpls, false },
	{ "MPLS, control word", 1, mpls_word, true, .own = true },
	{ "MPLS, Ethernet", 1, mpls_ethernet, true, .own = true },
	{ "802.3 SNAP", 1, snap, false },
	{ "SLL", 113, inner4, false,
	    HEAD("\0\0\0\1\0\6\2\0\0\0\0\1\0\0\x08\0") },
	{ "SLL2", 276, inner6, true,
	    HEAD("\x86\xdd\0\0\0\0\0\2\0\1\0\6\2\0\0\0\0\1\0\0") },
	{ "raw", 101, inner4, false },
	{ "raw, IPv6", 101, inner6, true },
	{ "IPv4", 228, inner4, false },
	{ "IPv6", 229, inner6, true },
	{ "NULL little", 0, inner4, false, HEAD("\2\0\0\0") },
	{ "NULL big", 0, inner6, true, HEAD("\0\0\0\x1e") },
	{ "LOOP", 108, inner6, true, HEAD("\0\0\0\x1e") },
	{ "PPP", 9, inner4, false, HEAD("\xff\3\0\x21") },
	{ "PPP, direction", 204, inner4, false, HEAD("\0\x21") },
	{ "C-HDLC, direction", 205, inner4, false, HEAD("\1\x0f\0\x08\0"),
	    true },
	{ "ENC", 109, inner4, false, HEAD("\2\0\0\0\0\0\0\0\0\0\0\0") },
	{ "PKTAP", 258, pktap, false },
	{ "PPI", 192, ppi, true },
	{ "QinQ, 9200", 1, qinq_old, false, .own = true },
	{ "Prism", 119, prism, false },
	{ "AVS", 163, avs, false },
	{ "nflog", 239, nflog, false },
	{ "C-HDLC", 104, hdlc, false },
	{ "802.11", 105, wireless, false },
	{ "802.11, QoS", 105, wireless_qos, true },
	{ "radiotap", 127, radiotap, false },
	{ "radiotap, padded", 127, radiotap_padded, false },
	{ "GRE", 1, gre, false },
	{ "GRE, Ethernet", 1, gre_teb, true },
	{ "ERSPAN I", 1, erspan1, false },
	{ "ERSPAN II", 1, erspan2, false },
	{ "ERSPAN III", 1, erspan3, false },
	{ "IPIP", 1, ipip, false },
	{ "6in4", 1, six_in_four, true },
	{ "VXLAN", 1, vxlan, false },
	{ "VXLAN, checksum", 1, vxlan_sum, true },
	{ "GENEVE", 1, geneve, false },
	{ "GTP-U", 1, gtpu, false },
	{ "GTP-U, extension", 1, gtpu_extension, true },
	{ "VXLAN, another port", 1, vxlan_elsewhere, false },
	{ "TZSP", 1, tzsp, false },
	{ "TZSP, 802.11", 1, tzsp_wireless, false },
	{ "L2TP", 1, l2tp, false },
	{ "L2TP 3", 1, l2tp3, true, .own = true },
	{ "L2TP 3 over IP", 1, l2tp3_bare, false, .own = true },
	{ "PPTP", 1, pptp, false },
	{ "AH", 1, authenticated, false },
	{ "MPLS over UDP", 1, mpls_udp, false },
	{ "CAPWAP", 1, capwap, false },
	{ "CAPWAP, 802.11", 1, capwap_wireless, false, .own = true },
	{ "FDDI", 10, inner4, false,
	    HEAD("\x50\0\0\0\0\0\0\0\0\0\0\0\0\xaa\xaa\3\0\0\0\x08\0") },
	{ "RFC 1483", 100, inner4, false, HEAD("\xaa\xaa\3\0\0\0\x08\0") },
	{ "RFC 1483, bridged", 100, eth_inner4, false,
	    HEAD("\xaa\xaa\3\0\x80\xc2\0\7\0\0") },
	{ "Frame Relay, bridged", 107, eth_inner4, false,
	    HEAD("\x18\x41\3\0\x80\0\x80\xc2\0\7") },
	{ "Frame Relay", 107, inner4, false, HEAD("\x18\x41\3\xcc") },
	{ "Frame Relay, SNAP", 107, inner6, true,
	    HEAD("\x18\x41\3\0\x80\0\0\0\x86\xdd") },
	{ "Frame Relay, Cisco", 107, inner4, false,
	    HEAD("\x18\x40\0\x01\x08\0") },
	{ "Frame Relay, direction", 206, inner4, false,
	    HEAD("\1\x18\x41\3\xcc"), true },
	{ "FireWire", 138, inner4, false,
	    HEAD("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x08\0") },
	{ "DOCSIS", 143, docsis, false, .own = true },
	{ "Juniper", 178, eth_inner4, false, HEAD("MGC\x80\0\3\1\1\1") },
	{ "Juniper, without link layer", 178, inner4, false,
	    HEAD("MGC\2\0\0\0\2"), true },
	{ "ERF", 197, endace, false },
};

enum { SHAPES = sizeof(shapes) / sizeof(*shapes) };

static struct gs_net_interface interfaces[SHAPES];

static struct gs_net_packet
shape_packet(struct build *f, size_t i)
{
	interfaces[i] = (struct gs_net_interface){ .id = (uint32_t)i,
		.link = shapes[i].link,
		.tsresol = 6 };
	build_start(f, rtp, PAYLOAD);
	shapes[i].build(f);
	if (shapes[i].n > 0)
		build_bytes(f, shapes[i].head, shapes[i].n);
	return build_packet(f, &interfaces[i]);
}

static struct gs_net_frames *
new_frames(void)
{
	struct gs_net_frames *t = gs_net_frames_new(NULL);

	assert_non_null(t);
	return t;
}

static void
expect_payload(const struct gs_net_frame *f, const char *name)
{
	if (f->kind != GS_FRAME_UDP || f->length != PAYLOAD)
		fail_msg("%s: kind %d, %u bytes", name, f->kind, f->length);
	assert_int_equal(f->wire, PAYLOAD);
	assert_memory_equal(f->p + f->payload, rtp, PAYLOAD);
	assert_int_equal(f->src.port, 5004);
	assert_int_equal(f->dst.port, 5006);
}

static void
test_every_shape(void **state)
{
	struct gs_net_frames *t = new_frames();
	struct build f;
	struct gs_net_frame g;

	(void)state;
	for (size_t i = 0; i < SHAPES; i++) {
		struct gs_net_packet p = shape_packet(&f, i);
		gs_net_frame_parse(t, &p, &g);
		expect_payload(&g, shapes[i].name);
		assert_int_equal(g.dst.version, shapes[i].v6 ? 6 : 4);
		assert_int_equal(g.dst.ip[shapes[i].v6 ? 15 : 3],
		    shapes[i].build == eth_routing ? 0x99 : 2);
	}
	gs_net_frames_free(t);
}

/* An acknowledgment of PPTP carries nothing. */
static void
test_pptp_acknowledgment(void **state)
{
	static struct gs_net_interface at = { .link = 1, .tsresol = 6 };
	struct gs_net_frames *t = new_frames();
	struct build f;
	struct gs_net_frame g;

	(void)state;
	build_start(&f, (const uint8_t *)"\x20\x81\x88\x0b\0\0\0\1\0\0\0\2",
	    12);
	build_ipv4(&f, 47, 0, 2, 0);
	build_ethernet(&f, 0x0800);
	struct gs_net_packet p = build_packet(&f, &at);
	gs_net_frame_parse(t, &p, &g);
	assert_int_equal(g.kind, GS_FRAME_OTHER);
	gs_net_frames_free(t);
}

/* An open fragment, beside which every frame is taken apart by the walk. */
static void
add_fragment(struct gs_net_frames *t)
{
	static const struct gs_net_interface ethernet = { .link = 1 };
	struct build part;
	struct gs_net_frame g;

	build_start(&part, rtp, 64);
	build_ipv4(&part, 17, 0, 1, 0x2000);
	build_ethernet(&part, 0x0800);
	struct gs_net_packet q = build_packet(&part, &ethernet);
	gs_net_frame_parse(t, &q, &g);
	assert_int_equal(g.kind, GS_FRAME_HELD);
}

/* The walk makes the same of p as the short way, whose result is g. */
static void
assert_walked(struct gs_net_frames *walking, const struct gs_net_packet *p,
    const struct gs_net_frame *g)
{
	struct gs_net_frame w;

	gs_net_frame_parse(walking, p, &w);
	assert_int_equal(w.kind, g->kind);
	assert_ptr_equal(w.p, g->p);
	assert_int_equal(w.n, g->n);
	assert_int_equal(w.reassembled, g->reassembled);
	assert_int_equal(w.unread, g->unread);
	assert_int_equal(w.ip, g->ip);
	assert_int_equal(w.flags, g->flags);
	assert_int_equal(w.seq, g->seq);
	assert_int_equal(w.transport, g->transport);
	assert_int_equal(w.payload, g->payload);
	assert_int_equal(w.length, g->length);
	assert_int_equal(w.wire, g->wire);
	assert_true(gs_net_addr_eq(&w.src, &g->src));
	assert_true(gs_net_addr_eq(&w.dst, &g->dst));
	assert_int_equal(w.layers, g->layers);
	assert_memory_equal(w.layer, g->layer, w.layers * sizeof(w.layer[0]));
}

/* Frames that are passed over unread would be read as whole media. */
static void
test_media(void **state)
{
	struct gs_net_frames *t = new_frames(), *walking = new_frames();
	struct build f;
	struct gs_net_frame g;
	size_t seen = 0;

	(void)state;
	add_fragment(walking);
	for (size_t i = 0; i < SHAPES; i++) {
		struct gs_net_packet p = shape_packet(&f, i);
		/* Any octet is another one, and any end is cut off. */
		for (size_t k = 0; k < 3 * (size_t)p.wire; k++) {
			uint8_t *at = &f.b[f.at + k % p.wire], was = *at;
			p.n = k < p.wire ? p.wire : (uint32_t)(k % p.wire);
			*at ^= (uint8_t)(k < 2 * p.wire ? 0x40 << k % 2 : 0);
			bool media = gs_net_frame_is_media(t, &p);
			gs_net_frame_parse(t, &p, &g);
			uint8_t first =
			    g.kind == GS_FRAME_UDP ? g.p[g.payload] : 0;
			if (media)
				assert_walked(walking, &p, &g);
			*at = was;
			if (g.kind == GS_FRAME_HELD) {
				gs_net_frames_free(t);
				t = new_frames();
			}
			if (!media)
				continue;
			seen++;
			assert_int_equal(g.kind, GS_FRAME_UDP);
			assert_int_equal(g.layers, 1);
			assert_int_equal(g.length, g.wire);
			assert_int_equal(first >> 6, 2);
			assert_int_equal(g.unread, GS_UNREAD_NOT);
		}
	}
	assert_true(seen > PAYLOAD);
	gs_net_frames_free(walking);
	gs_net_frames_free(t);
}

/* Nor while fragments wait, whose time may be over. */
static void
test_media_beside_fragments(void **state)
{
	static const struct gs_net_interface ethernet = { .link = 1 };
	struct gs_net_frames *t = new_frames();
	struct build f;

	(void)state;
	build_start(&f, rtp, PAYLOAD);
	eth_inner4(&f);
	struct gs_net_packet p = build_packet(&f, &ethernet);
	assert_true(gs_net_frame_is_media(t, &p));
	add_fragment(t);
	assert_false(gs_net_frame_is_media(t, &p));
	gs_net_frames_free(t);
}

/* Cut anywhere, a frame is short or its payload is known to be cut. */
static void
test_every_shape_cut(void **state)
{
	struct gs_net_frames *t = new_frames();
	struct build f;
	struct gs_net_frame g;

	(void)state;
	for (size_t i = 0; i < SHAPES; i++) {
		struct gs_net_packet p = shape_packet(&f, i);
		gs_net_frame_parse(t, &p, &g);
		size_t header = g.payload, whole = header + PAYLOAD;
		for (size_t n = 0; n < p.wire; n++) {
			uint8_t *cut = malloc(n + 1);
			assert_non_null(cut);
			memcpy(cut, f.b + f.at, n);
			p.p = cut;
			p.n = (uint32_t)n;
			gs_net_frame_parse(t, &p, &g);
			if (n >= whole || (n >= header && g.payload == header))
				assert_int_equal(g.length,
				    n >= whole ? PAYLOAD : n - header);
			if (g.kind == GS_FRAME_UDP && n < whole)
				assert_true(g.length < g.wire);
			free(cut);
		}
	}
	gs_net_frames_free(t);
}

/* What stood behind the payload is not written, nor that it would follow. */
static void
test_no_fcs(void **state)
{
	static const struct gs_net_interface i = { .link = GS_LINK_RADIOTAP };
	struct gs_net_frames *t = new_frames();
	struct build f;
	struct gs_net_frame g;

	(void)state;
	build_start(&f, rtp, PAYLOAD);
	radiotap(&f);
	f.b[f.at + 24] = 0x10;
	struct gs_net_packet p = build_packet(&f, &i);

	gs_net_frame_parse(t, &p, &g);
	expect_payload(&g, "radiotap");
	uint8_t *to = malloc(p.n);

	assert_non_null(to);
	memcpy(to, p.p, p.n);
	assert_int_equal(gs_net_frame_seal(&g, to, PAYLOAD), p.n);
	assert_int_equal(to[24], 0);
	free(to);
	gs_net_frames_free(t);
}

/* Appends what f has to the n octets at p, with addresses and its length. */
static size_t
put_part(uint8_t *p, size_t n, const struct build *f, bool pad)
{
	size_t length = build_length(f);

	memcpy(p + n, "\2\0\0\0\0\1\2\0\0\0\0\2", 12);
	w16(p + n + 12, length);
	memcpy(p + n + 14, f->b + f->at, length);
	n += 14 + length;
	while (pad && n % 4 != 0)
		p[n++] = 0;
	return n;
}

/* A frame of 802.11 with three packets of other lengths; the FCS is there. */
static void
several(struct build *f, bool with_radiotap)
{
	uint8_t part[3000];
	size_t n = 0;

	for (size_t i = 0; i < 3; i++) {
		struct build g;

		build_start(&g, rtp, PAYLOAD - i);
		build_udp(&g, 5004, 5006 + (unsigned)i, 0x1234);
		build_ipv4(&g, 17, 0, 1, 0x4000);
		llc(&g, 0x0800);
		n = put_part(part, n, &g, i < 2);
	}
	build_start(f, "FCS!", 4);
	build_bytes(f, part, n);
	put_wireless(f, 26, 0x88, 1);
	f->b[f->at + 24] = 0x80;
	if (with_radiotap)
		build_bytes(f, "\0\0\x09\0\2\0\0\0\x10", 9);
}

/* Several packets in a frame of 802.11 come as several frames, in files and
 * pipes; of one that is cut the missing end is told. */
static void
test_several(void **state)
{
	const char *path = out_path("several.pcapng");

	(void)state;
	for (unsigned k = 0; k < 4; k++) {
		bool cut = k % 2 == 1;
		struct gs_net_interface link = { .link = k < 2 ? 127 : 105,
			.tsresol = 6 };
		struct build f;
		struct gs_err err;
		FILE *fp = fopen(path, "wb");
		struct gs_net_writer *w = gs_net_writer_new(fp,
		    (struct gs_net_capture_format){ .pcapng = true }, NULL);

		assert_non_null(w);
		several(&f, k < 2);
		struct gs_net_packet p = build_packet(&f, &link);
		assert_int_equal(gs_net_writer_put(w, &p, p.p,
				     p.n - (cut ? 60u : 0), p.wire, NULL),
		    0);
		assert_int_equal(gs_net_writer_flush(w, NULL), 0);
		gs_net_writer_free(w);
		assert_int_equal(fclose(fp), 0);

		struct gs_net_capture *c = gs_net_capture_open(&path, 1, &err);
		struct gs_net_frames *t = new_frames();
		struct gs_net_frame g;
		unsigned i = 0;

		assert_non_null(c);
		while (gs_net_capture_next(c, &p, &err) == 1) {
			gs_net_frame_parse(t, &p, &g);
			assert_int_equal(g.kind, GS_FRAME_UDP);
			assert_int_equal(p.frame, 1);
			assert_int_equal(g.dst.port, 5006 + i);
			assert_int_equal(g.wire, PAYLOAD - i);
			assert_int_equal(g.length,
			    PAYLOAD - i - (cut && i == 2 ? 56u : 0));
			assert_memory_equal(g.p + g.payload, rtp, g.length);
			if (k < 2)
				assert_int_equal(g.p[8], 0);
			i++;
		}
		assert_int_equal(i, 3);
		gs_net_capture_close(c);
		gs_net_frames_free(t);
	}
}

/* Makes an interface of 802.11 with radiotap, whose frames are those that are
 * written to the descriptor that is returned; -1: this may not be done here.
 * It goes when the descriptor is closed. */
static int
open_wireless(struct ifreq *r)
{
	int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);
	int s = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	*r = (struct ifreq){ .ifr_flags = IFF_TAP | IFF_NO_PI };
	assert_int_not_equal(s, -1);
	if (fd != -1 &&
	    (ioctl(fd, TUNSETIFF, r) == -1 ||
		ioctl(fd, TUNSETLINK, ARPHRD_IEEE80211_RADIOTAP) == -1)) {
		(void)close(fd);
		fd = -1;
	}
	r->ifr_flags = IFF_UP;
	if (fd != -1)
		assert_int_equal(ioctl(s, SIOCSIFFLAGS, r), 0);
	assert_int_equal(close(s), 0);
	return fd;
}

/* The same from an interface: each part comes at once, and before the next
 * frame. */
static void
test_several_live(void **state)
{
	enum { FRAMES = 2, PARTS = 3 };
	struct gs_net_frames *t = new_frames();
	struct gs_err err = { 0 };
	struct gs_net_packet p;
	struct gs_net_frame g;
	struct build f;
	struct ifreq r;
	int fd = open_wireless(&r);

	(void)state;
	if (fd == -1)
		skip();
	/* The system itself sends something else through it. */
	struct gs_net_live *l = must_open(r.ifr_name, "wlan[0] = 0x88");

	several(&f, true);
	for (unsigned i = 0; i < FRAMES; i++)
		assert_int_equal(write(fd, f.b + f.at, build_length(&f)),
		    build_length(&f));
	for (unsigned i = 0; i < FRAMES * PARTS; i++) {
		int more = 0;

		while (more == 0)
			more = gs_net_live_next(l, &p, &err);
		assert_int_equal(more, 1);
		gs_net_frame_parse(t, &p, &g);
		assert_int_equal(g.kind, GS_FRAME_UDP);
		assert_int_equal(p.frame, 1 + i / PARTS);
		assert_int_equal(g.dst.port, 5006 + i % PARTS);
		assert_memory_equal(g.p + g.payload, rtp, PAYLOAD - i % PARTS);
		/* When the kernel brings the next frame is its own matter. */
		if ((i + 1) % PARTS > 0)
			assert_true(gs_net_live_ready(l));
	}
	assert_false(gs_net_live_ready(l));
	gs_net_live_close(l);
	assert_int_equal(close(fd), 0);
	gs_net_frames_free(t);
}

/* A provider's backbone (802.1ah). */
static void
backbone(struct build *f)
{
	static const uint8_t head[] = { 2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1,
		0x88, 0xe7, 0, 0, 0, 7 };

	radiotap(f);
	memcpy(f->b + f->at, head, sizeof(head));
}

/* What is not read is named. */
static void
test_unread(void **state)
{
	static const struct {
		struct gs_net_interface link;
		void (*build)(struct build *f);
		unsigned at; /* which octet is changed, */
		uint8_t bits; /* and how */
		const char *said;
	} cases[] = {
		{ { .link = 127 }, radiotap, 31, 0x40,
		    "802.11 that is encrypted is not read" },
		{ { .link = 105 }, wireless, 1, 4,
		    "802.11 in fragments is not read" },
		{ { .link = 105 }, wireless, 22, 1,
		    "802.11 in fragments is not read" },
		{ { .link = 105 }, wireless_qos, 30, 0x80,
		    "802.11 with several packets in a frame is not read" },
		{ { .link = 189 }, radiotap, 0, 0,
		    "link type 189 (USB) is not read" },
		{ { .link = 6 }, radiotap, 0, 0,
		    "link type 6 (Token Ring) is not read" },
		{ { .link = 253 }, radiotap, 0, 0,
		    "link type 253 (netlink) is not read" },
		{ { .link = 147 }, radiotap, 0, 0,
		    "link type 147 is not read" },
		{ { .link = 1 }, backbone, 0, 0,
		    "Ethernet type 0x88e7 (PBB) is not read" },
	};
	char text[GS_UNREAD_TEXT];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct gs_net_frames *t = new_frames();
		struct build f;
		struct gs_net_frame g;

		build_start(&f, rtp, PAYLOAD);
		cases[i].build(&f);
		struct gs_net_packet p = build_packet(&f, &cases[i].link);
		struct gs_net_frame_counts c = gs_net_frames_counts(t);

		assert_null(gs_net_unread_text(&c, text));
		f.b[f.at + cases[i].at] |= cases[i].bits;
		gs_net_frame_parse(t, &p, &g);
		assert_int_equal(g.kind, GS_FRAME_OTHER);
		c = gs_net_frames_counts(t);
		assert_int_equal(c.unread, 1);
		assert_string_equal(gs_net_unread_text(&c, text),
		    cases[i].said);
		gs_net_frames_free(t);
	}
}

/* Several kinds are named with their counts. */
static void
test_unread_kinds(void **state)
{
	static const unsigned links[] = { 189, 147, 189, 189, 148, 127, 149 };
	struct gs_net_frames *t = new_frames();
	char text[GS_UNREAD_TEXT];
	struct gs_net_frame_counts c;

	(void)state;
	for (size_t i = 0; i < sizeof(links) / sizeof(*links); i++) {
		struct gs_net_interface link = { .link = links[i] };
		struct build f;
		struct gs_net_frame g;

		build_start(&f, rtp, PAYLOAD);
		radiotap(&f);
		f.b[f.at + 31] |= 0x40;
		struct gs_net_packet p = build_packet(&f, &link);
		gs_net_frame_parse(t, &p, &g);
		c = gs_net_frames_counts(t);
		if (i == 1)
			assert_string_equal(gs_net_unread_text(&c, text),
			    "link type 189 (USB): 1, link type 147: 1 are not "
			    "read");
	}
	assert_string_equal(gs_net_unread_text(&c, text),
	    "link type 189 (USB): 3, link type 147: 1, link type 148: 1, "
	    "802.11 that is encrypted: 1, others: 1 are not read");
	gs_net_frames_free(t);
}

/* f with another payload. */
static size_t
rewrite(const struct gs_net_frame *f, const uint8_t *payload, size_t n,
    uint8_t *to)
{
	memcpy(to, f->p, f->payload);
	memcpy(to + f->payload, payload, n);
	return gs_net_frame_seal(f, to, n);
}

static void
write_shortened(const char *path)
{
	static const struct gs_net_capture_format ng = { .pcapng = true };
	struct gs_net_frames *t = new_frames();
	struct build f;
	struct gs_net_frame g;
	FILE *fp = fopen(path, "wb");

	assert_non_null(fp);
	struct gs_net_writer *w = gs_net_writer_new(fp, ng, NULL);
	assert_non_null(w);
	for (size_t i = 0; i < SHAPES; i++) {
		static uint8_t to[GS_FRAME_MAX];
		struct gs_net_packet p = shape_packet(&f, i);
		gs_net_frame_parse(t, &p, &g);
		size_t n = rewrite(&g, rtp, SHORTER, to);
		assert_int_equal(n, g.payload + SHORTER);
		assert_int_equal(gs_net_writer_put(w, &p, to, n, n, NULL), 0);
	}
	assert_int_equal(gs_net_writer_flush(w, NULL), 0);
	gs_net_writer_free(w);
	assert_int_equal(fclose(fp), 0);
	gs_net_frames_free(t);
}

/* The line: UDP lengths; checksum states (0 is bad, 1 is good) of IP, UDP
 * and GRE; complaints. */
static void
judge(const char *name, char *line)
{
	char *field[5], *rest = line;

	for (size_t k = 0; k < 5; k++) {
		field[k] = rest;
		rest = strchr(rest, ';');
		if (rest != NULL)
			*rest++ = '\0';
		else
			rest = field[k] + strlen(field[k]);
	}
	size_t udp = strlen(field[0]);
	bool bad = strchr(field[1], '0') != NULL ||
	    strchr(field[2], '0') != NULL || strchr(field[3], '0') != NULL ||
	    udp < 3 || strcmp(field[0] + udp - 3, "180") != 0 ||
	    strstr(field[4], "hecksum") != NULL ||
	    strstr(field[4], "ength") != NULL ||
	    strstr(field[4], "alformed") != NULL ||
	    strchr(field[2], '1') == NULL;
	if (bad)
		fail_msg("%s: %s; %s; %s; %s; %s", name, field[0], field[1],
		    field[2], field[3], field[4]);
}

/* Every length and checksum of the shortened frames, as tshark sees it. */
static void
test_rewrite_by_tshark(void **state)
{
	const char *path = out_path("rewritten.pcapng");
	char command[1024], text[65536];
	char *line = text;

	(void)state;
	write_shortened(path);
	assert_true(
	    snprintf(command, sizeof(command),
		"tshark -r %s -o ip.check_checksum:TRUE "
		"-o udp.check_checksum:TRUE -d udp.port==18472,vxlan -T fields -E separator=';' "
		"-e udp.length -e ip.checksum.status -e udp.checksum.status "
		"-e gre.checksum.status -e _ws.expert.message 2>/dev/null",
		path) > 0);
	(void)run_command(command, text, sizeof(text));
	for (size_t i = 0; i < SHAPES; i++) {
		char *end = strchr(line, '\n');
		assert_non_null(end);
		*end = '\0';
		if (!shapes[i].own)
			judge(shapes[i].name, line);
		line = end + 1;
	}
}

/* ---- fragments */

static struct gs_net_packet
fragment(struct build *f, const struct gs_net_interface *i, const uint8_t *p,
    size_t from, size_t n, bool more, bool v6, unsigned id)
{
	build_start(f, p + from, n);
	if (v6) {
		uint8_t *h = build_front(f, 8);
		h[0] = 17;
		w16(h + 2, from | more);
		w32(h + 4, id);
		build_bytes(f, "\x2c\0\1\4\0\0\0\0", 8);
		build_ipv6(f, 60);
		build_ethernet(f, 0x86dd);
	} else {
		build_ipv4(f, 17, 0, id,
		    (unsigned)((more ? 0x2000u : 0) | from / 8));
		build_ethernet(f, 0x0800);
	}
	return build_packet(f, i);
}

/* A UDP packet of PAYLOAD bytes. */
static void
whole_udp(uint8_t *p)
{
	struct build f;

	build_start(&f, rtp, PAYLOAD);
	build_udp(&f, 5004, 5006, 0x1234);
	memcpy(p, f.b + f.at, PAYLOAD + 8);
}

static void
test_fragments(void **state)
{
	static const struct gs_net_interface i = { .link = 1, .tsresol = 6 };
	static const uint8_t order[6][3] = { { 0, 1, 2 }, { 0, 2, 1 },
		{ 1, 0, 2 }, { 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 } };
	static const size_t from[] = { 0, 64, 128, PAYLOAD + 8 };
	struct gs_net_frames *t = new_frames();
	uint8_t udp[PAYLOAD + 8];
	struct build f;
	struct gs_net_frame g;

	(void)state;
	whole_udp(udp);
	for (unsigned k = 0; k < 12; k++) {
		for (unsigned n = 0; n < 3; n++) {
			unsigned o = order[k / 2][n];
			for (unsigned twice = 0; twice < 2; twice++) {
				struct gs_net_packet p =
				    fragment(&f, &i, udp, from[o],
					from[o + 1] - from[o], o < 2, k % 2, k);
				if (twice && n == 2)
					break;
				gs_net_frame_parse(t, &p, &g);
				if (n < 2)
					assert_int_equal(g.kind, GS_FRAME_HELD);
			}
		}
		expect_payload(&g, "fragments");
		assert_true(g.reassembled);
		assert_int_equal(g.n, PAYLOAD + 8 + 14 + (k % 2 ? 48 : 20));
	}
	struct gs_net_frame_counts c = gs_net_frames_counts(t);
	assert_int_equal(c.reassembled, 12);
	assert_int_equal(c.fragments, 12 * 5);
	assert_int_equal(c.incomplete, 0);
	assert_int_equal(c.overlaps, 0);
	gs_net_frames_free(t);
}

/* Each fragment comes twice, as on two interfaces: the copy of the last one is
 * no datagram that lacks the others, but one of other bytes is. */
static void
test_fragment_copies(void **state)
{
	static const struct gs_net_interface i = { .link = 1, .tsresol = 6 };

	(void)state;
	for (unsigned other = 0; other < 2; other++) {
		struct gs_net_frames *t = new_frames();
		struct gs_net_packet lost;
		uint8_t udp[PAYLOAD + 8];
		struct build f;
		struct gs_net_frame g;

		whole_udp(udp);
		for (unsigned n = 0; n < 4; n++) {
			size_t from = n / 2 * 64;
			udp[100] ^= (uint8_t)(other * n / 3);
			struct gs_net_packet p = fragment(&f, &i, udp, from,
			    n < 2 ? 64 : PAYLOAD + 8 - 64, n < 2, false, 7);
			gs_net_frame_parse(t, &p, &g);
			assert_int_equal(g.kind,
			    n == 2 ? GS_FRAME_UDP : GS_FRAME_HELD);
		}
		gs_net_frames_end(t);
		assert_int_equal(gs_net_frames_lost(t, &lost), other);
		assert_int_equal(gs_net_frames_counts(t).incomplete, other);
		gs_net_frames_free(t);
	}
}

static void
test_overlap_first_wins(void **state)
{
	static const struct gs_net_interface i = { .link = 1, .tsresol = 6 };
	struct gs_net_frames *t = new_frames();
	uint8_t udp[PAYLOAD + 8], other[PAYLOAD + 8];
	struct build f;
	struct gs_net_frame g;

	(void)state;
	whole_udp(udp);
	memset(other, 0xee, sizeof(other));
	struct gs_net_packet p = fragment(&f, &i, udp, 0, 96, true, false, 1);
	gs_net_frame_parse(t, &p, &g);
	p = fragment(&f, &i, other, 64, 24, true, false, 1);
	gs_net_frame_parse(t, &p, &g);
	assert_int_equal(g.kind, GS_FRAME_HELD);
	p = fragment(&f, &i, udp, 96, sizeof(udp) - 96, false, false, 1);
	gs_net_frame_parse(t, &p, &g);
	expect_payload(&g, "overlap");
	assert_int_equal(gs_net_frames_counts(t).overlaps, 1);
	gs_net_frames_free(t);
}

static void
test_missing_is_given_back(void **state)
{
	static const struct gs_net_interface i = { .link = 1, .tsresol = 6 };
	struct gs_net_frames *t = new_frames();
	uint8_t udp[PAYLOAD + 8];
	struct build f;
	struct gs_net_frame g;
	struct gs_net_packet lost;

	(void)state;
	whole_udp(udp);
	struct gs_net_packet p =
	    fragment(&f, &i, udp, 128, 62, false, false, 1);
	gs_net_frame_parse(t, &p, &g);
	p = fragment(&f, &i, udp, 0, 64, true, false, 1);
	p.frame = 2;
	p.ns += 1000000000;
	gs_net_frame_parse(t, &p, &g);
	assert_false(gs_net_frames_lost(t, &lost));
	p = fragment(&f, &i, udp, 0, 64, true, false, 2);
	p.ns += UINT64_C(31) * 1000000000;
	gs_net_frame_parse(t, &p, &g);
	assert_true(gs_net_frames_lost(t, &lost));
	assert_int_equal(lost.frame, 1);
	assert_int_equal(lost.n, 14 + 20 + 62);
	assert_true(gs_net_frames_lost(t, &lost));
	assert_int_equal(lost.frame, 2);
	assert_false(gs_net_frames_lost(t, &lost));
	gs_net_frames_end(t);
	assert_true(gs_net_frames_lost(t, &lost));
	assert_false(gs_net_frames_lost(t, &lost));
	assert_int_equal(gs_net_frames_counts(t).incomplete, 2);
	gs_net_frames_free(t);
}

/* A flood of first fragments: nothing grows, everything comes back. */
static void
test_fragment_flood(void **state)
{
	static const struct gs_net_interface i = { .link = 1, .tsresol = 6 };
	static uint8_t big[8 * 1024];
	struct gs_net_frames *t = new_frames();
	struct build f;
	struct gs_net_frame g;
	struct gs_net_packet lost;
	unsigned back = 0;

	(void)state;
	for (unsigned k = 0; k < 5000; k++) {
		struct gs_net_packet p = fragment(&f, &i, big, 0,
		    k % 2 ? sizeof(big) : 8, true, false, k);
		p.ns += k;
		gs_net_frame_parse(t, &p, &g);
		assert_int_equal(g.kind, GS_FRAME_HELD);
		while (gs_net_frames_lost(t, &lost))
			back++;
	}
	gs_net_frames_end(t);
	while (gs_net_frames_lost(t, &lost))
		back++;
	assert_int_equal(back, 5000);
	/* Nobody fetches: dropped at the limit, not kept. */
	for (unsigned k = 0; k < 5000; k++) {
		struct gs_net_packet p =
		    fragment(&f, &i, big, 0, sizeof(big), true, false, k);
		gs_net_frame_parse(t, &p, &g);
	}
	back = 0;
	gs_net_frames_end(t);
	while (gs_net_frames_lost(t, &lost))
		back++;
	assert_in_range(back, 400, 512);
	gs_net_frames_free(t);
}

static size_t
allocated(void)
{
	struct mallinfo2 m = mallinfo2();

	return m.uordblks + m.hblkhd;
}

/* Small fragments in large frames: what counts is what is allocated, also
 * when what is given up is not fetched; when it is, none is missing. */
static void
test_fragment_memory(void **state)
{
	static const struct gs_net_interface i = { .link = 1, .tsresol = 6 };
	static uint8_t big[GS_CAPTURE_PACKET];
	static struct build f;
	struct gs_net_frame g;
	struct gs_net_packet lost;

	(void)state;
	for (unsigned fetch = 0; fetch < 2; fetch++) {
		struct gs_net_frames *t = new_frames();
		size_t before = allocated(), most = 0;
		unsigned back = 0;

		for (unsigned k = 0; k < 2048; k++) {
			/* Padded ones join the youngest first. */
			bool pad = k >= 1024;
			struct gs_net_packet p = fragment(&f, &i, big, pad * 8,
			    8, true, false, pad ? 2047 - k : k);
			if (pad) {
				memcpy(big, p.p, p.n);
				p.p = big;
				p.n = p.wire = sizeof(big);
			}
			gs_net_frame_parse(t, &p, &g);
			most = allocated() > most ? allocated() : most;
			while (fetch && gs_net_frames_lost(t, &lost))
				back++;
		}
		assert_in_range(most - before, 0,
		    GS_FRAGMENT_BYTES + 16 * 1024);
		gs_net_frames_end(t);
		while (gs_net_frames_lost(t, &lost))
			back++;
		if (fetch)
			assert_int_equal(back, 2048);
		gs_net_frames_free(t);
	}
}

/* Bytes that never came are not made up. */
static void
test_fragment_hole(void **state)
{
	static const struct {
		size_t from;
		size_t to;
		bool more;
	} pieces[][4] = {
		/* A longer first one would fill up for what is missing. */
		{ { 0, 64, true }, { 128, 190, false }, { 0, 96, true },
		    { 32, 64, true } },
		{ { 0, 64, true }, { 128, 190, false }, { 192, 256, true },
		    { 256, 320, true } },
		/* Two ends. */
		{ { 0, 64, true }, { 64, 100, false }, { 104, 190, false },
		    { 64, 96, true } },
	};
	static const struct gs_net_interface i = { .link = 1, .tsresol = 6 };
	uint8_t udp[320] = { 0 };
	struct gs_net_packet lost;
	struct build f;
	struct gs_net_frame g;

	(void)state;
	whole_udp(udp);
	for (size_t k = 0; k < 3; k++)
		for (unsigned order = 0; order < 24; order++) {
			unsigned o[4] = { 0, 1, 2, 3 }, left = order;
			struct gs_net_frames *t = new_frames();

			for (unsigned n = 0; n < 4; n++) {
				unsigned at = n + left % (4 - n), x = o[at];
				left /= 4 - n;
				o[at] = o[n];
				struct gs_net_packet p =
				    fragment(&f, &i, udp, pieces[k][x].from,
					pieces[k][x].to - pieces[k][x].from,
					pieces[k][x].more, order % 2, 1);
				gs_net_frame_parse(t, &p, &g);
				/* Before the second end came, one was whole. */
				if (k == 2 && g.kind != GS_FRAME_HELD)
					assert_int_equal(g.length, 92);
				else
					assert_int_equal(g.kind, GS_FRAME_HELD);
			}
			gs_net_frames_end(t);
			while (gs_net_frames_lost(t, &lost)) {
				gs_net_frames_lost_place(t, &g);
				assert_int_equal(g.kind, GS_FRAME_PIECE);
				assert_int_equal(g.protocol, 17);
				assert_int_equal(g.payload + g.length, lost.n);
			}
			gs_net_frames_free(t);
		}
}

/* A sum of 0 is sent as 0xffff (RFC 768). */
static void
test_checksum_zero(void **state)
{
	struct gs_net_frames *t = new_frames();
	struct build f;
	struct gs_net_frame g;
	uint8_t data[20] = { 0 }, to[128];

	(void)state;
	for (unsigned round = 0; round < 2; round++) {
		build_start(&f, data, sizeof(data));
		build_udp(&f, 5004, 5006, 0);
		build_ipv6(&f, 17);
		struct gs_net_packet p =
		    build_packet(&f, &(struct gs_net_interface){ .link = 101 });
		gs_net_frame_parse(t, &p, &g);
		assert_int_equal(rewrite(&g, data, sizeof(data), to), 68);
		if (round == 0)
			memcpy(data + 18, to + 46, 2);
	}
	assert_int_equal(to[46], 0xff);
	assert_int_equal(to[47], 0xff);
	gs_net_frames_free(t);
}

/* A mirror whose outer packets are cut: GRE around, fragments outside, and
 * fragments inside as well. */
static void
test_nested_fragments(void **state)
{
	static const struct gs_net_interface i = { .link = 1, .tsresol = 6 };
	struct gs_net_frames *t = new_frames();
	uint8_t udp[PAYLOAD + 8], gre_packet[512];
	struct build f;
	struct gs_net_frame g;

	(void)state;
	whole_udp(udp);
	for (unsigned part = 0; part < 2; part++) {
		size_t from = part == 0 ? 0 : 96;
		(void)fragment(&f, &i, udp, from,
		    part == 0 ? 96 : sizeof(udp) - 96, part == 0, false, 7);
		build_bytes(&f, "\0\0\x65\x58", 4);
		size_t n = build_length(&f);
		memcpy(gre_packet, f.b + f.at, n);
		for (unsigned half = 0; half < 2; half++) {
			build_start(&f, gre_packet + half * 64,
			    half == 0 ? 64 : n - 64);
			build_ipv4(&f, 47, 0, 100 + part,
			    half == 0 ? 0x2000 : 8);
			build_ethernet(&f, 0x0800);
			struct gs_net_packet p = build_packet(&f, &i);
			gs_net_frame_parse(t, &p, &g);
			if (part + half < 2)
				assert_int_equal(g.kind, GS_FRAME_HELD);
		}
	}
	expect_payload(&g, "nested");
	/* The headers around were made to fit. */
	const uint8_t *outer = g.p + 14;
	assert_int_equal(outer[2] << 8 | outer[3], g.n - 14);
	gs_net_frames_free(t);
}

/* ---- odd ones */

static enum gs_net_frame_kind
kind_of(struct build *f, uint32_t link)
{
	struct gs_net_frames *t = new_frames();
	struct gs_net_interface i = { .link = link };
	struct gs_net_packet p = build_packet(f, &i);
	struct gs_net_frame g;

	gs_net_frame_parse(t, &p, &g);
	gs_net_frames_free(t);
	return g.kind;
}

static void
test_odd_frames(void **state)
{
	struct build f;

	(void)state;
	build_start(&f, "", 0);
	assert_int_equal(kind_of(&f, 1), GS_FRAME_MALFORMED);
	build_start(&f, "arp", 3);
	build_ethernet(&f, 0x0806);
	assert_int_equal(kind_of(&f, 1), GS_FRAME_OTHER);
	assert_int_equal(kind_of(&f, 147), GS_FRAME_OTHER);
	build_start(&f, rtp, 4);
	build_ipv4(&f, 17, 0, 1, 0);
	assert_int_equal(kind_of(&f, 101), GS_FRAME_MALFORMED);
	build_start(&f, rtp, 20);
	build_udp(&f, 1, 2, 0);
	w16(f.b + f.at + 4, 7);
	build_ipv4(&f, 17, 0, 1, 0);
	assert_int_equal(kind_of(&f, 101), GS_FRAME_MALFORMED);
	build_start(&f, "\2\0\0\1\0\0\1\0\0\0\0\0", 12);
	assert_int_equal(kind_of(&f, 239), GS_FRAME_MALFORMED);
	/* IP in IP without end. */
	build_start(&f, rtp, 20);
	for (unsigned i = 0; i < 40; i++)
		build_ipv4(&f, 4, 0, 1, 0);
	assert_int_equal(kind_of(&f, 101), GS_FRAME_OTHER);
	/* No IP in the VXLAN: a datagram like any other. */
	build_start(&f, rtp, 20);
	build_ethernet(&f, 0x0806);
	build_bytes(&f, "\x08\0\0\0\0\0\5\0", 8);
	build_udp(&f, 1, 4789, 0);
	build_ipv4(&f, 17, 0, 1, 0);
	assert_int_equal(kind_of(&f, 101), GS_FRAME_UDP);
}

/* RTP to the port of VXLAN or GTP-U stays RTP. */
static void
test_tunnel_ports(void **state)
{
	static const unsigned ports[] = { 2152, 4789, 6081, 8472 };
	struct gs_net_frames *t = new_frames();
	struct gs_net_interface i = { .link = 101 };
	struct build f;
	struct gs_net_frame g;

	(void)state;
	for (size_t k = 0; k < 4; k++) {
		build_start(&f, rtp, PAYLOAD);
		build_udp(&f, 5004, ports[k], 0);
		build_ipv4(&f, 17, 0, 1, 0);
		struct gs_net_packet p = build_packet(&f, &i);
		gs_net_frame_parse(t, &p, &g);
		assert_int_equal(g.kind, GS_FRAME_UDP);
		assert_int_equal(g.length, PAYLOAD);
		assert_int_equal(g.layers, 1);
	}
	gs_net_frames_free(t);
}

/* The UDP length is longer than the IP packet: cut, not malformed. */
static void
test_udp_longer_than_ip(void **state)
{
	struct gs_net_frames *t = new_frames();
	struct gs_net_interface i = { .link = 101 };
	struct build f;
	struct gs_net_frame g;

	(void)state;
	build_start(&f, rtp, PAYLOAD);
	build_udp(&f, 5004, 5006, 0);
	w16(f.b + f.at + 4, 1000);
	build_ipv4(&f, 17, 0, 1, 0);
	struct gs_net_packet p = build_packet(&f, &i);
	gs_net_frame_parse(t, &p, &g);
	assert_int_equal(g.kind, GS_FRAME_UDP);
	assert_int_equal(g.length, PAYLOAD);
	assert_int_equal(g.wire, 992);
	gs_net_frames_free(t);
}

/* A super-frame of the loopback device: 64 KiB, total length 0. */
static void
test_super_frame(void **state)
{
	static uint8_t data[66000];
	struct gs_net_frames *t = new_frames();
	struct gs_net_interface i = { .link = 1 };
	static struct build f;
	struct gs_net_frame g;

	(void)state;
	build_start(&f, data, sizeof(data));
	build_tcp(&f, 5060, 5061, 1000, 0x18);
	build_ipv4(&f, 6, 0, 1, 0x4000);
	w16(f.b + f.at + 2, 0);
	build_ethernet(&f, 0x0800);
	struct gs_net_packet p = build_packet(&f, &i);
	gs_net_frame_parse(t, &p, &g);
	assert_int_equal(g.kind, GS_FRAME_TCP);
	assert_int_equal(g.length, sizeof(data));
	assert_int_equal(g.seq, 1000);
	gs_net_frames_free(t);
}

static void
test_addr_text(void **state)
{
	char text[GS_ADDR_TEXT];
	struct gs_net_addr a = { .ip = { 192, 0, 2, 1 },
		.port = 5060,
		.version = 4 };

	(void)state;
	assert_string_equal(gs_net_addr_text(&a, text), "192.0.2.1:5060");
	a = (struct gs_net_addr){ .ip = { 0x20, 1, 0xd, 0xb8, [15] = 1 },
		.port = 65535,
		.version = 6 };
	assert_string_equal(gs_net_addr_text(&a, text), "[2001:db8::1]:65535");
}

/* Addresses of one network differ in their last octets only. A table finds each
 * of them soon if they share no slot with many others. */
static void
test_addr_hash(void **state)
{
	enum { SLOTS = 4096, MOST = 16 };

	(void)state;
	for (unsigned kind = 0; kind < 4; kind++) {
		bool v6 = kind % 2 == 1;
		struct gs_net_addr a = { .ip = { 0x20, 1, 0xd, 0xb8 },
			.port = 5004,
			.version = v6 ? 6 : 4 };
		struct gs_net_addr other = a;
		unsigned used[SLOTS] = { 0 };

		for (unsigned i = 0; i < SLOTS; i++) {
			gs_put_be16(a.ip + (v6 ? 14 : 2), i);
			uint64_t h = kind < 2 ?
			    gs_net_addr_hash(&a, &other, 7) :
			    gs_net_addr_hash(&other, &a, 7);

			assert_true(++used[h % SLOTS] <= MOST);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_shape),
		cmocka_unit_test(test_pptp_acknowledgment),
		cmocka_unit_test(test_media),
		cmocka_unit_test(test_media_beside_fragments),
		cmocka_unit_test(test_every_shape_cut),
		cmocka_unit_test(test_no_fcs),
		cmocka_unit_test(test_several),
		cmocka_unit_test(test_several_live),
		cmocka_unit_test(test_unread),
		cmocka_unit_test(test_unread_kinds),
		cmocka_unit_test(test_rewrite_by_tshark),
		cmocka_unit_test(test_fragments),
		cmocka_unit_test(test_fragment_copies),
		cmocka_unit_test(test_overlap_first_wins),
		cmocka_unit_test(test_missing_is_given_back),
		cmocka_unit_test(test_fragment_flood),
		cmocka_unit_test(test_fragment_memory),
		cmocka_unit_test(test_fragment_hole),
		cmocka_unit_test(test_checksum_zero),
		cmocka_unit_test(test_nested_fragments),
		cmocka_unit_test(test_odd_frames),
		cmocka_unit_test(test_tunnel_ports),
		cmocka_unit_test(test_udp_longer_than_ip),
		cmocka_unit_test(test_super_frame),
		cmocka_unit_test(test_addr_text),
		cmocka_unit_test(test_addr_hash),
	};

	make_rtp();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
