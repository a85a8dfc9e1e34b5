"use strict";
// Shows the document with one server, the one this page came from: trial calls then need no permission from another origin.
(async () => {
  const target = document.getElementById("reference");
  const address = new URL(target.dataset.document, location.href);
  const spec = await (await fetch(address)).json();
  spec.servers = [{url: new URL(".", address).href.replace(/\/$/, "")}];
  window.ui = SwaggerUIBundle({
    spec,
    domNode: target,
    deepLinking: true,
    validatorUrl: null,
    tryItOutEnabled: true,
    defaultModelsExpandDepth: 0,
    presets: [SwaggerUIBundle.presets.apis],
  });
})();
