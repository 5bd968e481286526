#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""FTP in extended passive mode (RFC 2428), both ends.

	ftp.py serve ADDRESS PORT	one file, in memory, until killed
	ftp.py transfer ADDRESS PORT SIZE
				stores random bytes and gets them back

The client is Python's own, which uses EPSV over IPv6 and prints nothing of
what the server says.
"""
import ftplib
import io
import os
import socket
import sys

SLOW = int(os.environ.get("NAT64_SLOW", "1"))


def read_all(conn):
    data = b""
    while True:
        part = conn.recv(65536)
        if not part:
            return data
        data += part


def session(control, address):
    """One control connection. No active mode, and no PASV."""
    lines = control.makefile("rwb", 0)
    stored, data = b"", None

    def say(text):
        lines.write(text.encode() + b"\r\n")

    say("220 ready")
    for line in lines:
        word = line.split()[0].upper()
        if word == b"USER":
            say("230 come in")
        elif word in (b"TYPE", b"NOOP"):
            say("200 yes")
        elif word == b"EPSV":
            data = socket.create_server((address, 0))
            say("229 entering (|||%d|)" % data.getsockname()[1])
        elif word in (b"STOR", b"RETR") and data:
            say("150 go on")
            conn, _ = data.accept()
            with conn:
                if word == b"STOR":
                    stored = read_all(conn)
                else:
                    conn.sendall(stored)
            data.close()
            data = None
            say("226 done")
        elif word == b"QUIT":
            say("221 bye")
            break
        else:
            say("502 not here")


def serve(address, port):
    listener = socket.create_server((address, int(port)))
    while True:
        control, _ = listener.accept()
        with control:
            session(control, address)


def transfer(address, port, size):
    content = os.urandom(int(size))
    got = io.BytesIO()
    with ftplib.FTP(timeout=80 * SLOW) as ftp:
        ftp.connect(address, int(port))
        ftp.login()
        ftp.storbinary("STOR file", io.BytesIO(content))
        ftp.retrbinary("RETR file", got.write)
        ftp.quit()
    if got.getvalue() != content:
        sys.exit("%d bytes came back, not the same" % len(got.getvalue()))


if __name__ == "__main__":
    {"serve": serve, "transfer": transfer}[sys.argv[1]](*sys.argv[2:])
