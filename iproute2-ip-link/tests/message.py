#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Writes and reads rtnetlink messages about nat64 devices, as text like

    mode=0 pool6{prefix=64:ff9b:: len=96} summary{count=2 entry{...} entry{...}}

  message.py link DATA [KIND]	writes an RTM_NEWLINK message to stdout
  message.py stats COUNTERS	writes RTM_NEWSTATS messages, separated by ";",
				their counters as number=value
  message.py show FILE		prints the messages in FILE, one a line

The numbers below are those of the ABI and are not read from the header: a
header that changes them has to fail.
"""

import ipaddress
import re
import struct
import sys

INTEGER = {'u8': '=B', 'u16': '=H', 'u32': '=I', 'u64': '=Q'}

ENTRY = {'prefix': (1, 'ipv4'), 'len': (2, 'u8'),
         'port_min': (3, 'u16'), 'port_max': (4, 'u16'),
         'proto': (5, 'u8'), 'mark': (6, 'u32')}
PREFIX4 = {'prefix': (1, 'ipv4'), 'len': (2, 'u8')}
TIMEOUTS = {'udp': (1, 'u32'), 'tcp_est': (2, 'u32'),
            'tcp_trans': (3, 'u32'), 'tcp_open': (4, 'u32'),
            'icmp': (5, 'u32'), 'hold_down': (6, 'u32'),
            'dns': (7, 'u32')}
LIMITS = {'subscriber_prefix': (1, 'u32'), 'max_bindings': (2, 'u32'),
          'max_sessions': (3, 'u32'), 'max_total_sessions': (4, 'u32'),
          'simultaneous_opens': (5, 'u32'), 'hold_down_percent': (6, 'u32'),
          'pool4_high': (7, 'u32'), 'pool4_low': (8, 'u32')}
DATA = {'mode': (1, 'u32'),
        'pool6': (2, {'prefix': (1, 'ipv6'), 'len': (2, 'u8')}),
        'pool4_source': (3, 'u32'), 'pool4': (4, {'entry': (1, ENTRY)}),
        'summary': (5, {'count': (1, 'u32'), 'entry': (2, ENTRY)}),
        'timeouts': (6, TIMEOUTS), 'limits': (7, LIMITS),
        'lowest_ipv6_mtu': (8, 'u32'), 'mtu_plateaus': (9, 'u16 array'),
        'zeroize_traffic_class': (10, 'u32'), 'override_tos': (11, 'u32'),
        'tos': (12, 'u32'), 'amend_udp_checksum_zero': (13, 'u32'),
        'wkp_strict': (14, 'u32'), 'eam_hairpin_mode': (15, 'u32'),
        'rfc6791_pool': (16, {'entry': (1, PREFIX4)}),
        'randomize_rfc6791': (17, 'u32'),
        'address_dependent_filtering': (18, 'u32'),
        'drop_icmpv6_info': (19, 'u32'),
        'drop_externally_initiated_tcp': (20, 'u32'),
        'handle_rst_during_fin_rcv': (21, 'u32'),
        'source_icmpv6_errors_better': (22, 'u32'),
        'inbound_refresh': (23, 'u32'), 'logging_bib': (24, 'u32'),
        'logging_session': (25, 'u32'), 'paired_pooling': (26, 'u32'),
        'host_low_ports': (27, 'u32'), 'fast_path': (28, 'u32')}

RTM_NEWLINK, RTM_NEWSTATS = 16, 92
IFLA_STATS_LINK_XSTATS, LINK_XSTATS_TYPE_NAT64 = 2, 64
FLAGS = {0x200: 'excl', 0x400: 'create'}
IFLA_IFNAME, IFLA_MTU, IFLA_TXQLEN, IFLA_LINKINFO = 3, 4, 13, 18
INFO_KIND, INFO_DATA = 1, 2
NESTED = 0x8000
INDEX = 7


def attribute(kind, payload):
    padding = b'\0' * (-len(payload) % 4)
    return struct.pack('=HH', len(payload) + 4, kind) + payload + padding


def encode_value(kind, text):
    if kind in INTEGER:
        return struct.pack(INTEGER[kind], int(text))
    if kind == 'u16 array':
        return b''.join(struct.pack('=H', int(i)) for i in text.split(','))
    return ipaddress.ip_address(text).packed


def encode(words, names):
    """Encodes words, a list that is consumed, up to the end of the nest."""
    out = b''
    while words:
        word = words.pop(0)
        if word == '}':
            break
        name = re.match(r'\w+', word).group()
        number, kind = names[name]
        if word.endswith('{'):
            out += attribute(number | NESTED, encode(words, kind))
        else:
            out += attribute(number, encode_value(kind, word[len(name) + 1:]))
    return out


def split(text):
    return re.findall(r'\w+\{|\}|[^\s{}]+', text)


def stats(text):
    out = b''
    for part in text.split(';') if text else []:
        index, kind, counters = INDEX, LINK_XSTATS_TYPE_NAT64, b''
        for word in part.split():
            name, value = word.split('=')
            if name == 'index':
                index = int(value)
            elif name == 'type':
                kind = int(value)
            else:
                counters += attribute(int(name), b'abcd' if value == 'short'
                                      else struct.pack('=Q', int(value)))
        message = struct.pack('=BxxxII', 0, index, 1 << 1)
        message += attribute(IFLA_STATS_LINK_XSTATS,
                             attribute(kind | NESTED, counters))
        # NLM_F_MULTI
        out += struct.pack('=IHHII', len(message) + 16, RTM_NEWSTATS, 2, 0,
                           0) + message
    return out


def link(data, kind='nat64'):
    info = attribute(INFO_KIND, kind.encode() + b'\0')
    info += attribute(INFO_DATA, encode(split(data), DATA))
    # ARPHRD_NONE, IFF_UP | IFF_POINTOPOINT | IFF_NOARP
    message = struct.pack('=BxHiII', 0, 0xfffe, INDEX, 0x91, 0)
    message += attribute(IFLA_IFNAME, b'nat0\0')
    message += attribute(IFLA_MTU, struct.pack('=I', 65535))
    message += attribute(IFLA_TXQLEN, struct.pack('=I', 1000))
    message += attribute(IFLA_LINKINFO, info)
    header = struct.pack('=IHHII', len(message) + 16, RTM_NEWLINK, 0, 0, 0)
    return header + message


def attributes(payload):
    while len(payload) >= 4:
        length, kind = struct.unpack_from('=HH', payload)
        if length < 4 or length > len(payload):
            sys.exit('message.py: an attribute of %d bytes' % length)
        yield kind, payload[4:length]
        payload = payload[(length + 3) & ~3:]
    if payload:
        sys.exit('message.py: %d bytes too many' % len(payload))


def decode_value(kind, payload):
    if kind in INTEGER:
        return str(struct.unpack(INTEGER[kind], payload)[0])
    if kind == 'u16 array':
        return ','.join(str(i) for i, in struct.iter_unpack('=H', payload))
    if len(payload) != {'ipv4': 4, 'ipv6': 16}[kind]:
        sys.exit('message.py: an address of %d bytes' % len(payload))
    return str(ipaddress.ip_address(payload))


def decode(payload, names):
    out = []
    for number, value in attributes(payload):
        for name, (known, kind) in names.items():
            if isinstance(kind, dict):
                if number == known | NESTED:
                    out.append(name + '{' + decode(value, kind) + '}')
                    break
            elif number == known:
                out.append(name + '=' + decode_value(kind, value))
                break
        else:
            out.append('%#x?%s' % (number, value.hex()))
    return ' '.join(out)


def show(content):
    while content:
        length, kind, flags = struct.unpack_from('=IHH', content)
        message, content = content[16:length], content[(length + 3) & ~3:]
        words = ['newlink' if kind == RTM_NEWLINK else 'type %d' % kind]
        words += [name for bit, name in FLAGS.items() if flags & bit]
        link_attributes = dict(attributes(message[16:]))
        info = dict(attributes(link_attributes[IFLA_LINKINFO]))
        words.append(info[INFO_KIND].rstrip(b'\0').decode())
        if INFO_DATA in info:
            words.append(decode(info[INFO_DATA], DATA))
        print(' '.join(word for word in words if word))


if __name__ == '__main__':
    if sys.argv[1] in ('link', 'stats'):
        write = {'link': link, 'stats': stats}[sys.argv[1]]
        sys.stdout.buffer.write(write(*sys.argv[2:]))
    else:
        with open(sys.argv[2], 'rb') as file:
            show(file.read())
