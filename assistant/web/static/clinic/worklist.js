/** Keeps the worklist fresh: asks every few seconds and swaps the list only when it has changed. */
const EVERY_MS = 4000;

const list = document.getElementById("worklist");
const news = document.getElementById("news");
let shown = "";

async function refresh() {
  if (document.hidden) return;
  const response = await fetch(list.dataset.source, { headers: { Accept: "text/html" } });
  if (response.redirected || response.status === 401) {
    location.assign("/clinic/login");
    return;
  }
  if (!response.ok) return;
  const fresh = await response.text();
  if (shown && fresh !== shown) {
    const focused = list.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    const parsed = new DOMParser().parseFromString(fresh, "text/html");
    list.replaceChildren(...parsed.body.childNodes);
    if (focused) list.querySelector(`a[href="${focused}"]`)?.focus();
    news.textContent = news.dataset.words;
  }
  shown = fresh;
}

setInterval(() => refresh().catch(() => undefined), EVERY_MS);
refresh().catch(() => undefined);
