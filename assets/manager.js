// Pages about the model: printing what is on screen.
(function () {
  "use strict";

  // A printed card names every input.
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll(".model-card details").forEach((part) => { part.open = true; });
  });

  document.addEventListener("click", function (event) {
    if (event.target.closest("button[data-print]")) window.print();
  });
})();
