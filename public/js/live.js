// A document page follows what others do: on "changed" it gets itself again and merges the answer. Typed words, open
// panels and focus stay; what is new is announced. It also says "seen", once, when a person (not a link scanner)
// scrolls, points or types.

const announce = (text) => {
  document.getElementById('announce').textContent = text;
};
let source = null;
let waiting = 0;

function follow() {
  const url = document.querySelector('[data-live-url]')?.dataset.liveUrl ?? null;
  if (source && (source.path !== url || document.hidden)) {
    source.close();
    source = null;
  }
  if (!url || source || document.hidden) return;
  source = new EventSource(url);
  source.path = url;
  source.addEventListener('changed', () => {
    clearTimeout(waiting);
    waiting = setTimeout(refresh, 120);
  });
}

const lastComment = () => [...document.querySelectorAll('.comment')].at(-1);
const version = () => document.querySelector('[data-version]')?.dataset.version;

async function refresh() {
  const main = document.querySelector('[data-live-url]');
  if (!main) return;
  const before = { comment: lastComment()?.id, version: version() };
  // A card was being charged: what came of it is news, so that is no longer said.
  const address = location.search.includes('done=asked') ? location.pathname : location.pathname + location.search;
  await window.htmx.ajax('GET', address, { target: '#page', select: '#page', swap: 'outerMorph show:none' });
  const comment = lastComment();
  if (version() !== before.version) {
    // Whoever was about to accept must see that it is another version now.
    for (const box of document.querySelectorAll('.action[open]')) box.open = false;
    announce(main.dataset.changed ?? '');
  } else if (comment && comment.id !== before.comment) announce(comment.getAttribute('aria-label') ?? '');
  else announce(document.querySelector('.move')?.textContent.trim() ?? '');
}

function seen() {
  const main = document.querySelector('[data-seen-url]');
  if (!main || document.visibilityState !== 'visible') return;
  const url = main.dataset.seenUrl;
  main.removeAttribute('data-seen-url');
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
document.addEventListener('htmx:after:swap', follow);
document.addEventListener('visibilitychange', () => {
  const away = document.hidden;
  follow();
  if (!away && source) void refresh();
});
follow();
