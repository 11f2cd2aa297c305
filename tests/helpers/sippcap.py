#!/usr/bin/python3
# SPDX-License-Identifier: MIT
# sippcap.py KEY: captures for gs-sdpcheck in the current folder: a call over
# UDP whose second offer is in two fragments, of which the capture has both
# (whole.pcap), the first (lost.pcap) or only that (alone.pcap); a cut by the
# snaplen (snap.pcap), also of a fragment (snapped.pcap); what comes to a SIP port and is no SIP (port.pcap); a
# call over TCP whose second message lacks a segment (tcp.pcap), or all of it
# behind its first 200 octets (torn.pcap), lines that traces and logs have
# inside messages (between-*.pcap), and one beside a message that HEP
# packed (hep.pcap); SRTP that is sent on under another header (relayed.pcap),
# with a key of its own (own.pcap), and RTP that is (clear.pcap); the latter
# between other addresses (elsewhere.pcap), of another codec (opus.pcap), and
# SRTP of the same size (untagged.pcap) or in two copies (twice.pcap); a call
# behind a blank line (blank.pcap), before one that is not encrypted in the same
# datagram (second.pcap), with a NOTIFY that quotes a status line (quoted.pcap),
# beside a start line with two blanks (blanks.pcap), a packet in a tunnel
# (tunnel.pcap) and the same in an ICMP message (icmp.pcap), and a call of which
# a refusal is kept (large.pcap).
import struct
import sys
import zlib


def sdp(proto, key):
    lines = ["v=0", "o=- 1 1 IN IP4 192.0.2.1", "s=-", "c=IN IP4 192.0.2.1",
             "t=0 0", "m=audio 4000 " + proto + " 8"]
    if key:
        lines += ["a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" + key]
    return "\r\n".join(lines) + "\r\n"


def invite(call, body, pad=0):
    head = ["INVITE sip:b@h SIP/2.0",
            "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK" + call,
            "From: <sip:a@h>;tag=f", "To: <sip:b@h>", "Call-ID: " + call,
            "CSeq: 1 INVITE", "X-Pad: " + "x" * pad,
            "Content-Type: application/sdp", "Content-Length: %d" % len(body)]
    return ("\r\n".join(head) + "\r\n\r\n" + body).encode()


def ip(payload, ident, offset=0, more=0):
    return struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), ident,
                       more << 13 | offset // 8, 64, 17, 0,
                       bytes([192, 0, 2, 1]), bytes([192, 0, 2, 2])) + payload


def udp(data, port=5060):
    return struct.pack(">HHHH", port, port, 8 + len(data), 0) + data


def tcp(data, seq):
    head = struct.pack(">HHIIBBHHH", 5060, 5060, seq, 1, 5 << 4, 0x18, 8192,
                       0, 0)
    packet = bytearray(ip(head + data, seq))
    packet[9] = 6
    return bytes(packet)


def hep(data):
    def chunk(kind, octets):
        return struct.pack(">HHH", 0, kind, 6 + len(octets)) + octets
    chunks = chunk(1, b"\x02") + chunk(2, b"\x11") + chunk(11, b"\x01")
    chunks += chunk(16, data)
    return b"HEP3" + struct.pack(">H", 6 + len(chunks)) + chunks


def write(name, packets):
    with open(name, "wb") as f:
        f.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 101))
        for i, (data, n) in enumerate(packets):
            f.write(struct.pack("<IIII", 1000 + i, 0, n, len(data)))
            f.write(data[:n])


key = sys.argv[1]
good = ip(udp(invite("good", sdp("RTP/SAVP", key))), 1)
plain = udp(invite("plain", sdp("RTP/AVP", None), 1600))
first = ip(plain[:1480], 2, 0, 1)
second = ip(plain[1480:], 2, 1480)
whole = [(p, len(p)) for p in (good, first, second)]
write("whole.pcap", whole)
write("lost.pcap", whole[:2])
write("alone.pcap", whole[1:2])
write("snap.pcap", [whole[0], (good, len(good) - 60)])
write("snapped.pcap", [whole[0], (first, 400), (second, 100)])
odd = ip(udp(b"\xf8" + bytes(range(100))), 3)
alive = [ip(udp(d), 4) for d in (b"\r\n\r\n", bytes(40), b"\x16\xfe\xfd" + bytes(40))]
write("port.pcap", [whole[0], (odd, len(odd))])
write("alive.pcap", [whole[0]] + [(p, len(p)) for p in alive])
for name, line in (("time", "10:00:00 x"), ("entry", "Nov 27 22:16:01 h x"),
                   ("dashes", "-" * 30), ("stars", "*** x")):
    body = sdp("RTP/SAVP", key) + line + "\r\nm=audio 4002 RTP/AVP 8\r\n"
    between = ip(udp(invite("between", body)), 6)
    write("between-" + name + ".pcap", [(between, len(between))])
