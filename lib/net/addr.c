/* SPDX-License-Identifier: MIT */
/* Addresses with their ports. */
#include "net/addr.h"

#include <arpa/inet.h>
#include <sys/socket.h>

#include <stdio.h>

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
