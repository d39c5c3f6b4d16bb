/* The room screen: arrow keys go from case to case, digits choose the outcome, unless somebody is writing. Links and
   choices do the same without this file. */
"use strict";

document.addEventListener("keydown", function (event) {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.target.closest("input:not([type=radio]), textarea, select, [contenteditable]")) return;
  const outcome = /^[1-9]$/.test(event.key) && document.querySelectorAll("#recommend input[name=outcome]")[event.key - 1];
  if (outcome) { event.preventDefault(); outcome.checked = true; outcome.focus(); return; }
  const rel = { ArrowLeft: "prev", PageUp: "prev", ArrowRight: "next", PageDown: "next" }[event.key];
  const link = rel && document.querySelector("a[rel=" + rel + "]");
  if (link) { event.preventDefault(); link.click(); }
});
