/* SPDX-License-Identifier: MIT */
/* tls_call OUT CLIENT SERVER [NAME=VALUE...]: a capture OUT.pcap of one TCP
 * connection over TLS in which two ends of libssl say what is in the files
 * CLIENT and SERVER; OUT.keys is its key log, OUT.said what was said. Names:
 *   version  1.0 to 1.3 (1.2)      suites  as in ciphers(1)
 *   pem      the server's file (a key is made: OUT.pem)
 *   port     the server's (5061)   size    octets of a segment
 *   resume   that many connections before, of one session
 *   tickets  0: sessions by ID     early   data of TLS 1.3 with the hello
 *   reuse    all of one port       start   frames left out at the begin
 *   lose     a segment of data is missing  shuffle  neighbours are swapped
 *   ems, etm 0: without extended master secret, encrypt-then-mac
 *   psk      a key that both ends have
 *   groups   as in SSL_CTX_set1_groups_list(3), the server's
 *   client   1: the client has a certificate, too
 *   again    before each message a handshake: 1 full, 2 of the session
 *   update   the same with a KeyUpdate: 1 of one side, 2 of both
 *   most     octets of a record    padding  a block that records fill
 *   middlebox  0: TLS 1.3 without change_cipher_spec
 *   ipv6     1: instead of IPv4    vlan    its number
 *   ws       HTTP comes first, then frames of WebSocket with so many octets */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/pem.h>
#include <openssl/ssl.h>

#include "../unit/tls_ends.h"

#include "base/bytes.h"

/* Ethernet with a VLAN tag, IPv6, TCP at most. */
enum { HEADER = 18 + 40 + 20, BYTES = 65536 };

static struct {
	const char *out, *version, *suites, *pem, *groups;
	unsigned port, size, start, lose, ws, resume, shuffle, tickets, early,
	    reuse, ems, etm, psk, client, again, update, most, padding,
	    middlebox, ipv6, vlan;
} opt = { .version = "1.2",
	.port = 5061,
	.size = 1400,
	.tickets = 1,
	.ems = 1,
	.etm = 1,
	.middlebox = 1 };

/* Those that are numbers. */
static const struct {
	const char *name;
	unsigned *value;
} numbers[] = {
	{ "port", &opt.port },
	{ "size", &opt.size },
	{ "start", &opt.start },
	{ "lose", &opt.lose },
	{ "ws", &opt.ws },
	{ "resume", &opt.resume },
	{ "shuffle", &opt.shuffle },
	{ "tickets", &opt.tickets },
	{ "early", &opt.early },
	{ "reuse", &opt.reuse },
	{ "ems", &opt.ems },
	{ "etm", &opt.etm },
	{ "psk", &opt.psk },
	{ "client", &opt.client },
	{ "again", &opt.again },
	{ "update", &opt.update },
	{ "most", &opt.most },
	{ "padding", &opt.padding },
	{ "middlebox", &opt.middlebox },
	{ "ipv6", &opt.ipv6 },
	{ "vlan", &opt.vlan },
};

static FILE *capture, *keys, *said;
static unsigned frames, connection, segments;
static uint32_t seq[2];
static uint8_t held[HEADER + BYTES];
static size_t held_n;
static SSL *ssl[2];
static SSL_SESSION *session;
static bool reads_early;

static void
die(const char *why)
{
	fprintf(stderr, "tls_call: %s\n", why);
	exit(1);
}

static FILE *
create(const char *suffix)
{
	char path[4096];
	FILE *fp;

	(void)snprintf(path, sizeof(path), "%s.%s", opt.out, suffix);
	fp = fopen(path, "w");
	if (fp == NULL)
		die(path);
	return fp;
}

/* ---- packets */

static void
record(const uint8_t *p, size_t n)
{
	uint32_t h[4] = { 1700000000 + frames / 1000, frames % 1000 * 1000,
		(uint32_t)n, (uint32_t)n };

	frames++;
	if (frames <= opt.start)
		return;
	fwrite(h, sizeof(h), 1, capture);
	fwrite(p, 1, n, capture);
}

