// While somebody writes a comment: names are completed after an @, and the form says whom it will be emailed to. Without
// it, a full name after an @ counts as well, and the page says afterwards who was told.
import { mentionsIn } from './mentions.js';

const MOST = 8;
const QUERY = /(?:^|[^\p{L}\p{N}_])@([\p{L}\p{N}][\p{L}\p{N}'’.-]*(?: [\p{L}\p{N}'’.&-]*){0,3}|)$/u;

const lists = new WeakMap();

/** All who can be mentioned in a form; in an internal note only those of one's own side. */
function mentionable(form) {
  const place = form.closest('[data-mentions]');
  if (!place) return [];
  if (!lists.has(place)) lists.set(place, JSON.parse(place.dataset.mentions));
  const { mentionsSide: side } = place.dataset;
  const internal = form.elements['audience']?.value === 'internal' || form.closest('.thread-internal');
  return lists.get(place).filter(({ staff }) => !internal || staff === (side === 'staff'));
}

const plain = (text) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

/** Where a name begins with what was typed: at its start, or at that of a word. */
function placeIn(name, typed) {
  const [all, part] = [plain(name), plain(typed)];
  for (let at = all.indexOf(part); at >= 0; at = all.indexOf(part, at + 1))
    if (at === 0 || all[at - 1] === ' ') return at;
  return -1;
}

function found(form, typed) {
  const fits = mentionable(form).filter(({ name }) => placeIn(name, typed) >= 0);
  return fits.toSorted((one, other) => Number('members' in one) - Number('members' in other)).slice(0, MOST);
}

let open = null;

function close() {
  if (!open) return;
  const { area, box } = open;
  open = null;
  box.remove();
  for (const name of ['aria-controls', 'aria-activedescendant', 'aria-haspopup', 'aria-autocomplete'])
    area.removeAttribute(name);
}

const element = (name, attributes, ...children) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
};

function option(one, i, typed) {
  const words = one.label ?? one.name;
  const at = words.indexOf(one.name) + placeIn(one.name, typed);
  const marked = element('mark', {}, words.slice(at, at + typed.length));
  const name = element('span', { class: 'mention-name' }, words.slice(0, at), marked, words.slice(at + typed.length));
  const about = element('small', {}, one.about);
  const made = element('div', { role: 'option', id: `mention-${i}`, 'aria-selected': 'false' }, name, about);
  // The text keeps the focus.
  made.addEventListener('pointerdown', (event) => {
    event.preventDefault();
    choose(i);
    take();
  });
  return made;
}

function suggest(area) {
  const before = area.value.slice(0, area.selectionStart);
  const [, typed] = area.selectionStart === area.selectionEnd ? (QUERY.exec(before) ?? []) : [];
  const all = typed === undefined ? [] : found(area.form, typed);
  // A whole name stands there already.
  if (!all.length || all.some(({ name }) => name === typed)) return close();
  close();
  const label = area.closest('[data-mentions]').dataset.mentionsLabel;
  const box = element('div', { role: 'listbox', id: 'mention-list', class: 'mention-list', 'aria-label': label });
  box.append(...all.map((one, i) => option(one, i, typed)));
  area.after(box);
  area.setAttribute('aria-autocomplete', 'list');
  area.setAttribute('aria-haspopup', 'listbox');
  area.setAttribute('aria-controls', box.id);
  open = { area, box, all, typed, at: 0 };
  choose(0);
}

function choose(at) {
  open.at = (at + open.all.length) % open.all.length;
  for (const [i, one] of [...open.box.children].entries()) one.setAttribute('aria-selected', String(i === open.at));
  open.area.setAttribute('aria-activedescendant', `mention-${open.at}`);
  open.box.children[open.at].scrollIntoView({ block: 'nearest' });
}

function take() {
  const { area, all, at, typed } = open;
  const end = area.selectionStart;
  close();
  area.setRangeText(`@${all[at].name} `, end - typed.length - 1, end, 'end');
  area.dispatchEvent(new Event('input', { bubbles: true }));
  close();
  area.focus();
}

const KEYS = {
  ArrowDown: () => choose(open.at + 1),
  ArrowUp: () => choose(open.at - 1),
  Enter: take,
  Tab: take,
  Escape: close,
};

document.addEventListener(
  'keydown',
  (event) => {
    const key = KEYS[event.key];
    if (!open || event.target !== open.area || event.isComposing || event.shiftKey || !key) return;
    event.preventDefault();
    event.stopPropagation();
    key();
  },
  true,
);

/** The names of those whom a form tells: those that are ticked, and those that its text mentions. */
function told(form) {
  const all = mentionable(form);
  const ticked = [...form.querySelectorAll('[name="readers"]:checked')];
  const names = new Map(ticked.map(({ value, dataset }) => [value, dataset.name]));
  for (const { found: meant } of mentionsIn(form.elements['text'].value, all)) {
    const group = meant.find((one) => one.members);
    const people = group ? all.filter(({ id }) => group.members.includes(id)) : meant;
    if (group || people.length === 1) for (const { id, name } of people) names.set(id, name);
  }
  return [...names.values()];
}

function say(form) {
  const names = told(form);
  const list = new Intl.ListFormat(document.documentElement.lang || 'en', { type: 'conjunction' }).format(names);
  const { told: some, nobody, toldInternal, nobodyInternal } = form.dataset;
  const put = (place, sentence) => {
    const target = form.querySelector(place);
    if (target && target.textContent !== sentence) target.textContent = sentence;
  };
  const fill = (sentence) => sentence.replace('{{names}}', () => list);
  put('[data-tells-shared]', names.length ? fill(some) : nobody);
  put('[data-tells-internal]', names.length ? fill(toldInternal) : nobodyInternal);
}

for (const sign of ['input', 'change'])
  document.addEventListener(sign, ({ target }) => {
    const form = target.closest?.('form[data-tells]');
    if (!form) return;
    say(form);
    if (sign === 'input' && target.matches('[data-mention]')) suggest(target);
  });
document.addEventListener('focusout', ({ target }) => {
  if (open && target === open.area) close();
});
// A page that refreshes itself leaves a form that somebody writes in as it is; another page has none.
document.addEventListener('htmx:after:swap', () => {
  if (open && !open.box.isConnected) close();
});
