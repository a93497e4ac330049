/** Keeps a stream of messages open for ever; after a break it asks for what it missed. */
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 10000;

export class Connection {
  /** `lastSeq` tells where to go on; `onMessage`, `onOpen` and `onLost` are told what happens. */
  constructor({ open, lastSeq, onMessage, onOpen, onLost }) {
    Object.assign(this, { open, lastSeq, onMessage, onOpen, onLost });
    this.wait = FIRST_WAIT_MS;
  }

  start() {
    this.stop();
    this.source = this.open(this.lastSeq());
    this.source.addEventListener("open", () => {
      this.wait = FIRST_WAIT_MS;
      this.onOpen();
    });
    this.source.addEventListener("message", (event) => this.onMessage(JSON.parse(event.data)));
    this.source.addEventListener("error", () => this.#lost());
  }

  stop() {
    clearTimeout(this.timer);
    this.source?.close();
    this.source = undefined;
  }

  #lost() {
    this.stop();
    this.onLost();
    this.timer = setTimeout(() => this.start(), this.wait);
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT_MS);
  }
}
