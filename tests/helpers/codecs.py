#!/usr/bin/python3
# SPDX-License-Identifier: MIT
# codecs.py make: a call for each codec that ffmpeg or a library encodes, in
# the current folder: all.pcap with a stream of each (SSRC and codec in
# all.list), NAME.pcap with the SDP and what was encoded, and the same
# as a file that ffmpeg reads (NAME.ref), except for 160 ms that are lost in
# NAME-lost.pcap. Prints the names, with the least SNR in dB (inf: equal
# samples) and samples that ffmpeg leaves out at the beginning.
# codecs.py snr: reads lines of NAME A B WANT [SKIP], where A and B are files of
# 16-bit samples, B without its first SKIP; prints those whose SNR is below
# WANT dB, and fails if there are any, or no lines.
# codecs.py pictures: calls to be drawn.
# codecs.py moved: calls in which a sender changes its address.
# codecs.py pauses: calls in which the sender leaves out packets while it is
# silent (DTX); NAME.s16 is what the codec's library makes of them. Prints NAME
# and the file's rate.
# codecs.py talk: talk.pcap, a call in PCMA with two digits, and comfort noise at
# its end, as its last codec; unsaid.pcap, the same where SDP does not speak of
# digits; strange.pcap, one that nothing decodes; nameless.pcap, AMR without SDP;
# changes.pcap, three codecs; noise.pcap, random octets as of SRTP in a call that
# SDP calls plain.
import ctypes
import functools
import hashlib
import math
import struct
import subprocess
import sys

MS = 20
# Vowels: a buzz, in formants, that comes and goes.
WAVE = ("(0.25*sin(2*PI*140*t+3*sin(2*PI*2.5*t))+0.15*sin(2*PI*560*t)"
        "+0.1*sin(2*PI*1130*t+sin(2*PI*4*t))+0.05*sin(2*PI*2480*t))"
        "*(0.6+0.4*sin(2*PI*3*t))")


def ffmpeg(*args, data=None):
    return subprocess.run(["ffmpeg", "-v", "error", *args], input=data,
                          stdout=subprocess.PIPE, check=True).stdout


@functools.cache
def speech(rate, channels=1):
    """Three seconds of WAVE."""
    both = WAVE + ("|0.3*" + WAVE if channels == 2 else "")
    return ffmpeg("-f", "lavfi", "-i", "aevalsrc=%s:s=%d:d=3" % (both, rate),
                  "-f", "s16le", "-")


def encoded(rate, *args, channels=1):
    return ffmpeg("-f", "s16le", "-ar", str(rate), "-ac", str(channels), "-i",
                  "-", *args, "-", data=speech(rate, channels))


def pieces(data, n):
    return [data[i:i + n] for i in range(0, len(data) - n + 1, n)]


def ogg(data):
    """The packets of an Ogg file, without its two headers."""
    packets, part, at = [], b"", 0
    while at < len(data):
        lacing = data[at + 27:at + 27 + data[at + 26]]
        at += 27 + len(lacing)
        for n in lacing:
            part += data[at:at + n]
            at += n
            if n < 255:
                packets.append(part)
                part = b""
    return packets[2:]


