#!/usr/bin/env python3
"""A service on this machine for one test, good or hostile as its script says.

usage: service.py FOLDER [KEY_AND_CERTIFICATE.pem]

Prints its port, then answers until its standard input ends. The answer to request N (from 0) is
FOLDER/N.json, the last one again for later requests:
  {"status": 200, "headers": {…}, "body": "<base64>", "wait": seconds, "how": "whole"}
"how": "truncated" promises more than it sends, "endless" never ends, "silent" closes at once,
"program" answers with what the program in "body" (base64 of its text) prints for the request's body.
Each request is kept as FOLDER/N.request: its first line, its headers, an empty line, its body.
"""
import base64
import http.server
import json
import os
import pathlib
import ssl
import subprocess
import sys
import threading
import time

FOLDER = pathlib.Path(sys.argv[1])
LOCK = threading.Lock()
COUNT = 0


def next_number():
    global COUNT
    with LOCK:
        COUNT += 1
        return COUNT - 1


def answer_to(number):
    while number > 0 and not (FOLDER / f"{number}.json").exists():
        number -= 1
    return json.loads((FOLDER / f"{number}.json").read_text())


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def keep(self, number, body):
        head = "".join(f"{name}: {value}\n" for name, value in self.headers.items())
        (FOLDER / f"{number}.request").write_bytes(
            f"{self.requestline}\n{head}\n".encode() + body)

    def answer(self):
        number = next_number()
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.keep(number, body)
        said = answer_to(number)
        time.sleep(said.get("wait", 0))
        how, content = said.get("how", "whole"), base64.b64decode(said.get("body", ""))
        self.close_connection = True
        if how == "silent":
            return
        if how == "program":
            content = subprocess.run(["sh", "-c", content.decode()], input=body, check=True,
                                     stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
        self.send_response(said.get("status", 200))
        for name, value in said.get("headers", {}).items():
            self.send_header(name, value)
        self.send_header("Connection", "close")
        if how != "endless":
            self.send_header("Content-Length", str(len(content) + (how == "truncated")))
        self.end_headers()
        self.wfile.write(content)
        while how == "endless":
            self.wfile.write(b"x" * 65536)

    do_GET = do_POST = answer


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        pass  # a client that has seen enough hangs up


server = Server(("127.0.0.1", 0), Handler)
if len(sys.argv) > 2:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(sys.argv[2])
    server.socket = tls.wrap_socket(server.socket, server_side=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(server.server_address[1], flush=True)
sys.stdin.read()
os._exit(0)
