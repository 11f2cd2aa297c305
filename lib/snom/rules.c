/* SPDX-License-Identifier: MIT */
/* The rules of the Snom wing: every finding of gs-snomcfg is one of these. */
#include "snom/rules.h"

static const struct gs_rule rules[GS_S_COUNT] = {
	[GS_S_PROV_SCHEME_PORT] = { "prov-scheme-port", GS_ERROR,
	    "thread of 2013-05-17",
	    "a URL whose scheme and port contradict each other",
	    "A web server that speaks TLS on a port cannot answer plain http "
	    "there, nor the other way round. GS5 renders http://host:443/ "
	    "when TLS ends before Rails; the phone tries three times and "
	    "gives up, in every URL of the file.",
	    "Write https without a port, or harden with base_url set." },
	[GS_S_PROV_PLAIN] = { "prov-plain", GS_WARNING, "RFC 2818",
	    "a URL that is fetched without encryption",
	    "Whoever is on the way reads and changes what is fetched. Over "
	    "setting_server and setting-files these are the SIP passwords "
	    "and every security setting, so there it is an error.",
	    "Use https; every URL follows base_url." },
	[GS_S_PROV_URL] = { "prov-url", GS_ERROR, "RFC 3986 section 3",
	    "a URL that cannot be read",
	    "Without a host, with a wrong port, with a blank inside or an "
	    "IPv6 address without brackets the phone fetches nothing.",
	    "Write scheme://host[:port]/path; IPv6 addresses stand in "
	    "brackets." },
	[GS_S_PROV_CREDENTIALS] = { "prov-credentials", GS_WARNING,
	    "RFC 3986 section 3.2.1", "a user name or password inside a URL",
	    "URLs are shown in the phone's menus and written to logs.",
	    "Use http_client_user and http_client_pass." },
	[GS_S_PROV_NO_SERVER] = { "prov-no-server", GS_NOTE,
	    "service.snom.com: Auto Provisioning", "setting_server is not set",
	    "The phone keeps the address it has, which may be an old one or "
	    "the maker's.",
	    "Set setting_server to an https URL." },
	[GS_S_PROV_PNP] = { "prov-pnp", GS_WARNING,
	    "service.snom.com: Auto Provisioning", "settings can come by SIP",
	    "With pnp_config or subscribe_config any machine that answers "
	    "sends the phone elsewhere; with allow_sip_settings a SIP "
	    "message changes its settings.",
	    "Set them to off." },
	[GS_S_PROV_NOTIFY] = { "prov-notify", GS_NOTE,
	    "believed, no source found",
	    "reboot and check-sync are accepted without a challenge",
	    "A NOTIFY from anybody makes the phone reboot or read its "
	    "settings again.",
	    "Set challenge_reboot and challenge_checksync to on if the PBX "
	    "answers challenges." },
	[GS_S_SIP_NOT_TLS] = { "sip-not-tls", GS_WARNING,
	    "RFC 3261 section 26.2", "signalling is not encrypted",
	    "Numbers, names and the digest of the password can be read; keys "
	    "for SRTP must not be exchanged over it.",
	    "Set user_outbound to host:5061;transport=tls." },
	[GS_S_SIP_TRANSPORT] = { "sip-transport", GS_ERROR,
	    "service.snom.com; Wazo base.tpl",
	    "the transport is none that the phone knows",
	    "The phone knows udp, tcp and tls.", "Write ;transport=tls." },
	[GS_S_SIP_TRANSPORT_MISSING] = { "sip-transport-missing", GS_ERROR,
	    "thread of 2013-05-17", "port 5061 without transport=tls",
	    "The phone sends UDP to the port of TLS and never registers.",
	    "Write host:5061;transport=tls." },
	[GS_S_SIP_SPELLING] = { "sip-spelling", GS_WARNING,
	    "thread of 2013-05-14",
	    "the transport is written in an unusual way",
	    "Only the form host:5061;transport=tls without blanks and in "
	    "lower case is proven with phones. Blanks around the whole value "
	    "are a note.",
	    "Write it that way." },
	[GS_S_SIP_PORT] = { "sip-port", GS_ERROR, "RFC 3261 section 19.1.2",
	    "the port does not fit",
	    "5060 is the port of UDP and TCP; with transport=tls the phone "
	    "waits for a handshake that never comes. 5061 is the port of "
	    "TLS. Other ports must be 1 to 65535.",
	    "Use the port of the PBX's TLS listener, usually 5061." },
	[GS_S_SIP_PORT_MISSING] = { "sip-port-missing", GS_NOTE,
	    "RFC 3261 section 19.1.2", "TLS without a port",
	    "The phone takes 5061 or asks DNS.",
	    "Write the port if the PBX has no SRV records." },
	[GS_S_SIP_LIST] = { "sip-list", GS_NOTE,
	    "FusionPBX D785; meaning believed", "the outbound proxy is a list",
	    "FusionPBX writes a list with commas for failover. It is a "
	    "warning when the first proxy has transport=tls and a later one "
	    "has not: then the calls go in clear when that takes over.",
	    "Give each proxy transport=tls, if the firmware takes lists." },
	[GS_S_SIP_FAILOVER] = { "sip-failover", GS_WARNING, "Wazo base.tpl",
	    "the backup identity uses the same proxy",
	    "user_failover_identity names an identity with another "
	    "registrar, but with the proxy of the first: when the proxy "
	    "fails, both do.",
	    "Give the backup identity the proxy of its registrar." },
	[GS_S_SIP_PREFIX] = { "sip-prefix", GS_NOTE,
	    "seen in the field; sips: believed",
	    "the outbound proxy has a URI scheme in front",
	    "sip: is accepted; what the phone makes of sips: is not "
	    "documented. In user_outbound sips: is a warning.",
	    "Leave it out." },
	[GS_S_SIP_NO_HOST] = { "sip-no-host", GS_ERROR, "thread of 2013-05-14",
	    "the outbound proxy has no host",
	    "Something put the port behind an empty name: the identity "
	    "cannot register.",
	    "Set the host, or switch the identity off." },
	[GS_S_SIP_HOST] = { "sip-host", GS_ERROR, "RFC 1123 section 2.1",
	    "no host name and no address",
	    "What stands where the host belongs cannot be resolved, such as "
	    "a placeholder that a template left.",
	    "Correct user_host or user_outbound." },
	[GS_S_SIP_REGISTRAR] = { "sip-registrar", GS_WARNING,
	    "GS5 config_snom_controller.rb",
	    "an active identity without a registrar",
	    "user_host is empty. With a user name it is an error: GS5 "
	    "empties user_host from the second identity on when a parameter "
	    "row is named host.",
	    "Set user_host, or user_active to off." },
	[GS_S_SIP_HOST_TRANSPORT] = { "sip-host-transport", GS_WARNING,
	    "thread of 2013-05-17", "port or transport stand in user_host",
	    "They belong in user_outbound, the form that registered on the "
	    "370 and 870; in user_host they become part of the domain. When "
	    "both name a transport, they can contradict each other. A port "
	    "alone is a note.",
	    "Keep user_host the plain domain." },
	[GS_S_SIP_UNLOCKED] = { "sip-unlocked", GS_WARNING,
	    "service.snom.com: Permission Flags",
	    "the user can change the proxy",
	    "user_outbound may be changed at the phone until it is "
	    "provisioned again; without ;transport=tls everything is in "
	    "clear.",
	    "Use perm=\"R\"." },
	[GS_S_SIP_FILTER] = { "sip-filter", GS_NOTE,
	    "sipXecs phone.xml; effect believed",
	    "SIP is accepted from anybody",
	    "With filter_registrar off, other machines than the registrar "
	    "make the phone ring.",
	    "Set filter_registrar to on." },
	[GS_S_SIP_STRAY] = { "sip-stray", GS_WARNING, "FusionPBX 3xx",
	    "port and transport stand in a name",
	    "A template put them into user_realname: others see them, and "
	    "the proxy may lack them.",
	    "Write them into user_outbound only." },
	[GS_S_SIP_INACTIVE] = { "sip-inactive", GS_NOTE,
	    "GS5 snom_phone.xml.haml",
	    "inactive identities have an outbound proxy without host",
	    "This is harmless as long as they are inactive; it shows that "
	    "the proxy was made from an empty account.",
	    "Leave the proxy of inactive identities empty." },
	[GS_S_SIP_ACTIVE] = { "sip-active", GS_WARNING,
	    "wiki.snom.com: Identities/Login",
	    "user_active is neither on nor off",
	    "The default is on, so the identity is judged as an active one.",
	    "Write on or off." },
	[GS_S_SIP_IDLE_TEXT] = { "sip-idle-text", GS_NOTE,
	    "GS5 config_snom_controller.rb",
	    "an active identity without idle text",
	    "GS5 loses it from the second identity on.",
	    "Set user_idle_text." },
	[GS_S_MEDIA_VALUE] = { "media-value", GS_ERROR,
	    "sipXecs types.xml: rtp_savp",
	    "a value that the setting does not have",
	    "user_srtp and user_auth_tag are on or off; user_savp is off, "
	    "optional or mandatory, in lower case. What the phone does with "
	    "others (the thread's 'on') differs by firmware.",
	    "Use one of the listed values." },
	[GS_S_MEDIA_BLANK] = { "media-blank", GS_NOTE, "seen in the field",
	    "blanks around a value",
	    "Whether the phone trims them is not documented.", "Remove them." },
	[GS_S_MEDIA_SAVP_OFF] = { "media-savp-off", GS_ERROR,
	    "RFC 3711 section 12; FreeSWITCH switch_core_media.c",
	    "a=crypto would be offered in RTP/AVP",
	    "user_srtp on with user_savp off (its default) offers a=crypto "
	    "in RTP/AVP. FreeSWITCH refuses that call: \"a=crypto in "
	    "RTP/AVP, refer to rfc3711\".",
	    "Set user_savp to mandatory; calls to the phone then need "
	    "rtp_secure_media (sip_secure_media before 1.4) in the dialplan." },
	[GS_S_MEDIA_OPTIONAL] = { "media-optional", GS_NOTE,
	    "believed, no source found", "encryption of the media is optional",
	    "The exact behaviour is not documented; a call may fall back to "
	    "plain RTP.",
	    "Use mandatory when every peer can encrypt." },
	[GS_S_MEDIA_SAVP_NO_EFFECT] = { "media-savp-no-effect", GS_WARNING,
	    "sipXecs line.properties", "user_savp has no effect",
	    "It works only when user_srtp is on, so this media is not "
	    "encrypted.",
	    "Set user_srtp to on." },
	[GS_S_MEDIA_NOT_ENCRYPTED] = { "media-not-encrypted", GS_WARNING,
	    "RFC 3711", "the media is not encrypted",
	    "user_srtp is off: whoever is on the way hears the call.",
	    "Set user_srtp to on and user_savp to mandatory, with TLS." },
	[GS_S_MEDIA_UNSET] = { "media-unset", GS_WARNING,
	    "firmware dump 8.7.3; sipXecs line.xml", "user_srtp is not set",
	    "Its default is on in one firmware and off in another.",
	    "Set it." },
	[GS_S_MEDIA_TAG_32] = { "media-tag-32", GS_WARNING,
	    "RFC 3711 section 5.2; sipXecs line.properties",
	    "SRTP with the short tag",
	    "user_auth_tag is on by default and offers "
	    "AES_CM_128_HMAC_SHA1_32.",
	    "Set user_auth_tag to off for 80 bits." },
	[GS_S_MEDIA_KEY_CLEAR] = { "media-key-clear", GS_ERROR,
	    "RFC 4568 section 7", "the SRTP key is sent in clear",
	    "The key stands in the SDP. Without TLS for SIP whoever is on "
	    "the way reads it. Where nothing but a domain is given, DNS may "
	    "choose TLS, and it is a warning.",
	    "Set user_outbound to host:5061;transport=tls." },
	[GS_S_MEDIA_UNLOCKED] = { "media-unlocked", GS_WARNING,
	    "service.snom.com: Permission Flags",
	    "the user can switch encryption off",
	    "The setting may be changed at the phone.", "Use perm=\"R\"." },
	[GS_S_TRUST_ELEMENT] = { "trust-element", GS_ERROR,
	    "thread of 2013-05-12",
	    "a certificate in an element that the phone ignores",
	    "The form that works is <certificates><certificate "
	    "url=\"...\"/></certificates>; <certificate_url> does nothing.",
	    "Use that form." },
	[GS_S_TRUST_FORMAT] = { "trust-format", GS_WARNING,
	    "thread of 2013-05-17; PEM believed not read",
	    "the certificate may be no DER",
	    "Phones were seen to take DER. Whether PEM is read is not "
	    "documented.",
	    "Offer the CA as a .der file." },
	[GS_S_TRUST_PLAIN] = { "trust-plain", GS_WARNING,
	    "RFC 5280 section 6.2",
	    "the certificate is fetched without encryption",
	    "Whoever is on the way can give the phone another CA, at the "
	    "first contact and at each later one.",
	    "Use https, or roll it out in a network that you trust." },
	[GS_S_TRUST_HOST] = { "trust-host", GS_NOTE, "-",
	    "the certificate comes from another host than the settings",
	    "Both must answer while phones are rolled out.",
	    "Nothing need be done if that is meant." },
	[GS_S_TRUST_UNVERIFIED] = { "trust-unverified", GS_WARNING,
	    "phone log: Certificate verification omitted",
	    "the phone does not verify the server",
	    "tls_server_authentication is off by default: TLS keeps "
	    "listeners out, but not a machine that pretends to be the "
	    "server. With --profile encrypt this is meant, and a note.",
	    "Roll out the CA, then set tls_server_authentication to on." },
	[GS_S_TRUST_NO_ROLLOUT] = { "trust-no-rollout", GS_WARNING,
	    "thread of 2013-05-17", "no CA certificate is rolled out",
	    "With verification on and no certificate the phone trusts only "
	    "what its maker put in years ago; with a CA of one's own nothing "
	    "is reached any more. With verification off it is a note.",
	    "Go in two stages: first <certificates> with verification off, "
	    "then verification on." },
	[GS_S_TRUST_TWO_STAGES] = { "trust-two-stages", GS_NOTE,
	    "inferred from the phone log",
	    "the certificate comes over the connection that it must prove",
	    "Certificates are fetched after the settings. A phone that never "
	    "had the CA cannot fetch it by https from the same server while "
	    "verification is on.",
	    "Go in two stages: let every phone fetch it once before "
	    "verification is on." },
	[GS_S_TRUST_CLOCK] = { "trust-clock", GS_NOTE,
	    "inferred from the phone log", "verification without a time server",
	    "The clock starts in 1970, before every certificate is valid.",
	    "Set ntp_server or DHCP option 42." },
	[GS_S_TRUST_VALUE] = { "trust-value", GS_ERROR, "firmware dump 8.7.3",
	    "tls_server_authentication has a value that it does not know",
	    "It is on or off.", "Use one of them." },
	[GS_S_TRUST_NAME] = { "trust-name", GS_WARNING,
	    "service.snom.com: check_fqdn_against_server_cert",
	    "the name in the certificate is not checked",
	    "Whoever has a certificate of the same CA, for whatever name, "
	    "can pretend to be the server. Firmware 10 checks by default, 8 "
	    "does not.",
	    "Set check_fqdn_against_server_cert to on." },
	[GS_S_TRUST_UNLOCKED] = { "trust-unlocked", GS_WARNING,
	    "service.snom.com: Permission Flags",
	    "the user can switch verification off",
	    "tls_server_authentication may be changed at the phone.",
	    "Use perm=\"R\"." },
	[GS_S_FILE_XML] = { "file-xml", GS_ERROR, "XML 1.0",
	    "the file is no well-formed XML",
	    "The phone drops all of it. GS5 writes names into comments, "
	    "where -- is not allowed; Wazo closes <context_key> as "
	    "</gui_fkey1>.",
	    "Mend the place that is named; other findings are of what could "
	    "be read." },
	[GS_S_FILE_DIALECT] = { "file-dialect", GS_WARNING,
	    "service.snom.com: Auto Provisioning",
	    "the file holds no phone settings",
	    "Another of the phone's formats: its URLs are checked, the chain "
	    "cannot be judged.",
	    "Check the settings files, too." },
	[GS_S_FILE_SECTION] = { "file-section", GS_WARNING,
	    "service.snom.com; FusionPBX 820",
	    "a section that the phone does not know",
	    "What stands in it is ignored. FusionPBX writes <function-keys>, "
	    "the phone reads <functionKeys>.",
	    "Correct its name." },
	[GS_S_FILE_DOCTYPE] = { "file-doctype", GS_ERROR, "XML 1.0 section 2.8",
	    "a document type declaration",
	    "Entities can make a phone load other files or run out of "
	    "memory. It is not read here.",
	    "Remove it." },
	[GS_S_FILE_ENCODING] = { "file-encoding", GS_ERROR,
	    "XML 1.0 section 4.3.3", "an encoding that is not read",
	    "Only encodings that contain ASCII are (UTF-8, ISO-8859-x, "
	    "windows-125x).",
	    "Write UTF-8." },
	[GS_S_FILE_PRIVATE_KEY] = { "file-private-key", GS_ERROR,
	    "RFC 7468 section 10", "a private key in the settings",
	    "Whoever can fetch the settings has the key.",
	    "Remove it; make phones generate their own." },
	[GS_S_FILE_PASSWORD] = { "file-password", GS_WARNING,
	    "FusionPBX, sipXecs: 0000", "a password that is empty or a default",
	    "The phone's web interface shows and changes everything.",
	    "Set a password of its own." },
	[GS_S_FILE_PASSWORD_SAME] = { "file-password-same", GS_WARNING,
	    "seen in the field", "one password for two purposes",
	    "The user's password opens the administrator's pages.",
	    "Use two." },
	[GS_S_FILE_PERM] = { "file-perm", GS_WARNING,
	    "service.snom.com: Permission Flags",
	    "a perm that the phone does not know",
	    "Known are R, RW, &, $, !, V, empty and one blank.",
	    "Use one of them." },
	[GS_S_FILE_PERM_MISSING] = { "file-perm-missing", GS_NOTE,
	    "believed, no source found", "perm is missing",
	    "What the phone does then is not documented for XML.",
	    "Write perm=\"R\" or perm=\"RW\"." },
	[GS_S_FILE_PERM_KEPT] = { "file-perm-kept", GS_WARNING,
	    "service.snom.com: Permission Flags",
	    "credentials that cannot be changed any more",
	    "With perm=\"!\" the value that the phone has wins, so a new "
	    "password never reaches it.",
	    "Use perm=\"R\"." },
	[GS_S_FILE_DUPLICATE] = { "file-duplicate", GS_WARNING, "-",
	    "a setting stands twice",
	    "The last one wins; it is the one that is judged.",
	    "Remove the others." },
	[GS_S_FILE_INDEX] = { "file-index", GS_ERROR, "GS5 snom_phone.xml.haml",
	    "an idx that the phone does not have",
	    "Identities are 1 to 12, function keys 0 to 137.", "Correct it." },
	[GS_S_FILE_KEY_LOCKED] = { "file-key-locked", GS_NOTE,
	    "Wazo pull request 279", "function keys are read only",
	    "Phones want to write the icons of their keys, and log each time "
	    "that they may not.",
	    "Use perm=\"RW\" for function keys." },
	[GS_S_FILE_VALUE] = { "file-value", GS_WARNING,
	    "sipXecs phone.xml; service.snom.com",
	    "a value that the setting does not have",
	    "What the phone does with it is not documented. http_scheme is "
	    "no URL scheme: on is digest, off basic authentication.",
	    "Use one of the listed values." },
	[GS_S_FILE_PHONE_TYPE] = { "file-phone-type", GS_WARNING,
	    "FreePBX issue tracker 680", "phone_type is provisioned",
	    "New firmware takes it for the name of its settings URL; an "
	    "empty one makes that URL \".htm-MAC\".",
	    "Remove it." },
	[GS_S_FILE_WEB_PLAIN] = { "file-web-plain", GS_WARNING,
	    "service.snom.com: Securing Snom phones",
	    "the phone's own web pages over http",
	    "The administrator's password crosses the network in clear.",
	    "Set webserver_type to https or off. GS5's resync of "
	    "unregistered phones uses http and stops working." },
	[GS_S_FILE_QUIET] = { "file-quiet", GS_NOTE,
	    "believed, no source found",
	    "the phone's security warnings are switched off",
	    "ignore_security_warning hides that a password is missing.",
	    "Set it to off." },
	[GS_S_DATA_ROW] = { "data-row", GS_ERROR, "mysql --batch",
	    "a row that does not fit its header",
	    "It has more or fewer cells, or no newline. With --raw a newline "
	    "in a value breaks the record; a last row without one was cut "
	    "off.",
	    "Use mysql --batch without --raw, and see why it ended." },
	[GS_S_DATA_BYTES] = { "data-bytes", GS_ERROR, "XML 1.0 section 2.2",
	    "bytes that XML cannot hold",
	    "Not UTF-8, or a control byte. The phone's file is not written.",
	    "Correct the value in the database; use "
	    "--default-character-set=utf8mb4." },
	[GS_S_DATA_CR] = { "data-cr", GS_WARNING, "mysql --batch",
	    "a line ends with CR",
	    "mysql does not escape it, so it comes from a value or from a "
	    "conversion. It is dropped.",
	    "Correct the value in the database." },
	[GS_S_DATA_MAC] = { "data-mac", GS_ERROR, "-", "no MAC address",
	    "A phone's settings are found by its MAC address: twelve "
	    "hexadecimal digits, with or without separators.",
	    "Correct the mac_address of that row in the PBX." },
	[GS_S_DATA_MAC_VENDOR] = { "data-mac-vendor", GS_NOTE,
	    "Wazo dhcpd configuration", "a MAC address that is not Snom's",
	    "Snom's begin with 00:04:13, for DECT also 00:08:7B. Unless the "
	    "model is one of Snom's the phone is left out: its settings hold "
	    "a password that it has no use for.",
	    "Nothing need be done; a query for Snom phones alone avoids it." },
	[GS_S_DATA_MODEL] = { "data-model", GS_WARNING,
	    "GS5 config_snom_controller.rb", "the model is not known",
	    "Neither the column model nor the MAC address says it; the "
	    "widest limits apply.",
	    "Give the column model, or a model parameter." },
	[GS_S_DATA_HOST] = { "data-host", GS_ERROR, "RFC 1123 section 2.1",
	    "no host name and no address",
	    "It would become part of user_host and user_outbound.",
	    "Correct sip_domains.host, or set sip_host." },
	[GS_S_DATA_IDENTITIES] = { "data-identities", GS_ERROR,
	    "GS5 snom_phone.xml.haml", "more than 12 accounts for one phone",
	    "The phone has 12 identities.",
	    "Take accounts away from the phone." },
	[GS_S_DATA_LIMIT] = { "data-limit", GS_WARNING,
	    "limits believed; see --models", "more than this model holds",
	    "The phone ignores the rest.",
	    "Correct the limit with a model parameter if it is wrong." },
	[GS_S_DATA_ORDER] = { "data-order", GS_NOTE, "-",
	    "rows of one phone are not together",
	    "All of them are used, in the order in which they stand.",
	    "End the query with ORDER BY p.id, ps.position." },
	[GS_S_DATA_EMPTY] = { "data-empty", GS_ERROR, "-",
	    "an account without a user name, password or host",
	    "It could never register.",
	    "Correct the account, or set sip_host." },
	[GS_S_DATA_KEY] = { "data-key", GS_ERROR, "GS5 snom_phone.xml.haml",
	    "a function key that cannot be",
	    "Positions are 0 to 137, the context is active or 1 to 12, the "
	    "function is one word.",
	    "Correct the row." },
	[GS_S_DATA_KEY_DUPLICATE] = { "data-key-duplicate", GS_ERROR, "-",
	    "two function keys at one position",
	    "Two rows give the same phone a key at the same index, and only "
	    "one of them can be there.",
	    "Give one of the rows another index, or remove it." },
	[GS_S_DATA_PROVISIONING_KEY] = { "data-provisioning-key", GS_ERROR,
	    "GS5 config_snom_controller.rb",
	    "two phones with one provisioning key",
	    "A key names the settings of one phone. With --links it would "
	    "lead to those of the other.",
	    "Give one of the phones another key." },
	[GS_S_DATA_NO_KEYS] = { "data-no-keys", GS_NOTE, "-",
	    "a phone that the table of function keys lacks",
	    "Its settings are written without function keys, so the phone "
	    "keeps those that it has.",
	    "Add rows for it, or nothing if that is meant." },
	[GS_S_DATA_COLUMN] = { "data-column", GS_WARNING, "-",
	    "a column is missing",
	    "What it would have given is left out or taken from the default.",
	    "Use the query of the manual." },
	[GS_S_DATA_PARAMETER] = { "data-parameter", GS_WARNING,
	    "GS5 config_snom_controller.rb",
	    "a parameter row that nothing reads", "GS5 ignores it as well.",
	    "Correct its name, or prefix it with phone. or user." },
	[GS_S_DATA_COMMENT] = { "data-comment", GS_NOTE, "-",
	    "a comment behind a value",
	    "A blank and # begin a comment; what follows is not part of the "
	    "value.",
	    "Put the value in quotes if # belongs to it." },
};

