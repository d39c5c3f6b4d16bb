/* The quarter's grid: how many rows are ready, and cells pasted from a spreadsheet. Comfort only. */
"use strict";

(function () {
  const send = document.querySelector("[data-ready-send]");
  const save = document.querySelector("[data-ready-save]");

  document.addEventListener("autosaved", function (event) {
    const ready = Number(event.detail.get("X-Ready"));
    if (!send || Number.isNaN(ready)) return;
    send.textContent = ready ? send.dataset.some.replace("#", ready) : send.dataset.none;
    send.classList.toggle("btn-primary", ready > 0);
    save.classList.toggle("btn-primary", ready === 0);
  });

  /* a block of cells goes right and down from where it was pasted, as in the spreadsheet it comes from */
  document.addEventListener("paste", function (event) {
    const start = event.target.closest(".grid-x .cellin input");
    const text = event.clipboardData ? event.clipboardData.getData("text/plain") : "";
    if (!start || !/[\t\n]/.test(text.trim())) return;
    event.preventDefault();
    const rows = Array.from(document.querySelectorAll(".grid-x tbody tr:not(.rownote)"), function (row) {
      return Array.from(row.querySelectorAll(".cellin input"));
    });
    const top = rows.findIndex(function (cells) { return cells.includes(start); });
    const left = rows[top].indexOf(start);
    text.replace(/\r?\n$/, "").split(/\r?\n/).forEach(function (line, down) {
      line.split("\t").forEach(function (value, right) {
        const cell = (rows[top + down] || [])[left + right];
        if (!cell) return;
        cell.value = value.trim();
        cell.dispatchEvent(new Event("input", { bubbles: true }));
      });
    });
  });
})();
