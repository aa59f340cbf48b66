"""Turns a HAR file, as browsers and proxies write it, into a history for `action-oracle check`.

    python3 har.py run.har ops=db_member > run.jsonl

USER=ROLE says the role of a user of Basic auth; without it a user is an admin. A HAR has times in milliseconds: calls that
may have overlapped are taken to have overlapped. What is not under /v1/ is left out.
"""
import base64
import datetime
import json
import sys
from urllib.parse import urlsplit


def body(text):
    if not text:
        return ""
    try:
        json.loads(text)
        return ', "body": ' + " ".join(text.splitlines())
    except ValueError:
        return ', "body_text": ' + json.dumps(text)


def asked(entry, roles):
    request = entry["request"]
    headers = {header["name"].lower(): header["value"] for header in request["headers"]}
    url, text = urlsplit(request["url"]), request.get("postData", {}).get("text")
    record = {"method": request["method"], "path": url.path + ("?" + url.query if url.query else "")}
    scheme, _, secret = headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        record.update(role=None, credentials="missing")
    elif entry["response"]["status"] == 401:
        record.update(role=None, credentials="wrong")
    else:
        user = base64.b64decode(secret).decode("utf-8", "replace").partition(":")[0]
        record["role"] = roles.get(user, "admin")
    if text and headers.get("content-type") != "application/json":
        record["headers"] = {"content-type": headers.get("content-type")}
    return record, body(text)


def answered(entry):
    response, content = entry["response"], entry["response"].get("content", {})
    if not response["status"]:
        return {"kind": "lost"}, ""
    text = content.get("text")
    if content.get("encoding") == "base64":
        text = base64.b64decode(text).decode("utf-8", "replace")
    return {"kind": "return", "status": response["status"]}, body(text)


def main(path, *pairs):
    roles = dict(pair.split("=", 1) for pair in pairs)
    with open(path, encoding="utf-8-sig") as file:
        entries = [it for it in json.load(file)["log"]["entries"] if "/v1/" in urlsplit(it["request"]["url"]).path]
    lines = []
    for number, entry in enumerate(entries, 1):
        start = datetime.datetime.fromisoformat(entry["startedDateTime"].replace("Z", "+00:00")).timestamp() * 1000
        record, text = asked(entry, roles)
        # A millisecond earlier and later than written; of the same time, what begins comes first.
        lines.append((int(start) - 1, 0, number, {"kind": "invoke", "client": f"c{number}", **record}, text))
        lines.append((int(start + entry["time"]) + 1, 1, number, *answered(entry)))
    lines.sort(key=lambda line: line[:3])
    print('{"format": "action-oracle/history", "version": 1, "initial": "unknown", "source": "a HAR file"}')
    for time, _, number, record, text in lines:
        record.update(id=number, time=(time - lines[0][0]) * 1000)
        print(json.dumps(record)[:-1] + text + "}")
    print(json.dumps({"kind": "end", "records": len(lines)}))


if __name__ == "__main__":
    main(*sys.argv[1:])
