// A draft saves itself a few seconds after the typing stops, and when the page is left. What could not be saved is said
// and tried again, first just as it was sent: then the server knows whether it had arrived, and makes no second draft.
import { check } from './access.js';

const PAUSE_MS = 2500;
const AGAIN_MS = 5000;
let timer = null;
/** The form that has words which the server lacks. */
let dirty = null;
/** A save that is under way, and one that was not answered: its form, address and fields. */
let saving = null;
let unanswered = null;

const say = (form, words) => {
  const place = form.querySelector('[data-autosaved]');
  if (place) place.textContent = words;
};
const isOff = (form) => !form.isConnected || form.dataset.autosave === undefined;
const newToken = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16)).join('');

function attemptOf(form) {
  const body = new FormData(form);
  body.delete('files');
  body.set('save', '1');
  dirty = null;
  return { form, url: form.action, body };
}

function save(form) {
  clearTimeout(timer);
  if (isOff(form)) return;
  saving ??= send((unanswered ??= attemptOf(form))).finally(() => (saving = null));
}

async function send({ form, url, body }) {
  const headers = { Accept: 'application/json' };
  const answer = await fetch(url, { method: 'POST', body, headers }).catch(() => null);
  // No answer, or that of a server that can't: it may have been saved all the same.
  if (!answer || answer.status >= 500) {
    say(form, form.dataset.offline);
    return later(form, AGAIN_MS);
  }
  unanswered = null;
  if (answer.status === 409) {
    delete form.dataset.autosave;
    return say(form, form.dataset.stale);
  }
  if (!answer.ok) {
    if (answer.status === 401) document.dispatchEvent(new CustomEvent('note', { detail: 'ended' }));
    else void check();
    return say(form, form.dataset.failed);
  }
  took(form, await answer.json());
  if (dirty) later(form, PAUSE_MS);
}

const later = (form, pause) => {
  clearTimeout(timer);
  timer = setTimeout(() => save(form), pause);
};

/** The server has it: the form goes on from there. */
function took(form, { seen, url }) {
  form.dispatchEvent(new CustomEvent('saved', { bubbles: true, detail: Boolean(dirty) }));
  form.elements['seen'].value = seen;
  form.elements['form_token'].value = newToken();
  if (url && `${url}/edit` !== location.pathname) {
    // The new document has become a draft with a place of its own.
    form.action = `${url}/edit`;
    for (const button of form.querySelectorAll('[formaction]')) button.setAttribute('formaction', `${url}/rows`);
    history.replaceState(history.state, '', `${url}/edit`);
  }
  const time = new Intl.DateTimeFormat(form.dataset.locale, { timeStyle: 'short' }).format();
  say(form, form.dataset.saved.replace('{{time}}', time));
}

document.addEventListener('input', ({ target }) => {
  const form = target.closest?.('form[data-autosave]');
  if (!form || target.type === 'file') return;
  dirty = form;
  say(form, form.dataset.unsaved);
  later(form, PAUSE_MS);
});

// A save under way, or without an answer, goes first: what it brings back (what was seen) goes with the form.
document.addEventListener(
  'submit',
  (event) => {
    const { target: form, submitter } = event;
    if (!form.matches('form[data-lines]')) return;
    clearTimeout(timer);
    if (unanswered?.form === form && !saving) save(form);
    if (!saving) return (dirty = null);
    event.preventDefault();
    event.stopImmediatePropagation();
    void saving.then(() => {
      if (unanswered)
        return document.dispatchEvent(new CustomEvent('note', { detail: navigator.onLine ? 'failed' : 'offline' }));
      clearTimeout(timer);
      return form.requestSubmit(submitter);
    });
  },
  true,
);

window.addEventListener('online', () => unanswered && save(unanswered.form));
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'hidden' && dirty) save(dirty);
});
