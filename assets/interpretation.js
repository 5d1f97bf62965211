// The points statement: a theme opens into its lines.
(function () {
  "use strict";

  document.addEventListener("click", function (event) {
    const button = event.target.closest("button.twist[aria-controls]");
    if (!button) return;
    const lines = document.getElementById(button.getAttribute("aria-controls"));
    const opens = button.getAttribute("aria-expanded") !== "true";
    button.setAttribute("aria-expanded", String(opens));
    lines.hidden = !opens;
  });
})();
