// The palette: the page of the search, shown over any page while it is typed. Ctrl K or ⌘K opens it, and its links do.
// Without this, and on a phone, the links lead to that page.

/** A reader types on: what is asked for sooner would be thrown away. */
const PAUSE_MS = 120;
const NARROW = matchMedia('(max-width: 47.99rem)');

const palette = () => document.getElementById('palette');
const words = () => document.getElementById('palette-words');
const found = () => document.getElementById('palette-found');
const scopes = () => document.getElementById('palette-scopes');
const options = () => [...found().querySelectorAll('[role="option"]')];
const selected = () => found().querySelector('[aria-selected="true"]');

/** Counts what was asked for: an older answer that comes late is dropped. */
let asked = 0;
let timer;
let opener = null;

function open() {
  if (palette().open) return;
  opener = document.activeElement;
  // A field that is being typed in goes on where it was, once this is closed.
  found().setAttribute('role', 'listbox');
  found().setAttribute('aria-label', found().dataset.label);
  palette().showModal();
  words().select();
  void ask(addressOf(words().value));
}

const addressOf = (typed) => `${palette().dataset.url}?${new URLSearchParams({ q: typed.trim() })}`;

/** Asks for the page of the search, and shows what it has found. Who is signed out by now is led to that page. */
async function ask(address) {
  clearTimeout(timer);
  asked += 1;
  const mine = asked;
  palette().ariaBusy = 'true';
  try {
    const answer = await fetch(address);
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById('found');
    if (mine !== asked || !palette().open) return;
    if (!page) return location.assign(address);
    show(page);
    document.getElementById('palette-failed').hidden = true;
  } catch {
    if (mine === asked) document.getElementById('palette-failed').hidden = false;
  } finally {
    if (mine === asked) palette().ariaBusy = null;
  }
}

function show(page) {
  const nav = page.querySelector('nav');
  const inNav = scopes().contains(document.activeElement);
  scopes().replaceChildren(...(nav ? [nav] : []));
  // The headings of a page are not those of a list: its groups are named by them.
  for (const group of page.querySelectorAll('.found-group')) group.setAttribute('role', 'group');
  for (const heading of page.querySelectorAll('h2')) heading.setAttribute('role', 'presentation');
  for (const [i, row] of [...page.querySelectorAll('[data-result]')].entries()) {
    row.id = `found-${i}`;
    row.setAttribute('role', 'option');
    row.setAttribute('aria-selected', 'false');
    row.tabIndex = -1;
  }
  found().replaceChildren(...page.childNodes);
  select(options()[0]);
  found().scrollTop = 0;
  words().ariaExpanded = String(options().length > 0);
  document.getElementById('palette-said').textContent = page.dataset.said;
  if (inNav) scopes().querySelector('[aria-current]')?.focus();
}

function select(option) {
  selected()?.setAttribute('aria-selected', 'false');
  if (!option) return words().removeAttribute('aria-activedescendant');
  option.setAttribute('aria-selected', 'true');
  words().setAttribute('aria-activedescendant', option.id);
  option.scrollIntoView({ block: 'nearest' });
}

function move(by) {
  const all = options();
  const at = all.indexOf(selected());
  select(all[(at + by + all.length) % all.length]);
}

/** The next kind of what was found, and after the last one everything again. */
function nextScope(by) {
  const all = [...scopes().querySelectorAll('a')];
  const at = all.findIndex((link) => link.hasAttribute('aria-current'));
  const next = all[(at + by + all.length) % all.length];
  if (next) void ask(next.href);
}

function go(option, inNewTab) {
  if (!option) return;
  if (inNewTab) return window.open(option.href, '_blank', 'noopener');
  palette().close();
  location.assign(option.href);
}

const KEYS = {
  ArrowDown: () => move(1),
  ArrowUp: () => move(-1),
  Enter: ({ ctrlKey, metaKey }) => go(selected(), ctrlKey || metaKey),
  // What was typed is cleared first.
  Escape: () => (words().value ? clear() : palette().close()),
};

function clear() {
  words().value = '';
  words().focus();
  void ask(addressOf(''));
}

document.addEventListener('keydown', (event) => {
  if (!palette()) return;
  if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === 'k') {
    event.preventDefault();
    open();
  } else if (palette().open && event.key === 'Escape') {
    event.preventDefault();
    KEYS.Escape();
  } else if (event.target === words() && !event.isComposing) {
    if (event.key === 'Tab' && scopes().querySelector('a')) {
      event.preventDefault();
      nextScope(event.shiftKey ? -1 : 1);
    } else if (Object.hasOwn(KEYS, event.key)) {
      event.preventDefault();
      KEYS[event.key](event);
    }
  }
});

document.addEventListener('input', ({ target }) => {
  if (target !== words()) return;
  clearTimeout(timer);
  timer = setTimeout(() => void ask(addressOf(target.value)), PAUSE_MS);
});

// Before htmx, which would follow the link.
document.addEventListener(
  'click',
  (event) => {
    const { target } = event;
    const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey;
    if (!plain || !palette() || !(target instanceof Element)) return;
    if (target.closest('[data-find]') && !NARROW.matches) open();
    else if (target.closest('#palette-scopes a')) void ask(target.closest('a').href);
    else if (target.closest('[data-palette-close]') || target === palette()) palette().close();
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  },
  true,
);

document.addEventListener(
  'close',
  ({ target }) => {
    if (target !== palette()) return;
    asked += 1;
    words().value = '';
    if (opener?.isConnected) opener.focus();
  },
  true,
);

document.documentElement.toggleAttribute('data-mac', /Mac|iPhone|iPad/.test(navigator.platform));
