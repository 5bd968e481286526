#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Events over generic netlink: cause, lifetime and requester of ended bindings
and sessions, and the number of lost events.

Each cause is produced in the usual way. KTAP on standard output.
"""
import errno
import socket
import subprocess
import sys

sys.dont_write_bytecode = True
from netlink import ip4, nest, number, u8, u32, Fail, Family, Link, SLOW
from ktap import alone, run_tests
from eam_netlink import name
from events_netlink import (packet4, packet6, Device, BEGAN, BINDING_END,
                            BINDING_NEW, BINDING_NTF, CAUSE, HOST,
                            PEER, SEQ, SESSION_END, SESSION_NEW, SESSION_NTF,
                            T, U)
from link_netlink import (ports, ENTRY, LEN, LIMITS, MAX_TOTAL, POOL4, PREFIX, TCP_TRANS,
                          TIMEOUTS)
from state_netlink import (binding, match, session, State, BINDING,
                           B_ADD, B_DEL, B_FLUSH, EXPIRES, F_PROTO,
                           SESSION, S_ADD, S_DEL, S_FLUSH, TCP, UDP)

(EXPIRED, CLOSED, RESET, DELETED, FLUSHED, REPLACED, REFUSED, POOL4_CHANGED,
 ADDRESS_GONE, DEVICE_GONE, DEVICE_MOVED) = range(1, 12)
P_ADD, P_DEL, P_FLUSH = 17, 18, 19
POOL4_ENTRY = 12
EEXIST, EDQUOT = 17, 122
SO_RCVBUFFORCE = 33
FIN, RST, ACK = 1, 4, 16


def entry(kind, addr, low=2000, high=2000):
    return nest(kind, ip4(PREFIX, addr), u8(LEN, 32), ports(low, high))


def the_session(proto=UDP, port6=5000, port4=2000, more=()):
    return session(proto, HOST, port6, T, port4, remote=PEER, rport=53,
                   more=more)


def the_binding(proto=UDP):
    return binding(proto, HOST, 5000, T, 2000)


def by_packet(device, packet):
    device.send(packet)
    for cmd, code, kind in ((BINDING_NTF, BINDING_NEW, BINDING),
                            (SESSION_NTF, SESSION_NEW, SESSION)):
        device.event(cmd, code, kind)
        requested(device, None)
    device.born = number(device.top[BEGAN])


def requested(device, table):
    """The event has the port ID of this socket if it was requested, else
    none."""
    wanted = table.port if table else 0
    if device.portid != wanted:
        raise Fail("port id %d, not %d" % (device.portid, wanted))


def made(device, *sessions):
    """Create entries by request and check the events."""
    device.table.must(S_ADD, name(), *sessions)
    for _ in sessions:
        for cmd, code, kind in ((BINDING_NTF, BINDING_NEW, BINDING),
                                (SESSION_NTF, SESSION_NEW, SESSION)):
            device.event(cmd, code, kind)
            requested(device, device.table)
    device.born = number(device.top[BEGAN])


def ended(device, cause, table=None, kinds=(SESSION, BINDING)):
    """The last session and its binding end with the same cause."""
    for kind in kinds:
        if kind == SESSION:
            device.event(SESSION_NTF, SESSION_END, kind)
        else:
            device.event(BINDING_NTF, BINDING_END, kind)
        if number(device.top[CAUSE]) != cause:
            raise Fail("cause %d, not %d" % (number(device.top[CAUSE]),
                                             cause))
        requested(device, table)
        # Both were made at the same time, or nearly.
        if abs(number(device.top[BEGAN]) - device.born) > 1000 * SLOW:
            raise Fail("began %d, not %d" % (number(device.top[BEGAN]),
                                             device.born))


def segment(packet, offset, flags):
    """Send a TCP segment other than a SYN."""
    at = offset + 13
    return packet[:at] + bytes([flags]) + packet[at + 1:]


def from6(flags):
    return segment(packet6(TCP), 40, flags)


def from4(flags):
    return segment(packet4(TCP, T, 2000, PEER, 53), 20, flags)


def expired(link):
    """Start and end events of an entry agree on its start time."""
    device = Device(link)
    device.table.must(S_ADD, name(), the_session(more=[u32(EXPIRES, 2)]))
    began = {}
    for kind, cmd, code in ((BINDING, BINDING_NTF, BINDING_NEW),
                            (SESSION, SESSION_NTF, SESSION_NEW)):
        device.event(cmd, code, kind)
        requested(device, device.table)
        began[kind] = device.top[BEGAN]
    for kind, cmd, code in ((SESSION, SESSION_NTF, SESSION_END),
                            (BINDING, BINDING_NTF, BINDING_END)):
        device.event(cmd, code, kind)
        if number(device.top[CAUSE]) != EXPIRED:
            raise Fail("cause %d" % number(device.top[CAUSE]))
        requested(device, None)
        if device.top[BEGAN] != began[kind]:
            raise Fail("began %d, then %d" % (number(began[kind]),
                                              number(device.top[BEGAN])))
    device.silence()


def tcp_device(link):
    device = Device(link, nest(TIMEOUTS, u32(TCP_TRANS, 1)))
    made(device, the_session(TCP))
    return device


def closed(link):
    device = tcp_device(link)
    device.send(from6(FIN | ACK))
    device.send(from4(FIN | ACK))
    ended(device, CLOSED)


def reset(link, packet):
    device = tcp_device(link)
    device.send(packet)
    ended(device, RESET)


def revived(link):
    """A session that continues after an RST and is closed later was not
    reset."""
    device = tcp_device(link)
    for packet in (from6(RST | ACK), from6(ACK), from4(FIN | ACK),
                   from6(FIN | ACK)):
        device.send(packet)
    ended(device, CLOSED)


def half_closed(link):
    device = tcp_device(link)
    device.send(from6(FIN | ACK))
    device.send(from4(RST))
    ended(device, RESET)


def deleted(link):
    device = Device(link)
    for cmd, what in ((S_DEL, the_session()), (B_DEL, the_binding())):
        by_packet(device, packet6(UDP))
        device.table.must(cmd, name(), what)
        ended(device, DELETED, device.table)
    device.silence()


def flushed(link):
    device = Device(link)
    for cmd in S_FLUSH, B_FLUSH:
        by_packet(device, packet6(UDP))
        device.table.must(cmd, name(), match(u8(F_PROTO, UDP)))
        ended(device, FLUSHED, device.table)
    device.silence()


def undone(link):
    """All or nothing: entries before the invalid one are removed again."""
    device = Device(link)
    by_packet(device, packet6(UDP))
    device.table.must_refuse(
        S_ADD, [name(), the_session(TCP), the_session(UDP)], EEXIST, "")
    device.event(BINDING_NTF, BINDING_NEW, BINDING)
    device.event(SESSION_NTF, SESSION_NEW, SESSION)
    ended(device, DELETED, device.table)
    device.silence()


def refused(link):
    """The binding created for a session that a limit refuses."""
    device = Device(link, nest(LIMITS, u32(MAX_TOTAL, 1)))
    made(device, the_session())
    device.table.must_refuse(S_ADD, [name(), the_session(TCP)], EDQUOT, "")
    device.event(BINDING_NTF, BINDING_NEW, BINDING)
    ended(device, REFUSED, device.table, (BINDING,))
    device.silence()


def pool4(link):
    """A change by rtnetlink has no requester, one by the family has."""
    device = Device(link)
    by_packet(device, packet6(UDP))
    error, message = link.set(nest(POOL4, entry(ENTRY, U)))
    if error:
        raise Fail("pool4: %d %s" % (error, message))
    ended(device, POOL4_CHANGED)
    for cmd, what in ((P_DEL, [entry(POOL4_ENTRY, T)]), (P_FLUSH, [])):
        device.table.must(P_FLUSH, name())
        device.table.must(P_ADD, name(), entry(POOL4_ENTRY, T))
        by_packet(device, packet6(UDP))
        device.table.must(cmd, name(), *what)
        ended(device, POOL4_CHANGED, device.table)
    device.silence()


def run(line):
    subprocess.run(line.split(), check=True)


def address_gone(link):
    """The host loses an address; bindings in pool4 stay."""
    device = Device(link)
    run("ip link set lo up")
    run("ip addr add %s/32 dev lo" % T)
    by_packet(device, packet6(UDP))
    run("ip addr del %s/32 dev lo" % T)
    device.silence()
    device.table.must(B_FLUSH, name())
    ended(device, FLUSHED, device.table)

    run("ip addr add %s/32 dev lo" % T)
    run("ip route add %s/32 dev lo src %s" % (PEER, T))
    run("ip link set n0 type nat64 pool4 host")
    by_packet(device, packet6(UDP))
    run("ip addr del %s/32 dev lo" % T)
    ended(device, ADDRESS_GONE)
    device.silence()


def device_gone(link):
    """Deletion of the device ends all sessions and bindings, including static
    ones."""
    device = Device(link)
    by_packet(device, packet6(UDP))
    device.table.must(B_ADD, name(), the_binding(TCP))
    device.event(BINDING_NTF, BINDING_NEW, BINDING)
    requested(device, device.table)
    device.born = number(device.top[BEGAN])
    link.delete()
    kinds = []
    for _ in range(3):
        message = device.listener.receive()[0]
        top = message.attrs
        kinds.append(SESSION if SESSION in top else BINDING)
        if number(top[CAUSE]) != DEVICE_GONE or message.port:
            raise Fail("cause %d, port id %d" % (number(top[CAUSE]),
                                                 message.port))
    if sorted(kinds) != [BINDING, BINDING, SESSION]:
        raise Fail("events of %s" % kinds)
    device.silence()


def device_moved(link):
    device = Device(link)
    by_packet(device, packet6(UDP))
    with subprocess.Popen(["unshare", "-n", "sh", "-c", "echo; read line"],
                          stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE) as other:
        other.stdout.readline()
        subprocess.run(["ip", "link", "set", "n0", "netns",
                        str(other.pid)], check=True)
        ended(device, DEVICE_MOVED)
        device.silence()


def requester(link):
    """A socket that requests and listens gets no events of its own requests."""
    device = Device(link)
    own, other = State().listen("binding", "session"), State()
    # The answer is all there is on that socket.
    own.must(S_ADD, name(), the_session())
    own.must(S_FLUSH, name())
    own.sock.setblocking(False)
    try:
        raise Fail("heard: %s" % own.receive()[0].body.hex())
    except BlockingIOError:
        pass
    for cmd, code, kind in ((BINDING_NTF, BINDING_NEW, BINDING),
                            (SESSION_NTF, SESSION_NEW, SESSION),
                            (SESSION_NTF, SESSION_END, SESSION),
                            (BINDING_NTF, BINDING_END, BINDING)):
        device.event(cmd, code, kind)
        requested(device, own)
    other.must(S_ADD, name(), the_session())
    for _ in range(2):
        message = own.receive()[0]
        if message.port != other.port:
            raise Fail("port id %d" % message.port)
        # Its own are missing: two of bindings, two of sessions.
        if number(message.attrs[SEQ]) != 3:
            raise Fail("seq %d" % number(message.attrs[SEQ]))


def receive(listener):
    """Sequence numbers of all queued events, and how often recv() failed."""
    seen, errors = [], 0
    listener.sock.setblocking(False)
    while True:
        try:
            message = listener.receive()[0]
        except BlockingIOError:
            return seen, errors
        except OSError as error:
            if error.errno != errno.ENOBUFS:
                raise
            errors += 1
        else:
            seen.append(number(message.attrs[SEQ]))


def lost(link):
    """Gaps of sequence numbers are as large as the number of lost events."""
    device = Device(link, pool=((T, 2000, 2999),))
    slow = Family().listen("session")
    slow.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    fast = Family().listen("session")
    fast.sock.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 1 << 22)
    count = 200
    device.table.must(S_ADD, name(), *[
        the_session(port6=5000 + i, port4=2000 + i) for i in range(count)])
    seen, errors = receive(slow)
    if not errors or not 0 < len(seen) < count:
        raise Fail("%d events, %d errors" % (len(seen), errors))
    # The next one tells how many those were.
    device.table.must(S_ADD, name(), the_session(port6=6000, port4=2500))
    more, errors = receive(slow)
    if errors or len(more) != 1:
        raise Fail("then %d events, %d errors" % (len(more), errors))
    everything, errors = receive(fast)
    if errors or everything != list(range(everything[0],
                                          everything[0] + count + 1)):
        raise Fail("%d errors, %s" % (errors, everything))
    if more[0] != everything[-1] or not set(seen) < set(everything):
        raise Fail("seen %s and %s" % (seen, more))
    gaps = sum(b - a - 1 for a, b in zip(seen, seen[1:] + more))
    if gaps != count - len(seen):
        raise Fail("%d are missing, %d numbers" % (count - len(seen), gaps))


def main():
    alone()
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    link = Link()
    tests = [("cause: " + what, lambda r=run: r(link)) for what, run in (
        ("expired, and when it began", expired),
        ("closed by both ends", closed),
        ("reset by IPv6", lambda link: reset(link, from6(RST))),
        ("reset by IPv4", lambda link: reset(link, from4(RST | ACK))),
        ("reset when half closed", half_closed),
        ("closed, after an RST that ended nothing", revived),
        ("deleted", deleted), ("flushed", flushed),
        ("a request that is undone", undone), ("refused", refused),
        ("pool4", pool4), ("address gone", address_gone),
        ("device gone", device_gone), ("device moved", device_moved))]
    tests += [("who requests does not hear of it", lambda: requester(link)),
              ("lost events are missing numbers", lambda: lost(link))]
    sys.exit(run_tests(tests))


if __name__ == "__main__":
    main()
