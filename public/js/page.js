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
  else if (posted) done(ctx.sourceElement);
  // Another page is put in whole, or words typed here would turn up there; the same page is merged, so that focus and
  // words stay.
  if (elsewhere && !refused) ctx.swap = 'outerHTML';
  else if (posted) ctx.swap = 'outerMorph show:none';
  ctx.elsewhere = elsewhere && !refused;
});

function done(form) {
  if (form?.matches('form')) form.reset();
  for (const box of openBoxes()) box.open = false;
}

document.addEventListener('htmx:after:swap', ({ detail: { ctx } }) => {
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

root.classList.toggle('airy', localStorage.getItem('density') === 'airy');

document.addEventListener('click', ({ target }) => {
  if (target.closest('[data-print]')) window.print();
});
