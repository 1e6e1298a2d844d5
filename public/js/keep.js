// What is typed is kept in this browser until the server has it: by its person, and its form's address. After a failure,
// or after signing in again, it is back in its form.
const MAX_AGE_MS = 30 * 86_400_000;
const person = () => document.getElementById('page')?.dataset.person;

function keyOf(form) {
  const url = new URL(form.getAttribute('action'), location.href);
  return `typed:${person()}:${url.pathname}${url.search}`;
}

/** What a person fills in, but for files, secrets and a signature: those are given anew. */
const SKIPPED = '[type="hidden"], [type="file"], [type="password"], [name="code"], [data-signature] *, [data-secret] *';
const isKept = (field) => field.name && field.matches('input, textarea, select') && !field.matches(SKIPPED);
const fieldsOf = (form) => [...form.elements].filter(isKept);
const isBox = ({ type }) => type === 'checkbox' || type === 'radio';
const isRow = ({ name }) => name.startsWith('line_');

function isAsShown(field) {
  if (isBox(field)) return field.checked === field.defaultChecked;
  if (field.type !== 'select-one') return field.value === field.defaultValue;
  const given = [...field.options].find((option) => option.defaultSelected) ?? field.options[0];
  return field.value === (given?.value ?? '');
}

/** It came back with errors: what it shows was typed, and the server doesn't have it. */
const isRefused = (form) => Boolean(form.querySelector('[aria-invalid="true"], .error'));

function keep(form) {
  if (!person()) return;
  const fields = fieldsOf(form);
  const refused = isRefused(form);
  if (!refused && fields.every(isAsShown)) return localStorage.removeItem(keyOf(form));
  const typed = fields
    .filter((field) => refused || isRow(field) || !isAsShown(field))
    .map((field) => [field.name, field.value, isBox(field) ? field.checked : null]);
  const [seen, token] = ['seen', 'form_token'].map((name) => form.elements[name]?.value);
  try {
    localStorage.setItem(keyOf(form), JSON.stringify({ at: Date.now(), seen, token, typed }));
  } catch {
    // Full, or not allowed: it is in the form still.
  }
}

function read(form) {
  const kept = JSON.parse(localStorage.getItem(keyOf(form)) ?? 'null');
  if (!kept || kept.at > Date.now() - MAX_AGE_MS) return kept;
  localStorage.removeItem(keyOf(form));
  return null;
}

/** Lines are added and removed until there are as many as were typed. */
function fitLines(form, typed) {
  const wanted = typed.filter(([name]) => name === 'line_description[]').length;
  if (!wanted || !form.matches('[data-lines]')) return;
  const rows = () => [...form.querySelectorAll('[data-line]')];
  while (rows().length < wanted) form.querySelector('[name="add_line"]').click();
  while (rows().length > wanted) rows().at(-1).querySelector('[name="remove_line"]').click();
}

/** Puts back what was typed; options only while they are those that were seen. Returns the fields that changed. */
function restore(form, { seen, token, typed }) {
  fitLines(form, typed);
  const asSeen = form.elements['seen']?.value === seen;
  const left = [...typed];
  const changed = fieldsOf(form).filter((field) => {
    const box = isBox(field);
    const at = left.findIndex(([name, value]) => name === field.name && (!box || value === field.value));
    if (at < 0 || (field.matches('[data-pick]') && !asSeen)) return false;
    const [[, value, checked]] = left.splice(at, 1);
    if (box ? field.checked === checked : field.value === value) return false;
    if (box) field.checked = checked;
    else field.value = value;
    return true;
  });
  if (!changed.length) return changed;
  for (const field of changed.filter(isBox)) field.dispatchEvent(new Event('change', { bubbles: true }));
  form.dispatchEvent(new Event('input', { bubbles: true }));
  // Sent before, it is known by its token; and what others have changed since is shown, not written over.
  if (token && form.elements['form_token']) form.elements['form_token'].value = token;
  if (seen && form.matches('[data-lines], [data-answer]')) form.elements['seen'].value = seen;
  return changed;
}

let restored = [];
const showNote = () => (document.querySelector('#notes [data-note="kept"]').hidden = !restored.length);

function restoreAll() {
  restored = [];
  for (const form of person() ? document.querySelectorAll('#page form[method="post"]') : []) {
    const kept = read(form);
    const changed = kept ? restore(form, kept) : [];
    if (changed.length) restored.push(form);
    else if (kept && fieldsOf(form).every(isAsShown)) localStorage.removeItem(keyOf(form));
    for (const field of changed)
      for (let box = field.closest('details'); box; box = box.parentElement.closest('details')) box.open = true;
  }
  showNote();
}

const timers = new Map();
function keepNow(form) {
  clearTimeout(timers.get(form));
  timers.delete(form);
  if (form.isConnected) keep(form);
}

function keepSoon(form) {
  clearTimeout(timers.get(form));
  timers.set(
    form,
    setTimeout(() => keepNow(form), 200),
  );
}

/** The server has it. */
function forget(form) {
  clearTimeout(timers.get(form));
  timers.delete(form);
  localStorage.removeItem(keyOf(form));
  restored = restored.filter((other) => other !== form);
  showNote();
}

for (const sign of ['input', 'change'])
  document.addEventListener(sign, ({ target, isTrusted }) => {
    // Whoever types on has seen what is back.
    if (isTrusted) showNote((restored = []));
    const form = target.matches('[data-lines]') ? target : target.form;
    if (form?.matches('form[method="post"]:not([data-unkept])') && (target === form || isKept(target))) keepSoon(form);
  });
const keepAll = () => [...timers.keys()].forEach(keepNow);
document.addEventListener('submit', keepAll, true);
window.addEventListener('pagehide', keepAll);
document.addEventListener('visibilitychange', keepAll);

// A draft that saved itself; `detail`: more was typed meanwhile.
document.addEventListener('saved', ({ target, detail }) => {
  forget(target);
  if (detail) keepSoon(target);
});
// A form that comes back itself, with its errors or more to fill in, shows what was typed; the server doesn't have it.
const isAnswered = ({ request, response }) => request?.method === 'GET' || Boolean(response?.raw.redirected);
document.addEventListener('htmx:before:swap', ({ detail: { ctx } }) => {
  if (ctx.request?.method !== 'GET' && ctx.request?.form && isAnswered(ctx)) forget(ctx.request.form);
  // The last words, too: a form that is replaced can't keep them any more.
  keepAll();
});
// In the same moment as the swap: nothing settles later (head.ejs), so nobody sees or fills in an empty form meanwhile.
document.addEventListener('htmx:after:swap', ({ detail: { ctx } }) => {
  if (!ctx.live && isAnswered(ctx)) restoreAll();
});
document.addEventListener('click', ({ target }) => {
  if (!target.matches?.('[data-discard]')) return;
  for (const form of restored) {
    form.reset();
    forget(form);
    form.dispatchEvent(new Event('input', { bubbles: true }));
  }
});

restoreAll();
