// The form of the Simulation page: what needs no server. Called by the callbacks of pages/simulation.py.
(function () {
  "use strict";
  const dash = (window.dash_clientside = window.dash_clientside || {});
  const changed = (marks, name) => ((marks && marks.rows) || {})[name];
  const names = (outputs) => outputs.map((output) => output.id.feature);

  // A share as the reader's language writes it: 45 % or 0,31.
  function share(value, step) {
    const lang = document.documentElement.lang || "fr";
    const percent = Number(step) >= 1;
    const digits = percent ? 0 : Math.max(0, Math.round(-Math.log10(Number(step))));
    const shown = Number(value).toLocaleString(lang, { minimumFractionDigits: digits, maximumFractionDigits: digits });
    return percent ? shown + (lang === "fr" ? "\u202f%" : "%") : shown;
  }

  dash.simulation = {
    // What was tried before this page was loaded comes back; what it wrote itself does not.
    restore: function (_stamp, kept, about) {
      const old = kept && about && kept.page !== about.page;
      const held = old && (Object.keys(kept.values || {}).length || Object.keys(kept.typed || {}).length);
      return held ? kept : dash.no_update;
    },

    // Points and faults of each row; which proposal is in use; whether there is something to undo.
    mark: function (marks) {
      const [styles, points, faults, proposals] = dash.callback_context.outputs_list;
      const bad = (marks && marks.bad) || {};
      const used = marks ? marks.used : null;
      return [
        names(styles).map((name) => {
          const mark = changed(marks, name);
          return mark ? ("num pts set " + mark[1]).trim() : "num pts";
        }),
        names(points).map((name) => (changed(marks, name) || ["0"])[0]),
        names(faults).map((name) => bad[name] || null),
        proposals.map((output) => "btn small use" + (String(used) === output.id.index ? " pressed" : "")),
        !Object.keys((marks && marks.rows) || {}).length && !Object.keys(bad).length,
      ];
    },

    // "Not provided" shuts the fields of its row.
    shut: function (ticked) {
      const fields = dash.callback_context.outputs_list;
      return fields.map(() => Boolean(ticked));
    },

    share: share,
  };

  // The number beside a slider follows the hand; the trial waits until it rests.
  function follow(event) {
    const slider = event.target;
    if (!slider.matches || !slider.matches(".slide input[type=range]")) return;
    const shown = slider.closest(".slide").querySelector(".shown");
    if (shown && shown.firstChild) shown.firstChild.nodeValue = share(slider.value, slider.step);
  }
  document.addEventListener("input", follow);
})();
