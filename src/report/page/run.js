// Draws the window of a run that is looked at, and nothing else of it, so that a run may be of any length.
"use strict";

(() => {
  const run = JSON.parse(document.getElementById("run-data").textContent);
  const host = document.getElementById("run");
  const strip = document.getElementById("run-strip");
  const count = run.ids.length;
  if (count === 0) return;

  const SVG = "http://www.w3.org/2000/svg";
  const LEFT = 96, LANE = 34, TOP = 26, WIDTHS = [16, 32, 64, 128, 256, 512];
  const CLASSES = ["none", "", "lost", "unsent"];

  // What is told by its steps is added up.
  const summed = (steps) => { let at = 0; return steps.map((step) => (at += step)); };
  const ids = summed(run.ids), begun = summed(run.begun), times = run.times && summed(run.times);
  const ended = begun.map((at, call) => (run.length[call] ? at + run.length[call] : at + 1));
  // The latest end of all calls up to each: how far back a window must look.
  const latest = []; let last = 0;
  for (let call = 0; call < count; call++) latest.push((last = Math.max(last, ended[call])));

  const state = { from: 1, width: Math.min(64, Math.max(16, run.records)), call: -1 };

  const make = (name, attributes, parent, text) => {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    if (text !== undefined) element.textContent = text;
    if (parent) parent.append(element);
    return element;
  };
  const html = (name, attributes, parent, text) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    if (text !== undefined) element.textContent = text;
    if (parent) parent.append(element);
    return element;
  };

  const controls = html("div", { class: "controls" }, host);
  const button = (text, label, act) => {
    const element = html("button", { type: "button", "aria-label": label, title: label }, controls, text);
    element.addEventListener("click", act);
    return element;
  };
  const earlier = button("←", "earlier", () => move(-state.width / 2));
  const later = button("→", "later", () => move(state.width / 2));
  const closer = button("+", "closer", () => zoom(-1));
  const wider = button("−", "wider", () => zoom(1));
  let told = run.divergences.length - 1;
  if (told >= 0) button("✕ divergence", "to the divergence, or the next", () => {
    told = (told + 1) % run.divergences.length;
    choose(callEndingAt(run.divergences[told]), true);
  });
  const label = html("label", {}, controls, "call ");
  const field = html("input", { inputmode: "numeric", "aria-label": "number of a call to go to" }, label);
  field.addEventListener("change", () => {
    const call = ids.indexOf(Number(field.value));
    field.setAttribute("aria-invalid", String(call < 0));
    if (call >= 0) choose(call, true);
  });
  const rest = html("span", { class: "rest", "aria-live": "polite" }, controls);
  const frame = html("div", { class: "window-of-run" }, host);
  const shown = html("div", { class: "chosen-call", "aria-live": "polite" }, host);
  const brush = make("rect", { class: "window", y: 0, height: 44 }, strip);

  // The first call that begins at a record or later.
  const firstFrom = (record) => {
    let low = 0, high = count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (begun[middle] < record) low = middle + 1; else high = middle;
    }
    return low;
  };
  // The calls of which some part lies between two records.
  const within = (from, to) => {
    const found = [];
    for (let call = firstFrom(to + 1) - 1; call >= 0 && latest[call] >= from; call--) {
      if (ended[call] >= from) found.push(call);
    }
    return found.reverse();
  };
  const callEndingAt = (record) => within(record, record).find((call) => ended[call] === record) ?? firstFrom(record);
  const fails = (call) => run.divergences.includes(ended[call]) && run.length[call] > 0;

  const clamp = () => {
    state.from = Math.round(Math.max(1, Math.min(state.from, run.records - state.width + 2)));
  };
  const move = (by) => { state.from += by; clamp(); draw(); };
  const zoom = (by) => {
    const at = WIDTHS.findIndex((width) => width >= state.width);
    const next = WIDTHS[Math.max(0, Math.min(WIDTHS.length - 1, at + by))];
    const middle = state.call >= 0 ? begun[state.call] : state.from + state.width / 2;
    state.from = middle - next / 2;
    state.width = next;
    clamp();
    draw();
  };
  const choose = (call, focuses) => {
    if (call < 0 || call >= count) return;
    state.call = call;
    if (begun[call] < state.from || ended[call] > state.from + state.width) {
      state.from = begun[call] - state.width / 2;
      clamp();
    }
    draw();
    tell();
    if (focuses) frame.querySelector(".chosen")?.focus({ preventScroll: true });
  };

  const tell = () => {
    const call = state.call;
    shown.textContent = "";
    const line = html("p", {}, shown);
    html("strong", {}, line, "call " + ids[call] + " ");
    html("code", {}, line, run.requests[run.request[call]]);
    html("p", {}, shown, (fails(call) ? "✕ " : "→ ") + run.answers[run.answer[call]] + (fails(call) ? ", which nothing explains" : ""));
    const until = run.length[call] ? " to " + ended[call] : ", without an end";
    const time = times ? ", at " + times[call] + " µs" : "";
    html("p", { class: "where" }, shown, run.lanes[run.lane[call]] + ", records " + begun[call] + until + time);
  };

  // The words on a bar, as far as they fit.
  const words = (call, room) => {
    const [method, path] = run.requests[run.request[call]].split(" ");
    const text = ids[call] + " " + method + " " + path.slice(path.lastIndexOf("/") + 1) + " → " + run.answers[run.answer[call]];
    const letters = Math.floor(room / 6.2);
    return letters < 4 ? "" : text.length <= letters ? text : text.slice(0, letters - 1) + "…";
  };

  const draw = () => {
    const calls = within(state.from, state.from + state.width);
    const lanes = [...new Set(calls.map((call) => run.lane[call]))].sort((a, b) => a - b);
    const pixels = Math.max(frame.clientWidth, 320), height = TOP + lanes.length * LANE + 8;
    const x = (record) => LEFT + ((record - state.from) * (pixels - LEFT - 8)) / state.width;
    const svg = make("svg", { width: pixels, height, role: "group", "aria-label": "calls of the window; arrow keys choose another" });
    const step = Math.max(1, Math.ceil((state.width * 56) / (pixels - LEFT)));
    for (let record = Math.ceil(state.from / step) * step; record <= state.from + state.width; record += step) {
      make("line", { class: "grid", x1: x(record), x2: x(record), y1: 18, y2: height }, svg);
      make("text", { class: "axis", x: x(record), y: 12, "text-anchor": "middle" }, svg, String(record));
    }
    lanes.forEach((lane, row) => {
      make("text", { class: "label", x: LEFT - 12, y: TOP + row * LANE + 13, "text-anchor": "end" }, svg, run.lanes[lane].slice(0, 13));
    });
    for (const [record, isFence, text] of run.marks) {
      if (record < state.from || record > state.from + state.width) continue;
      const mark = make("g", { class: "mark", role: "img", "aria-label": text }, svg);
      make("title", {}, mark, text);
      const at = x(record);
      make("path", { d: isFence ? `M${at - 2} 16h4V${height}h-4z` : `M${at} 14l5 5l-5 5l-5-5z` }, mark);
    }
    const next = new Map();
    for (const call of [...calls].reverse()) {
      const row = lanes.indexOf(run.lane[call]), y = TOP + row * LANE;
      const from = Math.max(x(begun[call]), LEFT), to = Math.max(x(ended[call]), from + 3);
      const kind = CLASSES[run.ending[call]], isChosen = call === state.call;
      const group = make("g", {
        class: `call ${kind}${fails(call) ? " fails" : ""}${isChosen ? " chosen" : ""}`,
        tabindex: isChosen || (state.call < 0 && call === calls[0]) ? 0 : -1,
        role: "button", "aria-pressed": isChosen, "data-call": call,
        "aria-label": `call ${ids[call]}, ${run.lanes[run.lane[call]]}: ${run.requests[run.request[call]]}, ${run.answers[run.answer[call]]}`,
      }, svg);
      const isOpen = kind === "lost" || kind === "none";
      make("path", { d: isOpen ? `M${to} ${y + 2}H${from}v10H${to}m0-8l6 3l-6 3` : `M${from} ${y + 2}H${to}v10H${from}z` }, group);
      make("text", { x: from, y: y + 24 }, group, words(call, (next.get(row) ?? pixels) - from - 8));
      next.set(row, from);
    }
    frame.replaceChildren(svg);
    const scale = 960 / run.records;
    brush.setAttribute("x", (state.from - 1) * scale);
    brush.setAttribute("width", Math.max(2, state.width * scale));
    const end = Math.min(run.records, state.from + state.width);
    rest.textContent = `records ${state.from} to ${end} of ${run.records}, ${calls.length} calls`;
    earlier.disabled = state.from <= 1;
    later.disabled = end >= run.records;
    closer.disabled = state.width <= WIDTHS[0];
    wider.disabled = state.width >= WIDTHS[WIDTHS.length - 1];
  };

  // The call on the lane above or below that is nearest in the order of records.
  const beside = (call, by) => {
    const calls = within(state.from, state.from + state.width);
    const lanes = [...new Set(calls.map((other) => run.lane[other]))].sort((a, b) => a - b);
    const lane = lanes[lanes.indexOf(run.lane[call]) + by];
    const far = (other) => Math.abs(begun[other] - begun[call]);
    return calls.filter((other) => run.lane[other] === lane).sort((a, b) => far(a) - far(b))[0] ?? call;
  };

  frame.addEventListener("click", (event) => {
    const group = event.target.closest("[data-call]");
    if (group) choose(Number(group.dataset.call), true);
  });
  frame.addEventListener("keydown", (event) => {
    const group = event.target.closest("[data-call]");
    if (!group) return;
    const call = Number(group.dataset.call);
    const to = {
      ArrowRight: () => call + 1, ArrowLeft: () => call - 1,
      ArrowUp: () => beside(call, -1), ArrowDown: () => beside(call, 1),
      Home: () => 0, End: () => count - 1,
      PageUp: () => Math.max(0, firstFrom(begun[call] - state.width)),
      PageDown: () => Math.min(count - 1, firstFrom(begun[call] + state.width)),
      Enter: () => call, " ": () => call,
    }[event.key];
    if (to) choose(to(), true);
    else if (event.key === "+") zoom(-1);
    else if (event.key === "-") zoom(1);
    else return;
    event.preventDefault();
    frame.querySelector(".chosen")?.focus({ preventScroll: true });
  });
  strip.addEventListener("click", (event) => {
    const box = strip.getBoundingClientRect();
    state.from = 1 + ((event.clientX - box.left) / box.width) * run.records - state.width / 2;
    clamp();
    draw();
  });
  addEventListener("resize", draw);

  if (run.divergences.length) choose(callEndingAt(run.divergences[0]), false);
  else draw();
})();
