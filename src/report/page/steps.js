// Shows the cluster before and after the step that is chosen: what is new, what is gone, and what stayed.
"use strict";

(() => {
  const { cards, lines, moments } = JSON.parse(document.getElementById("cluster-data").textContent);
  const list = document.querySelector("#steps ol");
  const view = document.getElementById("cluster");
  const buttons = [...list.querySelectorAll("button")];

  const make = (name, parent, text, kind) => {
    const element = document.createElement(name);
    if (text !== undefined) element.textContent = text;
    if (kind) element.className = kind;
    parent.append(element);
    return element;
  };

  // Lines of before and after: those that stayed stand where they stand now, those that are gone where they stood.
  const merged = (before, after) => {
    const all = [];
    let at = 0;
    const leave = (line) => {
      while (at < before.length && before[at] !== line && !(line === undefined && after.includes(before[at]))) {
        if (!after.includes(before[at])) all.push([before[at], "was"]);
        at++;
      }
    };
    for (const line of after) {
      const isNew = !before.includes(line);
      leave(isNew ? undefined : line);
      if (!isNew) at++;
      all.push([line, isNew ? "is" : ""]);
    }
    while (at < before.length) {
      if (!after.includes(before[at])) all.push([before[at], "was"]);
      at++;
    }
    return all;
  };
  const write = (parent, name, before, after) => {
    for (const [line, kind] of merged(before, after)) make(name, parent, line, kind);
  };

  const nodeOf = ([name]) => name.replace(" ★", "");
  const draw = (button) => {
    const [from, to] = button.dataset.moments.split(" ").map(Number);
    const [before, after] = [moments[from], moments[to ?? from]];
    const were = before[0].map((card) => cards[card]), are = after[0].map((card) => cards[card]);
    const number = button.querySelector(".number").textContent;
    view.textContent = "";
    const heading = make("h3", view, number === "0" ? "The cluster at the start" : "The cluster in step " + number);
    if (to === from) heading.textContent += ", which changes nothing";
    const cluster = make("div", view, undefined, "cluster");
    const gone = were.filter((card) => !are.some((other) => nodeOf(other) === nodeOf(card)));
    for (const card of [...are, ...gone]) {
      const isGone = gone.includes(card);
      const old = were.find((other) => nodeOf(other) === nodeOf(card)) ?? ["", [], []];
      const now = isGone ? ["", [], []] : card;
      const isChanged = isGone || JSON.stringify(old) !== JSON.stringify(now);
      const box = make("div", cluster, undefined, isChanged ? "node changed" : "node");
      const title = make("h4", box);
      write(title, "span", [old[0]].filter(Boolean), [now[0]].filter(Boolean));
      write(box, "p", old[1], now[1]);
      write(make("div", box, undefined, "shards"), "p", old[2], now[2]);
    }
    const text = (moment) => moment[1].map((line) => lines[line]);
    write(make("div", view, undefined, "beside"), "p", text(before), text(after));
  };

  const choose = (button, focuses) => {
    if (!button) return;
    for (const other of buttons) {
      other.removeAttribute("aria-current");
      other.tabIndex = -1;
    }
    button.setAttribute("aria-current", "true");
    button.tabIndex = 0;
    draw(button);
    if (focuses) button.focus({ preventScroll: true });
    const row = button.parentElement, top = row.offsetTop - list.offsetTop;
    if (top < list.scrollTop || top + row.offsetHeight > list.scrollTop + list.clientHeight) {
      list.scrollTop = top - list.clientHeight / 3;
    }
  };

  list.addEventListener("click", (event) => choose(event.target.closest("button"), true));
  list.addEventListener("keydown", (event) => {
    const at = buttons.indexOf(event.target.closest("button"));
    const to = {
      ArrowDown: at + 1, ArrowUp: at - 1, ArrowRight: at + 1, ArrowLeft: at - 1,
      PageDown: Math.min(at + 10, buttons.length - 1), PageUp: Math.max(at - 10, 0),
      Home: 0, End: buttons.length - 1,
    }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    choose(buttons[to], true);
  });

  choose(list.querySelector("[aria-current]") ?? buttons[0], false);
})();
