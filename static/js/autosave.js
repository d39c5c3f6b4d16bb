/* A draft that keeps itself. <form data-autosave="URL"> is posted there, as it is, a moment after the last key;
   the answer's text goes into [data-autosave-status], with the new version (header X-Version) into input[name=version]. */
"use strict";

(function () {
  const PAUSE = 1500;

  function watch(form) {
    const status = form.querySelector("[data-autosave-status]");
    let timer = null;
    let running = false;
    let again = false;
    let leaving = null;

    function say(text) { if (status) status.textContent = text; }

    function keepVersion(response) {
      const version = response.headers.get("X-Version");
      const field = form.querySelector("input[name=version]");
      if (version && field) field.value = version;
    }

    async function save() {
      if (running) { again = true; return; }
      running = true;
      try {
        const response = await fetch(form.dataset.autosave, {
          method: "POST", body: new FormData(form), credentials: "same-origin",
          headers: { "X-Requested-With": "autosave" }, redirect: "error",
        });
        keepVersion(response);
        if (response.ok) form.dispatchEvent(new CustomEvent("autosaved", { bubbles: true, detail: response.headers }));
        say(response.ok ? await response.text() : form.dataset.autosaveFailed || "");
      } catch (error) {
        say(form.dataset.autosaveFailed || "");
      }
      running = false;
      if (leaving) { form.requestSubmit(leaving.submitter); return; }
      if (again) { again = false; save(); }
    }

    form.addEventListener("input", function () {
      clearTimeout(timer);
      timer = setTimeout(save, PAUSE);
    });
    /* a press on the button while a draft is on its way waits for it, so that the version it carries is the newest */
    form.addEventListener("submit", function (event) {
      clearTimeout(timer);
      if (!running) return;
      event.preventDefault();
      leaving = { submitter: event.submitter };
    });
  }

  document.querySelectorAll("form[data-autosave]").forEach(watch);
})();
