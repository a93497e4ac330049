/**
 * What the patient has sent that the server has not confirmed yet, in order.
 * Kept for this tab only (sessionStorage), so that a reload loses nothing and a closed tab leaves nothing behind.
 */
import { OfflineError } from "./api.js";

export class Outbox {
  /** `send` posts one item; `onState`, `onStored` and `onRefused` are told what became of it. */
  constructor({ key, send, onState, onStored, onRefused }) {
    Object.assign(this, { key, send, onState, onStored, onRefused });
    this.items = JSON.parse(sessionStorage.getItem(key) ?? "[]");
    this.busy = false;
  }

  add(item) {
    this.items.push(item);
    this.#keep();
    this.flush();
  }

  /** Send what waits, one at a time; stops at the first that does not get through. */
  async flush() {
    if (this.busy) return;
    this.busy = true;
    while (this.items.length > 0 && (await this.#sendFirst()));
    this.busy = false;
  }

  async #sendFirst() {
    const item = this.items[0];
    this.onState(item, "sending");
    try {
      const stored = await this.send(item);
      this.#drop(item);
      this.onStored(item, stored);
    } catch (error) {
      if (error instanceof OfflineError) {
        this.onState(item, "failed");
        return false;
      }
      this.#drop(item);
      this.onRefused(item, error);
    }
    return true;
  }

  #drop(item) {
    this.items = this.items.filter((one) => one !== item);
    this.#keep();
  }

  #keep() {
    if (this.items.length > 0) sessionStorage.setItem(this.key, JSON.stringify(this.items));
    else sessionStorage.removeItem(this.key);
  }
}