/* A frame; every second one with data may change places with the one before. */
static void
frame(const uint8_t *p, size_t n, bool data)
{
	bool wait = opt.shuffle && held_n == 0 && data;

	if (wait) {
		memcpy(held, p, n);
		held_n = n;
		return;
	}
	record(p, n);
	if (held_n > 0)
		record(held, held_n);
	held_n = 0;
}

/* A header of IP before n octets. Return its octets. */
static size_t
put_ipv4(uint8_t *ip, int from, size_t n)
{
	uint32_t sum = 0;

	ip[0] = 0x45;
	gs_put_be16(ip + 2, (unsigned)(20 + n));
	ip[8] = 64;
	ip[9] = 6;
	memcpy(ip + 12, from ? "\300\0\2\2\300\0\2\1" : "\300\0\2\1\300\0\2\2",
	    8);
	for (int i = 0; i < 20; i += 2)
		sum += (uint32_t)ip[i] << 8 | ip[i + 1];
	gs_put_be16(ip + 10, ~(sum + (sum >> 16)) & 0xffff);
	return 20;
}

static size_t
put_ipv6(uint8_t *ip, int from, size_t n)
{
	ip[0] = 0x60;
	gs_put_be16(ip + 4, (unsigned)n);
	ip[6] = 6;
	ip[7] = 64;
	for (int i = 0; i < 2; i++) {
		gs_put_be32(ip + 8 + 16 * i, 0x20010db8);
		ip[23 + 16 * i] = (uint8_t)(1 + (i ^ from));
	}
	return 40;
}

static void
segment(int from, unsigned flags, const uint8_t *p, size_t n)
{
	uint8_t b[HEADER + BYTES] = { 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8,
		0 };
	uint8_t *ip = b + 14, *tcp;
	unsigned ports[2] = { 40000 + connection, opt.port };

	if (opt.vlan > 0) {
		gs_put_be16(b + 12, 0x8100);
		gs_put_be16(b + 14, opt.vlan);
		gs_put_be16(b + 16, 0x0800);
		ip += 4;
	}
	if (opt.ipv6)
		gs_put_be16(ip - 2, 0x86dd);
	tcp = ip + (opt.ipv6 ? put_ipv6 : put_ipv4)(ip, from, 20 + n);
	gs_put_be16(tcp, ports[from]);
	gs_put_be16(tcp + 2, ports[!from]);
	gs_put_be32(tcp + 4, seq[from]);
	gs_put_be32(tcp + 8, seq[!from]);
	tcp[12] = 0x50;
	tcp[13] = (uint8_t)flags;
	gs_put_be16(tcp + 14, 60000);
	if (n > 0)
		memcpy(tcp + 20, p, n);
	seq[from] += (uint32_t)n + ((flags & 3) != 0);
	frame(b, (size_t)(tcp + 20 - b) + n, n > 0);
}

/* ---- the two ends */

static void
on_line(const SSL *s, const char *line)
{
	(void)s;
	fprintf(keys, "%s\n", line);
}

static int
on_session(SSL *s, SSL_SESSION *new)
{
	(void)s;
	SSL_SESSION_free(session);
	session = new;
	return 1;
}

static const uint8_t psk[] = "a key that both ends have";

static unsigned
client_psk(SSL *s, const char *hint, char *name, unsigned room, uint8_t *key,
    unsigned size)
{
	(void)s;
	(void)hint;
	(void)snprintf(name, room, "phone");
	memcpy(key, psk, sizeof(psk));
	return size < sizeof(psk) ? 0 : sizeof(psk);
}

static unsigned
server_psk(SSL *s, const char *name, uint8_t *key, unsigned size)
{
	return client_psk(s, NULL, (char[8]){ 0 }, name != NULL ? 8 : 0, key,
	    size);
}

