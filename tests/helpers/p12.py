#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""p12.py KEY CERT...: PKCS #12 files that openssl(1) does not make, from a key
and certificates in DER: nested.p12, whose bags are in bags (RFC 7292 4.2.6),
and MAC-BAGS.p12, where MAC and BAGS say how the missing pass phrase is written
for each of the two: null (no octets) or empty (the two that end a text); or
that there is no MAC (none)."""
import ctypes
import sys

PBE_3DES = 146  # NID_pbe_WithSHA1And3_Key_TripleDES_CBC
TEXT = {'null': None, 'empty': b''}
crypto = ctypes.CDLL('libcrypto.so.3')


def der(tag, *parts):
    """One element."""
    body = b''.join(parts)
    n = len(body)
    size = bytes([n]) if n < 128 else b'\x82' + n.to_bytes(2, 'big')
    return bytes([tag]) + size + body


def data(body):
    """A ContentInfo of the type data."""
    return der(0x30, bytes.fromhex('06092a864886f70d010701'),
               der(0xa0, der(4, body)))


def bag(kind, body):
    """A SafeBag: 1 is a key, 3 a certificate, 6 more bags."""
    return der(0x30, bytes.fromhex('060b2a864886f70d010c0a01%02x' % kind),
               der(0xa0, body))


def nested(key, certs):
    """The key deeper than the certificates, beside a bag without contents."""
    bags = [bag(3, der(0x30, bytes.fromhex('060a2a864886f70d01091601'),
                       der(0xa0, der(4, cert)))) for cert in certs]
    deep = bag(6, der(0x30, bag(6, der(0x30, bag(1, key)))))
    safe = der(0x30, bag(6, der(0x30)), bag(6, der(0x30, *bags, deep)))
    return der(0x30, b'\2\1\3', data(der(0x30, data(safe))))


def made(name, *args):
    """The object that a function of libcrypto returns."""
    function = getattr(crypto, name)
    function.restype = ctypes.c_void_p
    return ctypes.c_void_p(function(*args))


def parsed(name, octets):
    """An object of libcrypto from DER."""
    at = ctypes.c_char_p(octets)
    return made(name, None, ctypes.byref(at), ctypes.c_long(len(octets)))


def main():
    key, *certs = (open(name, 'rb').read() for name in sys.argv[1:])
    open('nested.p12', 'wb').write(nested(key, certs))
    pkey = parsed('d2i_AutoPrivateKey', key)
    leaf, *issuers = (parsed('d2i_X509', cert) for cert in certs)
    chain = made('OPENSSL_sk_new_null')
    for cert in issuers:
        crypto.OPENSSL_sk_push(chain, cert)
    for mac in ('none', *TEXT):
        for bags, text in TEXT.items():
            p12 = made('PKCS12_create', text, None, pkey, leaf, chain,
                       PBE_3DES, PBE_3DES, 9, -1, 0)
            if mac != 'none':
                crypto.PKCS12_set_mac(p12, TEXT[mac], -1, None, 0, 9,
                                      made('EVP_sha256'))
            out = ctypes.create_string_buffer(crypto.i2d_PKCS12(p12, None))
            at = ctypes.c_char_p(ctypes.addressof(out))
            crypto.i2d_PKCS12(p12, ctypes.byref(at))
            open(f'{mac}-{bags}.p12', 'wb').write(out.raw)


main()
