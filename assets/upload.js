// Sends a batch and follows its check. The file goes as it is, so that the browser can say how far
// it is; then the job is asked after every second, by whoever stands on the page.
(function () {
  "use strict";

  const EVERY = 1000;
  const SELDOM = 5000; // while the page is not looked at
  let file = null; // chosen
  let sending = null; // the request under way
  let last = null; // what was shown last: {sent, total} or the job
  let news = ""; // what was read out last
  let timer = 0;
  let rules = null; // what the server accepts

  const node = () => document.querySelector("[data-upload]");
  const words = () => JSON.parse(node().dataset.words);
  const filled = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  const part = (name) => node().closest("section").querySelector(`[data-upload-part="${name}"]`);

  function show(name, isShown) {
    part(name).hidden = !isShown;
  }

  function write(name, text) {
    if (part(name).textContent !== text) part(name).textContent = text;
  }

  function megabytes(bytes) {
    const size = Math.max(0.1, bytes / 1e6);
    const digits = size < 10 ? 1 : 0;
    const told = new Intl.NumberFormat(node().dataset.lang, { maximumFractionDigits: digits }).format(size);
    return filled(words().size, { size: told });
  }

  function say(text) {
    if (text === news) return;
    news = text;
    write("voice", text);
  }

  // One way to draw: what is told, how far, what is wrong, what may be done.
  function draw({ text, share = null, faults = [], isWrong = false, result = null, canCancel = false, said = text }) {
    const hadFocus = document.activeElement === part("cancel") || document.activeElement === part("send");
    show("state", text !== "");
    part("state").classList.toggle("error", isWrong);
    write("text", text);
    show("bar", share !== null);
    if (share !== null) part("bar").value = Math.round(100 * share);
    part("faults").replaceChildren(
      ...faults.map((fault) => Object.assign(document.createElement("li"), { textContent: fault })),
    );
    show("faults", faults.length > 0);
    link(result);
    show("cancel", canCancel);
    show("form", !canCancel && rules !== null && rules.limit > 0);
    show("send", file !== null && !canCancel);
    write("file", file ? filled(words().file, { name: file.name, size: megabytes(file.size) }) : "");
    // The button that was pressed is gone: the focus stays where the news is.
    if (hadFocus && document.activeElement === document.body) (canCancel ? part("cancel") : part("state")).focus();
    say(said);
  }

  // `batch` null: there is nothing to see; empty: the latest.
  function link(batch) {
    show("result", batch !== null);
    if (batch === null) return part("result").replaceChildren();
    const there = node().dataset.result.replace(encodeURIComponent("{batch}"), encodeURIComponent(batch));
    if (part("result").firstChild && part("result").firstChild.getAttribute("href") === there) return;
    const made = Object.assign(document.createElement("a"), { href: there, textContent: words().result });
    made.dataset.page = "";
    made.className = "btn";
    part("result").replaceChildren(made);
  }

  function drawSending() {
    const { sent, total } = last;
    const isThere = sent >= total;
    const text = isThere ? words().sent : filled(words().sending, { done: megabytes(sent), total: megabytes(total) });
    draw({ text, share: total ? sent / total : 0, canCancel: !isThere, said: isThere ? text : "" });
    if (isThere) show("form", false);
  }

  function drawJob(job) {
    if (!job) return draw({ text: "" });
    draw({
      text: job.text,
      share: job.state !== "running" || !job.total ? null : Math.min(1, job.done / job.total),
      faults: job.faults,
      isWrong: job.state === "failed",
      result: job.has_verdict ? job.result : null,
      canCancel: !job.over && job.state !== "stopping",
      said: job.said,
    });
    if (!job.over) show("form", false);
  }

  function drawKinds() {
    const isOn = rules.limit > 0;
    const values = { limit: megabytes(rules.limit), portfolio: node().dataset.upload };
    write("kinds", filled(isOn ? words().kinds : words().off, values));
  }

  const wrong = (text) => draw({ text, isWrong: true });

  async function ask(path, options = {}) {
    const answer = await fetch(path, { ...options, headers: { Accept: "application/json" }, cache: "no-store" });
    const told = await answer.json();
    if (!answer.ok) throw new Error(told.error ? told.error.message : "");
    return told;
  }

  async function follow() {
    clearTimeout(timer);
    const asked = node();
    if (!asked || sending) return;
    const query = new URLSearchParams({ portfolio: asked.dataset.upload, lang: asked.dataset.lang });
    let isOver = false;
    try {
      const told = await ask("/jobs/current?" + query);
      if (node() !== asked || sending) return;
      rules = { limit: told.limit };
      drawKinds();
      isOver = !told.job || told.job.over;
      // What ended before this visit is no news once another file is chosen.
      if (!file || !isOver) drawJob((last = told.job));
      else weigh();
    } catch (error) {
      if (node() === asked && error.message) wrong(error.message);
    }
    if (!isOver) timer = setTimeout(follow, document.hidden ? SELDOM : EVERY);
  }

  function choose() {
    const field = Object.assign(document.createElement("input"), { type: "file" });
    field.accept = ".csv,.gz,.parquet,.zip";
    field.addEventListener("change", function () {
      file = field.files[0] || null;
      if (file && rules) weigh();
    });
    field.click();
  }

  // A file may be chosen before the server has said what it accepts: it is weighed once both are known.
  function weigh() {
    if (file.size > rules.limit) {
      const values = { size: megabytes(file.size), limit: megabytes(rules.limit) };
      file = null;
      return rules.limit > 0 ? wrong(filled(words().larger, values)) : draw({ text: "" });
    }
    draw({ text: "" });
    // Whoever has just chosen goes on from there; whoever reads elsewhere stays.
    if (document.activeElement === part("choose")) part("send").focus();
  }

  function send() {
    const request = (sending = new XMLHttpRequest());
    const sent = file;
    const lang = node().dataset.lang;
    request.open("POST", `/uploads/${encodeURIComponent(node().dataset.upload)}/drift?lang=${lang}`);
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.setRequestHeader("X-File-Name", encodeURIComponent(sent.name));
    request.upload.addEventListener("progress", function (event) {
      last = { sent: event.loaded, total: event.total };
      if (node()) drawSending();
    });
    request.addEventListener("load", function () {
      sending = null;
      let told = {};
      try {
        told = JSON.parse(request.responseText);
      } catch {
        told = {};
      }
      if (request.status === 202) file = null;
      if (!node()) return;
      if (request.status === 202) follow();
      else wrong(told.error ? told.error.message : words().lost);
    });
    const ended = (word) => () => {
      sending = null;
      if (node()) (word === "lost" ? wrong : (text) => draw({ text }))(words()[word]);
    };
    request.addEventListener("error", ended("lost"));
    request.addEventListener("abort", ended("aborted"));
    last = { sent: 0, total: sent.size };
    drawSending();
    request.send(sent);
  }

  async function cancel() {
    if (sending) return sending.abort();
    if (!last || !last.id) return;
    show("cancel", false);
    try {
      await ask(`/jobs/${last.id}/cancel`, { method: "POST" });
      follow();
    } catch (error) {
      wrong(error.message || words().lost);
    }
  }

  const ACTS = { choose, send, cancel };

  document.addEventListener("click", function (event) {
    const button = event.target.closest("button[data-upload-part]");
    if (button && node()) ACTS[button.dataset.uploadPart]();
  });

  window.addEventListener("beforeunload", function (event) {
    if (sending) event.preventDefault();
  });

  // The sheet comes and goes with its page.
  let seen = null;
  new MutationObserver(function () {
    const found = node();
    if (found === seen) return;
    seen = found;
    if (!found) return clearTimeout(timer);
    news = "";
    if (sending) drawSending();
    else follow();
  }).observe(document.documentElement, { subtree: true, childList: true });
})();
