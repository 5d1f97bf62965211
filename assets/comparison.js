// The two handles of a range filter say which end they are, and where they stand.
(function () {
  "use strict";

  function name(panel) {
    const ends = panel.dataset.ends.split("|");
    panel.querySelectorAll("[role=slider]").forEach((handle, place) => {
      const said = ends[Number(handle.getAttribute("aria-valuenow"))] || "";
      const label = place ? panel.dataset.to : panel.dataset.from;
      if (handle.getAttribute("aria-label") !== label) handle.setAttribute("aria-label", label);
      if (handle.getAttribute("aria-valuetext") !== said) handle.setAttribute("aria-valuetext", said);
    });
  }

  new MutationObserver(() => document.querySelectorAll(".filter-panel").forEach(name)).observe(
    document.documentElement,
    { subtree: true, childList: true, attributes: true, attributeFilter: ["aria-valuenow"] },
  );

  // A panel closes when the reader goes elsewhere, or presses Escape.
  document.addEventListener("click", (event) => {
    document.querySelectorAll(".filter-range[open]").forEach((range) => {
      if (!range.contains(event.target)) range.open = false;
    });
  });
  document.addEventListener("keydown", (event) => {
    const range = event.target.closest && event.target.closest(".filter-range[open]");
    if (event.key !== "Escape" || !range) return;
    range.open = false;
    range.querySelector("summary").focus();
  });
})();
