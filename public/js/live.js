// A page follows what others do: on "changed" it gets itself again and merges what is new. It takes nothing away: a form
// that somebody has touched stays as it is, and a new version waits until they ask for it. It also says "seen", once,
// when a person (not a link scanner) scrolls, points or types.
import { isRefusal, leave } from './access.js';
import { followStream } from './stream.js';

const { htmx } = window;

const announce = (text) => {
  document.getElementById('announce').textContent = text;
};
let waiting = 0;

function refreshSoon() {
  clearTimeout(waiting);
  waiting = setTimeout(refresh, 120);
}

const touched = new WeakSet();
for (const sign of ['input', 'change', 'click', 'focusin'])
  document.addEventListener(
    sign,
    ({ target }) => {
      const form = target.form ?? target.closest?.('form');
      if (form) touched.add(form);
    },
    true,
  );

const seenIn = (form) => form.elements['seen']?.value;
const versionOf = (page) => page.querySelector('[data-version]')?.dataset.version;
const lastComment = () => [...document.querySelectorAll('.comment, .thread-message')].at(-1);
const changedNote = () => document.querySelector('#notes [data-note="changed"]');

/** Whether a form is in a new page, too, with what was seen. */
function isIn(page, form) {
  const same = page.querySelector(`form[action="${form.getAttribute('action')}"]`);
  return Boolean(same) && seenIn(same) === seenIn(form);
}

/** Forms that a swap leaves as they are, and whether the page refreshes itself. */
let kept = new Set();
let live = false;

htmx.registerExtension('live', {
  // Fields may stand outside of their form. A token stays until its form is answered: a press may be repeated.
  htmx_before_morph_node: (old) => !kept.has(old.form ?? old) && !(live && old.name === 'form_token'),
});

async function refresh() {
  if (!document.querySelector('[data-live-url]')) return;
  // What is being sent, or shown, brings the news itself; if it fails, they are fetched then.
  if (showing || document.querySelector('form[aria-busy="true"]')) return (stale = true);
  const before = lastComment()?.id;
  const options = { target: '#page', select: '#page', swap: 'outerMorph show:none', live: true };
  await htmx.ajax('GET', location.pathname + location.search, options);
  if (!changedNote().hidden) return;
  const comment = lastComment();
  if (comment && comment.id !== before) announce(comment.getAttribute('aria-label') ?? '');
  else announce(document.querySelector('.move')?.textContent.trim() ?? '');
}

let showing = false;
let stale = false;
document.addEventListener('htmx:finally:request', () => {
  if (stale) refreshSoon();
  stale = false;
});

document.addEventListener('htmx:before:swap', (event) => {
  const { request, response, text, live: byItself = false } = event.detail.ctx;
  if (request?.method !== 'GET') touched.delete(request?.form);
  const page = new DOMParser().parseFromString(text ?? '', 'text/html');
  const filled = [...document.querySelectorAll('#page form')].filter((form) => touched.has(form));
  kept = new Set(filled.filter((form) => isIn(page, form)));
  live = byItself;
  if (!live) return (changedNote().hidden = true);
  const { pathname } = new URL(response.raw.url);
  if (isRefusal(response) || (response.status === 200 && page.querySelector('#page.bare'))) leave();
  if (response.status !== 200 || pathname !== location.pathname) return event.preventDefault();
  // What somebody filled in would have no place any more, or would answer what they have not read.
  if (versionOf(page) === versionOf(document) && kept.size === filled.length) return;
  event.preventDefault();
  changedNote().hidden = false;
});
document.addEventListener('htmx:finally:swap', () => {
  [kept, live] = [new Set(), false];
});

/** Puts the new version in as a whole; what was typed comes back into its forms (keep.js). */
async function showChanged(button) {
  if (showing) return;
  showing = true;
  // As the button's own request: htmx drops the third of those of one source, and refreshes may be under way.
  const options = { source: button, target: '#page', select: '#page', swap: 'outerHTML show:none' };
  await htmx.ajax('GET', location.pathname + location.search, options).finally(() => (showing = false));
  // Who types on is left there.
  if (!document.querySelector('#page :focus')) document.getElementById('main')?.focus({ preventScroll: true });
}
document.addEventListener('click', ({ target }) => {
  if (target.matches?.('[data-show-changed]')) void showChanged(target);
});

const viewed = new Set();
function seen() {
  const url = document.querySelector('[data-seen-url]')?.dataset.seenUrl;
  const version = `${url} ${versionOf(document)}`;
  if (!url || viewed.has(version) || document.visibilityState !== 'visible') return;
  viewed.add(version);
  void fetch(url, { method: 'POST', keepalive: true }).catch(() => {});
}

for (const sign of ['scroll', 'pointermove', 'pointerdown', 'keydown']) {
  document.addEventListener(
    sign,
    (event) => {
      if (event.isTrusted) seen();
    },
    { passive: true, capture: true },
  );
}
document.addEventListener('visibilitychange', () => {
  if (!document.hidden) void refresh();
});
window.addEventListener('online', () => void refresh());
followStream(() => document.querySelector('[data-live-url]')?.dataset.liveUrl ?? null, 'changed', refreshSoon);
