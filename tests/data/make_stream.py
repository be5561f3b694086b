#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Known answers of plim_stream.h: Philox4x32-10 and the uniforms and normals made from it, in whole numbers and in 40
digits, written from the text of the header and the paper (Salmon et al. 2011) alone. Usage: make_stream.py >stream.csv"""
import mpmath

mpmath.mp.dps = 40
MASK = 0xFFFFFFFF


def philox(counter, key):
    c0, c1, c2, c3 = counter
    k0, k1 = key
    for _ in range(10):
        p0, p1 = 0xD2511F53 * c0, 0xCD9E8D57 * c2
        c0, c1, c2, c3 = (p1 >> 32) ^ c1 ^ k0, p1 & MASK, (p0 >> 32) ^ c3 ^ k1, p0 & MASK
        k0, k1 = (k0 + 0x9E3779B9) & MASK, (k1 + 0xBB67AE85) & MASK
    return c0, c1, c2, c3


# the vectors of Random123's kat_vectors: this Philox is that Philox
assert philox((0, 0, 0, 0), (0, 0)) == (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)
assert philox((0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344), (0xA4093822, 0x299F31D0)) == (
    0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1)


def halves(x):
    return x & MASK, x >> 32


def uniform(high, low):
    return mpmath.mpf(((high << 32 | low) >> 12)) * mpmath.mpf(2) ** -52 + mpmath.mpf(2) ** -53


print("seed,size,replica,purpose,block,w0,w1,w2,w3,uniform0,uniform1,normal0,normal1")
for seed, size, replica, purpose in [
    (20220502, 137, 7, 3),
    (1, 50, 0, 0),
    (0xFEDCBA9876543210, 0x123456789ABCDEF, 0xFFFFFFFF, 0xFFFFFFFF),
    (42, 2385, 199, 1),
]:
    low, high = halves(size)
    key = philox((low, high, 0, 0x75736572), halves(seed))[:2]
    for block in [0, 1, 2, 127, 128, 129, 2**32 - 1, 2**32, 2**62 + 5]:
        w = philox((*halves(block), replica, purpose), key)
        u, v = uniform(w[0], w[1]), uniform(w[2], w[3])
        r, a = mpmath.sqrt(-2 * mpmath.log(u)), 2 * mpmath.pi * v
        # 20 digits read back to the same bits
        numbers = [mpmath.nstr(x, 20) for x in (u, v, r * mpmath.cos(a), r * mpmath.sin(a))]
        print(",".join(map(str, [seed, size, replica, purpose, block, *(f"{x:08x}" for x in w), *numbers])))
