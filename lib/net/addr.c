/* SPDX-License-Identifier: MIT */
/* Addresses with their ports. */
#include "net/addr.h"

#include <arpa/inet.h>
#include <sys/socket.h>

#include <stdio.h>

#include "base/bytes.h"

uint64_t
gs_net_addr_hash(const struct gs_net_addr *a, const struct gs_net_addr *b,
    uint64_t more)
{
	uint64_t x[3] = { 0 }, y[3] = { 0 };

	memcpy(x, a, sizeof(*a));
	memcpy(y, b, sizeof(*b));
	for (int i = 0; i < 3; i++)
		more = gs_hash_add(more, x[i] ^ (y[i] << 32 | y[i] >> 32));
	return more;
}

const char *
gs_net_addr_text(const struct gs_net_addr *a, char text[GS_ADDR_TEXT])
{
	char ip[INET6_ADDRSTRLEN];
	int family = a->version == 6 ? AF_INET6 : AF_INET;

	if (inet_ntop(family, a->ip, ip, sizeof(ip)) == NULL)
		ip[0] = '\0';
	(void)snprintf(text, GS_ADDR_TEXT,
	    family == AF_INET6 ? "[%s]:%u" : "%s:%u", ip, a->port);
	return text;
}
