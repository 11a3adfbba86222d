"""Rate how hard a text is to read: a flow without prompt flow, behind the same serving contract."""

import json
import os
import re
import signal
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

LONG_WORD = 7
HARD_FROM = 40
NOT_SERVED = "{} is not served; /health, /score and /feedback are"


def rate(text: str) -> dict:
    """
    The LIX measure: words per sentence, plus the percentage of words longer than six letters. From 40 on a
    text counts as hard.
    """
    words = re.findall(r"[^\W\d_]+", text)
    sentences = max(1, len(re.findall(r"[.!?:]+(?:\s|$)", text)))
    if not words:
        return {"lix": 0.0, "level": "easy", "words": 0}
    long_words = sum(len(word) >= LONG_WORD for word in words)
    lix = round(len(words) / sentences + 100 * long_words / len(words), 1)
    return {"lix": lix, "level": "hard" if lix >= HARD_FROM else "easy", "words": len(words)}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.path == "/health":
            self.answer(200, {"status": "Healthy"})
        else:
            self.answer(404, {"error": NOT_SERVED.format(self.path)})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        if self.path == "/feedback":
            # The log is where a container's feedback is read from.
            print(json.dumps({"feedback": body.decode("utf-8", "replace")}), flush=True)
            self.answer(200, {})
            return
        if self.path != "/score":
            self.answer(404, {"error": NOT_SERVED.format(self.path)})
            return
        try:
            text = json.loads(body)["text"]
        except (ValueError, KeyError, TypeError):
            text = None
        if isinstance(text, str):
            self.answer(200, rate(text))
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
    address = (os.environ.get("HOST", "0.0.0.0"), int(os.environ.get("PORT", "8080")))
    ThreadingHTTPServer(address, Handler).serve_forever()
