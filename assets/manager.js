// Pages about the model: the slider of the cost desk, and printing what is on screen.
(function () {
  "use strict";

  document.addEventListener("input", function (event) {
    const slider = event.target;
    // Dash puts the caret back where it was after each change, and fails on a slider, which has none.
    if (slider.matches && slider.matches(".desk input[type=range]")) slider.setSelectionRange = () => {};
  }, true); // before Dash hears of it

  // A printed card names every input.
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll(".model-card details").forEach((part) => { part.open = true; });
  });

  document.addEventListener("click", function (event) {
    if (event.target.closest("button[data-print]")) window.print();
  });
})();
