/** How one message looks. Everything that comes from people or the engine is set as text, never as markup. */

export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "class") made.className = value;
    else if (value !== false && value !== undefined) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== undefined && child !== null));
  return made;
}

/** Build the message: label, words, extras, choices and the line below. */
export function messageElement(message, { t, baseUrl, onChoice, onRead, onRate }) {
  const own = message.sender === "patient";
  const speaker = { patient: t.you, assistant: t.assistant, clinician: t.clinic }[message.sender];
  const classes = ["message", own ? "patient" : "", message.kind, message.state ?? ""].join(" ");
  const node = element("article", { class: classes, "data-id": message.id ?? message.client_id });
  node.append(bubble(message, speaker, { t, baseUrl }));
  node.append(belowLine(message, { t, onRead }));
  if (message.data?.rated_article) node.append(rating(message, { t, onRate }));
  if (message.choices?.length) node.append(choices(message, onChoice));
  return node;
}

function bubble(message, speaker, { t, baseUrl }) {
  const labels = { red_flag: t.redFlag, decision: t.decision };
  const label = labels[message.kind];
  return element(
    "div",
    { class: "bubble" },
    element("span", { class: "sr" }, `${speaker}: `),
    label ? element("p", { class: "label" }, label) : undefined,
    ...message.text.trim().split(/\n{2,}/).map((part) => element("p", {}, part)),
    extras(message, { t, baseUrl }),
  );
}

function extras(message, { t, baseUrl }) {
  const data = message.data ?? {};
  if (message.kind === "red_flag") return phones(data.phones ?? ["112"], t);
  if (data.kind === "booking") return bookingCard(data, t);
  if (data.kind === "readings") return readingsTable(data, t);
  if (data.kind === "curve") return curve(data, { t, baseUrl });
  if (data.kind === "link") return pageLink(data, baseUrl);
  return undefined;
}

/** Only pages of our own: the address begins with one slash. */
function pageLink(data, baseUrl) {
  if (!/^\/(?!\/)/.test(data.url ?? "")) return undefined;
  return element("a", { class: "link", href: `${baseUrl}${data.url}`, target: "_blank", rel: "noopener" }, data.label);
}

function phones(numbers, t) {
  const links = numbers.map((number, index) =>
    element("a", { class: index === 0 ? "phone first" : "phone", href: `tel:${number}` }, t.call(number)),
  );
  return element("div", { class: "phones" }, ...links);
}

function bookingCard(data, t) {
  const rows = ["day", "time", "who", "how"].filter((name) => data[name]);
  const list = rows.flatMap((name) => [element("dt", {}, t[name]), element("dd", {}, data[name])]);
  return element("section", { class: "card" }, element("p", { class: "card-title" }, t.booked), element("dl", {}, ...list));
}

function readingsTable(data, t) {
  const number = (value) => (typeof value === "number" ? value.toLocaleString(t.locale) : String(value));
  const at = (text) => {
    const moment = new Date(text);
    return Number.isNaN(moment.getTime())
      ? text
      : moment.toLocaleString(t.locale, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
  };
  const rows = data.readings.map((reading) =>
    element(
      "tr",
      {},
      element("th", { scope: "row" }, reading.label?.[t.locale.slice(0, 2)] ?? reading.label),
      element("td", {}, `${number(reading.value)} ${reading.unit ?? ""}`),
      element("td", {}, at(reading.at)),
    ),
  );
  const table = element("table", { class: "readings" }, element("tbody", {}, ...rows));
  return element("details", {}, element("summary", {}, t.showReadings), table);
}

function curve(data, { t, baseUrl }) {
  return element("img", { class: "curve", src: `${baseUrl}/patient/curves/${data.code}.svg`, alt: t.curve, loading: "lazy" });
}

function choices(message, onChoice) {
  const buttons = message.choices.map((choice) => {
    const button = element("button", { type: "button" }, choice.label);
    button.addEventListener("click", () => onChoice(message, choice));
    return button;
  });
  return element("div", { class: "choices" }, ...buttons);
}

/** A quiet question under an answer from the articles. It is asked once; a failure leaves it open. */
function rating(message, { t, onRate }) {
  const line = element("div", { class: "below rating", role: "group", "aria-label": t.helped });
  const thanks = () => line.replaceChildren(element("span", { role: "status" }, t.rated));
  if ("helped" in message.data) {
    thanks();
    return line;
  }
  line.append(element("span", {}, t.helped));
  for (const [label, helped] of [[t.yes, true], [t.no, false]]) {
    const button = element("button", { type: "button" }, label);
    button.addEventListener("click", () => onRate(message, helped).then(thanks, () => {}));
    line.append(button);
  }
  return line;
}

function belowLine(message, { t, onRead }) {
  const moment = new Date(message.created_at);
  const time = element("time", { datetime: message.created_at }, moment.toLocaleTimeString(t.locale, { hour: "2-digit", minute: "2-digit" }));
  const line = element("div", { class: "below" }, time, element("span", { class: "state" }));
  if (message.sender !== "patient" && onRead) {
    const read = element("button", { type: "button" }, t.read);
    read.addEventListener("click", () => onRead(message, read));
    line.append(read);
  }
  return line;
}

/** Build the separator that names a day. */
export function dayElement(moment, t) {
  const days = Math.round((startOfDay(new Date()) - startOfDay(moment)) / 86400000);
  const written = moment.toLocaleDateString(t.locale, { weekday: "long", day: "numeric", month: "long" });
  const near = { 0: t.today, 1: t.yesterday }[days];
  return element("div", { class: "day" }, element("span", {}, near ? `${near}, ${written}` : written));
}

const startOfDay = (moment) => new Date(moment.getFullYear(), moment.getMonth(), moment.getDate());
