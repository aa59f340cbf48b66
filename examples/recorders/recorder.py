"""Writes what a requests.Session asks and is answered as a history for `action-oracle check`.

    history = History("run.jsonl", initial="empty")
    session.mount("https://", Recorder(history, client="c1", role="admin"))
    ...
    history.end()

Sessions of several threads share one History and have a Recorder each. A retry is a call of its own.
"""
import itertools
import json
import threading
import time

from requests.adapters import HTTPAdapter


class History:
    def __init__(self, path, **header):
        self.lock, self.ids, self.began = threading.Lock(), itertools.count(1), time.monotonic()
        self.file, self.records = open(path, "w", encoding="utf-8"), 0
        header = {"format": "action-oracle/history", "version": 1, "initial": "unknown", **header}
        self.file.write(json.dumps(header) + "\n")

    def write(self, record, text=None):
        """Adds a line. `text` is the body as it was sent: numbers stay as they were written."""
        with self.lock:
            record["time"] = int((time.monotonic() - self.began) * 1e6)
            self.records += record["kind"] != "end"
            self.file.write(json.dumps(record)[:-1] + body(text) + "}\n")
            self.file.flush()

    def end(self):
        self.write({"kind": "end", "records": self.records})


def body(text):
    if not text:
        return ""
    text = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    try:
        json.loads(text)
        return ', "body": ' + " ".join(text.splitlines())
    except ValueError:
        return ', "body_text": ' + json.dumps(text)


class Recorder(HTTPAdapter):
    def __init__(self, history, client="c0", role="admin", **options):
        super().__init__(**options)
        self.history, self.client, self.role = history, client, role

    def send(self, request, **options):
        call, usual = next(self.history.ids), "application/json"
        kind = request.headers.get("Content-Type")
        invoke = {"kind": "invoke", "id": call, "client": self.client, "role": self.role}
        invoke.update(method=request.method, path=request.path_url)
        if request.body and kind != usual:
            invoke["headers"] = {"content-type": kind}
        self.history.write(invoke, request.body)
        try:
            response = super().send(request, **options)
            text = response.content
        except Exception as error:
            self.history.write({"kind": "lost", "id": call, "why": str(error)})
            raise
        self.history.write({"kind": "return", "id": call, "status": response.status_code}, text)
        return response
