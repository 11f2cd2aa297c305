/* SPDX-License-Identifier: MIT */
/* Keys of the unit tests of the SDP wing, by their octets. */
#ifndef GSPROV_TESTS_SDP_KEYS_H
#define GSPROV_TESTS_SDP_KEYS_H

#define KEY_A "QWVeS8ufDpqr19zK7Q9xWgZGME5sgCY6gPs0TA7I"
#define KEY_B "jMz1CkS7AKhA6JJuWDqcHX0Ur5KjmQ0uNJNCNxHW"
#define KEY_16 "BgFOX56DlXkm2+iXBwwLqA=="
#define KEY_28 "iKvEe2Ncr1lgnKcHZMlv1e2OBmuqUaHJs4IVpA=="
#define KEY_38 "KvDYMkxKpYQKSxed7yIuxHR+V9O3u/k0nz8CM0zkwaJ5EZanoX8="
#define KEY_44 "je+zEEoQGswLT8QTOb+z41FdU2jLfuGLUhFQt+qJKPiLoqmcR8mtR7b3Flw="
#define KEY_46                                                                 \
	"F3SS3ylLjRGOAkMF54Whmy8YU8v6bATuEDO7niILXN/G1UcttnCypjMHz5Imcw=="

#endif
