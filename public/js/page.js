// What every page gains from a script. Pages work without: links and forms are plain, details open by themselves.
const { htmx } = window;
const root = document.documentElement;
root.classList.add('js');

/** Says something to people who use a screen reader; the region lies outside of what is swapped. */
function announce(text) {
  const region = document.getElementById('announce');
  if (region) region.textContent = text;
}

const path = (url) => new URL(url, location.href).pathname;
const openBoxes = () => document.querySelectorAll('details[open]:is(.action, .more, .pop)');

htmx.registerExtension('page', {
  // What a person opened stays open when the page is refreshed beneath it.
  htmx_before_morph_attr: (element, { attrName, newValue }) =>
    !(attrName === 'open' && newValue === null && element.matches('details')),
});

document.addEventListener('htmx:after:request', ({ detail: { ctx } }) => {
  const { status, raw } = ctx.response;
  const posted = ctx.request.method !== 'GET';
  const refused = posted && status >= 400;
  const elsewhere = path(raw.url) !== location.pathname;
  if (refused) ctx.push = 'false';
  else if (posted) ctx.left = done(ctx.sourceElement, ctx.request.body);
  // Another page is put in whole, or words typed here would turn up there; the same page is merged, so that focus and
  // words stay.
  if (elsewhere && !refused) ctx.swap = 'outerHTML';
  else if (posted) ctx.swap = 'outerMorph show:none';
  ctx.elsewhere = elsewhere && !refused;
});

/** What was typed into a text since it was sent. */
const typedSince = (field, sent) => field.value.slice(field.value.startsWith(sent) ? sent.length : 0);

/** Empties a form that is done; what was typed while it was on its way stays. Returns its fields that have some. */
function done(form, sent) {
  for (const box of openBoxes()) box.open = false;
  if (!form?.matches('form')) return [];
  const texts = [...form.querySelectorAll('textarea')].filter((field) => typeof sent?.get?.(field.name) === 'string');
  const rests = texts.map((field) => [field, typedSince(field, sent.get(field.name)).trimStart()]);
  form.reset();
  const left = rests.filter(([, rest]) => rest);
  for (const [field, rest] of left) field.value = rest;
  return left.map(([field]) => field);
}

document.addEventListener('htmx:after:swap', ({ detail: { ctx } }) => {
  for (const field of ctx.left ?? []) field.dispatchEvent(new Event('input', { bubbles: true }));
  // Their language was changed: what lies around the page comes in it, too.
  const { lang } = document.getElementById('page') ?? root;
  if (lang && lang !== root.lang) return location.reload();
  if (ctx.elsewhere) {
    document.getElementById('main')?.focus({ preventScroll: true });
    announce(document.title);
  }
  const invalid = ctx.request?.method !== 'GET' && document.querySelector('[aria-invalid="true"]');
  if (invalid) {
    const box = invalid.closest('details');
    if (box) box.open = true;
    invalid.focus();
  }
});

// Menus and panels: the first field gets the focus, Escape and a click elsewhere close.
document.addEventListener(
  'toggle',
  ({ target }) => {
    if (target.matches?.('.action[open]'))
      target.querySelector('input:not([type="hidden"]), textarea, select')?.focus();
  },
  true,
);

document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return;
  const box = event.target.closest?.('details[open]:is(.action, .more, .pop)') ?? [...openBoxes()].at(-1);
  if (!box) return;
  box.open = false;
  box.querySelector('summary')?.focus();
});

document.addEventListener('click', (event) => {
  for (const box of openBoxes()) if (!box.contains(event.target)) box.open = false;
  const button = event.target.closest('[data-print], [data-density]');
  if (button?.matches('[data-print]')) window.print();
  if (button?.matches('[data-density]'))
    localStorage.setItem('density', root.classList.toggle('airy') ? 'airy' : 'dense');
});

// A choice that is saved as soon as it is made.
document.addEventListener('change', ({ target }) => {
  if (target.matches('[data-submits]')) target.form.requestSubmit();
});

/** A row of tabs scrolls where it must: the current one is in view. */
function showTab() {
  const tab = document.querySelector('.tabs [aria-current]');
  const row = tab?.closest('.tabs');
  if (row && row.scrollWidth > row.clientWidth)
    row.scrollLeft = tab.offsetLeft - row.offsetLeft - (row.clientWidth - tab.offsetWidth) / 2;
}
document.addEventListener('htmx:after:swap', ({ detail: { ctx } }) => ctx.elsewhere && showTab());
showTab();

root.classList.toggle('airy', localStorage.getItem('density') === 'airy');
