"use strict";
// What the pages do beyond being read. Credentials live in sessionStorage: they end with the tab and are sent to this instance alone.
(() => {
  const root = document.documentElement;
  const home = new URL(root.dataset.root, location.href); // where /docs/ is
  const platform = new URL("../", home).href.replace(/\/$/, ""); // what the instance serves is beside it
  root.classList.add("js");

  const names = {
    email: "PONTAGE_EMAIL", key: "PONTAGE_KEY", token: "PONTAGE_TOKEN", refresh: "PONTAGE_REFRESH_TOKEN",
  };
  const credentials = {
    get: (name) => sessionStorage.getItem(names[name]) || "",
    set(name, value) {
      if (value) sessionStorage.setItem(names[name], value);
      else sessionStorage.removeItem(names[name]);
    },
    // tokenId is the part of the token that is no secret: addresses name the token by it.
    get tokenId() { return this.get("token").match(/^pt_[a-z]+_([0-9a-f]{24})_/)?.[1] || ""; },
    get basic() { return this.get("email") && this.get("key") ? "Basic " + base64(this.get("email") + ":" + this.get("key")) : ""; },
    get bearer() { return this.get("token") ? "Bearer " + this.get("token") : ""; },
    get refreshing() { return this.get("refresh") ? "Bearer " + this.get("refresh") : ""; },
  };
  const base64 = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));
  window.pontage = {credentials, platform, showState};

  // ---- who the reader is ----
  const dialog = document.getElementById("credentials");
  function showState() {
    for (const button of document.querySelectorAll("[data-open-credentials]")) {
      const email = credentials.get("email"), token = credentials.get("token");
      const text = email ? email + (token ? ", with a token" : "") : "A token";
      const state = button.querySelector(".state");
      state.dataset.none ??= state.textContent;
      state.textContent = email || token ? text : state.dataset.none;
      button.classList.toggle("ready", Boolean(credentials.basic || token));
    }
    for (const code of document.querySelectorAll("code[data-source]")) code.textContent = filled(code.dataset.source, code.dataset.language);
    for (const run of document.querySelectorAll("button.run")) {
      const missing = lacks(run.closest(".sample"));
      run.title = missing;
    }
    document.dispatchEvent(new Event("pontage:credentials"));
  }
  function openDialog() {
    for (const input of dialog.querySelectorAll("input")) input.value = credentials.get(input.name);
    dialog.showModal();
  }
  if (dialog) {
    for (const button of document.querySelectorAll("[data-open-credentials]")) button.addEventListener("click", openDialog);
    dialog.querySelector("form").addEventListener("submit", (event) => {
      event.preventDefault();
      for (const input of dialog.querySelectorAll("input")) credentials.set(input.name, input.value.trim());
      dialog.close();
      showState();
    });
    dialog.querySelector("[data-forget]").addEventListener("click", () => {
      for (const name of Object.keys(names)) credentials.set(name, "");
      dialog.close();
      showState();
    });
    for (const close of dialog.querySelectorAll("[data-close]")) close.addEventListener("click", () => dialog.close());
  }

  // ---- samples ----
  // filled puts what was typed where a sample reads it from the environment, written as the language writes a text.
  function filled(source, language) {
    let text = credentials.tokenId ? source.replaceAll("{tokenId}", credentials.tokenId) : source;
    for (const [name, variable] of Object.entries(names)) {
      const value = credentials.get(name);
      if (!value) continue;
      const quoted = JSON.stringify(value);
      text = text
        .replaceAll(`process.env.${variable}`, quoted)
        .replaceAll(`os.environ["${variable}"]`, quoted).replaceAll(`os.environ['${variable}']`, quoted)
        .replaceAll(`os.Getenv("${variable}")`, quoted)
        .replaceAll(`getenv("${variable}")`, quoted).replaceAll(`getenv('${variable}')`, quoted)
        .replaceAll("${" + variable + "}", value)
        .replace(new RegExp("\\$" + variable + "\\b", "g"), () => value);
    }
    if (language === "go" && !/\bos\.[A-Z]/.test(text)) text = text.replace(/^\s*"os"\n/m, "");
    if (language === "python" && !/\bos\./.test(text)) text = text.replace(/^import os\n/m, "");
    return text;
  }

  function select(sample, language) {
    for (const tab of sample.querySelectorAll("[role=tab]")) {
      const on = tab.dataset.language === language;
      tab.setAttribute("aria-selected", on);
      tab.tabIndex = on ? 0 : -1;
      document.getElementById(tab.getAttribute("aria-controls")).hidden = !on;
    }
  }
  function selectEverywhere(language) {
    sessionStorage.setItem("pontage.language", language);
    for (const sample of document.querySelectorAll(".sample")) {
      if (sample.querySelector(`[role=tab][data-language="${language}"]`)) select(sample, language);
    }
  }
  for (const list of document.querySelectorAll("[role=tablist]")) {
    const tabs = [...list.querySelectorAll("[role=tab]")];
    list.addEventListener("click", (event) => {
      const tab = event.target.closest("[role=tab]");
      if (tab) selectEverywhere(tab.dataset.language);
    });
    list.addEventListener("keydown", (event) => {
      const at = tabs.indexOf(document.activeElement);
      const next = {ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1}[event.key];
      if (at < 0 || next === undefined) return;
      event.preventDefault();
      const tab = tabs[(next + tabs.length) % tabs.length];
      selectEverywhere(tab.dataset.language);
      tab.focus();
    });
  }
  const language = sessionStorage.getItem("pontage.language");
  if (language) selectEverywhere(language);

  for (const button of document.querySelectorAll("button.copy")) {
    button.addEventListener("click", async () => {
      const text = [...button.closest(".sample").querySelectorAll("pre.source")].find((pre) => !pre.hidden).innerText;
      try {
        await navigator.clipboard.writeText(text);
        button.textContent = "Copied";
      } catch {
        button.textContent = "Not allowed";
      }
      setTimeout(() => { button.textContent = "Copy"; }, 1500);
    });
  }

  // ---- running ----
  function lacks(sample) {
    const auth = sample.dataset.auth;
    if (auth === "basic" && !credentials.basic) return "Get an API key first (step 0), or type the one you have.";
    if (auth === "token" && !credentials.bearer) return "Make a token first (step 1).";
    if (auth === "refresh" && !credentials.refreshing) return "Make a token first (step 1).";
    if (sample.dataset.path.includes("{tokenId}") && !credentials.tokenId) return "Make a token first (step 1).";
    return "";
  }
  async function run(sample) {
    const missing = lacks(sample);
    if (missing) {
      show(sample, false, "Not sent", [missing], "");
      if (sample.dataset.auth === "basic" && !credentials.basic) openDialog();
      return;
    }
    const authorization = {basic: credentials.basic, token: credentials.bearer, refresh: credentials.refreshing}[sample.dataset.auth];
    const headers = {Authorization: authorization};
    const body = sample.dataset.body || undefined;
    if (body) headers["Content-Type"] = sample.dataset.type || "application/json";
    const path = sample.dataset.path.replaceAll("{tokenId}", credentials.tokenId);
    const button = sample.querySelector("button.run");
    button.disabled = true;
    try {
      const began = performance.now();
      const response = await fetch(platform + path, {method: sample.dataset.method, headers, body, credentials: "omit", cache: "no-store"});
      const text = await response.text();
      const facts = [`${Math.round(performance.now() - began)} ms`];
      for (const [header, label] of [["Pontage-Charged", "charged"], ["Pontage-Paid-By", "paid by"], ["Pontage-Call-Id", "call"], ["RateLimit", "rate"]]) {
        if (response.headers.has(header)) facts.push(`${label} ${response.headers.get(header)}`);
      }
      if (response.ok) keep(sample.dataset.keep, text);
      show(sample, response.ok, `${response.status} ${response.statusText}`, facts, pretty(text));
      if (response.ok) sample.closest(".step")?.classList.add("done");
    } catch (error) {
      show(sample, false, "No answer", [String(error.message || error)], "");
    } finally {
      button.disabled = false;
    }
  }
  // keep remembers what later steps need.
  function keep(what, text) {
    if (what === "token") {
      const data = JSON.parse(text).data;
      credentials.set("token", data.token);
      credentials.set("refresh", data.refreshToken);
    }
    if (what === "forget") for (const name of ["token", "refresh"]) credentials.set(name, "");
    if (what) showState();
  }
  function pretty(text) {
    try { return JSON.stringify(JSON.parse(text), null, 2); } catch { return text; }
  }
  function show(sample, good, status, facts, body) {
    const answer = sample.querySelector(".answer");
    answer.hidden = false;
    answer.className = "answer " + (good ? "good" : "bad");
    const line = document.createElement("p");
    line.className = "status";
    const strong = document.createElement("b");
    strong.textContent = status;
    line.append(strong, ...facts.map((fact) => Object.assign(document.createElement("span"), {textContent: fact})));
    answer.replaceChildren(line);
    if (body) {
      const pre = document.createElement("pre");
      pre.tabIndex = 0;
      pre.setAttribute("aria-label", "Body of the answer");
      pre.textContent = body.length > 20000 ? body.slice(0, 20000) + "\n…" : body;
      answer.append(pre);
    }
  }
  for (const button of document.querySelectorAll("button.run")) button.addEventListener("click", () => run(button.closest(".sample")));
  showState();
})();
