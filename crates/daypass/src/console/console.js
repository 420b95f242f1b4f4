// What the console does better with a script. Every page works without it: nothing here is needed
// to read, to send a form or to get somewhere. No dependency, no markup made from text, no secret
// kept: the only thing stored in the browser is whether single-key shortcuts are wanted.
"use strict";
(() => {
  const root = document.documentElement;
  const one = (query, from = document) => from.querySelector(query);
  const all = (query, from = document) => Array.from(from.querySelectorAll(query));
  root.classList.add("js");

  // Said aloud by a screen reader, and kept out of sight.
  const say = (words) => {
    const region = one("#said");
    region.textContent = "";
    setTimeout(() => { region.textContent = words; }, 50);
  };

  // Copying: the raw value, a spoken word, a tick for a moment.
  const put = async (text) => {
    if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
    const area = document.createElement("textarea");
    const before = document.activeElement;
    area.value = text;
    area.className = "unseen";
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    before?.focus();
    if (!done) throw new Error("refused");
  };
  const copy = async (button) => {
    const code = button.hasAttribute("data-copy-code");
    const text = code ? one("pre code", button.closest("figure")).textContent : button.dataset.copy;
    try {
      await put(text);
      button.classList.add("done");
      setTimeout(() => button.classList.remove("done"), 1600);
      say(`Copied ${button.dataset.said}`);
    } catch {
      say("The browser did not allow copying. Select the text and copy it yourself.");
    }
  };

  document.addEventListener("click", (event) => {
    const at = event.target instanceof Element ? event.target : root;
    const button = at.closest("[data-copy], [data-copy-code]");
    if (button) copy(button);
    const opener = at.closest("[data-open]");
    if (opener) open(opener.dataset.open);
    all("details.menu[open]").forEach((menu) => { if (!menu.contains(at)) menu.open = false; });
  });
  const open = (id) => {
    all("details.menu[open]").forEach((menu) => { menu.open = false; });
    const dialog = document.getElementById(id);
    if (dialog?.showModal && !dialog.open) dialog.showModal();
  };

  // Keys. Single keys can be switched off in the list that `?` shows.
  const places = { o: "", p: "/pools", i: "/identities", r: "/roles", t: "/inspector", s: "/settings" };
  const wish = one("[data-keys]");
  let single = true;
  try { single = localStorage.getItem("daypass.keys") !== "off"; } catch { /* storage is off */ }
  if (wish) {
    wish.checked = single;
    wish.addEventListener("change", () => {
      single = wish.checked;
      try { localStorage.setItem("daypass.keys", single ? "on" : "off"); } catch { /* storage is off */ }
    });
  }
  let going = 0;
  const typing = (at) => at.closest("input, textarea, select, [contenteditable]");
  document.addEventListener("keydown", (event) => {
    const at = event.target instanceof Element ? event.target : root;
    const chord = event.ctrlKey || event.metaKey;
    if (chord && event.key === "Enter") {
      // A press of the form's own button: one that is switched off stays without effect.
      const button = typing(at) && one("button:not([type='button'])", at.closest("form") ?? root);
      if (button && at.closest("form") && !one("dialog[open]")) { event.preventDefault(); button.click(); }
      return;
    }
    if (chord && event.key === "k" && one("#q")) { event.preventDefault(); one("#q").focus(); return; }
    if (event.key === "Escape") {
      const menu = one("details.menu[open]");
      if (menu) { menu.open = false; one("summary", menu).focus(); } else if (at.id === "q") at.blur();
      return;
    }
    if (!single || chord || event.altKey || typing(at) || one("dialog[open]")) return;
    if (Date.now() - going < 1500 && event.key in places && one("#keys")) {
      location.assign(`/console${places[event.key]}`);
    }
    going = event.key === "g" ? Date.now() : 0;
    if (event.key === "/" && one("#q")) { event.preventDefault(); one("#q").select(); one("#q").focus(); }
    if (event.key === "?") { event.preventDefault(); open("keys"); }
    if (event.key === "u") { utc = !utc; times(); say(utc ? "Times in UTC" : "Times as ago"); }
  });

  // Times: "3 minutes ago", with the UTC time behind it.
  let utc = false;
  const spans = [["year", 31536000], ["month", 2592000], ["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];
  const words = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
  const times = () => all("time[datetime]").forEach((time) => {
    const at = Date.parse(time.dateTime);
    if (Number.isNaN(at)) return;
    time.dataset.absolute ??= time.textContent;
    const seconds = Math.round((at - Date.now()) / 1000);
    const [unit, size] = spans.find(([, length]) => Math.abs(seconds) >= length) ?? ["second", 1];
    const ago = words.format(Math.round(seconds / size), unit);
    time.textContent = utc ? time.dataset.absolute : ago;
    time.title = utc ? ago : time.dataset.absolute;
    if (time.closest(".facts")) time.tabIndex = 0;
  });

  // Forms: what is typed shows where it will be used, and is not lost by leaving.
  const value = (form, name) => {
    const field = form.elements.namedItem(name);
    if (!field) return "";
    if (field.type === "checkbox") return field.checked ? field.value : "";
    return field.value ?? "";
  };
  const reflect = () => {
    all("[data-preview]").forEach((shown) => {
      const field = one(`[name="${CSS.escape(shown.dataset.preview)}"]`);
      if (field) shown.textContent = field.value.trim() || shown.dataset.empty || "";
    });
    all("[data-when]").forEach((part) => {
      const [name, wanted] = part.dataset.when.split("=");
      const form = part.closest("form") ?? one(`[name="${CSS.escape(name)}"]`)?.form;
      if (form) part.hidden = !wanted.split("|").includes(value(form, name));
    });
    all("[data-confirm]").forEach((field) => {
      const same = field.value === field.dataset.confirm;
      all("button:not([type='button'])", field.form).forEach((button) => { button.disabled = !same; });
    });
  };
  const changed = new Set(all("form[data-changed]"));
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (form?.matches(".form") && form.method === "post" && one("#keys")) changed.add(form);
    if (event.target.dataset.filter) filter(event.target);
    reflect();
  });
  document.addEventListener("submit", () => changed.clear());
  window.addEventListener("beforeunload", (event) => {
    if (Array.from(changed).some((form) => form.isConnected)) event.preventDefault();
  });

  // A filter over the rows of a table that is all on the page.
  const filter = (field) => {
    const rows = all("tbody tr", document.getElementById(field.dataset.filter) ?? undefined);
    const wanted = field.value.trim().toLowerCase();
    rows.forEach((row) => { row.hidden = !row.textContent.toLowerCase().includes(wanted); });
    const shown = rows.filter((row) => !row.hidden).length;
    one("output", field.parentElement).textContent = wanted ? `${shown} of ${rows.length}` : "";
  };

  // Line numbers beside a policy. The Tab key keeps its meaning.
  const number = (area) => {
    const wrong = Number(area.dataset.lines);
    const gutter = document.createElement("div");
    gutter.className = "gutter";
    gutter.setAttribute("aria-hidden", "true");
    area.before(gutter);
    let count = 0;
    const draw = () => {
      const lines = area.value.split("\n").length;
      if (lines === count) return;
      count = lines;
      gutter.replaceChildren(...Array.from({ length: lines }, (_, index) => {
        const line = document.createElement(index + 1 === wrong ? "b" : "span");
        line.textContent = index + 1;
        return [line, "\n"];
      }).flat(), "\n\n");
      gutter.scrollTop = area.scrollTop;
    };
    draw();
    area.addEventListener("input", draw);
    area.addEventListener("scroll", () => { gutter.scrollTop = area.scrollTop; });
    if (wrong > 0) {
      const lines = area.value.split("\n");
      const start = lines.slice(0, wrong - 1).join("\n").length + (wrong > 1 ? 1 : 0);
      area.setSelectionRange(start, start + (lines[wrong - 1] ?? "").length);
      area.scrollTop = ((wrong - 4) / lines.length) * area.scrollHeight;
    }
  };

  // Panels that draw themselves again. The header tells the server not to count it as someone
  // being there; a panel that is being used is left alone.
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  let paused = still.matches;
  const pauses = all("[data-live]");
  const showPause = () => pauses.forEach((button) => {
    button.textContent = paused ? "Resume" : "Pause";
    one(".live-words", button.parentElement).textContent = paused ? "Refreshing is paused" : "Refreshes every 30 seconds";
  });
  pauses.forEach((button) => button.addEventListener("click", () => { paused = !paused; showPause(); }));
  const refresh = async () => {
    if (paused || document.hidden || !one("[data-refresh]") || one("dialog[open]")) return;
    try {
      const answer = await fetch(location.href, { headers: { "daypass-refresh": "1" }, cache: "no-store" });
      if (!answer.ok || answer.redirected) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      all("[data-refresh][id]").forEach((panel) => {
        const next = fresh.getElementById(panel.id);
        const used = panel.contains(document.activeElement) || one("details[open]", panel);
        if (next && !used) panel.replaceWith(document.adoptNode(next));
      });
      times();
    } catch { /* the next round tries again */ }
  };

  // Being away: a word two minutes before the session ends. Using the page counts as being there.
  const idle = Number(document.body.dataset.idle) * 1000;
  if (idle) {
    const card = one(".idle-card");
    const stay = one("[data-stay]");
    let heard = Date.now();
    let used = heard;
    let asking = false;
    const ask = async () => {
      if (asking) return;
      asking = true;
      try {
        const answer = await fetch("/console/stay", { headers: { "daypass-stay": "1" }, cache: "no-store" });
        if (answer.ok && !answer.redirected) heard = Date.now();
        else heard = Date.now() - idle;
      } catch { /* asked again below */ }
      asking = false;
      watch();
    };
    const watch = () => {
      const left = idle - (Date.now() - heard);
      if (left > 120000 && !card.hidden) say("You stay signed in.");
      card.hidden = left > 120000;
      stay.hidden = left <= 0;
      const text = left > 0
        ? "You have been away for a while. You will be signed out in less than two minutes."
        : "You have been signed out. What you typed is still here: save it, and sign in when asked.";
      if (!card.hidden && one("p", card).textContent !== text) one("p", card).textContent = text;
    };
    stay.addEventListener("click", ask);
    for (const kind of ["keydown", "pointerdown"]) {
      document.addEventListener(kind, () => { used = Date.now(); }, { passive: true });
    }
    setInterval(() => {
      const here = used - heard > 300000 && Date.now() - heard < idle;
      if (here) ask(); else watch();
    }, 15000);
  }

  all("textarea[data-lines]").forEach(number);
  reflect();
  times();
  showPause();
  setInterval(times, 60000);
  setInterval(refresh, 30000);
})();
