// The bell: its count follows what comes in, on every page; its list opens under it. Without this there is the page.
import { followStream } from './stream.js';

const { htmx } = window;
const box = () => document.querySelector('[data-bell]');
const list = () => document.getElementById('bell-list');

function show(count) {
  const bell = box();
  if (!bell) return;
  const number = bell.querySelector('[data-bell-number]');
  const before = bell.querySelector('[data-bell-count]').hidden ? 0 : Number.parseInt(number.textContent, 10);
  bell.querySelector('[data-bell-count]').hidden = count === 0;
  number.textContent = count > 99 ? '99+' : String(count);
  if (count > before) document.getElementById('announce').textContent = bell.dataset.news;
  if (count !== before && bell.open) void load(fetch(bell.dataset.url));
}

/** Puts the list of the page that was asked for under the bell. Who is signed out by now is led to the page itself. */
async function load(asked) {
  const bell = box();
  list().ariaBusy = 'true';
  try {
    const answer = await asked;
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const found = page.getElementById('notifications');
    if (!found) return location.assign(bell.dataset.url);
    const focused = list().contains(document.activeElement);
    list().replaceChildren(...found.childNodes);
    htmx.process(list());
    if (focused) bell.querySelector('summary').focus();
  } catch {
    location.assign(bell.dataset.url);
  } finally {
    list().ariaBusy = null;
  }
}

document.addEventListener(
  'toggle',
  ({ target }) => {
    if (target.matches?.('[data-bell][open]')) void load(fetch(target.dataset.url));
  },
  true,
);

// Its forms change the list and nothing else of the page.
document.addEventListener(
  'submit',
  (event) => {
    const form = event.target;
    if (!form.closest('#bell-list')) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    void load(fetch(form.action, { method: 'POST', body: new URLSearchParams(new FormData(form)) }));
  },
  true,
);

document.addEventListener('keydown', (event) => {
  const bell = box();
  if (event.key !== 'Escape' || !bell?.open) return;
  bell.open = false;
  bell.querySelector('summary').focus();
});

document.addEventListener('click', ({ target }) => {
  const bell = box();
  if (bell?.open && (!bell.contains(target) || target.closest('#bell-list a'))) bell.open = false;
});

htmx.registerExtension('bell', {
  // The page is refreshed beneath an open list.
  htmx_before_morph_node: (old) => old.id !== 'bell-list' || !old.closest('[open]'),
});
followStream(
  () => box()?.dataset.live ?? null,
  'unread',
  ({ data }) => show(Number(data)),
);
