"use strict";
// Shows the document in Redoc, in the colours of the pages around it.
addEventListener("DOMContentLoaded", async () => {
  const target = document.getElementById("reference");
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const spec = await (await fetch(target.dataset.document)).json();
  Redoc.init(spec, {
    scrollYOffset: ".bar",
    hideDownloadButtons: true,
    pathInMiddlePanel: false,
    nativeScrollbars: true,
    sortRequiredPropsFirst: true,
    theme: {
      colors: {primary: {main: colour("--accent")}, text: {primary: colour("--text"), secondary: colour("--soft")},
        border: {dark: colour("--line-strong"), light: colour("--line")}},
      typography: {fontFamily: colour("--sans"), fontSize: "15px", headings: {fontFamily: colour("--sans")}, code: {fontFamily: colour("--mono"), color: colour("--text"), backgroundColor: colour("--raised")}},
      sidebar: {backgroundColor: colour("--raised"), textColor: colour("--text")},
      rightPanel: {backgroundColor: "#141816", textColor: "#e9ece9"},
      schema: {nestedBackground: colour("--raised"), typeNameColor: colour("--text"), typeTitleColor: colour("--text"), requireLabelColor: colour("--bad")},
    },
  }, target);
});
