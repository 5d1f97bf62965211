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

  // Dash's lists take the Tab key with a field that is hidden from those who listen: their button
  // takes it instead.
  function reach(field) {
    const button = field.parentElement.querySelector("button.dash-dropdown");
    if (field.tabIndex !== -1) field.tabIndex = -1;
    if (button && button.tabIndex !== 0) button.tabIndex = 0;
  }

  function tidy() {
    document.querySelectorAll(".filter-panel").forEach(name);
    document.querySelectorAll(".dash-dropdown-focus-target[aria-hidden]").forEach(reach);
  }

  new MutationObserver(tidy).observe(
    document.documentElement,
    { subtree: true, childList: true, attributes: true, attributeFilter: ["aria-valuenow"] },
  );

  // A panel closes on Escape.
  document.addEventListener("keydown", (event) => {
    const range = event.target.closest && event.target.closest(".filter-range[open]");
    if (event.key !== "Escape" || !range) return;
    range.open = false;
    range.querySelector("summary").focus();
  });
})();
