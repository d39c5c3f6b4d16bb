/* Comfort only: every page and form works without this file. */
"use strict";

(function () {
  function closeMenus(except) {
    document.querySelectorAll("details.menu[open]").forEach(function (menu) {
      if (menu !== except) menu.removeAttribute("open");
    });
  }

  document.addEventListener("click", function (event) {
    closeMenus(event.target.closest("details.menu"));
  });
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    const open = document.querySelector("details.menu[open]");
    closeMenus(null);
    if (open) open.querySelector("summary").focus();
  });

  /* the row of tabs shows the tab one is on */
  document.querySelectorAll(".top-nav [aria-current], .tabline [aria-current]").forEach(function (link) {
    const row = link.closest("ul");
    row.scrollLeft = link.offsetLeft - (row.clientWidth - link.offsetWidth) / 2;
  });

  /* facets stand open on a wide screen where the browser cannot show a closed details by style */
  if (!CSS.supports("selector(::details-content)") && window.matchMedia("(min-width: 992px)").matches) {
    document.querySelectorAll("details.facets-box").forEach(function (box) { box.open = true; });
  }

  /* a file field in the words of the page */
  document.querySelectorAll("input[type=file] + .file-pick").forEach(function (pick) {
    const input = pick.previousElementSibling, name = pick.querySelector(".file-name"), none = name.textContent;
    input.classList.add("file-native");
    pick.hidden = false;
    pick.addEventListener("click", function () { input.click(); });
    input.addEventListener("change", function () {
      name.textContent = Array.from(input.files, function (file) { return file.name; }).join(", ") || none;
    });
  });

  /* after a refused form, the list of what to mend is read first */
  const refused = document.querySelector("[data-focus]");
  if (refused) refused.focus();

  /* one act, one press; the button comes back when the page does */
  document.addEventListener("submit", function (event) {
    const form = event.target;
    if (!form.matches("[data-once]") || event.defaultPrevented) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
  });
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("[data-sent]").forEach(function (form) { delete form.dataset.sent; });
  });

  /* a choice that submits its form at once: <select data-autosubmit> */
  document.addEventListener("change", function (event) {
    if (event.target.matches("[data-autosubmit]")) event.target.form.requestSubmit();
  });

  /* one press picks every row of the page */
  function offerPickAll(root) {
    root.querySelectorAll("[data-pick-all]").forEach(function (all) { all.hidden = false; });
  }
  document.addEventListener("change", function (event) {
    if (!event.target.matches("[data-pick-all]")) return;
    event.target.closest("table").querySelectorAll("tbody .pick-c input").forEach(function (one) { one.checked = event.target.checked; });
  });
  offerPickAll(document);

  /* what stood open stays open when a piece of the page is replaced */
  let opened = [];
  document.addEventListener("htmx:beforeSwap", function () {
    opened = Array.from(document.querySelectorAll("details[id][open]:not(.menu)"), function (box) { return box.id; });
  });
  document.addEventListener("htmx:afterSettle", function () {
    opened.forEach(function (id) { const box = document.getElementById(id); if (box) box.open = true; });
    offerPickAll(document);
  });

  document.querySelectorAll("[data-print]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  });
})();
