// The frame around the pages: title and language of the document, links followed in place,
// an address that says what is on screen.
(function () {
  "use strict";

  let followed = {};

  function present() {
    const page = document.getElementById("shell-page");
    if (!page) return;
    if (page.dataset.title && document.title !== page.dataset.title) document.title = page.dataset.title;
    if (page.lang && document.documentElement.lang !== page.lang) document.documentElement.lang = page.lang;
    const voice = document.getElementById("shell-announce");
    const news = page.querySelector("[data-announce]");
    const said = news ? news.textContent : document.title;
    if (voice && voice.textContent !== said) voice.textContent = said;
    const states = [...page.querySelectorAll("[data-query]")];
    const state = states[0];
    const query = states.map((part) => part.dataset.query).filter(Boolean).join("&");
    // Once each: the state of the page that is left must not be written over the address of the next.
    if (state && (state !== followed.state || query !== followed.query)) {
      followed = { state, query };
      follow(page, followed.query);
    }
  }

  // The state of a page changes without a new page: its address, and the links that keep it, follow.
  function follow(page, query) {
    const restate = (address) => {
      const url = new URL(address, window.location.href);
      const kept = ["client", "lang"].filter((name) => url.searchParams.has(name));
      const known = kept.map((name) => [name, url.searchParams.get(name)]);
      url.search = new URLSearchParams([...known, ...new URLSearchParams(query)]).toString();
      return url.pathname + url.search;
    };
    const here = restate(window.location.href);
    if (here !== window.location.pathname + window.location.search) window.history.replaceState(null, "", here);
    page.querySelectorAll(".masthead a[hreflang]").forEach((link) => {
      const there = restate(link.href);
      if (link.getAttribute("href") !== there) link.setAttribute("href", there);
    });
  }

  // Dash writes its own title when a page arrives: the page's wins, whenever it comes.
  new MutationObserver(present).observe(document.documentElement, {
    subtree: true,
    childList: true,
    attributes: true,
    attributeFilter: ["data-title", "data-query"],
  });

  document.addEventListener("click", function (event) {
    const plain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
    const link = event.target.closest("a[data-page]");
    if (!link || !plain || event.defaultPrevented) return;
    event.preventDefault();
    window.history.pushState(null, "", link.href);
    window.dispatchEvent(new PopStateEvent("popstate"));
    window.scrollTo(0, 0);
    // What failed on the page before is not news on this one.
    if (window.dash_clientside.set_props) window.dash_clientside.set_props("shell-error", { children: null });
  });
})();
