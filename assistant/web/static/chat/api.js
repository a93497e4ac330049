/** The chat's JSON API. Network trouble rejects with OfflineError, a refusal with RefusedError. */
const TIMEOUT_MS = 15000;

export class OfflineError extends Error {}

export class RefusedError extends Error {
  constructor(status, body) {
    super(body.error ?? `HTTP ${status}`);
    this.status = status;
    this.text = body.text ?? {};
  }
}

export class ChatApi {
  constructor(baseUrl) {
    this.root = `${baseUrl}/api/chat`;
  }

  conversation() {
    return this.#request("GET", "/conversation");
  }

  before(conversation, seq) {
    return this.#request("GET", `/${conversation}/messages?before=${seq}`);
  }

  send(conversation, message) {
    return this.#request("POST", `/${conversation}/messages`, message);
  }

  seen(conversation, seq) {
    return this.#request("POST", `/${conversation}/seen`, { seq });
  }

  textScale(conversation, scale) {
    return this.#request("POST", `/${conversation}/text-scale`, { scale });
  }

  askForHuman(conversation) {
    return this.#request("POST", `/${conversation}/human`, {});
  }

  rate(conversation, message, helped) {
    return this.#request("POST", `/${conversation}/messages/${message}/rating`, { helped });
  }

  events(conversation, since) {
    return new EventSource(`${this.root}/${conversation}/events?since=${since}`, { withCredentials: true });
  }

  async #request(method, path, body) {
    let response;
    try {
      response = await fetch(this.root + path, {
        method,
        credentials: "include",
        headers: body ? { "Content-Type": "application/json" } : {},
        body: body ? JSON.stringify(body) : undefined,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
    } catch (error) {
      throw new OfflineError(error.message);
    }
    if (response.status >= 502) throw new OfflineError(`HTTP ${response.status}`);
    const answer = response.status === 204 ? null : await response.json().catch(() => ({}));
    if (!response.ok) throw new RefusedError(response.status, answer ?? {});
    return answer;
  }
}