const struct gs_rules gs_snom_rules = { rules, GS_S_COUNT };

void
gs_snom_say(struct gs_diags *d, enum gs_snom_rule rule, uint64_t line,
    const char *fmt, ...)
{
	const struct gs_rule *r = &rules[rule];
	struct gs_pos pos = { .line = line };
	va_list ap;

	va_start(ap, fmt);
	(void)gs_vdiag(d, r, r->severity, pos, fmt, ap);
	va_end(ap);
}

static const struct {
	const char *name, *prefix;
} links_of[GS_LINK_COUNT] = {
	[GS_LINK_PROVISIONING] = { "provisioning", "prov-" },
	[GS_LINK_SIGNALLING] = { "signalling", "sip-" },
	[GS_LINK_MEDIA] = { "media", "media-" },
	[GS_LINK_TRUST] = { "trust", "trust-" },
	[GS_LINK_HYGIENE] = { "hygiene", "file-" },
	[GS_LINK_DATA] = { "data", "data-" },
};

int
gs_snom_links_parse(const char *names, unsigned *links)
{
	unsigned found = 0;

	for (bool first = true; *names != '\0' || first; first = false) {
		size_t n = strcspn(names, ",");
		struct gs_span name = gs_span(names, n);
		unsigned i = 0;
		while (i < GS_LINK_DATA &&
		    !gs_span_eq(name,
			gs_span(links_of[i].name, strlen(links_of[i].name))))
			i++;
		if (i == GS_LINK_DATA &&
		    (!gs_span_eq(name, GS_LIT("none")) || !first ||
			names[n] != '\0'))
			return -1;
		found |= i < GS_LINK_DATA ? 1u << i : 0;
		names += n + (names[n] == ',');
	}
	*links = found;
	return 0;
}

const char *
gs_snom_link_name(enum gs_snom_link link)
{
	return links_of[link].name;
}

enum gs_snom_link
gs_snom_link_of(const struct gs_rule *rule)
{
	for (unsigned i = 0; i < GS_LINK_DATA; i++)
		if (strncmp(rule->id, links_of[i].prefix,
			strlen(links_of[i].prefix)) == 0)
			return (enum gs_snom_link)i;
	return GS_LINK_DATA;
}

const char *
gs_snom_link_name_of(const struct gs_rule *rule)
{
	return gs_snom_link_name(gs_snom_link_of(rule));
}
