// What the server refuses for want of a login is said on the page, which stays as it was: nothing typed is lost.
(function () {
  "use strict";

  const CALLBACKS = "/_dash-update-component";

  let isTold = false;

  function part(type, props) {
    return { type, namespace: "dash_html_components", props };
  }

  function tell(error) {
    const said = [part("P", { children: part("B", { children: error.message }) })];
    if (error.login) {
      const here = window.location.pathname + window.location.search;
      const href = `${error.login.address}?${new URLSearchParams({ next: here })}`;
      const link = part("A", { children: error.login.text, href, target: "_blank", rel: "opener" });
      said.push(part("P", { children: [error.login.kept + " ", link] }));
    } else if (error.number) {
      said.push(part("P", { children: error.number }));
    }
    const told = part("Div", { children: said, className: "error", role: "alert" });
    window.dash_clientside.set_props("shell-error", { children: told });
    isTold = true;
    window.scrollTo(0, 0);
  }

  const ask = window.fetch;
  window.fetch = async function (asked, options) {
    const answer = await ask.call(this, asked, options);
    const address = String(asked.url || asked);
    if (!address.includes(CALLBACKS) || !window.dash_clientside || !window.dash_clientside.set_props) return answer;
    if (answer.ok && isTold) {
      isTold = false;
      window.dash_clientside.set_props("shell-error", { children: null });
    }
    if (answer.status >= 400) {
      answer.clone().json().then((body) => tell(body.error)).catch(() => undefined);
      // Dash reads the body of a 401 or 400 twice, in search of a kind of token that we do not use.
      if (answer.status < 402) return new Response(answer.body, { status: 403, headers: answer.headers });
    }
    return answer;
  };

  function toggle(button) {
    const field = document.getElementById("login-password");
    const words = [button.textContent, button.dataset.hide];
    button.hidden = false;
    button.addEventListener("click", function () {
      const shown = field.type === "password";
      field.type = shown ? "text" : "password";
      button.textContent = words[shown ? 1 : 0];
      button.setAttribute("aria-pressed", String(shown));
      field.focus();
    });
  }

  document.addEventListener("DOMContentLoaded", function () {
    const button = document.getElementById("login-show");
    if (button) toggle(button);
  });

  // The menu of who is at work closes like any menu.
  document.addEventListener("click", function (event) {
    document.querySelectorAll("details.reader[open]").forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });
  document.addEventListener("keydown", function (event) {
    const menu = event.key === "Escape" && document.querySelector("details.reader[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
})();
