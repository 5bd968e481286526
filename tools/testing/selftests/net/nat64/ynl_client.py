#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Every operation of the family by the kernel's own YNL clients.

The clients know the family from its YAML only. They write all requests and read
all replies and events, which must not have attributes that are not in the YAML.
KTAP on standard output.

Environment: NAT64_YNL   folders with the sources of kernels (tools/net/ynl and
                         Documentation/netlink), separated by colons
"""
import ctypes
import ipaddress
import os
import socket
import subprocess
import sys
import time

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
SPEC = os.path.join(HERE, "../../../../../Documentation/netlink/specs",
                    "nat64.yaml")
CLONE_NEWNET = 0x40000000
SLOW = int(os.environ.get("NAT64_SLOW", "1"))
CREATE, REPLACE = 0x400, 0x100
STATEFUL, STATELESS = "n0", "n1"
TCP, ENOENT = 6, 2


def ip4(text):
    """The client of 6.12 accepts numbers only."""
    return int(ipaddress.IPv4Address(text))


def ip6(text):
    return socket.inet_pton(socket.AF_INET6, text)


def load(folder):
    """YnlFamily and NlError of a kernel's sources, and its schema. The client
    of 6.12 does not know the type pad.
    """
    old = not os.path.exists(os.path.join(folder, "tools/net/ynl/pyynl"))
    for path in "tools/net/ynl/pyynl", "tools/net/ynl":
        path = os.path.join(folder, path)
        if os.path.exists(os.path.join(path, "lib/ynl.py")):
            sys.path.insert(0, path)
            break
    import lib
    return lib, os.path.join(folder, "Documentation/netlink",
                             "genetlink-legacy.yaml"), old


def run(line):
    subprocess.run(line, shell=True, check=True)


class Client:
    """A client, and the operations it has used."""

    def __init__(self, folder):
        self.lib, self.schema, self.old = load(folder)
        self.family = self.new()
        self.driven = set()

    def new(self):
        return self.lib.YnlFamily(SPEC, schema=self.schema,
                                  process_unknown=self.old)

    def check(self, op, how, reply):
        """Check that the YAML has all received attributes."""
        known = self.family.ops[op].yaml[how].get("reply", {}).get(
            "attributes", [])
        for one in reply if isinstance(reply, list) else [reply]:
            other = set(one or {}) - set(known) - {"pad"}
            assert not other, "%s: %s" % (op, other)

    def do(self, op, vals, flags=0, family=None):
        reply = (family or self.family).do(op, vals,
                                           [flags] if flags else None)
        self.check(op, "do", reply)
        self.driven.add((op, "do"))
        return reply

    def dump(self, op, vals):
        reply = self.family.dump(op, vals)
        self.check(op, "dump", reply)
        self.driven.add((op, "dump"))
        return reply

    def refuses(self, error, op, vals, flags=0):
        """The request fails with a message and the path of the wrong attribute,
        if any."""
        try:
            self.family.do(op, vals, [flags] if flags else None)
        except self.lib.NlError as err:
            assert err.error in (error, -error), str(err)
            assert err.nl_msg.extack.get("msg"), str(err)
            return err.nl_msg.extack
        raise AssertionError(op + ": accepted")


def devices(_):
    run("ip link set lo up; ip link del n0 2>/dev/null; "
        "ip link del n1 2>/dev/null; "
        "ip link add n0 type nat64 pool6 64:ff9b::/96 pool4 192.0.2.1; "
        "ip link add n1 type nat64 mode stateless pool6 2001:db8:64::/96; "
        "ip link set n0 up; ip link set n1 up")


def mappings(client):
    dev = {"ifname": STATELESS}
    one = {"prefix4": ip4("198.18.1.0"), "len4": 24,
           "prefix6": ip6("2001:db8:1::"), "len6": 120}
    two = {"prefix4": ip4("198.18.2.1"), "prefix6": ip6("2001:db8:2::1")}
    client.do("eam-add", {**dev, "eam": [one, two]}, CREATE)
    found = client.dump("eam-get", dev)
    got = sorted((m["prefix4"], m["len4"], m["prefix6"], m["len6"])
                 for reply in found for m in reply["eam"])
    assert got == [("198.18.1.0", 24, "2001:db8:1::", 120),
                   ("198.18.2.1", 32, "2001:db8:2::1", 128)], got
    client.refuses(ENOENT, "eam-del", {**dev, "eam": [
        {"prefix4": ip4("198.18.9.1"), "prefix6": ip6("2001:db8:9::1")}]})
    client.do("eam-del", {**dev, "eam": [two]})
    client.do("eam-flush", dev)
    assert not client.dump("eam-get", dev)


HOST = {"proto": TCP, "addr6": ip6("2001:db8::1"), "port6": 80}


def bindings(client):
    dev = {"ifname": STATEFUL}
    added = {**HOST, "addr4": ip4("192.0.2.1"), "port4": 8080, "static": True}
    client.do("binding-add", {**dev, "binding": [added]}, CREATE)
    want = {"proto": TCP, "addr6": "2001:db8::1", "port6": 80,
            "addr4": "192.0.2.1", "port4": 8080, "static": True,
            "sessions": 0}
    for reply in (client.dump("binding-get", dev),
                  client.dump("binding-get", {**dev, "filter": {
                      "proto": TCP, "addr6": ip6("2001:db8::"), "len6": 64,
                      "static": 1}}),
                  [client.do("binding-get", {**dev, "binding": [HOST]})],
                  [client.do("binding-get", {**dev, "binding": [
                      {"proto": TCP, "addr4": ip4("192.0.2.1"),
                       "port4": 8080}]})]):
        assert len(reply) == 1 and reply[0]["binding"] == [want], reply
    client.do("binding-add", {**dev, "binding": [{**added, "port4": 8081}]},
              REPLACE)
    extack = client.refuses(ENOENT, "binding-get", {**dev, "binding": [
        {**HOST, "port6": 81}]})
    assert extack["msg"] == "no such binding", extack
    client.do("binding-del", {**dev, "binding": [HOST]})
    client.do("binding-flush", {**dev, "filter": {"static": 0}})
    assert not client.dump("binding-get", dev)


def sessions(client):
    dev = {"ifname": STATEFUL}
    one = {**HOST, "addr4": ip4("192.0.2.1"), "port4": 9, "remote4":
           ip4("198.51.100.1"), "remote-port": 443}
    client.do("session-add", {**dev, "session": [
        {**one, "state": "v4-fin-rcv", "expires": 100}]}, CREATE)
    key = {name: one[name] for name in one if name not in ("addr4", "port4")}
    for reply in (client.dump("session-get", dev),
                  client.dump("session-get", {**dev, "filter": {
                      "state": "v4-fin-rcv", "remote4": ip4("198.51.100.0"),
                      "remote-len": 24}}),
                  [client.do("session-get", {**dev, "session": [key]})]):
        assert len(reply) == 1, reply
        got = reply[0]["session"][0]
        assert 90 < got.pop("expires") <= 100, reply
        assert got == {
            "proto": TCP, "addr6": "2001:db8::1", "port6": 80,
            "addr4": "192.0.2.1", "port4": 9, "remote4": "198.51.100.1",
            "remote-port": 443, "remote6": "64:ff9b::c633:6401",
            "state": "v4-fin-rcv"}, got
    got = client.do("subscriber-get", {**dev, "subscriber": {
        "prefix6": ip6("2001:db8::1")}})
    assert got["subscriber"]["sessions"] == 1, got
    client.do("session-add", {**dev, "session": [{**one, "state": "trans"}]},
              REPLACE)
    two = {**one, "port6": 81, "port4": 10}
    got = client.do("session-set", {**dev, "keep": True, "session": [
        one, two, {**one, "port6": 82}]})["set-result"]
    assert {name: count for name, count in got.items() if count} == {
        "kept": 1, "added": 1, "taken": 1}, got
    client.do("session-del", {**dev, "session": [one, two]})
    client.do("session-flush", {**dev, "filter": {"state": "trans"}})
    assert not client.dump("session-get", dev)


def pool4(client):
    dev = {"ifname": STATEFUL}
    one = {"prefix": ip4("198.18.0.0"), "len": 24, "port-min": 1024,
           "port-max": 2047, "proto": TCP, "mark": 7}
    client.do("pool4-add", {**dev, "pool4-entry": [one]}, CREATE)
    client.refuses(95, "pool4-add", {**dev, "pool4-entry": [one]}, REPLACE)
    got = client.do("pool4-get", {**dev, "pool4-entry": [one]})
    use = got["pool4-use"][0]
    assert (use["proto"], use["total"], use["used"]) == (TCP, 256 * 1024, 0), \
        got
    client.do("pool4-del", {**dev, "pool4-entry": [one]})
    client.dump("pool4-get", dev)
    client.do("pool4-flush", dev)
    client.do("pool4-add", {**dev, "pool4-entry": [
        {"prefix": ip4("192.0.2.1"), "len": 32}]}, CREATE)


def replacements(client):
    client.refuses(ENOENT, "replace-commit", {})
    client.do("replace-begin", {"ifname": STATELESS, "tables": {"eam"}})
    client.do("replace-abort", {})
    index = socket.if_nametoindex(STATELESS)
    client.do("replace-begin", {"ifindex": index, "tables": {"eam"}})
    client.do("replace-add", {"eam": [
        {"prefix4": ip4("198.18.0.0") + i, "prefix6":
         ip6("2001:db8:1::%x" % i)} for i in range(100)]})
    client.do("replace-commit", {})
    assert len(client.dump("eam-get", {"ifindex": index})) == 100
    client.do("replace-begin", {"ifname": STATEFUL, "tables": {"pool4"}})
    client.do("replace-add", {"pool4-entry": [
        {"prefix": ip4("192.0.2.1"), "len": 32}]})
    client.do("replace-commit", {})


def others(client):
    """The other operations, which need nothing but a device."""
    for name, op in client.family.ops.items():
        for how in "do", "dump":
            if how not in op.yaml or (name, how) in client.driven:
                continue
            errors = []
            for dev in STATEFUL, STATELESS:
                try:
                    getattr(client, how)(name, {"ifname": dev})
                except client.lib.NlError as err:
                    errors.append(str(err))
            assert len(errors) < 2, "%s %s: %s" % (name, how, errors)


def hear(listener, found):
    """All received events; the client of 6.12 returns a list."""
    waiting = listener.async_msg_queue
    listener.check_ntf()
    while waiting if isinstance(waiting, list) else not waiting.empty():
        event = waiting.pop() if isinstance(waiting, list) else waiting.get()
        known = listener.ntfs[event["name"]].yaml["event"]["attributes"]
        other = set(event["msg"]) - set(known) - {"pad"}
        assert not other, "%s: %s" % (event["name"], other)
        found[event["name"], event["msg"]["event"]] = event["msg"]


def heard(client, listeners, wanted):
    """Wait until all of these events have arrived; return the messages."""
    found, end = {}, time.monotonic() + 10 * SLOW
    while set(wanted) - set(found):
        assert time.monotonic() < end, "only %s" % sorted(found)
        for listener in listeners:
            hear(listener, found)
        time.sleep(0.05)
    client.driven.update((name, "event") for name, _ in found)
    return found


def events(client):
    # a client joins one group
    listeners = []
    for group in client.family.mcast_groups:
        listeners.append(client.new())
        listeners[-1].ntf_subscribe(group)
    run("ip link set n0 type nat64 max-bindings 1 "
        "pool4 192.0.2.1 ports 1000-1001 pool4-high-threshold 50 "
        "pool4-low-threshold 20; "
        "ip route replace 64:ff9b::/96 dev n0; "
        "ip -6 route replace local 2001:db8:1::/64 dev lo; "
        "echo 1 >/proc/sys/net/ipv4/ip_forward")
    for port in 1001, 1002:
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as sock:
            # IPV6_FREEBIND
            sock.setsockopt(socket.IPPROTO_IPV6, 78, 1)
            sock.bind(("2001:db8:1::1", port))
            sock.sendto(b"x", ("64:ff9b::198.51.100.1", 53))
    client.do("binding-flush", {"ifname": STATEFUL})
    found = heard(client, listeners, [
        ("binding-ntf", "binding-create"), ("binding-ntf", "binding-delete"),
        ("session-ntf", "session-create"), ("session-ntf", "session-delete"),
        ("exhausted-ntf", "quota-exceeded"),
        ("threshold-ntf", "threshold-reached")])
    got = found["session-ntf", "session-create"]
    assert got["ifname"] == STATEFUL, got
    session = got["session"][0] if isinstance(got["session"], list) else \
        got["session"]
    assert session["remote4"] == "198.51.100.1", got
    quota = found["exhausted-ntf", "quota-exceeded"]["exhausted"]["quota"]
    assert quota == "subscriber", quota


def complete(client):
    wanted = set()
    for name, op in client.family.ops.items():
        wanted |= {(name, how) for how in ("do", "dump") if how in op.yaml}
    wanted |= {(name, "event") for name in client.family.ntfs}
    assert not wanted - client.driven, sorted(wanted - client.driven)


TESTS = [devices, mappings, bindings, sessions, pool4, replacements, others,
         events, complete]


def run_client(folder):
    """Print one line for each test, including the reason of a failure."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET):
        sys.exit("unshare: " + os.strerror(ctypes.get_errno()))
    client = Client(folder)
    for test in TESTS:
        try:
            test(client)
        except Exception as why:  # whatever the client raises
            print("not ok %s # %s: %s" % (test.__name__, type(why).__name__,
                                          str(why).replace("\n", " ")))
        else:
            print("ok " + test.__name__)
        sys.stdout.flush()


def main():
    if len(sys.argv) > 1:
        run_client(sys.argv[1])
        return
    # not for the client, which may have modules of these names
    from ktap import need_nat64, skip_all

    folders = [f for f in os.environ.get("NAT64_YNL", "").split(":") if f]
    if not folders:
        skip_all("no YNL clients")
    need_nat64()
    print("TAP version 13")
    print("1..%d" % (len(folders) * len(TESTS)))
    number = failed = 0
    for folder in folders:
        got = subprocess.run([sys.executable, "-Bs", __file__, folder],
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                             check=False).stdout.decode().splitlines()
        results = {}
        for line in got:
            words = line.split(" ")
            at = 2 if words[0] == "not" else 1
            if line.startswith(("ok ", "not ok ")):
                results[words[at]] = line
            else:
                print("# " + line)
        for test in TESTS:
            number += 1
            line = results.get(test.__name__, "not ok %s # did not run" %
                               test.__name__)
            bad = line.startswith("not ok")
            failed += bad
            print("%s %d %s: %s" % ("not ok" if bad else "ok", number,
                                    os.path.basename(folder),
                                    line.split("ok ", 1)[1].split(" # ")[0]))
            if bad:
                print("# " + line.split(" # ", 1)[1])
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
