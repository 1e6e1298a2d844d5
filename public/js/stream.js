// A stream of events from the server while the page is looked at: of its subject (live.js), and for the bell.
import { check, leave } from './access.js';

const AGAIN_MS = 30_000;

/** Follows the stream at `urlOf()` (null: none) and calls `hear` for each event of this name. */
export function followStream(urlOf, event, hear) {
  let source = null;
  const close = () => {
    source?.close();
    source = null;
  };
  const follow = () => {
    const url = urlOf();
    if (source && (source.path !== url || document.hidden)) close();
    if (!url || source || document.hidden) return;
    source = new EventSource(url);
    source.path = url;
    source.addEventListener(event, hear);
    source.addEventListener('ended', () => {
      close();
      leave();
    });
    source.addEventListener('error', refused);
  };
  // What has only broken off the browser opens again itself.
  const refused = ({ target }) => {
    if (target !== source || target.readyState !== EventSource.CLOSED) return;
    close();
    void check();
    setTimeout(follow, AGAIN_MS);
  };
  document.addEventListener('htmx:after:swap', follow);
  document.addEventListener('visibilitychange', follow);
  follow();
}