def shorts(data):
    return (ctypes.c_int16 * (len(data) // 2)).from_buffer_copy(data)


@functools.cache
def breath(rate):
    """Five seconds of WAVE over a noise, with a pause from 1 to 4 s."""
    gate = "*(lt(t\\,1)+gt(t\\,4))+0.01*(random(0)-0.5)"
    return ffmpeg("-f", "lavfi", "-i", "aevalsrc=(%s)%s:s=%d:d=5" % (
        WAVE, gate, rate), "-f", "s16le", "-")


def opus_heard(packets):
    """libopus itself; None: it guesses, bytearray: what this packet repeats."""
    lib = ctypes.CDLL("libopus.so.0")
    lib.opus_decoder_create.restype = ctypes.c_void_p
    state = ctypes.c_void_p(lib.opus_decoder_create(48000, 1, None))
    out, pcm = (ctypes.c_int16 * 960)(), b""
    for p in packets:
        again = isinstance(p, bytearray)
        lib.opus_decode(state, bytes(p) if p else None, len(p or b""), out,
                        960, int(again))
        pcm += bytes(out)
    return pcm


def opus_with_loss(packets, lost):
    """What the packet behind a loss repeats, before it guesses."""
    return opus_heard([p if i not in lost else None if i + 1 in lost else
                       bytearray(packets[i + 1])
                       for i, p in enumerate(packets)])


@functools.cache
def amr_frames(mode, pcm=None):
    """Of pcm, with DTX, or else of the usual sound, without."""
    lib = ctypes.CDLL("libopencore-amrnb.so.0")
    lib.Encoder_Interface_init.restype = ctypes.c_void_p
    state = ctypes.c_void_p(lib.Encoder_Interface_init(int(bool(pcm))))
    out = ctypes.create_string_buffer(64)
    frames = []
    for pcm in pieces(pcm or speech(8000), 320):
        n = lib.Encoder_Interface_Encode(state, mode, shorts(pcm), out, 0)
        frames.append(out.raw[:n])
    return frames


@functools.cache
def awb_frames(mode, pcm=None):
    lib = ctypes.CDLL("libvo-amrwbenc.so.0")
    lib.E_IF_init.restype = ctypes.c_void_p
    state = ctypes.c_void_p(lib.E_IF_init())
    out = ctypes.create_string_buffer(64)
    frames, dtx = [], int(bool(pcm))
    for pcm in pieces(pcm or speech(16000), 640):
        n = lib.E_IF_encode(state, mode, shorts(pcm), out, dtx)
        frames.append(out.raw[:n])
    return frames


AMR = [95, 103, 118, 134, 148, 159, 204, 244]
AWB = [132, 177, 253, 285, 317, 365, 397, 461, 477]


def amr_form(wide, mode, form, ill=0, each=2):
    """RFC 4867, octet-aligned: "crc", "robust-sorting", or "interleaving" of
    ill + 1 payloads."""
    sizes, step = (AWB, 320) if wide else (AMR, 160)
    frames = (awb_frames if wide else amr_frames)(mode)
    group = (ill + 1) * each
    frames = frames[:len(frames) // group * group]
    payloads, times = [], []
    for first in range(0, len(frames), group):
        for k in range(ill + 1):
            own = frames[first + k:first + group:ill + 1]
            p = b"\xf0" + (bytes([ill << 4 | k]) if ill else b"")
            p += bytes((0x80 if i + 1 < each else 0) | f[0]
                       for i, f in enumerate(own))
            p += b"\x5a" * each if form == "crc" else b""
            p += (bytes(x for octets in zip(*(f[1:] for f in own))
                        for x in octets) if form == "robust-sorting" else
                  b"".join(f[1:] for f in own))
            payloads.append(p)
            times.append((first + k) * step)
    c = Codec("AMR-WB/16000" if wide else "AMR/8000", payloads, step * each,
              (b"#!AMR-WB\n" if wide else b"#!AMR\n") + b"".join(frames), [],
              30, "octet-align=1; %s=%d" % (form, 30 if ill else 1))
    c.times = times
    return c


def amr_payload(frames, sizes, aligned):
    """RFC 4867: frames of a file as one payload."""
    bits = "1111" + ("0000" if aligned else "")
    for i, f in enumerate(frames):
        more = "1" if i + 1 < len(frames) else "0"
        bits += more + format(f[0] >> 3 & 15, "04b") + "1"
        bits += "00" if aligned else ""
    for f in frames:
        n = sizes[f[0] >> 3 & 15]
        one = "".join(format(x, "08b") for x in f[1:])
        bits += one if aligned else one[:n]
    bits += "0" * (-len(bits) % 8)
    return bytes(int(bits[i:i + 8], 2) for i in range(0, len(bits), 8))


@functools.cache
def g729_frames(pcm=None):
    lib = ctypes.CDLL("libbcg729.so.0")
    lib.initBcg729EncoderChannel.restype = ctypes.c_void_p
    state = ctypes.c_void_p(lib.initBcg729EncoderChannel(
        ctypes.c_uint8(int(bool(pcm)))))
    out = ctypes.create_string_buffer(10)
    n = ctypes.c_uint8()
    frames = []
    for pcm in pieces(pcm or speech(8000), 160):
        lib.bcg729Encoder(state, shorts(pcm), out, ctypes.byref(n))
        frames.append(out.raw[:n.value])
    return frames


class Codec:
    """What a payload type is, its payloads, and what ffmpeg reads."""
    skip = 0
    times = None
    pt = 97  # another one is fixed, and there is no SDP

    def __init__(self, rtpmap, payloads, step, ref, how, snr, fmtp=""):
        self.rtpmap, self.payloads, self.step = rtpmap, payloads, step
        self.ref, self.how, self.snr, self.fmtp = ref, how, snr, fmtp


def bare(rtpmap, data, n, step, how, snr="inf"):
    return Codec(rtpmap, pieces(data, n), step, data, how, snr)


def g726(bits, le, rtpmap=None):
    form = "g726le" if le else "g726"
    data = encoded(8000, "-c:a", form, "-code_size", str(bits), "-f", form)
    return bare(rtpmap or
                ("" if le else "AAL2-") + "G726-%d/8000" % (bits * 8), data,
                20 * bits, 160, ["-f", form, "-code_size", str(bits)], 30)


def g726_static(ms):
    """Payload type 2, as phones still send it, without SDP."""
    c = g726(4, True)
    c.payloads, c.step = pieces(c.ref, 4 * ms), 8 * ms
    c.pt = 2
    return c


def g726_40(packing, ms=20):
    """By spandsp, as ffmpeg's is not the ITU's at 40 kbit/s."""
    lib = ctypes.CDLL("libspandsp.so.2")
    lib.g726_init.restype = ctypes.c_void_p
    pcm = speech(8000)
    state = ctypes.c_void_p(lib.g726_init(None, 40000, 0, packing))
    out = ctypes.create_string_buffer(len(pcm))
    n = lib.g726_encode(state, out, shorts(pcm), len(pcm) // 2)
    return Codec(("AAL2-" if packing == 1 else "") + "G726-40/8000",
                 pieces(out.raw[:n], 5 * ms), 8 * ms, pcm,
                 ["-f", "s16le", "-ar", "8000", "-ac", "1"], 30)


def in_ogg(rtpmap, rate, step, snr, *args, channels=1, fmtp=""):
    data = encoded(rate, *args, "-f", "ogg", channels=channels)
    lib = "libopus" if rtpmap.startswith("opus") else "libspeex"
    c = Codec(rtpmap, ogg(data), step, data, ["-c:a", lib], snr, fmtp)
    c.skip = 312 if lib == "libopus" else 0
    return c


def amr(wide, mode, aligned, each=1):
    frames = (awb_frames if wide else amr_frames)(mode)
    frames = frames[:len(frames) // each * each]
    payloads = [amr_payload(frames[i:i + each], AWB if wide else AMR, aligned)
                for i in range(0, len(frames), each)]
    return Codec("AMR-WB/16000" if wide else "AMR/8000", payloads,
                 (320 if wide else 160) * each,
                 (b"#!AMR-WB\n" if wide else b"#!AMR\n") + b"".join(frames),
                 [], 30, "octet-align=1" if aligned else "")


def l16(rate, channels, pt=97):
    data = encoded(rate, "-f", "s16be", channels=channels)
    c = bare("L16/%d/%d" % (rate, channels), data,
             rate // 100 * channels * 2, rate // 100,
             ["-f", "s16be", "-ar", str(rate), "-ac", str(channels)],
             "inf" if channels == 1 else 60)
    c.pt = pt
    return c


def g729(rtpmap="G729/8000"):
    frames = g729_frames()
    return Codec(rtpmap, [a + b for a, b in zip(frames[::2], frames[1::2])],
                 160, b"".join(frames), ["-f", "g729"], 25)


OPUS = ["-c:a", "libopus", "-frame_duration", "20"]
MAKE = {
    "pcma": lambda: bare("PCMA/8000", encoded(8000, "-f", "alaw"), 160, 160,
                         ["-f", "alaw", "-ar", "8000", "-ac", "1"]),
    "pcmu": lambda: bare("PCMU/8000", encoded(8000, "-f", "mulaw"), 160, 160,
                         ["-f", "mulaw", "-ar", "8000", "-ac", "1"]),
    "g722": lambda: bare("G722/8000", encoded(16000, "-f", "g722"), 160, 160,
                         ["-f", "g722"]),
    "gsm": lambda: bare("GSM/8000", encoded(8000, "-c:a", "libgsm", "-f", "gsm"),
                        33, 160, ["-f", "gsm"]),
    "g726-16": lambda: g726(2, True),
    "g726-24": lambda: g726(3, True),
    "g726-32": lambda: g726(4, True),
    "g726-static": lambda: g726_static(20),
    "g726-static-10ms": lambda: g726_static(10),
    "g726-40": lambda: g726_40(2),
    "g726-40-10ms": lambda: g726_40(2, 10),
    "aal2-g726-16": lambda: g726(2, False),
    "aal2-g726-24": lambda: g726(3, False),
    "aal2-g726-32": lambda: g726(4, False),
    "aal2-g726-40": lambda: g726_40(1),
    "opus": lambda: in_ogg("opus/48000/2", 48000, 960, "inf", *OPUS, "-b:a",
                           "32k"),
    "opus-speech": lambda: in_ogg("opus/48000/2", 48000, 960, "inf", *OPUS,
                                  "-b:a", "24k", "-application", "voip",
                                  "-fec", "1", "-packet_loss", "20",
                                  fmtp="useinbandfec=1"),
    "opus-stereo": lambda: in_ogg("opus/48000/2", 48000, 960, 60, *OPUS,
                                  "-b:a", "96k", channels=2, fmtp="stereo=1"),
    "speex": lambda: in_ogg("speex/8000", 8000, 160, "inf", "-c:a", "libspeex"),
    "speex-wb": lambda: in_ogg("speex/16000", 16000, 320, "inf", "-c:a",
                               "libspeex"),
    "speex-uwb": lambda: in_ogg("speex/32000", 32000, 640, "inf", "-c:a",
                                "libspeex"),
    "amr": lambda: amr(False, 7, False),
    "amr-aligned": lambda: amr(False, 7, True),
    "amr-475-3": lambda: amr(False, 0, False, 3),
    "amr-crc": lambda: amr_form(False, 7, "crc"),
    "amr-interleaved": lambda: amr_form(False, 7, "interleaving", 2),
    "amr-wb-sorted": lambda: amr_form(True, 2, "robust-sorting"),
    "amr-wb-interleaved": lambda: amr_form(True, 8, "interleaving", 1, 3),
    "amr-wb": lambda: amr(True, 2, False),
    "amr-wb-aligned": lambda: amr(True, 8, True, 2),
    "g729": g729,
    "g729a": lambda: g729("G729A/8000"),
    "g721": lambda: g726(4, True, "G721/8000"),
    "l16": lambda: l16(16000, 1),
    "l16-stereo": lambda: l16(44100, 2),
    "l16-12000": lambda: l16(12000, 1),
    "l16-static": lambda: l16(44100, 1, 11),
    "l16-static-stereo": lambda: l16(44100, 2, 10),
}


ONE, TWO = (bytes([192, 0, 2, i]) for i in (1, 2))


def ip(payload, src=ONE, dst=TWO):
    return struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), 1, 0, 64,
                       17, 0, src, dst) + payload


def udp(data, port, to=None):
    return struct.pack(">HHHH", port, to or port, 8 + len(data), 0) + data


def invite(*attributes, port=4000, call=1):
    lines = ["v=0", "o=- 1 1 IN IP4 192.0.2.1", "s=-", "c=IN IP4 192.0.2.1",
             "t=0 0", "m=audio %d RTP/AVP 97" % port, *attributes]
    body = "\r\n".join(lines) + "\r\n"
    head = ["INVITE sip:b@h SIP/2.0",
            "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1", "From: <sip:a@h>;tag=f",
            "To: <sip:b@h>", "Call-ID: %d" % call, "CSeq: 1 INVITE",
            "Content-Type: application/sdp", "Content-Length: %d" % len(body)]
    return ("\r\n".join(head) + "\r\n\r\n" + body).encode()


def begin_pcap(f):
    """The head of a file; returns what puts a packet into it."""
    f.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 101))

    def put(seconds, data):
        data = ip(data)
        f.write(struct.pack("<IIII", 1000 + int(seconds),
                            int(seconds % 1 * 1e6), len(data), len(data)))
        f.write(data)
    return put


def rtp(pt, seq, ts, payload, ssrc=7):
    return struct.pack(">BBHII", 0x80, pt, seq, ts, ssrc) + payload


def write_pcap(name, attributes, packets):
    """Packets: seconds, type, sequence number, timestamp, payload."""
    with open(name, "wb") as f:
        put = begin_pcap(f)
        if attributes is not None:
            put(0, udp(invite(*attributes), 5060))
        for seconds, pt, seq, ts, payload in packets:
            put(0.5 + seconds, udp(rtp(pt, seq, ts, payload), 4000))


def attributes(c):
    """What SDP says of the codec; None: its payload type is fixed."""
    fmtp = ["a=fmtp:97 " + c.fmtp] if c.fmtp else []
    return ["a=rtpmap:97 " + c.rtpmap] + fmtp if c.pt == 97 else None


def write(name, c, lost=range(0)):
    clock = int(c.rtpmap.split("/")[1])
    times = c.times or [c.step * i for i in range(len(c.payloads))]
    write_pcap(name, attributes(c),
               [(times[i] / clock, c.pt, i, times[i], p)
                for i, p in enumerate(c.payloads) if i not in lost])


def talk():
    voice = pieces(encoded(8000, "-f", "alaw"), 160)
    packets = []

    def put(pt, at, ts, payload):
        packets.append((at / 50, pt, len(packets), ts, payload))
    for i in range(50):
        put(8, i, 160 * i, voice[i])
    for start, digit in ((50, 1), (65, 11)):
        for i in range(8):
            put(101, start + i, 160 * start,
                struct.pack(">BBH", digit, 10, 160 * (i + 1)))
        for i in range(3):
            put(101, start + 8, 160 * start,
                struct.pack(">BBH", digit, 0x8a, 160 * 8))
    for i in range(80, 110):
        put(8, i, 160 * i, voice[i])
    put(13, 110, 160 * 110, b"@")
    write_pcap("talk.pcap", ["a=rtpmap:101 telephone-event/8000"], packets)
    write_pcap("unsaid.pcap", [], packets)
    write_pcap("strange.pcap", ["a=rtpmap:97 G7221/16000"],
               [(i / 50, 97, i, 320 * i, bytes([1] * 9 + [i] * 51))
                for i in range(100)])
    write_pcap("nameless.pcap", None,
               [(i / 50, 97, i, 160 * i, p) for i, p in enumerate(
                   amr(False, 7, False).payloads[:100])])
    write_pcap("changes.pcap", ["a=rtpmap:97 iLBC/8000",
                                "a=rtpmap:98 G7221/16000"],
               [(i / 50, pt, i, 160 * i, p) for i, (pt, p) in enumerate(
                   [(97, bytes(range(38)))] * 30 + [(8, voice[0])] * 20 +
                   [(98, bytes([1] * 50 + [7] * 10))] * 10 +
                   [(97, bytes(range(38)))] * 10)])
    write_pcap("parts.pcap", [],
               [(i / 50, pt, i, 160 * i, p) for i, (pt, p) in enumerate(
                   [(8, p) for p in voice[:50]] +
                   [(9, p) for p in MAKE["g722"]().payloads[:50]] +
                   [(3, p) for p in MAKE["gsm"]().payloads[:50]] +
                   [(8, p) for p in voice[50:60]] +
                   [(3, p) for p in MAKE["gsm"]().payloads[50:100]])])
    write_pcap("many.pcap", ["a=rtpmap:%d %s/8000" % (96 + i, name)
                             for i, name in enumerate(
                                 ("iLBC", "G7221", "BV16", "L8", "speex"))],
               [(i / 50, 96 + i // 10, i, 160 * i, bytes(range(38)))
                for i in range(50)])
    write_pcap("noise.pcap", ["a=rtpmap:97 L16/8000"],
               [(i / 50, 97, i, 160 * i,
                 hashlib.shake_128(bytes([i])).digest(330))
                for i in range(100)])


def write_all(codecs):
    """A stream of each, between other ports, whose number is its SSRC."""
    with open("all.pcap", "wb") as f, open("all.list", "w",
                                           encoding="ascii") as names:
        put = begin_pcap(f)
        for port, c in zip(range(4000, 5000, 2), codecs):
            if attributes(c):
                put(0, udp(invite(*attributes(c), port=port), 5060))
            print("%08x" % port, c.rtpmap.split("/")[0], file=names)
        for i in range(20):
            for port, c in zip(range(4000, 5000, 2), codecs):
                put(0.5 + i / 50, udp(rtp(c.pt, i, c.step * i,
                                          c.payloads[i], port), port))


def make():
    codecs = {name: codec() for name, codec in MAKE.items()}
    write_all(codecs.values())
    for name, c in codecs.items():
        write(name + ".pcap", c)
        write(name + "-lost.pcap", c, range(50, 54))
        if name == "opus-speech":
            with open(name + "-lost.s16", "wb") as f:
                f.write(opus_with_loss(c.payloads, range(50, 54)))
        with open(name + ".ref", "wb") as f:
            f.write(c.ref)
        with open(name + ".args", "w", encoding="ascii") as f:
            f.write(" ".join(c.how) + "\n")
        print(name, c.snr, c.skip)


def opus_frames(pcm):
    lib = ctypes.CDLL("libopus.so.0")
    lib.opus_encoder_create.restype = ctypes.c_void_p
    state = ctypes.c_void_p(lib.opus_encoder_create(48000, 1, 2048, None))
    lib.opus_encoder_ctl(state, 4016, ctypes.c_int(1))  # OPUS_SET_DTX
    lib.opus_encoder_ctl(state, 4002, ctypes.c_int(24000))  # _BITRATE
    out = ctypes.create_string_buffer(1500)
    frames = []
    for one in pieces(pcm, 1920):
        n = lib.opus_encode(state, shorts(one), 960, out, 1500)
        frames.append(out.raw[:n])
    return frames


def amr_sound(frames, wide):
    """None: a lost frame."""
    lost = bytes([(14 if wide else 15) << 3 | 4])
    lib = ctypes.CDLL("libopencore-amr%sb.so.0" % "nw"[wide])
    name = "D_IF_" if wide else "Decoder_Interface_"
    begin = lib[name + "init"]
    begin.restype = ctypes.c_void_p
    decode = lib[name + ("decode" if wide else "Decode")]
    state, pcm = ctypes.c_void_p(begin()), b""
    out = (ctypes.c_int16 * (320 if wide else 160))()
    for frame in frames:
        decode(state, (frame or lost) + bytes(64), out, int(frame is None))
        pcm += bytes(out)
    return pcm


def g729_sound(frames):
    """A frame that was not sent is b"", a lost one None."""
    lib = ctypes.CDLL("libbcg729.so.0")
    lib.initBcg729DecoderChannel.restype = ctypes.c_void_p
    state = ctypes.c_void_p(lib.initBcg729DecoderChannel())
    out, pcm, octet = (ctypes.c_int16 * 80)(), b"", ctypes.c_uint8
    for f in frames:
        n = 10 if f is None else len(f)
        lib.bcg729Decoder(state, f or None, octet(n), octet(f is None),
                          octet(n < 10), octet(0), out)
        pcm += bytes(out)
    return pcm


class SpeexBits(ctypes.Structure):
    _fields_ = [("chars", ctypes.c_void_p), ("n", ctypes.c_int * 7),
                ("more", ctypes.c_void_p)]


def speex_sound(payloads, mode, samples):
    """None: a lost payload."""
    lib, bits = ctypes.CDLL("libspeex.so.1"), SpeexBits()
    lib.speex_lib_get_mode.restype = ctypes.c_void_p
    lib.speex_decoder_init.restype = ctypes.c_void_p
    state = ctypes.c_void_p(lib.speex_decoder_init(
        ctypes.c_void_p(lib.speex_lib_get_mode(mode))))
    lib.speex_bits_init(ctypes.byref(bits))
    out, pcm = (ctypes.c_int16 * samples)(), b""
    for p in payloads:
        if p is not None:
            lib.speex_bits_read_from(ctypes.byref(bits), p, len(p))
        lib.speex_decode_int(
            state, ctypes.byref(bits) if p is not None else None, out)
        pcm += bytes(out)
    return pcm


def losses():
    """Packets are lost one, four and sixteen in a row."""
    lost = {20, *range(50, 54), *range(70, 86)}

    def some(frames, each=1):
        return [None if i // each in lost else f for i, f in enumerate(frames)]
    for name, sound in (
            ("speex", lambda c: speex_sound(some(c.payloads), 0, 160)),
            ("speex-wb", lambda c: speex_sound(some(c.payloads), 1, 320)),
            ("amr", lambda c: amr_sound(some(pieces(c.ref[6:], 32)), False)),
            ("amr-wb", lambda c: amr_sound(some(pieces(c.ref[9:], 33)), True)),
            ("g729", lambda c: g729_sound(some(pieces(c.ref, 10), 2)))):
        c = MAKE[name]()
        write("loss-" + name + ".pcap", c, lost)
        with open("loss-" + name + ".s16", "wb") as f:
            f.write(sound(c))
        print("loss-" + name)


def pause(name, rtpmap, frames, step, pcm):
    """frames: payloads, None for what is not sent."""
    sent = [(i, f) for i, f in enumerate(frames) if f]
    clock = int(rtpmap.split("/")[1])
    write_pcap(name + ".pcap", ["a=rtpmap:97 " + rtpmap,
                                "a=fmtp:97 octet-align=1"],
               [(step * i / clock, 97, seq, step * i, f)
                for seq, (i, f) in enumerate(sent)])
    with open(name + ".s16", "wb") as f:
        f.write(pcm)
    assert len(sent) < len(frames) - 5
    print(name, clock)


def pauses():
    frames = opus_frames(breath(48000))
    idle = {i for i, f in enumerate(frames) if len(f) <= 2}
    frames = [None if i in idle else f for i, f in enumerate(frames)]
    pause("dtx-opus", "opus/48000/2", frames, 960,
          opus_heard(frames))
    for wide in (False, True):
        frames = (awb_frames if wide else amr_frames)(
            2 if wide else 7, breath(16000 if wide else 8000))
        pause("dtx-amr-wb" if wide else "dtx-amr",
              "AMR-WB/16000" if wide else "AMR/8000",
              [None if f[0] >> 3 == 15 else
               b"\xf0" + bytes([f[0] & 0x7c]) + f[1:] for f in frames],
              320 if wide else 160, amr_sound(frames, wide))
    frames = g729_frames(breath(8000))
    pause("dtx-g729", "G729/8000", frames, 80, g729_sound(frames))


def snr(a, b, skip=0):
    b = b[2 * skip:]
    n = min(len(a), len(b)) // 2 * 2
    x, y = (struct.unpack("<%dh" % (n // 2), d[:n]) for d in (a, b))
    noise = sum((p - q) ** 2 for p, q in zip(x, y))
    power = sum(p * p for p in x)
    if n == 0 or power == 0:
        return -math.inf
    return math.inf if noise == 0 else 10 * math.log10(power / noise)


def compare():
    failed, lines = 0, sys.stdin.read().splitlines()
    for line in lines:
        name, one, two, want, *skip = line.split()
        with open(one, "rb") as a, open(two, "rb") as b:
            got = snr(a.read(), b.read(), *map(int, skip))
        if got < float(want):
            print("%s: %.1f dB, not %s" % (name, got, want))
            failed += 1
    return failed > 0 or not lines


def frame(src, dst, ports, data):
    return ip(udp(data, *ports), src, dst)


def save(name, packets):
    with open(name, "wb") as f:
        f.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 101))
        for at, data in sorted(packets):
            us = round(at * 1e6)
            f.write(struct.pack("<IIII", 1700000000 + us // 1000000,
                                us % 1000000, len(data), len(data)) + data)


def moved():
    """A sender in PCMA that goes on from another port, behind a NAT
    (moved-nat.pcap), or after a re-INVITE with another SSRC, and is answered
    there (moved-sdp.pcap); other.pcap, in which that port is another call's;
    held.pcap, a hold of 70 s in which nobody sends anything."""
    voice = pieces(encoded(8000, "-f", "alaw"), 160)

    def part(ports, first, last, ssrc, src=ONE, dst=TWO):
        return [(0.5 + i / 50, frame(src, dst, ports, rtp(
            8, i, 160 * i, voice[i % 150], ssrc))) for i in range(first, last)]

    def said(at, port, call=1):
        return at, frame(ONE, TWO, (5060, 5060), invite(port=port, call=call))
    save("moved-nat.pcap", part((4000, 5000), 0, 75, 7) +
         part((4100, 5000), 75, 150, 7))
    two = (part((4000, 5000), 0, 75, 7) + part((4100, 5000), 75, 150, 9) +
           part((5000, 4000), 0, 76, 8, TWO, ONE) +
           part((5000, 4100), 76, 150, 8, TWO, ONE))
    save("moved-sdp.pcap", two + [said(0, 4000), said(1.9, 4100)])
    save("held.pcap", [(at + 68.5 * (at >= 2), packet) for at, packet in
                       part((4000, 5000), 0, 150, 7) +
                       part((5000, 4000), 0, 150, 8, TWO, ONE)])
    save("other.pcap", part((4000, 5000), 0, 75, 7) +
         part((4100, 5000), 75, 150, 9) +
         [said(0, 4000), said(1.9, 4100, 2)])


def frame6(src, dst, ports, data):
    """The same over IPv6, of which an address ends with its host's number."""
    def address(host):
        return bytes.fromhex("20011db81234567890abcdef12345678")[:-1] + host
    return (struct.pack(">IHBB", 0x60000000, 8 + len(data), 17, 64) +
            address(src) + address(dst) + udp(data, *ports))


def six(voice):
    """A call over a proxy, with long addresses; and eight calls."""
    a, b, c = b"\x0a", b"\x0b", b"\x0c"

    def media(src, dst, ports, ssrc, n):
        return [(0.5 + i / 50, frame6(src, dst, ports, rtp(
            8, i, 160 * i, voice[i % 150], ssrc))) for i in range(n)]

    def call(k, n):
        return (media(a, c, (40000 + k, 50000 + k), k, n) +
                media(c, a, (50000 + k, 40000 + k), 100 + k, n))
    save("six.pcap", call(7, 60) + [
        (at, frame6(src, dst, (15060, 15060), invite()))
        for src, dst, at in ((a, b, 0), (b, c, 0.1), (a, b, 1.5))])
    save("sixteen.pcap", [p for k in range(8) for p in call(2 * k, 10)])


def pictures():
    """loss.pcap: 20 s with a loss of 2 % and a hole of half a second on one
    side, pauses on the other. clear.pcap: what goes on in clear behind
    "srtp_own call SUITE 0 65400 300 0 7 0". fifty.pcap: 25 calls."""
    voice = pieces(encoded(8000, "-f", "alaw"), 160)
    six(voice)

    def media(src, dst, ports, at, ssrc):
        return lambda i, ts=None: (at + i / 50, frame(
            src, dst, ports, rtp(8, i, 160 * i if ts is None else ts,
                                 voice[i % 150], ssrc)))

    def said(at, text):
        return at, frame(ONE, TWO, (5060, 5060), text)
    forth = media(ONE, TWO, (4000, 5000), 1, 11)
    back = media(TWO, ONE, (5000, 4000), 1.01, 12)
    save("loss.pcap", [said(0, invite())] +
         [(forth(i)[0] + i * 7919 % 13 / 2000, forth(i)[1])
          for i in range(1000) if i % 53 != 17 and not 300 <= i < 325] +
         [(1.01 + i / 50, back(i - i // 300 * 150, 160 * i)[1])
          for i in range(1000) if i // 150 % 2 == 0])
    on = media(ONE, TWO, (20000, 30000), 6, 7)
    save("clear.pcap", [said(5.9, invite(port=20000))] +
         [(6 + i / 50, on(i + 164, 160 * (i + 300))[1]) for i in range(200)])
    save("fifty.pcap", [
        media(*pair, (4000 + 2 * k, 6000 + 2 * k)[::1 - 2 * way], k / 10,
              2 * k + way)(i)
        for k in range(25) for way, pair in enumerate(((ONE, TWO), (TWO, ONE)))
        for i in range(100 + 8 * k)])


if sys.argv[1] == "make":
    make()
elif sys.argv[1] == "talk":
    talk()
elif sys.argv[1] == "pauses":
    pauses()
elif sys.argv[1] == "losses":
    losses()
elif sys.argv[1] == "moved":
    moved()
elif sys.argv[1] == "pictures":
    pictures()
elif sys.argv[1] == "snr":
    sys.exit(compare())
