// One run to its end, recorded. Arguments: the folder of the recorder, the URL, the history.
const [folder, url, path] = process.argv.slice(2);
const { History } = await import(`${folder}/recorder.mjs`);
const history = new History(path, { initial: "empty", edition: "E-74" });
const fetch = history.recorded(globalThis.fetch);
const place = `${url}/v1/nodes/1/actions/maintenance_on`;
const headers = { authorization: `Basic ${btoa("admin:admin")}`, "content-type": "application/json" };
await fetch(place, { method: "POST", headers, body: "{}" });
while ((await (await fetch(place, { headers })).json()).status !== "completed") await new Promise((go) => setTimeout(go, 10));
await fetch(place, { method: "POST", headers, body: "{" });
await fetch(place, { method: "DELETE", headers });
await fetch(place, { headers });
await fetch("http://127.0.0.1:1/v1/nodes/actions", { headers }).catch(() => history.end());
