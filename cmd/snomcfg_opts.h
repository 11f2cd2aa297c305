/* SPDX-License-Identifier: MIT */
/* The options of gs-snomcfg, and what stands around them in its help. */
#ifndef GSPROV_SNOMCFG_OPTS_H
#define GSPROV_SNOMCFG_OPTS_H

#include "cli.h"

/* Options without a letter: the modes, and others. */
enum { OPT_PHONE = 256, OPT_HARDEN, OPT_CHECK, OPT_DHCP, OPT_MODELS };
enum { OPT_PROFILE = 300, OPT_PRUNE, OPT_LINKS, OPT_FORCE, OPT_REQUIRE };

enum { EXPLAINED = 4 }; /* the help explains the first ones */

static const struct cli_opt opts[] = {
	{ 'p', "params", "FILE", "parameters, or rows of gs_parameters" },
	{ 's', "set", "NAME=VALUE", "set one parameter (no secrets)" },
	{ 'b', "base", "BASE.xml", "merge into these settings" },
	{ 'k', "function-keys", "FILE", "function keys of all phones" },
	{ OPT_PROFILE, "profile", "NAME", "level of protection",
	    "encrypt verify legacy" },
	{ OPT_PRUNE, "prune", "[=HOW]",
	    "remove settings of phones that are gone", "all", 'o' },
	{ OPT_LINKS, "links", NULL,
	    "also create links with the names of setting_path", NULL, 'o' },
	{ OPT_FORCE, "force-write", NULL,
	    "write files even if the check refuses them" },
	{ 'o', "output", "DIR", "write settings-MAC.xml for each phone" },
	{ OPT_PHONE, "phone", "MAC", "print the settings of one phone" },
	{ OPT_HARDEN, "harden", NULL, "add TLS and SRTP to settings" },
	{ OPT_CHECK, "check", NULL, "check settings files" },
	{ OPT_REQUIRE, "require", "LINKS", "require these links to be good" },
	{ OPT_DHCP, "dhcp", "KIND", "print lines for a DHCP server",
	    "dnsmasq isc" },
	{ OPT_MODELS, "models", NULL, "list the phone models" },
	{ 0 },
};

enum mode { RENDER, PHONE, HARDEN, CHECK, DHCP, MODELS };
static const int modes[] = { 'o', OPT_PHONE, OPT_HARDEN, OPT_CHECK, OPT_DHCP,
	OPT_MODELS };

#define IN(mode) (1u << (mode))
static const struct cli_use uses[] = {
	{ 'o', IN(RENDER) },
	{ 'b', IN(RENDER) | IN(PHONE) },
	{ 'k', IN(RENDER) | IN(PHONE) },
	{ OPT_FORCE, IN(RENDER) | IN(PHONE) },
	{ OPT_REQUIRE, IN(CHECK) },
	{ CLI_WRITE_BASELINE, IN(RENDER) | IN(PHONE) | IN(HARDEN) | IN(CHECK) },
	{ 'f', IN(RENDER) | IN(PHONE) | IN(HARDEN) | IN(CHECK) | IN(DHCP) },
	{ 'j', IN(RENDER) | IN(PHONE) | IN(HARDEN) | IN(CHECK) | IN(DHCP) },
	{ 0 },
};
#undef IN

static const char synopsis[] =
    "  gs-snomcfg [options] -o DIR [ACCOUNTS.tsv]       write all phones\n"
    "  gs-snomcfg [options] --phone MAC [ACCOUNTS.tsv]  print one phone\n"
    "  gs-snomcfg [options] --harden [FILE]             add TLS and SRTP\n"
    "  gs-snomcfg [options] --check [FILE ...]          check settings\n"
    "  gs-snomcfg [options] --dhcp dnsmasq|isc          print DHCP options\n"
    "  gs-snomcfg --models                              list phone models\n";

static const char examples[] =
    "  mysql --batch gemeinschaft < phones.sql |\n"
    "      gs-snomcfg -p site.conf -o /srv/provisioning\n"
    "  gs-snomcfg -p site.conf --harden < old.xml > new.xml\n";

#endif
