"use strict";
// Shows the document in Redoc, in the colours of the pages around it.
addEventListener("DOMContentLoaded", async () => {
  const target = document.getElementById("reference");
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const spec = await (await fetch(target.dataset.document)).json();
  const verdict = (main, light) => ({main: colour(main), light: colour(light), dark: colour(main), contrastText: colour("--surface")});
  const answer = (name) => ({color: colour(name), backgroundColor: colour(name + "-soft"), tabTextColor: "#ffffff"});
  const render = () => Redoc.init(spec, {
    scrollYOffset: ".bar",
    hideDownloadButtons: true,
    nativeScrollbars: true,
    sortRequiredPropsFirst: true,
    theme: {
      colors: {
        primary: {main: colour("--accent")}, success: verdict("--good", "--good-soft"), error: verdict("--bad", "--bad-soft"), warning: verdict("--warn", "--warn-soft"),
        text: {primary: colour("--text"), secondary: colour("--soft")}, border: {dark: colour("--line-strong"), light: colour("--line")},
        gray: {50: colour("--raised"), 100: colour("--raised")},
        responses: {success: answer("--good"), error: answer("--bad"), redirect: answer("--warn"), info: {...answer("--warn")}},
        http: {get: "#0f5c9c", post: "#146c43", put: "#8a4b00", patch: "#7a3fa0", delete: "#a3242b", options: "#495057", head: "#7a3fa0", basic: "#495057", link: "#0b6150"},
      },
      typography: {fontFamily: colour("--sans"), fontSize: "15px", headings: {fontFamily: colour("--sans")},
        code: {fontFamily: colour("--mono"), color: colour("--text"), backgroundColor: colour("--raised")}, links: {color: colour("--accent")}},
      sidebar: {backgroundColor: colour("--raised"), textColor: colour("--text"), activeTextColor: colour("--accent")},
      rightPanel: {backgroundColor: "#141816", textColor: "#e9ece9"},
      codeBlock: {backgroundColor: "#0c0f0d"},
      schema: {nestedBackground: colour("--raised"), typeNameColor: colour("--text"), typeTitleColor: colour("--text"), requireLabelColor: colour("--bad"), linesColor: colour("--line-strong"), defaultDetailsWidth: "75%"},
    },
  }, target);
  render();

  // mend gives assistive technology what Redoc leaves out: headings without gaps, and names that begin with what is seen.
  const mend = () => {
    for (const heading of target.querySelectorAll("h1:not([aria-level]), h5:not([aria-level])")) heading.setAttribute("aria-level", heading.tagName === "H1" ? "2" : "3");
    for (const item of target.querySelectorAll("li[role=menuitem][aria-label]")) item.removeAttribute("aria-label");
    for (const block of target.querySelectorAll("pre:not([tabindex]), .redoc-json:not([tabindex])")) block.tabIndex = 0;
  };
  new MutationObserver(mend).observe(target, {childList: true, subtree: true});
  mend();
});
