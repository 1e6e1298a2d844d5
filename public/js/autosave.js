// A draft saves itself a few seconds after the typing stops, and when the page is left. What can't be saved stays in
// the form, and is said.
const PAUSE_MS = 2500;
let timer = null;
let dirty = null;
let saving = null;

const say = (form, words) => {
  const place = form.querySelector('[data-autosaved]');
  if (place) place.textContent = words;
};

function body(form) {
  const fields = new FormData(form);
  fields.delete('files');
  fields.set('save', '1');
  return fields;
}

function save(form) {
  clearTimeout(timer);
  dirty = null;
  saving = send(form).finally(() => (saving = null));
}

async function send(form) {
  const answer = await fetch(form.action, {
    method: 'POST',
    body: body(form),
    headers: { Accept: 'application/json' },
  }).catch(() => null);
  if (answer?.status === 409) {
    delete form.dataset.autosave;
    return say(form, form.dataset.stale);
  }
  if (!answer?.ok) return say(form, form.dataset.failed);
  const { seen, url } = await answer.json();
  form.elements['seen'].value = seen;
  if (url && `${url}/edit` !== location.pathname) {
    // The new document has become a draft with a place of its own.
    form.action = `${url}/edit`;
    for (const button of form.querySelectorAll('[formaction]')) button.setAttribute('formaction', `${url}/rows`);
    history.replaceState(history.state, '', `${url}/edit`);
  }
  say(
    form,
    form.dataset.saved.replace(
      '{{time}}',
      new Intl.DateTimeFormat(form.dataset.locale, { timeStyle: 'short' }).format(),
    ),
  );
}

document.addEventListener('input', ({ target }) => {
  const form = target.closest?.('form[data-autosave]');
  if (!form || target.type === 'file') return;
  dirty = form;
  say(form, form.dataset.unsaved);
  clearTimeout(timer);
  timer = setTimeout(() => save(form), PAUSE_MS);
});

// A save under way is waited for: what it brings back (what was seen) goes with the form.
document.addEventListener(
  'submit',
  (event) => {
    const { target: form, submitter } = event;
    if (!form.matches('form[data-lines]')) return;
    clearTimeout(timer);
    dirty = null;
    if (!saving) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    void saving.then(() => form.requestSubmit(submitter));
  },
  true,
);

document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'hidden' && dirty) save(dirty);
});
