"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const rows = data.rows, statuses = data.statuses, panel = data.panel;
  const KEY = 0, TITLE = 1, SHEET = 2, ROW = 3, STATUS = 4, ID = 5, WHEN = 6, MESSAGES = 7;
  const height = 34, around = 12, printMost = 1000;
  const at = id => document.getElementById(id);
  const scroll = at("scroll"), body = at("rows"), shown = at("shown");
  const collator = new Intl.Collator(undefined, {numeric: true});
  const levels = ["note", "warning", "error"];
  let order = rows.map((_, i) => i), view = order, sortBy = ROW, descending = false, texts = null, printing = false;
  let first = -1, last = -1;

  const element = (name, text, cls) => {
    const e = document.createElement(name);
    if (text !== undefined) e.textContent = text;
    if (cls) e.className = cls;
    return e;
  };
  const rowText = r => (r[SHEET] ? r[SHEET] + " row " : "row ") + r[ROW];
  const messageText = m => levels[m[0]] + ": " + (m[2] ? m[2] + ": " : "") + m[3];
  const link = (id, index) => {
    if (!id || !panel || !/^https?:\/\//i.test(panel[0])) return document.createTextNode(id);
    const a = element("a", id);
    if (index !== undefined) a.dataset.index = index;
    a.href = panel[0] + id + panel[1];
    a.rel = "noreferrer";
    return a;
  };

  // cells of one offer; the message column shows the worst message and opens all
  const makeRow = (index, position) => {
    const r = rows[index], tr = element("tr", undefined, statuses[r[STATUS]]);
    tr.setAttribute("aria-rowindex", position + 2);
    tr.append(element("td", rowText(r)), element("td", r[KEY]), element("td", r[TITLE]));
    const status = element("td");
    status.append(element("span", statuses[r[STATUS]], "status"));
    const id = element("td");
    id.append(link(r[ID], index));
    const message = element("td");
    if (r[MESSAGES].length) {
      const worst = r[MESSAGES].reduce((a, b) => b[0] > a[0] ? b : a);
      const all = printing ? r[MESSAGES].map(messageText).join(" | ") : messageText(worst) + (r[MESSAGES].length > 1 ? " (+" + (r[MESSAGES].length - 1) + ")" : "");
      const more = element("button", all, "more");
      more.type = "button";
      more.dataset.index = index;
      message.append(more);
    }
    tr.append(status, id, message, element("td", r[WHEN]));
    return tr;
  };
  const pad = n => {
    const tr = element("tr", undefined, "pad"), td = element("td");
    td.colSpan = 7;
    td.style.height = n * height + "px";
    tr.setAttribute("aria-hidden", "true");
    tr.append(td);
    return tr;
  };

  // only the rows in sight are in the document
  const draw = force => {
    let from = Math.max(0, Math.floor(scroll.scrollTop / height) - around);
    let to = Math.min(view.length, Math.ceil((scroll.scrollTop + scroll.clientHeight) / height) + around);
    if (printing) { from = 0; to = Math.min(view.length, printMost); }
    if (!force && from === first && to === last) return;
    first = from; last = to;
    const focused = body.contains(document.activeElement) ? document.activeElement : null; // it is made anew
    const part = document.createDocumentFragment();
    if (from > 0) part.append(pad(from));
    for (let i = from; i < to; i++) part.append(makeRow(view[i], i));
    if (to < view.length && !printing) part.append(pad(view.length - to));
    body.replaceChildren(part);
    if (focused) {
      const again = body.querySelector(focused.localName + '[data-index="' + focused.dataset.index + '"]');
      (again || scroll).focus({preventScroll: true});
    }
  };

  const say = () => {
    const n = view.length.toLocaleString("en"), all = rows.length.toLocaleString("en");
    let text = view.length === rows.length ? all + (rows.length === 1 ? " offer" : " offers") : n + " of " + all + " offers";
    if (sortBy !== ROW || descending) text += ", by " + document.querySelector('[data-sort="' + sortBy + '"]').textContent.toLowerCase() + (descending ? ", descending" : "");
    if (printing && view.length > printMost) text += ", the first " + printMost.toLocaleString("en") + " are printed";
    shown.textContent = text;
    at("table").setAttribute("aria-rowcount", view.length + 1);
  };

  const searchTexts = () => texts || (texts = rows.map(r =>
    (r[KEY] + "\n" + r[TITLE] + "\n" + rowText(r) + "\n" + r[ID] + "\n" + r[MESSAGES].map(m => m[1] + "\n" + m[2] + "\n" + m[3]).join("\n")).toLowerCase()));

  const filter = () => {
    const words = at("q").value.toLowerCase().split(/\s+/).filter(Boolean);
    const status = statuses.indexOf(at("status").value), code = at("code").value;
    const found = words.length ? searchTexts() : null;
    view = order.filter(i => (status < 0 || rows[i][STATUS] === status) &&
      (!code || rows[i][MESSAGES].some(m => m[1] === code)) &&
      (!found || words.every(w => found[i].includes(w))));
    scroll.scrollTop = 0;
    say();
    draw(true);
  };

  const value = (r, col) => col === MESSAGES ? (r[MESSAGES].length ? messageText(r[MESSAGES][0]) : "") : r[col];
  const byLength = (a, b) => a.length - b.length || (a < b ? -1 : a > b ? 1 : 0); // of ids it is that of numbers
  const sort = col => {
    descending = col === sortBy ? !descending : false;
    sortBy = col;
    const sign = descending ? -1 : 1;
    order = rows.map((_, i) => i);
    if (col !== ROW) {
      const values = rows.map(r => value(r, col));
      const compare = col === STATUS ? (a, b) => a - b : col === ID || col === WHEN ? byLength : collator.compare;
      order.sort((a, b) => sign * compare(values[a], values[b]) || a - b);
    } else if (descending) order.reverse();
    for (const button of document.querySelectorAll("[data-sort]")) {
      const on = Number(button.dataset.sort) === col;
      button.parentElement.setAttribute("aria-sort", on ? (descending ? "descending" : "ascending") : "none");
    }
    filter();
  };

  const open = index => {
    const r = rows[index], list = at("detail-body");
    at("detail-title").textContent = r[KEY] + " – " + r[TITLE];
    list.replaceChildren(element("dt", "Status"), element("dd", statuses[r[STATUS]]), element("dt", "Row"), element("dd", rowText(r)));
    if (r[ID]) {
      const dd = element("dd");
      dd.append(link(r[ID]));
      list.append(element("dt", "Offer id"), dd);
    }
    for (const m of r[MESSAGES]) list.append(element("dt", levels[m[0]] + (m[2] ? " in " + m[2] : "")), element("dd", m[3] + " (" + m[1] + ")"));
    at("detail").showModal();
  };

  let wait = 0;
  at("q").addEventListener("input", () => { clearTimeout(wait); wait = setTimeout(filter, 120); });
  at("status").addEventListener("change", filter);
  at("code").addEventListener("change", filter);
  at("controls").addEventListener("reset", () => setTimeout(filter));
  at("controls").addEventListener("submit", e => { e.preventDefault(); filter(); });
  document.querySelector("#table thead").addEventListener("click", e => {
    const button = e.target.closest("[data-sort]");
    if (button) sort(Number(button.dataset.sort));
  });
  body.addEventListener("click", e => {
    const button = e.target.closest("button.more");
    if (button) open(Number(button.dataset.index));
  });
  for (const button of document.querySelectorAll("button.show")) button.addEventListener("click", () => {
    at("controls").reset();
    at("q").value = "";
    if (button.dataset.code) at("code").value = button.dataset.code;
    if (button.dataset.status) at("status").value = button.dataset.status;
    filter();
    at("offers").scrollIntoView();
    scroll.focus();
  });
  body.addEventListener("focusin", () => draw(false)); // there is always a row to tab on to
  scroll.addEventListener("scroll", () => draw(false), {passive: true});
  addEventListener("resize", () => draw(false));
  let opened = []; // on paper nobody can open them
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details.problem:not([open])")];
    for (const d of opened) d.open = true;
    printing = true; say(); draw(true);
  });
  addEventListener("afterprint", () => {
    for (const d of opened) d.open = false;
    printing = false; say(); draw(true);
  });
  filter();
})();
