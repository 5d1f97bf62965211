// What a figure lets its reader take away: its table, its data, its picture.
(function () {
  "use strict";

  function cells(row, exact) {
    return Array.from(row.cells, (cell) => (exact && cell.dataset.value) || cell.innerText.trim());
  }

  function lines(table, exact) {
    return Array.from(table.rows, (row) => cells(row, exact));
  }

  function csv(table) {
    const quoted = (text) => (/[",\n;]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text);
    // The mark at the start tells a spreadsheet that this is UTF-8.
    return "\ufeff" + lines(table, true).map((row) => row.map(quoted).join(",")).join("\r\n") + "\r\n";
  }

  function save(text, name) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  async function copy(table, told) {
    const text = lines(table, false).map((row) => row.join("\t")).join("\n");
    try {
      const kinds = { "text/plain": text, "text/html": table.outerHTML };
      const parts = Object.entries(kinds).map(([kind, held]) => [kind, new Blob([held], { type: kind })]);
      await navigator.clipboard.write([new ClipboardItem(Object.fromEntries(parts))]);
      told.textContent = told.dataset.done;
    } catch {
      told.textContent = told.dataset.refused;
    }
  }

  document.addEventListener("click", function (event) {
    const button = event.target.closest("button[data-take]");
    if (!button) return;
    const figure = button.closest("[data-figure]");
    const table = figure.querySelector("table.figures");
    const told = button.parentElement.querySelector("[role=status]");
    const name = "limpide-" + figure.dataset.figure;
    if (button.dataset.take === "copy") copy(table, told);
    if (button.dataset.take === "csv") save(csv(table), name + ".csv");
    if (button.dataset.take === "image") {
      figure.querySelectorAll(".js-plotly-plot").forEach((graph, place) => {
        const { width, height } = graph.getBoundingClientRect();
        const filename = place ? name + "-" + (place + 1) : name;
        window.Plotly.downloadImage(graph, { format: "svg", filename, width, height });
      });
    }
  });
})();
