// Writes what fetch asks and is answered as a history for `action-oracle check`.
//
//   const history = new History("run.jsonl", { initial: "empty" });
//   const fetch = history.recorded(globalThis.fetch, { client: "c1", role: "admin" });
//   ...
//   history.end();
import { writeSync, openSync } from "node:fs";

export class History {
  constructor(path, header = {}) {
    this.file = openSync(path, "w");
    [this.ids, this.records, this.began] = [0, -1, process.hrtime.bigint()];
    this.write({ format: "action-oracle/history", version: 1, initial: "unknown", ...header });
  }

  // Adds a line. `text` is the body as it was sent: numbers stay as they were written.
  write(record, text) {
    if (record.kind) record.time = Number((process.hrtime.bigint() - this.began) / 1000n);
    this.records += 1;
    writeSync(this.file, JSON.stringify(record).slice(0, -1) + body(text) + "}\n");
  }

  end() {
    this.write({ kind: "end", records: this.records });
  }

  // One call is one attempt on the wire: a redirect would be none of the interface.
  recorded(fetch, { client = "c0", role = "admin" } = {}) {
    return async (url, options = {}) => {
      const id = (this.ids += 1);
      const { pathname, search } = new URL(url);
      const [method, kind] = [options.method ?? "GET", new Headers(options.headers).get("content-type")];
      const headers = options.body && kind !== "application/json" ? { headers: { "content-type": kind ?? "text/plain" } } : {};
      this.write({ kind: "invoke", id, client, role, method, path: pathname + search, ...headers }, options.body);
      try {
        const response = await fetch(url, { ...options, redirect: "manual" });
        this.write({ kind: "return", id, status: response.status }, await response.clone().text());
        return response;
      } catch (error) {
        this.write({ kind: "lost", id, why: String(error) });
        throw error;
      }
    };
  }
}

function body(text) {
  if (!text) return "";
  try {
    JSON.parse(text);
    return `,"body":${text.replace(/[\r\n]/g, " ")}`;
  } catch {
    return `,"body_text":${JSON.stringify(text)}`;
  }
}
