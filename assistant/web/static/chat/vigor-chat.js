/**
 * <vigor-chat base-url="https://..."> – the conversation, on our own page or any other.
 * Without base-url it talks with the site it is on. Its style is sealed in a shadow root.
 */
import { ChatApi, OfflineError } from "./api.js";
import { Connection } from "./connection.js";
import { dayElement, element, messageElement } from "./messages.js";
import { Outbox } from "./outbox.js";
import { canRead, dictation, readAloud, stopReading } from "./speech.js";
import { textsIn } from "./texts.js";

const SCALES = [1, 1.25, 1.5, 1.8];
const RETRY_LOAD_MS = 3000;
const NEAR_BOTTOM_PX = 80;
const TYPING_LIMIT_MS = 60000;
const STYLES = ["../tokens.css", "./vigor-chat.css"];

class VigorChat extends HTMLElement {
  #messages = new Map();
  #lastSeq = 0;
  #seenSeq = 0;
  #scale = 1;
  #aloud = false;
  #slow = false;

  connectedCallback() {
    if (this.shadowRoot) return;
    this.baseUrl = (this.getAttribute("base-url") ?? "").replace(/\/$/, "");
    this.api = new ChatApi(this.baseUrl);
    this.t = textsIn(this.getAttribute("lang") ?? "sv");
    this.attachShadow({ mode: "open" });
    this.#load();
    window.addEventListener("online", this.#onOnline);
    document.addEventListener("visibilitychange", this.#onVisible);
  }

  disconnectedCallback() {
    this.connection?.stop();
    window.removeEventListener("online", this.#onOnline);
    document.removeEventListener("visibilitychange", this.#onVisible);
  }

  #onOnline = () => this.connection?.start();
  #onVisible = () => this.#markSeen();

  async #load() {
    try {
      const conversation = await this.api.conversation();
      this.conversation = conversation.id;
      this.t = textsIn(conversation.language);
      this.#seenSeq = conversation.seen_seq;
      this.#build();
      this.#apply(conversation.accessibility);
      this.#show(conversation);
      this.#connect();
    } catch (error) {
      this.#showLoadTrouble(error);
    }
  }

  #showLoadTrouble(error) {
    const login = error.status === 401;
    const words = element("p", {}, login ? this.t.login : this.t.offline);
    const link = login ? element("a", { href: `${this.baseUrl}/login`, class: "link" }, this.t.loginLink) : undefined;
    this.shadowRoot.replaceChildren(...this.#styles(), element("div", { class: "offline", role: "status" }, words, link));
    if (!login) setTimeout(() => this.#load(), RETRY_LOAD_MS);
  }

  #styles() {
    return STYLES.map((path) => element("link", { rel: "stylesheet", href: new URL(path, import.meta.url).href }));
  }

  #build() {
    const t = this.t;
    this.offline = element("div", { class: "offline", role: "status", hidden: true }, t.offline);
    this.older = button("quiet older", t.older, () => this.#loadOlder());
    this.typing = element("div", { class: "typing", hidden: true }, dots(), t.typing);
    this.inner = element("div", { class: "log-inner" }, this.older, this.typing);
    this.log = element("div", { class: "log", role: "log", "aria-live": "off", "aria-label": t.log, tabindex: "0" }, this.inner);
    this.log.addEventListener("scroll", () => this.#onScroll());
    const styles = this.#styles();
    styles.at(-1).addEventListener("load", () => this.#scrollDown());
    this.shadowRoot.replaceChildren(
      ...styles,
      element("div", { class: "frame" }, this.#bar(), this.offline, this.log, this.#composer()),
      this.#humanDialog(),
    );
    this.#applyScale();
  }

  #bar() {
    const t = this.t;
    const who = element("div", { class: "who" }, element("strong", {}, t.title), element("span", {}, t.subtitle));
    this.smaller = button("quiet tool", "A−", () => this.#changeScale(-1), t.smaller);
    this.larger = button("quiet tool", "A+", () => this.#changeScale(1), t.larger);
    const human = button("human", t.human, () => this.dialog.showModal());
    return element("header", { class: "bar" }, who, element("div", { class: "bar-tools" }, this.smaller, this.larger), human);
  }

  #composer() {
    const t = this.t;
    this.input = element("textarea", { id: "words", rows: "1", enterkeyhint: "send", "aria-describedby": "hint", autocomplete: "off" });
    this.input.addEventListener("input", () => this.#fitInput());
    this.input.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        this.#submit();
      }
    });
    this.hint = element("p", { class: "hint", id: "hint", role: "alert", hidden: true });
    this.more = button("primary new", t.newMessages, () => this.#scrollDown());
    this.more.hidden = true;
    const row = element("div", { class: "row" }, this.input, this.#dictateButton(), element("button", { class: "primary", type: "submit" }, t.send));
    const form = element("form", {}, element("label", { for: "words" }, t.label), row, this.hint);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    return element("div", { class: "composer" }, this.more, form);
  }

  #dictateButton() {
    const toggle = button("quiet", this.t.dictate, () => {
      const listening = toggle.getAttribute("aria-pressed") === "true";
      if (listening) this.recognition.stop();
      else this.recognition.start();
      this.#setDictating(toggle, !listening);
    });
    this.recognition = dictation({
      locale: this.t.locale,
      onText: (words) => {
        this.input.value = words;
        this.#fitInput();
      },
      onEnd: () => this.#setDictating(toggle, false),
    });
    toggle.setAttribute("aria-pressed", "false");
    toggle.hidden = !this.recognition;
    return toggle;
  }

  #setDictating(toggle, listening) {
    toggle.setAttribute("aria-pressed", String(listening));
    toggle.textContent = listening ? this.t.dictating : this.t.dictate;
  }

  #humanDialog() {
    const t = this.t;
    const line = (text, number) => {
      const [before] = text.split(number);
      return element("li", {}, before, element("a", { href: `tel:${number}` }, number), ".");
    };
    const close = button("quiet", t.close, () => this.dialog.close());
    const ask = button("primary", t.humanAsk, () => this.#askForHuman());
    this.dialog = element(
      "dialog",
      { "aria-labelledby": "human-title" },
      element("h2", { id: "human-title" }, t.humanTitle),
      element("p", {}, t.humanClinic),
      element("ul", {}, line(t.humanEmergency, "112"), line(t.humanAdvice, "1177"), line(t.humanTalk, "90101")),
      element("div", { class: "actions" }, ask, close),
    );
    return this.dialog;
  }

  async #askForHuman() {
    this.dialog.close();
    try {
      this.#receive(await this.api.askForHuman(this.conversation));
    } catch (error) {
      this.#showHint(error.text?.[this.t.locale.slice(0, 2)] ?? this.t.trouble);
    }
  }

  #show(conversation) {
    this.#addPage(conversation);
    this.outbox = new Outbox({
      key: `vigor-unsent-${this.conversation}`,
      send: ({ client_id, text, choice }) =>
        this.api.send(this.conversation, choice ? { client_id, choice } : { client_id, text }),
      onState: (item, state) => this.#setState(item.client_id, state),
      onStored: (item, stored) => this.#receive(stored),
      onRefused: (item, error) => this.#refused(item, error),
    });
    this.outbox.items.forEach((item) => this.#place(item));
    this.#updateTyping();
    this.#scrollDown();
    requestAnimationFrame(() => this.log.setAttribute("aria-live", "polite"));
  }

  #connect() {
    this.connection = new Connection({
      open: (since) => this.api.events(this.conversation, since),
      lastSeq: () => this.#lastSeq,
      onMessage: (message) => this.#receive(message),
      onOpen: () => {
        this.offline.hidden = true;
        this.outbox.flush();
      },
      onLost: () => {
        this.offline.hidden = false;
      },
    });
    this.connection.start();
  }

  async #loadOlder() {
    const first = Math.min(...[...this.#messages.values()].map((message) => message.seq ?? Infinity));
    const height = this.log.scrollHeight;
    this.#addPage(await this.api.before(this.conversation, first));
    this.log.scrollTop += this.log.scrollHeight - height;
  }

  #addPage({ messages, more }) {
    this.older.hidden = !more;
    messages.forEach((message) => this.#add(message));
    this.#arrange();
  }

  #submit() {
    const text = this.input.value.trim();
    this.#showHint("");
    if (!text) {
      this.#showHint(this.t.empty);
      this.input.focus();
      return;
    }
    this.input.value = "";
    this.#fitInput();
    this.#send({ text });
  }

  #send(content) {
    const item = {
      client_id: newId(),
      sender: "patient",
      kind: "text",
      created_at: new Date().toISOString(),
      ...content,
    };
    this.#place(item);
    this.#updateChoices();
    this.#scrollDown();
    this.outbox.add(item);
  }

  /** Show an own message before the server has it. */
  #place(item) {
    if (this.#messages.has(item.client_id)) return;
    this.#messages.set(item.client_id, item);
    item.node = messageElement(item, { t: this.t, baseUrl: this.baseUrl });
    this.inner.insertBefore(item.node, this.typing);
  }

  /** Take in a message from the server, once. */
  #receive(message) {
    if (this.#isKnown(message)) {
      this.#confirm(message);
      return;
    }
    this.#obey(message.data);
    const follows = this.#isNearBottom() || this.#answersLastOwn(message);
    this.#add(message);
    this.#arrange();
    this.#updateTyping();
    if (message.kind === "red_flag") message.node.scrollIntoView({ block: "nearest" });
    else if (follows) this.#scrollToNews();
    else this.more.hidden = false;
    this.#markSeen();
    if (this.#aloud && message.sender !== "patient") readAloud(message.text, this.t.locale, { slow: this.#slow, next: true });
  }

  /** Do what a message says about the screen itself: language, size, contrast, reading aloud. */
  #obey(data = {}) {
    if (data.kind === "accessibility") this.#apply(data);
    if (data.kind === "language" && textsIn(data.language) !== this.t) this.#reload();
  }