body = invite("head", sdp("RTP/AVP", None)).replace(b"X-Pad: ", b"-" * 30)
between = ip(udp(body), 6)
write("between-head.pcap", [whole[0], (between, len(between))])
message = invite("good", sdp("RTP/SAVP", key))
other = invite("other", sdp("RTP/SAVP", key))
parts = [(1, message), (1 + len(message), other[:200]),
         (1 + len(message) + 300, other[300:]),
         (1 + len(message) + len(other), invite("last", sdp("RTP/SAVP", key)))]
write("tcp.pcap", [(p, len(p)) for p in (tcp(d, at) for at, d in parts)])
write("torn.pcap", [(tcp(d, at), 40 + len(d)) for at, d in parts[:2]])
packed = ip(udp(hep(zlib.compress(plain)), 9060), 5)
write("hep.pcap", [whole[0], (packed, len(packed))])


def rtp(i, ssrc, payload):
    return udp(struct.pack(">BBHII", 0x80, 8, i, 160 * i, ssrc) + payload, 4000)


def relay(name, size, change):
    packets = [whole[0]]
    for i in range(25):
        payload = bytes((i * 7 + k * k) % 251 for k in range(size))
        for ssrc, octets in ((1, payload), (2, change(payload))):
            packet = ip(rtp(i, ssrc, octets), 100 + i)
            packets.append((packet, len(packet)))
    write(name, packets)


relay("relayed.pcap", 170, lambda payload: payload)
relay("own.pcap", 170, lambda payload: bytes(255 - x for x in payload))
relay("clear.pcap", 160, lambda payload: payload)


def media(name, call, payloads, pt=8, port=4000, copies=1):
    packets = [(call, len(call))]
    for i, payload in enumerate(payloads):
        header = struct.pack(">BBHII", 0x80, pt, i, 160 * i, 7)
        packet = ip(udp(header + payload, port), 200 + i)
        packets += [(packet, len(packet))] * copies
    write(name, packets)


def noise(size, i):
    return bytes((i * 37 + k * k * 11 + i * k) % 251 for k in range(size))


frames = [noise(160, i) for i in range(20)]
media("elsewhere.pcap", good, frames, port=4002)
media("opus.pcap", good, [b"\x78" + noise(70, i) for i in range(20)], pt=96)
untagged = sdp("RTP/SAVP", key).replace("HMAC_SHA1_80", "NULL_AUTH")
media("untagged.pcap", ip(udp(invite("good", untagged)), 1), frames)
media("twice.pcap", good, [noise(170, i) for i in range(20)], copies=2)


def beside(name, *others):
    write(name, [(p, len(p)) for p in (good,) + others])


bare = invite("bare", sdp("RTP/AVP", None))
beside("blank.pcap", ip(udp(b"\r\n" + invite("one", sdp("RTP/SAVP", key))), 6))
beside("second.pcap", ip(udp(invite("one", sdp("RTP/SAVP", key)) + bare), 6))
notify = invite("good", "SIP/2.0 200 OK\r\n")
notify = notify.replace(b"application/sdp", b"message/sipfrag;version=2.0")
notify = notify.replace(b"INVITE", b"NOTIFY")
beside("quoted.pcap", ip(udp(notify), 6))
beside("blanks.pcap", ip(udp(bare.replace(b" SIP/2.0", b"  SIP/2.0")
                             .replace(b"m=audio", b"M=AUDIO")), 6))
tunnel = ip(udp(b"\1\0\0\1\1" + bytes(14) + bare, 37008), 6)
beside("tunnel.pcap", tunnel)
icmp = bytearray(ip(b"\3\3\0\0\0\0\0\0" + ip(udp(bare), 6), 7))
icmp[9] = 1
beside("icmp.pcap", bytes(icmp))
offer = invite("large", sdp("RTP/SAVP", key) + "a=x:" + "y" * 17000 + "\r\n")
refusal = invite("large", "").replace(b"INVITE sip:b@h SIP/2.0", b"SIP/2.0 488 No")
write("large.pcap", [(p, len(p)) for p in (ip(udp(offer), 6), ip(udp(refusal), 7))])
