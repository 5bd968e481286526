#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""page.py ADDRESS PORT: a web server that tells callers who they are.

/ is one sentence, /big is always the same 10 MB.
"""

import http.server
import random
import sys

BIG = 10_000_000


class Page(http.server.BaseHTTPRequestHandler):
    """Answers GET."""

    def do_GET(self):
        here, there = self.server.server_address[0], self.client_address[0]
        if self.path == "/big":
            body = random.Random(64).randbytes(BIG)
        elif self.path == "/":
            body = (f"Hello {there}, this is {here},"
                    " and I have never heard of IPv6.\n").encode()
        else:
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        """Be silent."""


http.server.HTTPServer((sys.argv[1], int(sys.argv[2])), Page).serve_forever()