  #apply(chosen = {}) {
    this.#scale = SCALES.includes(chosen.text_scale) ? chosen.text_scale : this.#scale;
    this.#aloud = chosen.read_aloud === "on" && canRead();
    this.#slow = chosen.pace === "slow";
    this.toggleAttribute("high-contrast", chosen.contrast === "high");
    if (!this.#aloud && canRead()) stopReading();
    this.#applyScale();
  }

  /** Build everything again, as in another language. */
  #reload() {
    this.connection.stop();
    this.#messages.clear();
    this.#lastSeq = 0;
    this.#load().then(() => this.input?.focus());
  }

  #answersLastOwn(message) {
    return message.reply_to && message.reply_to === this.#ordered().findLast((one) => one.sender === "patient")?.id;
  }

  #isKnown(message) {
    return this.#messages.has(message.id) || (message.client_id && this.#messages.has(message.client_id));
  }

  #confirm(message) {
    const placed = this.#messages.get(message.client_id);
    if (placed) {
      this.#messages.delete(message.client_id);
      Object.assign(placed, message);
      this.#messages.set(message.id, placed);
      this.#setState(message.id, "sent");
      this.#arrange();
    }
    this.#lastSeq = Math.max(this.#lastSeq, message.seq);
    this.#updateTyping();
  }

  #add(message) {
    if (this.#messages.has(message.id)) return;
    message.node = messageElement(message, {
      t: this.t,
      baseUrl: this.baseUrl,
      onChoice: (offered, choice) =>
        this.#send({ text: choice.label, choice: { message_id: offered.id, id: choice.id } }),
      onRate: (rated, helped) => this.api.rate(this.conversation, rated.id, helped),
      onRead: canRead() ? (said, toggle) => this.#toggleReading(said, toggle) : undefined,
    });
    this.#messages.set(message.id, message);
    this.#lastSeq = Math.max(this.#lastSeq, message.seq);
  }

  /** Put the messages in order of their numbers, unsent ones last, with a line for each new day. */
  #arrange() {
    const inOrder = this.#ordered();
    this.inner.querySelectorAll(".day").forEach((day) => day.remove());
    let lastDay;
    let place = this.older;
    for (const message of inOrder) {
      const moment = new Date(message.created_at);
      if (moment.toDateString() !== lastDay) {
        lastDay = moment.toDateString();
        const day = dayElement(moment, this.t);
        place.after(day);
        place = day;
      }
      if (place.nextElementSibling !== message.node) place.after(message.node);
      place = message.node;
    }
    this.#updateChoices();
  }

  #ordered() {
    return [...this.#messages.values()].sort((a, b) => (a.seq ?? Infinity) - (b.seq ?? Infinity) || 0);
  }

  /** Choices are open until the patient has said something. */
  #updateChoices() {
    const ordered = this.#ordered();
    const lastOwn = ordered.findLastIndex((message) => message.sender === "patient");
    ordered.forEach((message, index) => {
      const choices = message.node.querySelector(".choices");
      if (choices) choices.hidden = index < lastOwn;
    });
  }

  #updateTyping() {
    const ordered = this.#ordered().filter((message) => message.seq);
    const lastHeard = ordered.findLast((message) => message.sender !== "patient");
    const waits = ordered.at(-1)?.state === "pending" && lastHeard?.kind !== "notice";
    clearTimeout(this.typingTimer);
    this.typing.hidden = !waits;
    if (waits) this.typingTimer = setTimeout(() => (this.typing.hidden = true), TYPING_LIMIT_MS);
  }

  #setState(id, state) {
    const message = this.#messages.get(id);
    if (!message) return;
    message.node.classList.toggle("failed", state === "failed");
    const words = message.node.querySelector(".state");
    words.textContent = `· ${this.t[state]}`;
    if (state === "failed") words.append(" ", button("", this.t.retry, () => this.outbox.flush()));
  }

  #refused(item, error) {
    if (error.status === 401) {
      this.#showLoadTrouble(error);
      return;
    }
    item.node.remove();
    this.#messages.delete(item.client_id);
    this.#updateChoices();
    if (!item.choice && !this.input.value) this.input.value = item.text;
    this.#fitInput();
    this.#showHint(error.text?.[this.t.locale.slice(0, 2)] ?? this.t.trouble);
    this.input.focus();
  }

  #showHint(words) {
    this.hint.textContent = words;
    this.hint.hidden = !words;
  }

  async #toggleReading(message, toggle) {
    const reading = toggle.textContent === this.t.stop;
    stopReading();
    if (reading) return;
    toggle.textContent = this.t.stop;
    await readAloud(message.text, this.t.locale, { slow: this.#slow });
    toggle.textContent = this.t.read;
  }

  #changeScale(step) {
    const index = SCALES.indexOf(this.#scale) + step;
    this.#scale = SCALES[Math.max(0, Math.min(SCALES.length - 1, index))];
    this.#applyScale();
    this.api.textScale(this.conversation, this.#scale).catch(() => undefined);
  }

  #applyScale() {
    this.style.setProperty("--text-scale", this.#scale);
    this.smaller.disabled = this.#scale === SCALES[0];
    this.larger.disabled = this.#scale === SCALES.at(-1);
  }

  #fitInput() {
    this.input.style.height = "auto";
    this.input.style.height = `${this.input.scrollHeight + 4}px`;
  }

  #isNearBottom() {
    return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < NEAR_BOTTOM_PX;
  }

  #scrollDown() {
    this.log.scrollTop = this.log.scrollHeight;
    this.more.hidden = true;
  }

  /** Show what is new from its beginning, with the patient's own words above it when it answers them. */
  #scrollToNews() {
    const ordered = this.#ordered();
    const unseen = ordered.findIndex((message) => message.sender !== "patient" && message.seq > this.#seenSeq);
    const first = ordered[unseen - 1]?.sender === "patient" ? ordered[unseen - 1] : ordered[unseen];
    const top = first ? first.node.offsetTop - this.log.offsetTop - 16 : Infinity;
    this.log.scrollTop = Math.min(this.log.scrollHeight - this.log.clientHeight, top);
    this.more.hidden = this.#isNearBottom();
  }

  #onScroll() {
    if (this.#isNearBottom()) {
      this.more.hidden = true;
      this.#markSeen();
    }
  }

  #markSeen() {
    if (!this.conversation || document.hidden || !this.#isNearBottom() || this.#lastSeq <= this.#seenSeq) return;
    this.#seenSeq = this.#lastSeq;
    this.api.seen(this.conversation, this.#seenSeq).catch((error) => {
      if (!(error instanceof OfflineError)) throw error;
    });
  }
}

/** `description` is read out instead of a label that is only a sign. */
function button(classes, label, onClick, description) {
  const made = element("button", { type: "button", class: classes, title: description });
  if (description) {
    made.append(element("span", { "aria-hidden": "true" }, label), element("span", { class: "sr" }, description));
  } else made.append(label);
  made.addEventListener("click", onClick);
  return made;
}

function dots() {
  return element("span", { class: "dots", "aria-hidden": "true" }, element("i"), element("i"), element("i"));
}

/** A random id; crypto.randomUUID is missing on plain http. */
function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

customElements.define("vigor-chat", VigorChat);
