// A line's description is completed from the organization's items, and from what the same partner had before. What is
// chosen fills unit, price and taxes and says which item the line is of. Without it, the line is typed as it is.

const WAIT_MS = 120;
const SHORTEST = 2;

/** The list that is open: its field, its box, what it offers, and which of that is chosen. */
let open = null;
let asked = null;
let timer = 0;

/** The fields of a row of lines, or of a form with one item. */
const NAMES = {
  line: { description: 'line_description[]', unit: 'line_unit[]', price: 'line_price[]', item: 'line_item[]' },
  plain: { description: 'name', unit: 'unit', price: 'unit_price', cost: 'unit_cost', item: 'catalog' },
};

const namesOf = (area) => (area.closest('[data-line]') ? NAMES.line : NAMES.plain);
const rowOf = (area) => area.closest('[data-line]') ?? area.form;
const fieldIn = (area, name) => rowOf(area).querySelector(`[name="${namesOf(area)[name]}"]`);

const element = (name, attributes, ...children) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
};

const POINTS = ['aria-controls', 'aria-activedescendant', 'aria-haspopup', 'aria-autocomplete'];

function close() {
  clearTimeout(timer);
  asked?.abort();
  if (!open) return;
  const { area, box } = open;
  open = null;
  box.remove();
  for (const name of POINTS) area.removeAttribute(name);
}

function choose(at) {
  open.at = (at + open.all.length) % open.all.length;
  for (const [i, one] of [...open.box.children].entries()) one.setAttribute('aria-selected', String(i === open.at));
  open.area.setAttribute('aria-activedescendant', `suggestion-${open.at}`);
  open.box.children[open.at].scrollIntoView({ block: 'nearest' });
}

function option(one, i) {
  const [first] = one.description.split('\n');
  const made = element(
    'div',
    { role: 'option', id: `suggestion-${i}`, 'aria-selected': 'false' },
    element('span', {}, first),
    element('span', { class: 'number' }, one.shown_price),
    element('small', {}, one.about),
    element('small', { class: 'number' }, one.unit),
  );
  // The text keeps the focus.
  made.addEventListener('pointerdown', (event) => {
    event.preventDefault();
    choose(i);
    take();
  });
  return made;
}

function show(area, all) {
  close();
  if (!all.length || document.activeElement !== area) return;
  const { suggestionsLabel: label } = area.form.dataset;
  const box = element('div', { role: 'listbox', id: 'suggestion-list', class: 'suggestion-list', 'aria-label': label });
  box.append(...all.map(option));
  area.after(box);
  area.setAttribute('aria-autocomplete', 'list');
  area.setAttribute('aria-haspopup', 'listbox');
  area.setAttribute('aria-controls', box.id);
  open = { area, box, all, at: 0 };
  choose(0);
}

/** Sets a field as if it had been typed; one that isn't there, or an option that isn't, is left alone. */
function fill(field, value) {
  if (!field || (field.matches('select') && ![...field.options].some((one) => one.value === value))) return;
  field.value = value;
}

function take() {
  const { area, all, at } = open;
  const one = all[at];
  close();
  // A field of one line takes the name alone.
  area.value = area.matches('textarea') ? one.description : one.description.split('\n')[0];
  for (const name of ['unit', 'price', 'cost']) if (one[name]) fill(fieldIn(area, name), one[name]);
  fill(fieldIn(area, 'item'), one.item);
  if (one.taxes.length)
    for (const [n, name] of ['line_tax[]', 'line_tax_2[]', 'line_tax_3[]'].entries())
      fill(rowOf(area).querySelector(`[name="${name}"]`), one.taxes[n] ?? '');
  area.dispatchEvent(new Event('input', { bubbles: true }));
  close();
  rowOf(area).querySelector('[name="line_quantity[]"], [name="quantity"]')?.focus();
}

async function ask(area) {
  const { suggestions, currency = '' } = area.form.dataset;
  const url = new URL(suggestions, location.href);
  url.searchParams.set('q', area.value);
  if (currency) url.searchParams.set('currency', currency);
  url.searchParams.set('day', area.form.elements['issued_on']?.value ?? '');
  asked = new AbortController();
  const { signal } = asked;
  try {
    const answer = await fetch(url, { signal, headers: { Accept: 'application/json' } });
    if (answer.ok) show(area, await answer.json());
  } catch {
    // Without a connection, or once more was typed, the words stay as they are.
  }
}

document.addEventListener('input', ({ target, isTrusted }) => {
  if (!target.form?.dataset.suggestions || target.name !== namesOf(target).description) return;
  close();
  // Emptied, it is of no item any more.
  if (!target.value.trim()) fill(fieldIn(target, 'item'), '');
  else if (isTrusted && target.value.trim().length >= SHORTEST) timer = setTimeout(ask, WAIT_MS, target);
});

const KEYS = {
  ArrowDown: () => choose(open.at + 1),
  ArrowUp: () => choose(open.at - 1),
  Enter: take,
  Escape: close,
};

document.addEventListener(
  'keydown',
  (event) => {
    const key = KEYS[event.key];
    if (!open || event.target !== open.area || event.isComposing || event.shiftKey || event.altKey || !key) return;
    event.preventDefault();
    event.stopPropagation();
    key();
  },
  true,
);
document.addEventListener('focusout', ({ target }) => {
  if (open && target === open.area) close();
});
document.addEventListener('htmx:after:swap', () => {
  if (open && !open.box.isConnected) close();
});
