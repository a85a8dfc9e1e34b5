"use strict";
// Shows the document in Swagger UI. Its one server is the instance this page came from: trial calls then need no other origin's leave.
addEventListener("DOMContentLoaded", async () => {
  const target = document.getElementById("reference");
  const {credentials, platform} = window.pontage;
  const spec = await (await fetch(target.dataset.document)).json();
  spec.servers = [{url: platform + target.dataset.server}];
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const shade = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
  dark.addEventListener("change", shade);
  shade();

  const schemes = Object.entries(spec.components?.securitySchemes || {}).filter(([, s]) => s.type === "http");
  const authorise = () => {
    for (const [name, scheme] of schemes) {
      if (scheme.scheme === "basic" && credentials.basic) ui.preauthorizeBasic(name, credentials.get("email"), credentials.get("key"));
      const bearer = /refresh/i.test(name) ? "refresh" : "token";
      if (scheme.scheme === "bearer" && credentials.get(bearer)) ui.preauthorizeApiKey(name, credentials.get(bearer));
    }
  };
  const ui = window.ui = SwaggerUIBundle({
    spec,
    domNode: target,
    deepLinking: true,
    validatorUrl: null,
    tryItOutEnabled: true,
    defaultModelsExpandDepth: 0,
    presets: [SwaggerUIBundle.presets.apis],
    onComplete: authorise,
  });
  document.addEventListener("pontage:credentials", authorise);

  // mend gives assistive technology what Swagger UI leaves out: names, one main part, headings without gaps, no link inside a button.
  const mend = () => {
    const set = (selector, attributes) => {
      for (const element of target.querySelectorAll(selector)) {
        for (const [name, value] of Object.entries(attributes)) if (element.getAttribute(name) !== value) element.setAttribute(name, value);
      }
    };
    set(".information-container", {role: "region", "aria-label": "About"});
    set(".scheme-container", {role: "region", "aria-label": "Server and credentials"});
    set("h3.opblock-tag", {"aria-level": "2"});
    set(".info h1, .info h2.title", {"aria-level": "2"});
    set("h4, h5", {"aria-level": "3"});
    set("section.models h4", {"aria-level": "2"});
    set("select#servers", {"aria-label": "Server"});
    set("select:not([aria-label]):not([id])", {"aria-label": "Choice"});
    set("textarea:not([aria-label])", {"aria-label": "Body"});
    set("pre.microlight, .highlight-code pre, pre.curl", {tabindex: "0"});
    for (const link of target.querySelectorAll(".opblock-summary-control a[href]")) link.removeAttribute("href");
  };
  new MutationObserver(mend).observe(target, {childList: true, subtree: true});
  mend();
});
