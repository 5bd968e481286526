#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Serves the files of a folder by HTTP: web.py ADDRESS PORT FOLDER

Like "python3 -m http.server", but does not resolve its own name, which takes
long without a name server.
"""
import functools
import http.server
import socket
import socketserver
import sys


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


def main():
    address, port, folder = sys.argv[1:]
    if ":" in address:
        Server.address_family = socket.AF_INET6
    handler = functools.partial(http.server.SimpleHTTPRequestHandler,
                                directory=folder)
    Server((address, int(port)), handler).serve_forever()


if __name__ == "__main__":
    main()