/* What one end of the two does. */
static void
set_side(SSL_CTX *c, int server)
{
	if (server) {
		if (opt.groups != NULL)
			SSL_CTX_set1_groups_list(c, opt.groups);
		if (opt.client)
			SSL_CTX_set_verify(c, SSL_VERIFY_PEER, ends_accept_any);
		if (opt.psk)
			SSL_CTX_set_psk_server_callback(c, server_psk);
		return;
	}
	if (opt.psk)
		SSL_CTX_set_psk_client_callback(c, client_psk);
	SSL_CTX_set_session_cache_mode(c, SSL_SESS_CACHE_CLIENT);
	SSL_CTX_sess_set_new_cb(c, on_session);
	SSL_CTX_set_keylog_callback(c, on_line);
}

static void
set_options(SSL_CTX *c)
{
	if (!opt.ems)
		SSL_CTX_set_options(c, SSL_OP_NO_EXTENDED_MASTER_SECRET);
	if (!opt.etm)
		SSL_CTX_set_options(c, SSL_OP_NO_ENCRYPT_THEN_MAC);
	if (!opt.tickets)
		SSL_CTX_set_options(c, SSL_OP_NO_TICKET);
	if (!opt.middlebox)
		SSL_CTX_clear_options(c, SSL_OP_ENABLE_MIDDLEBOX_COMPAT);
	SSL_CTX_set_options(c, SSL_OP_ALLOW_CLIENT_RENEGOTIATION);
	if (opt.most > 0)
		SSL_CTX_set_max_send_fragment(c, (long)opt.most);
	if (opt.padding > 0)
		SSL_CTX_set_block_padding(c, opt.padding);
	if (opt.early)
		SSL_CTX_set_max_early_data(c, BYTES);
}

static SSL_CTX *
context(int server)
{
	static const char *const names[] = { "1.0", "1.1", "1.2", "1.3" };
	SSL_CTX *c =
	    SSL_CTX_new(server ? TLS_server_method() : TLS_client_method());
	int v = 0;

	while (v < 3 && strcmp(names[v], opt.version) != 0)
		v++;
	SSL_CTX_set_security_level(c, 0);
	SSL_CTX_set_min_proto_version(c, TLS1_VERSION + v);
	SSL_CTX_set_max_proto_version(c, TLS1_VERSION + v);
	if (opt.suites != NULL &&
	    (v == 3 ? SSL_CTX_set_ciphersuites : SSL_CTX_set_cipher_list)(c,
		opt.suites) != 1)
		die("no such suite");
	SSL_CTX_set_dh_auto(c, 1);
	SSL_CTX_set_session_id_context(c, (const uint8_t *)"x", 1);
	set_options(c);
	set_side(c, server);
	return c;
}

/* A key and a certificate of its own. */
static void
make_pem(void)
{
	static char path[4096];
	EVP_PKEY *key = EVP_RSA_gen(2048);
	X509 *x = ends_certify(key);
	FILE *fp = create("pem");

	if (x == NULL)
		die("no certificate");
	PEM_write_X509(fp, x);
	PEM_write_PrivateKey(fp, key, NULL, NULL, 0, NULL, NULL);
	fclose(fp);
	(void)snprintf(path, sizeof(path), "%s.pem", opt.out);
	opt.pem = path;
	EVP_PKEY_free(key);
	X509_free(x);
}

/* What end i has written goes on the wire and to the other. */
static bool
carry(int i, bool data)
{
	uint8_t bytes[BYTES];
	int n = BIO_read(SSL_get_wbio(ssl[i]), bytes, sizeof(bytes));

	if (n <= 0)
		return false;
	BIO_write(SSL_get_rbio(ssl[!i]), bytes, n);
	for (size_t at = 0; at < (size_t)n; at += opt.size) {
		size_t k =
		    (size_t)n - at < opt.size ? (size_t)n - at : opt.size;

		if (data && opt.lose > 0 && ++segments == opt.lose)
			seq[i] += (uint32_t)k;
		else
			segment(i, 0x18, bytes + at, k);
	}
	return true;
}

/* Takes what end i was sent; of early data the client says that no more
 * comes. */
