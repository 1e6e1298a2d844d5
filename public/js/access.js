// A page that its reader may see no more doesn't stay: told so by a stream (stream.js), or found out on coming back, it
// loads itself anew, which shows sign-in, whom to ask, or that nothing is there. What was typed is kept (keep.js).
const GONE = [401, 403, 404, 410];
const root = document.documentElement;
const address = () => location.pathname + location.search;
let leaving = false;

/** Loads the page anew; once a form that is being sent has its answer, which may be that of signing out. */
export function leave() {
  leaving = Boolean(document.querySelector('form[aria-busy="true"]'));
  if (!leaving) location.replace(address());
}
document.addEventListener('htmx:finally:request', () => setTimeout(() => leaving && leave()));

/** Whether an answer for this page says that its reader may not see it. */
export const isRefusal = ({ status, type }) => type === 'opaqueredirect' || GONE.includes(status);

/**
 * Leaves the page unless it is still there for its reader, or is itself such an answer. Returns whether it stays; offline
 * nobody knows.
 */
export async function check() {
  if (document.querySelector('#page.bare, [data-refused]')) return true;
  const answer = await fetch(address(), { method: 'HEAD', redirect: 'manual' }).catch(() => null);
  if (!answer || !isRefusal(answer)) return true;
  leave();
  return false;
}

// A page that follows its subject gets itself again when it comes back (live.js).
const checkOthers = () => {
  if (!document.hidden && !document.querySelector('[data-live-url]')) void check();
};
document.addEventListener('visibilitychange', checkOthers);
window.addEventListener('online', checkOthers);

// Kept by the browser for its Back button, it is shown again only once that is known.
window.addEventListener('pagehide', ({ persisted }) => root.classList.toggle('unsure', persisted));
window.addEventListener('pageshow', async ({ persisted }) => {
  if (persisted && (await check())) root.classList.remove('unsure');
});
