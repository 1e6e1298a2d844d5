import { EventEmitter, once } from 'node:events';
import { get } from 'node:http';

/**
 * Follows a page's live stream as a browser does. `open` settles once the server has answered, `first` with the first
 * event, `ended` when the server ends it.
 */
export function listenTo(url: string, cookie: string) {
  const events = new EventEmitter();
  const request = get(url, { headers: { cookie, accept: 'text/event-stream' } }, (res) => {
    events.emit('open', res.statusCode);
    res.on('end', () => events.emit('end'));
    res.on('error', () => {});
    res.on('data', (chunk: Buffer) => {
      if (/^event:/m.test(String(chunk))) events.emit('event', String(chunk));
    });
  });
  request.on('error', () => {});
  return {
    open: once(events, 'open'),
    first: once(events, 'event').then(([text]) => String(text)),
    ended: once(events, 'end'),
    stop: () => request.destroy(),
  };
}
