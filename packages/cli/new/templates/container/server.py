"""Label a notice as short or long: POST /score and GET /health on 8080, as every flow's container answers."""

import json
import signal
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

LONG_FROM = 12


def label(text: str) -> dict:
    words = len(text.split())
    return {"label": "long" if words >= LONG_FROM else "short", "words": words}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.path == "/health":
            self.answer(200, {"status": "Healthy"})
        else:
            self.answer(404, {"error": f"{self.path} is not served; /health and /score are"})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        if self.path != "/score":
            self.answer(404, {"error": f"{self.path} is not served; /health and /score are"})
            return
        try:
            text = json.loads(body)["text"]
        except (ValueError, KeyError, TypeError):
            text = None
        if isinstance(text, str):
            self.answer(200, label(text))
        else:
            self.answer(400, {"error": 'send JSON with a text: {"text": "..."}'})

    def answer(self, status: int, content: dict) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    # The first process of a container is deaf to SIGTERM unless it listens.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    ThreadingHTTPServer(("0.0.0.0", 8080), Handler).serve_forever()
