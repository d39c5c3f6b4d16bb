/* The room screen: arrow keys go from case to case, unless somebody is writing. Links do the same without this file. */
"use strict";

document.addEventListener("keydown", function (event) {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const rel = { ArrowLeft: "prev", PageUp: "prev", ArrowRight: "next", PageDown: "next" }[event.key];
  const link = rel && document.querySelector("a[rel=" + rel + "]");
  if (link) { event.preventDefault(); link.click(); }
});
