# SPDX-License-Identifier: MIT
"""Tears lines with a key, and looks for what is left of it.

torn.py make DIR    an SDP for each prefix, form and place of the tear
torn.py find FILE   fails when FILE shows 8 characters of the key in a row
"""
import base64
import pathlib
import re
import sys

RUN = 8
OCTETS = bytes((i * 73 + 41) % 256 for i in range(30))
KEY = base64.b64encode(OCTETS).decode()
URLSAFE = KEY.replace("+", "-").replace("/", "_")

HEAD = ("v=0\n", "o=- 1 1 IN IP4 192.0.2.10\n", "s=call\n",
        "c=IN IP4 192.0.2.10\n", "t=0 0\n", "m=audio 5004 RTP/SAVP 0 8\n")
LINE = "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:%s|2^20"
LOG = "2026-11-28 03:04:05.123456 [DEBUG] switch_core_media.c:1234 "
UUID = "0a1b2c3d-4e5f-6789-abcd-0123456789ab "

# What stands before the second piece.
PREFIXES = (
    "", " ", "\t", "> ", ">> ", "| ", "  | ", "... ", "=\n",
    "Jan  2 03:04:05 sbc rtpengine[1]: DEBUG: [call]: ... ",
    "2026-11-28T03:04:05.123456+01:00 pbx freeswitch[7]: ",
    "Nov 28 03:04:05 pbx kamailio[12]: INFO: ",
    LOG, UUID + LOG, UUID, "[call-0815] ", "\"sdp\": \"", "\\r\\n",
    "2026/11/28 03:04:05.123456 192.0.2.1:5060 -> 192.0.2.2:5060 ",
    "U 192.0.2.1:5060 -> 192.0.2.2:5060 #1 ", "Parse Error near [",
    LOG + "Parse Error near [", "x=", "X-Key: ", "#015#012", "a", "a=A",
    "SIP/2.0 488 Not Acceptable ", "sofia/internal/1001 ",
)


def escaped(form, text):
    """text as it stands in a URL, in JSON, in HTML, or as hexadecimal."""
    each = {
        "percent": lambda c: c if c.isalnum() else "%%%02X" % ord(c),
        "all": lambda c: "%%%02x" % ord(c),
        "twice": lambda c: c if c.isalnum() else "%%25%02X" % ord(c),
        "json": lambda c: c.replace("/", "\\/"),
        "unicode": lambda c: c if c.isalnum() else "\\u%04x" % ord(c),
        "html": lambda c: c if c.isalnum() else "&#%d;" % ord(c),
        "hex": lambda c: "%02x" % ord(c),
        "plain": lambda c: c,
    }[form]
    return "".join(each(c) for c in text)


FORMS = [(KEY, f) for f in ("plain", "percent", "all", "twice", "json",
                            "unicode", "html", "hex")]
FORMS += [(URLSAFE, "plain"), (OCTETS.hex(), "plain"),
          (OCTETS.hex().upper(), "plain")]


def separated():
    yield OCTETS.hex(":")
    yield OCTETS.hex(":").upper()
    yield " ".join("%02x" % o for o in OCTETS)
    yield " ".join(re.findall("....", OCTETS.hex()))


def make(folder):
    n = 0
    for p, prefix in enumerate(PREFIXES):
        # The usual form behind each prefix, the others in turn.
        for key, form in (FORMS[0], FORMS[1 + p % (len(FORMS) - 1)]):
            line = LINE % "\0"
            at = line.index("\0")
            # Also before the key, within its mark.
            places = [(line[:i], line[i:]) for i in range(at - 9, at)]
            places += [(line[:at] + escaped(form, key[:i]),
                        escaped(form, key[i:]) + line[at + 1:])
                       for i in range(0, len(key) + 1)]
            for first, second in places:
                second = second.replace("\0", escaped(form, key))
                first = first.replace("\0", escaped(form, key))
                put(folder, n, first + "\n" + prefix + second + "\n")
                n += 1
        for text in separated():
            put(folder, n, LINE % "" + "\n" + prefix + text + "\n")
            n += 1


def put(folder, n, lines):
    """Many SDPs in a file: bare, in SIP, in a log."""
    kind = ("sdp", "sip", "log")[n % 3]
    body = "".join(HEAD) + lines + "a=ptime:20\n"
    if kind == "sip":
        body = ("INVITE sip:a@192.0.2.1 SIP/2.0\nCall-ID: %d\n"
                "CSeq: 1 INVITE\nContent-Type: application/sdp\n\n" % n
                + body + "\n")
    elif kind == "log":
        body = UUID + LOG + "Remote SDP:\n" + "".join(
            UUID + l + "\n" for l in body.splitlines()) + \
            UUID + LOG + "Hangup x [CS_EXECUTE] [NORMAL_CLEARING]\n"
    with open(pathlib.Path(folder) / ("%d.%s" % (n % 48, kind)), "a",
              encoding="utf-8") as f:
        f.write(body)


def find(name):
    said = pathlib.Path(name).read_text("utf-8", "surrogateescape")
    # An escape that ends like the piece before the tear is none of it.
    said = re.sub(r"\\x09|#01[25]", " ", said)
    bad = set()
    for key, form in FORMS:
        for i in range(len(key) - RUN + 1):
            bad.add(escaped(form, key[i:i + RUN]))
    for text in separated():
        octets = re.findall("[0-9a-fA-F]{2}[: ]?", text)
        for i in range(len(octets) - RUN + 1):
            bad.add("".join(octets[i:i + RUN]).strip())
    met = [b for b in bad if b in said]
    for line in said.splitlines() if met else ():
        if any(b in line for b in met):
            print(line)
            break
    return 1 if met else 0


if sys.argv[1] == "make":
    make(sys.argv[2])
else:
    sys.exit(find(sys.argv[2]))
