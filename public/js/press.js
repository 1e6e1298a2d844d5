// A button shows that it was pressed until the answer is there, and its form isn't sent a second time meanwhile.
const underWay = new Map();

function press(form, submitter) {
  underWay.set(form, submitter);
  form.ariaBusy = 'true';
  submitter?.setAttribute('aria-disabled', 'true');
}

function release(form) {
  underWay.get(form)?.removeAttribute('aria-disabled');
  underWay.delete(form);
  form.ariaBusy = null;
}

const isPost = (form) => form?.matches?.('form[method="post"]');

document.addEventListener(
  'submit',
  (event) => {
    if (!underWay.has(event.target)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  },
  true,
);

// With htmx the request begins and ends; without, the browser leaves the page.
document.addEventListener('htmx:before:request', ({ detail: { ctx } }) => {
  if (isPost(ctx.sourceElement)) press(ctx.sourceElement, ctx.request.submitter);
});
document.addEventListener('htmx:finally:request', ({ detail: { ctx } }) => {
  for (const form of underWay.keys()) if (form === ctx.request.form || !form.isConnected) release(form);
});
document.addEventListener('submit', (event) => {
  if (!event.defaultPrevented && isPost(event.target)) press(event.target, event.submitter);
});
window.addEventListener('pageshow', () => [...underWay.keys()].forEach(release));

// Whoever signs out leaves nothing behind of what was typed (keep.js).
document.addEventListener('submit', ({ target }) => {
  if (new URL(target.action, location.href).pathname !== '/sign-out') return;
  const person = document.getElementById('page')?.dataset.person ?? '';
  for (const key of Object.keys(localStorage)) if (key.startsWith(`typed:${person}`)) localStorage.removeItem(key);
});
