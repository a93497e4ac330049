/** Reading aloud and dictation with what the browser has; text is always there as well. */

export const canRead = () => "speechSynthesis" in window;

/** Read the text aloud, after what is being read with `next`, else at once; resolves when done or stopped. */
export function readAloud(text, locale, { slow = false, next = false } = {}) {
  if (!next) speechSynthesis.cancel();
  const utterance = new SpeechSynthesisUtterance(text);
  utterance.lang = locale;
  utterance.rate = slow ? 0.65 : 0.9;
  utterance.voice = speechSynthesis.getVoices().find((voice) => voice.lang.startsWith(locale.slice(0, 2))) ?? null;
  return new Promise((resolve) => {
    utterance.addEventListener("end", resolve);
    utterance.addEventListener("error", resolve);
    speechSynthesis.speak(utterance);
  });
}

export const stopReading = () => speechSynthesis.cancel();

/** A dictation that tells `onText` the words so far and `onEnd` when it stops; undefined where there is none. */
export function dictation({ locale, onText, onEnd }) {
  const Recognition = window.SpeechRecognition ?? window.webkitSpeechRecognition;
  if (!Recognition) return undefined;
  const recognition = new Recognition();
  recognition.lang = locale;
  recognition.interimResults = true;
  recognition.addEventListener("result", (event) =>
    onText([...event.results].map((result) => result[0].transcript).join("")),
  );
  recognition.addEventListener("end", onEnd);
  recognition.addEventListener("error", onEnd);
  return recognition;
}