static bool
take(int i)
{
	uint8_t bytes[BYTES];
	size_t n;

	if (i == 1 && reads_early)
		switch (SSL_read_early_data(ssl[1], bytes, sizeof(bytes), &n)) {
		case SSL_READ_EARLY_DATA_SUCCESS: return true;
		case SSL_READ_EARLY_DATA_ERROR: return false;
		default: reads_early = false;
		}
	if (i == 0 && reads_early)
		SSL_do_handshake(ssl[0]);
	return SSL_read(ssl[i], bytes, sizeof(bytes)) > 0;
}

/* Both ends read and write until neither has more to say. */
static void
settle(bool data)
{
	bool more = true;

	while (more) {
		more = false;
		for (int i = 0; i < 2; i++) {
			more |= take(i);
			more |= carry(i, data);
		}
	}
}

/* Another handshake, or other keys, in the connection. */
static void
renew(int i)
{
	if (opt.again > 0 &&
	    (opt.again == 1 ? SSL_renegotiate : SSL_renegotiate_abbreviated)(
		ssl[i]) != 1)
		die("cannot renegotiate");
	if (opt.update > 0 &&
	    SSL_key_update(ssl[i],
		opt.update == 1 ? SSL_KEY_UPDATE_NOT_REQUESTED :
				  SSL_KEY_UPDATE_REQUESTED) != 1)
		die("cannot update keys");
	if (opt.again + opt.update == 0)
		return;
	SSL_do_handshake(ssl[i]);
	settle(false);
}

static void
write_all(int i, const uint8_t *p, size_t n)
{
	if (SSL_write(ssl[i], p, (int)n) != (int)n)
		die("cannot write");
	settle(true);
}

/* The frames of WebSocket (RFC 6455 section 5.2) that n octets come in. */
static void
say_ws(int i, const uint8_t *p, size_t n)
{
	for (size_t at = 0; at < n; at += opt.ws) {
		size_t k = n - at < opt.ws ? n - at : opt.ws, h = 2;
		uint8_t b[BYTES] = { at == 0 ? 1 : 0 };

		b[0] |= at + k == n ? 0x80 : 0;
		b[1] = (uint8_t)(k < 126 ? k : 126);
		if (k >= 126) {
			gs_put_be16(b + 2, (unsigned)k);
			h = 4;
		}
		if (i == 0) {
			b[1] |= 0x80;
			memcpy(b + h, "mask", 4);
			h += 4;
		}
		for (size_t j = 0; j < k; j++)
			b[h + j] =
			    (uint8_t)(p[at + j] ^ (i == 0 ? "mask"[j % 4] : 0));
		write_all(i, b, h + k);
	}
}

static void
upgrade(void)
{
	static const char *const text[] = {
		"GET / HTTP/1.1\r\nHost: pbx.example.com\r\nUpgrade: websocket\r\n"
		"Connection: Upgrade\r\nSec-WebSocket-Protocol: sip\r\n\r\n",
		"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
		"Connection: Upgrade\r\nSec-WebSocket-Protocol: sip\r\n\r\n",
	};

	for (int i = 0; i < 2; i++)
		write_all(i, (const uint8_t *)text[i], strlen(text[i]));
}

/* Says what is in a file: a message, or all of it. */
static void
say(int i, const char *path)
{
	static uint8_t text[BYTES];
	FILE *fp = fopen(path, "r");
	size_t n;

	if (fp == NULL)
		die(path);
	n = fread(text, 1, sizeof(text), fp);
	fclose(fp);
	fwrite(text, 1, n, said);
	renew(i);
	if (opt.ws > 0)
		say_ws(i, text, n);
	else
		write_all(i, text, n);
}

/* The client's file goes with its hello (RFC 8446 section 2.3). */
static void
say_early(const char *path)
{
	static uint8_t text[BYTES];
	FILE *fp = fopen(path, "r");
	size_t n, done;

	if (fp == NULL)
		die(path);
	n = fread(text, 1, sizeof(text), fp);
	fclose(fp);
	fwrite(text, 1, n, said);
	if (SSL_write_early_data(ssl[0], text, n, &done) != 1)
		die("no early data");
	reads_early = true;
}

