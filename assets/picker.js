// The keyboard of every client search: arrows choose a row, Enter opens it, Escape closes the
// list, a slash anywhere on the page comes to the field. Rows are drawn by the server.
(function () {
  "use strict";

  const waiting = new WeakSet(); // pickers whose Enter came before the answer
  const dismissed = new WeakSet(); // pickers closed by Escape: a late answer does not reopen them
  let named = 0;

  function parts(picker) {
    return {
      field: picker.querySelector("input"),
      list: picker.querySelector(".found"),
      rows: Array.from(picker.querySelectorAll(".found tr")),
    };
  }

  function typed(field) {
    return field.value.trim();
  }

  function isAnswered(picker) {
    const { field, list } = parts(picker);
    return list !== null && list.dataset.typed === typed(field);
  }

  // Dash's field takes no roles from Python: they are given here.
  function dress(picker) {
    const { field, list } = parts(picker);
    if (!field) return;
    if (!field.dataset.dressed) {
      field.dataset.dressed = "yes";
      field.setAttribute("role", "combobox");
      field.setAttribute("aria-autocomplete", "list");
      field.setAttribute("aria-haspopup", "grid");
      field.setAttribute("aria-label", picker.querySelector("[data-picker-label]").textContent);
    }
    if (list && !list.id) list.id = "picker-list-" + ++named;
    if (list) field.setAttribute("aria-controls", list.id);
  }

  function choose(picker, index) {
    const { field, rows } = parts(picker);
    rows.forEach(function (row, place) {
      const chosen = place === index;
      row.classList.toggle("pick", chosen);
      row.setAttribute("aria-selected", chosen ? "true" : "false");
      if (chosen && !row.id) row.id = "picker-row-" + ++named;
    });
    if (rows[index]) {
      field.setAttribute("aria-activedescendant", rows[index].id);
      rows[index].scrollIntoView({ block: "nearest" });
    } else field.removeAttribute("aria-activedescendant");
  }

  function chosen(picker) {
    return parts(picker).rows.findIndex((row) => row.classList.contains("pick"));
  }

  function open(picker, isOpen) {
    const { field, rows } = parts(picker);
    picker.classList.toggle("closed", !isOpen);
    field.setAttribute("aria-expanded", isOpen && rows.length > 0 ? "true" : "false");
  }

  function go(row) {
    const link = row && row.querySelector("a");
    if (link) link.click();
  }

  // Opens the chosen row, or the first; with none, the number as typed: that page says what is near.
  function enter(picker) {
    const { field, rows } = parts(picker);
    if (rows.length) return go(rows[Math.max(chosen(picker), 0)]);
    const link = document.createElement("a");
    link.href = picker.dataset.picker + "&client=" + encodeURIComponent(typed(field));
    link.dataset.page = "";
    picker.append(link);
    link.click();
    link.remove();
  }

  function refresh(picker) {
    dress(picker);
    const { field } = parts(picker);
    if (!field) return;
    choose(picker, typed(field) && !dismissed.has(picker) ? 0 : -1);
    open(picker, !dismissed.has(picker));
    if (waiting.has(picker) && isAnswered(picker)) {
      waiting.delete(picker);
      enter(picker);
    }
  }

  function onKey(event, picker) {
    const { field, rows } = parts(picker);
    const last = rows.length - 1;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      dismissed.delete(picker);
      if (picker.classList.contains("closed")) return open(picker, true);
      const step = event.key === "ArrowDown" ? 1 : -1;
      choose(picker, Math.min(last, Math.max(0, chosen(picker) + step)));
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (chosen(picker) < 0 && !typed(field)) return;
      if (isAnswered(picker)) enter(picker);
      else waiting.add(picker);
    } else if (event.key === "Escape") {
      dismissed.add(picker);
      waiting.delete(picker);
      open(picker, false);
      choose(picker, -1);
    }
  }

  function isWriting(target) {
    return target.closest("input, textarea, select, [contenteditable='true']") !== null;
  }

  document.addEventListener("keydown", function (event) {
    const picker = event.target.closest("[data-picker]");
    if (picker && event.target.matches("input")) return onKey(event, picker);
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target)) return;
    const field = document.querySelector("main [data-picker] input") || document.querySelector("[data-picker] input");
    if (!field) return;
    event.preventDefault();
    field.focus();
    field.select();
  });

  document.addEventListener("input", function (event) {
    const picker = event.target.closest("[data-picker]");
    if (!picker) return;
    waiting.delete(picker);
    dismissed.delete(picker);
  });

  document.addEventListener("click", function (event) {
    const row = event.target.closest(".found tr");
    if (row && !event.target.closest("a")) go(row);
    document.querySelectorAll("[data-picker].picker-small").forEach(function (picker) {
      if (!picker.contains(event.target)) open(picker, false);
    });
  });

  document.addEventListener("focusout", function (event) {
    const picker = event.target.closest("[data-picker].picker-small");
    if (picker && event.relatedTarget && !picker.contains(event.relatedTarget)) open(picker, false);
  });

  document.addEventListener("focusin", function (event) {
    const picker = event.target.closest("[data-picker].picker-small");
    if (picker && event.target.matches("input")) open(picker, true);
  });

  new MutationObserver(function (changes) {
    const touched = new Set();
    changes.forEach(function (change) {
      const inside = change.target.closest && change.target.closest("[data-picker]");
      if (inside) touched.add(inside);
      change.addedNodes.forEach(function (node) {
        if (node.querySelectorAll) node.querySelectorAll("[data-picker]").forEach((found) => touched.add(found));
      });
    });
    touched.forEach(refresh);
  }).observe(document.documentElement, {
    subtree: true,
    childList: true,
    attributes: true,
    attributeFilter: ["data-typed"],
  });
})();
