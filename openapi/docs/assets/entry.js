"use strict";
// The forms by which people come in: they register, prove their mailbox, and get an API key, which fills the tab. Nothing of it is kept but
// in the tab: requests carry no cookie, and the login that makes a key ends in the same request.
(() => {
  const {credentials, platform, showState} = window.pontage;
  const root = document.querySelector("[data-entry]");
  if (!root) return;
  const actions = JSON.parse(root.dataset.actions);
  const known = {email: "", password: ""};

  // ---- what is seen ----
  let seen = root.querySelector("[data-view]:not([hidden])").dataset.view;
  function view(name, focus = true) {
    for (const section of root.querySelectorAll("[data-view]")) section.hidden = section.dataset.view !== name;
    for (const place of root.querySelectorAll("[data-email]")) place.textContent = known.email || credentials.get("email");
    seen = name;
    const section = root.querySelector(`[data-view="${name}"]`);
    const email = section.querySelector("input[name=email]");
    if (email && known.email && !email.value) email.value = known.email;
    if (focus) (section.querySelector("[data-focus]") || section.querySelector("input") || section.querySelector("button"))?.focus();
  }

  // complain says what is wrong beside the field at fault, else below the form.
  function complain(form, error) {
    for (const input of form.elements) input.removeAttribute("aria-invalid");
    for (const place of form.querySelectorAll(".field-error, .complaint")) {
      place.hidden = true;
      place.textContent = "";
    }
    if (!error) return;
    const input = error.field && form.elements[error.field];
    const place = input ? document.getElementById(input.id + "-error") : form.querySelector(".complaint");
    place.textContent = error.message;
    place.hidden = false;
    if (input) {
      input.setAttribute("aria-invalid", "true");
      input.focus();
    }
  }

  // ---- what is sent ----
  async function ask(action, variables) {
    let answer;
    try {
      const response = await fetch(platform + "/graphql", {method: "POST", credentials: "omit", cache: "no-store",
        headers: {"Content-Type": "application/json"}, body: JSON.stringify({documentId: actions[action], variables})});
      answer = await response.json();
    } catch {
      throw new Error("There is no answer. Try again in a moment.");
    }
    const problem = answer.errors?.[0];
    if (problem) throw Object.assign(new Error(problem.message), {field: problem.extensions?.field?.split("/").pop()});
    return answer.data;
  }

  // makeKey logs in, makes a key and logs out, and fills the tab.
  async function makeKey() {
    const data = await ask("key", {email: known.email, password: known.password});
    known.password = "";
    for (const name of ["token", "refresh"]) credentials.set(name, ""); // they may be another account's
    credentials.set("email", known.email);
    credentials.set("key", data.createAPIKey.text);
    root.querySelector("[data-key]").textContent = data.createAPIKey.text;
    for (const form of root.querySelectorAll("form")) form.reset();
    view("key");
    root.closest(".step")?.classList.add("done");
    showState();
  }
  // proven goes on with whose mailbox it is; a wrong password must not cost the proof, which is good once.
  async function proven(email) {
    known.email = email;
    try {
      if (!known.password) throw new Error("The address is confirmed. Log in to get your API key.");
      await makeKey();
    } catch (error) {
      view("open", false);
      complain(root.querySelector('[data-view="open"] form'), error);
      root.querySelector("#open-password").focus();
    }
  }
  const after = {
    register: () => view("mail"),
    verify: (data) => proven(data.verifyEmail.email),
    accept: (data) => proven(data.acceptInvitation.email),
    reset: () => view("done"),
    confirm: () => view("done"),
    join: () => view("done"),
  };
  const wanted = {register: ["email", "password", "name"], verify: ["code"], accept: ["code", "password"], reset: ["code", "password"],
    confirm: ["code"], join: ["email", "password", "code"]};

  async function send(form) {
    const typed = Object.fromEntries([...form.elements].filter((e) => e.name).map((e) => [e.name, e.name === "password" ? e.value : e.value.trim()]));
    if (typed.email) known.email = typed.email;
    if (typed.password) known.password = typed.password;
    const action = form.dataset.action;
    if (action === "key") return makeKey();
    const variables = Object.fromEntries(wanted[action].map((name) => [name, typed[name]]));
    return after[action](await ask(action, variables));
  }
  for (const form of root.querySelectorAll("form[data-action]")) {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const button = form.querySelector("[type=submit]");
      complain(form);
      button.disabled = true;
      try {
        await send(form);
      } catch (error) {
        complain(form, error);
      } finally {
        button.disabled = false;
      }
    });
  }

  // ---- smaller ways ----
  for (const button of root.querySelectorAll("[data-to]")) button.addEventListener("click", () => view(button.dataset.to));
  root.querySelector("[data-resend]")?.addEventListener("click", async (event) => {
    const form = event.target.closest("form"), status = form.querySelector("[role=status]");
    try {
      await ask("resend", {email: known.email});
      status.textContent = "If a registration waits for this address, its mail was sent once more.";
    } catch (error) {
      status.textContent = error.message;
    }
  });
  root.querySelector("[data-forgot]").addEventListener("click", async (event) => {
    const form = event.target.closest("form"), email = form.elements.email;
    if (!email.reportValidity()) return;
    try {
      await ask("forgot", {email: email.value.trim()});
      complain(form, new Error("If there is an account with this address, a mail with a link to a new password is on its way."));
    } catch (error) {
      complain(form, error);
    }
  });
  root.querySelector("[data-copy-key]").addEventListener("click", async (event) => {
    const button = event.target;
    try {
      await navigator.clipboard.writeText(root.querySelector("[data-key]").textContent);
      button.textContent = "Copied";
    } catch {
      button.textContent = "Select it by hand";
    }
  });

  // The code of a mailed link stands in the fragment, and does not stay in the history.
  const code = new URLSearchParams(location.hash.slice(1)).get("code");
  if (code && root.classList.contains("door")) {
    root.querySelector("#code").value = code;
    history.replaceState(null, "", location.pathname);
    root.querySelector("#password, #email")?.focus();
  }
  document.addEventListener("pontage:credentials", () => {
    if (credentials.basic && ["register", "open", "in"].includes(seen)) view("in", false);
    if (!credentials.basic && seen === "in") view("register", false);
  });
  if (credentials.basic && seen === "register") view("in", false);
})();