static void
connect_ends(SSL_CTX *const ctx[2], const char *early)
{
	connection += connection == 0 || !opt.reuse;
	for (int i = 0; i < 2; i++) {
		seq[i] = 0xffffff00;
		ssl[i] = SSL_new(ctx[i]);
		SSL_set_bio(ssl[i], BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
		if (i)
			SSL_set_accept_state(ssl[i]);
		else
			SSL_set_connect_state(ssl[i]);
	}
	if (session != NULL)
		SSL_set_session(ssl[0], session);
	segment(0, 2, NULL, 0);
	segment(1, 0x12, NULL, 0);
	segment(0, 0x10, NULL, 0);
	if (early != NULL)
		say_early(early);
	settle(false);
	if (!SSL_is_init_finished(ssl[0]) || !SSL_is_init_finished(ssl[1]))
		die("no handshake");
	if (early != NULL &&
	    SSL_get_early_data_status(ssl[1]) != SSL_EARLY_DATA_ACCEPTED)
		die("early data was not taken");
}

static void
disconnect_ends(void)
{
	for (int i = 0; i < 2; i++)
		segment(i, 0x11, NULL, 0);
	if (held_n > 0)
		record(held, held_n);
	held_n = 0;
	for (int i = 0; i < 2; i++) {
		SSL_set_shutdown(ssl[i], SSL_SENT_SHUTDOWN);
		SSL_free(ssl[i]);
	}
}

static void
read_number(const char *name, const char *value)
{
	size_t i = 0, n = sizeof(numbers) / sizeof(numbers[0]);

	while (i < n && strcmp(numbers[i].name, name) != 0)
		i++;
	if (i == n)
		die(name);
	*numbers[i].value = (unsigned)strtoul(value, NULL, 10);
}

static void
read_option(char *arg)
{
	char *value = strchr(arg, '=');

	if (value == NULL)
		die(arg);
	*value++ = '\0';
	if (strcmp(arg, "version") == 0)
		opt.version = value;
	else if (strcmp(arg, "suites") == 0)
		opt.suites = value;
	else if (strcmp(arg, "pem") == 0)
		opt.pem = value;
	else if (strcmp(arg, "groups") == 0)
		opt.groups = value;
	else
		read_number(arg, value);
}

int
main(int argc, char **argv)
{
	static const uint32_t magic[6] = { 0xa1b2c3d4, 0x00040002, 0, 0, 65535,
		1 };
	SSL_CTX *ctx[2];

	if (argc < 4)
		die("OUT CLIENT SERVER [NAME=VALUE...]");
	opt.out = argv[1];
	for (int i = 4; i < argc; i++)
		read_option(argv[i]);
	capture = create("pcap");
	keys = create("keys");
	said = create("said");
	fwrite(magic, sizeof(magic), 1, capture);
	if (opt.pem == NULL)
		make_pem();
	for (int i = 0; i < 2; i++)
		ctx[i] = context(i);
	if (SSL_CTX_use_certificate_chain_file(ctx[1], opt.pem) != 1 ||
	    SSL_CTX_use_PrivateKey_file(ctx[1], opt.pem, SSL_FILETYPE_PEM) != 1)
		die(opt.pem);
	if (opt.client) {
		SSL_CTX_use_certificate_chain_file(ctx[0], opt.pem);
		SSL_CTX_use_PrivateKey_file(ctx[0], opt.pem, SSL_FILETYPE_PEM);
	}
	for (unsigned i = 0; i <= opt.resume; i++) {
		bool last = i == opt.resume, early = last && opt.early;

		connect_ends(ctx, early ? argv[2] : NULL);
		/* Of those before only their session is wanted. */
		if (!last) {
			write_all(0, (const uint8_t *)"\r\n\r\n", 4);
		} else {
			if (opt.ws > 0)
				upgrade();
			if (!early)
				say(0, argv[2]);
			say(1, argv[3]);
		}
		disconnect_ends();
	}
	for (int i = 0; i < 2; i++)
		SSL_CTX_free(ctx[i]);
	SSL_SESSION_free(session);
	return fclose(capture) | fclose(keys) | fclose(said);
}
