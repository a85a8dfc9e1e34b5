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
    docExpansion: "list",
    presets: [SwaggerUIBundle.presets.apis],
    onComplete: authorise,
  });
  document.addEventListener("pontage:credentials", authorise);
});
