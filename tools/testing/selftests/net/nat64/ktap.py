# SPDX-License-Identifier: GPL-2.0
"""Tests in a network namespace of their own, with their results as KTAP."""
import ctypes
import os
import signal
import socket
import subprocess
import sys
import traceback

from netlink import Fail, Link, EOPNOTSUPP, SLOW

KSFT_SKIP = 4
CLONE_NEWNET = 0x40000000


def skip_all(reason):
    print("TAP version 13\n1..0 # SKIP " + reason, flush=True)
    sys.exit(KSFT_SKIP)


def need_nat64():
    """Skip the script unless the kernel supports the link type. The name is
    invalid, so that no device is created."""
    link = Link()
    if link.add(name="default")[0] == EOPNOTSUPP:
        skip_all("no nat64 module")
    link.sock.close()


def alone():
    """Enter a new network namespace; needs nat64."""
    if os.geteuid():
        skip_all("needs root")
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWNET):
        sys.exit("unshare: " + os.strerror(ctypes.get_errno()))
    need_nat64()


def unprivileged(run):
    """Call run() as a user without capabilities; return its number."""
    child = os.fork()
    if not child:
        status = 1
        try:
            os.setgroups([])
            os.setresgid(65534, 65534, 65534)
            os.setresuid(65534, 65534, 65534)
            status = run() or 0
        except Fail as why:
            print("# %s" % why, flush=True)
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def clear_links():
    """Restore the initial state of the namespace."""
    for _, name in socket.if_nameindex():
        if name != "lo":
            subprocess.run(["ip", "link", "del", name], check=False)


def too_long(*_):
    raise Fail("out of time")


def run_tests(tests):
    """Run tests (name, function), print KTAP, return the exit status. Clean up
    after a failed test."""
    print("TAP version 13\n1..%d" % len(tests), flush=True)
    failed = 0
    signal.signal(signal.SIGALRM, too_long)
    for number, (name, run) in enumerate(tests, 1):
        signal.alarm(600 + 240 * SLOW)
        try:
            run()
        except Exception as why:
            failed += 1
            text = str(why)
            if not isinstance(why, Fail):
                text = traceback.format_exc()
            print("not ok %d %s\n# %s" % (number, name, text.replace(
                "\n", "\n# ")), flush=True)
            clear_links()
        else:
            print("ok %d %s" % (number, name), flush=True)
        signal.alarm(0)
    clear_links()
    return 1 if failed else 0
