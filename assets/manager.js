// Pages about the model: print what is on screen.
document.addEventListener("click", function (event) {
  "use strict";
  if (event.target.closest("button[data-print]")) window.print();
});
