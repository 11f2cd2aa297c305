/* SPDX-License-Identifier: MIT */
/* Addresses with their ports. */
#include "net/addr.h"

#include <arpa/inet.h>
#include <sys/random.h>
#include <sys/socket.h>

#include <stdio.h>

uint64_t
gs_net_addr_seed(void)
{
	uint64_t seed = 0;

	/* Without a random number, tables may be slow, but not wrong. */
	if (getrandom(&seed, sizeof(seed), GRND_NONBLOCK) != sizeof(seed))
		seed = 0;
	return seed;
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
