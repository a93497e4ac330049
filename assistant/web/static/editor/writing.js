/** Shows the preview and what should be mended while an article is written, and warns before unsaved text is left. */
const PAUSE_MS = 500;

const form = document.getElementById("writing");
const live = document.getElementById("live");
const checked = document.getElementById("checked");
const news = document.getElementById("live-news");
let pause;
let latest = 0;
let saved = true;

async function check() {
  const mine = ++latest;
  const body = new URLSearchParams(new FormData(form));
  const response = await fetch(live.dataset.source, { method: "POST", body });
  if (mine !== latest) return;
  if (response.redirected) {
    news.textContent = "Du är utloggad. Logga in i en annan flik innan du sparar.";
    news.classList.remove("unseen");
    return;
  }
  const parsed = new DOMParser().parseFromString(await response.text(), "text/html");
  checked.replaceChildren(...parsed.body.childNodes);
  const problems = checked.querySelectorAll(".problems .error").length;
  news.textContent = problems ? `${problems} att rätta` : "Inget att rätta";
}

function checkSoon() {
  saved = false;
  clearTimeout(pause);
  pause = setTimeout(() => check().catch(() => undefined), PAUSE_MS);
}

function addSource() {
  const sources = document.getElementById("sources");
  const last = sources.lastElementChild;
  const added = last.cloneNode(true);
  added.querySelector("legend").textContent = `Källa ${sources.childElementCount + 1}`;
  for (const field of added.querySelectorAll('input[type="text"]')) field.value = "";
  sources.append(added);
  added.querySelector("input").focus();
}

form.addEventListener("input", checkSoon);
form.addEventListener("submit", (event) => {
  if (new Blob([form.elements.body.value]).size > Number(live.dataset.limit)) {
    event.preventDefault();
    checked.textContent = live.dataset.tooLong;
    checked.scrollIntoView({ block: "nearest" });
    return;
  }
  saved = true;
});
window.addEventListener("beforeunload", (event) => {
  if (!saved) event.preventDefault();
});

const button = document.getElementById("add-source");
button.hidden = false;
button.addEventListener("click", addSource);
check().catch(() => undefined);
