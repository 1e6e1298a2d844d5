// Notes at the foot of the page, which no swap takes away: what was just done, and what went wrong with a form that is
// still there with all that was typed. Others ask for a note by an event: its name, or null for none of these.
import { check } from './access.js';

const noteNamed = (name) => document.querySelector(`#notes [data-note="${name}"]`);
const TROUBLE = ['offline', 'failed', 'ended', 'refused'];

function show(name) {
  for (const other of TROUBLE) noteNamed(other).hidden = other !== name;
  const note = name && noteNamed(name);
  if (note) note.hidden = false;
}
document.addEventListener('note', ({ detail }) => show(detail));

/** Back here after signing in, whatever is in the address now. */
function comeBack(link) {
  const url = new URL(link.href);
  url.searchParams.set('return_to', location.pathname + location.search);
  link.href = url.href;
}

/** What an error's page says, above the page that it would have replaced. */
function refuse(page) {
  const note = noteNamed('refused');
  note.querySelector('p').textContent = page.querySelector('#main .card p:not(.small)')?.textContent ?? '';
  const [from, link] = [page.querySelector('#main .card a.button'), note.querySelector('a')];
  link.hidden = !/^\/verify\b/.test(from?.getAttribute('href') ?? '');
  if (!link.hidden) {
    link.setAttribute('href', from.getAttribute('href'));
    link.textContent = from.textContent;
    comeBack(link);
  }
  show('refused');
}

/** A form that got an error's page instead of its own: that stays, with what was typed. */
document.addEventListener('htmx:after:request', ({ detail: { ctx } }) => {
  if (ctx.request.method === 'GET' || ctx.response.status < 400) return;
  const page = new DOMParser().parseFromString(ctx.text, 'text/html');
  if (page.querySelector('#page:not(.bare)')) return show(null);
  ctx.swap = 'none';
  if (ctx.response.status === 401) {
    comeBack(noteNamed('ended').querySelector('a'));
    return show('ended');
  }
  if (!page.querySelector('#page')) return show('failed');
  refuse(page);
  return void check();
});
document.addEventListener('htmx:error', ({ detail: { ctx } }) => {
  if (ctx?.request && !ctx.live) show(navigator.onLine ? 'failed' : 'offline');
});
document.addEventListener('htmx:after:swap', ({ detail: { ctx } }) => {
  if (ctx.response?.status < 400) show(null);
});
window.addEventListener('online', () => {
  if (!noteNamed('offline').hidden) show(null);
});

// The toast of a page moves here, where it stays for its time; and is not said again at each reload.
function takeToast() {
  const toast = document.querySelector('#page .toast');
  if (!toast) return;
  document.getElementById('toasts').replaceChildren(toast);
  const url = new URL(location.href);
  url.searchParams.delete('done');
  history.replaceState(history.state, '', url);
}
document.addEventListener('htmx:after:swap', takeToast);
takeToast();
