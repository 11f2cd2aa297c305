/* SPDX-License-Identifier: MIT */
/* Writes a fleet's rows: "accounts PHONES IDENTITIES" or "keys PHONES KEYS",
 * as mysql --batch prints them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
accounts(long phones, long identities)
{
	printf("mac_address\tmodel\tprovisioning_key\thttp_user\t"
	       "http_password\tid\tauth_name\tpassword\tcaller_name\thost\t"
	       "phone_id\n");
	for (long i = 0; i < phones; i++)
		for (long k = 0; k < identities; k++)
			printf("00:04:13:26:%02lx:%02lx\tSnom 370\t"
			       "%024lx\tadmin\tweb%05ld\t%ld\t"
			       "1c73f02c91%010lx\t0f1e2d3c4b5a6978%014lx\t"
			       "M\xc3\xbcller & \"S\xc3\xb6hne\" %ld-%ld\t"
			       "192.168.0.253\t%ld\n",
			    i >> 8 & 0xff, i & 0xff, i * 7919, i, i * 12 + k,
			    i * 12 + k, i * 31 + k, i, k, i);
}

static void
keys(long phones, long count)
{
	printf("mac_address\tposition\tfunction\tvalue\tlabel\n");
	for (long i = 0; i < phones; i++)
		for (long k = 0; k < count; k++)
			printf("00:04:13:26:%02lx:%02lx\t%ld\tblf\t"
			       "<sip:%ld@gs5>\tNr %ld\n",
			    i >> 8 & 0xff, i & 0xff, k, 1000 + k, k);
}

int
main(int argc, char **argv)
{
	if (argc != 4)
		return 2;
	long phones = strtol(argv[2], NULL, 10);
	long n = strtol(argv[3], NULL, 10);
	if (strcmp(argv[1], "keys") == 0)
		keys(phones, n);
	else
		accounts(phones, n);
	return 0;
}
