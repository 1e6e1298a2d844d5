import type { Response } from 'express';
import type { Listener } from '../../activity/listen.js';
import { EVERY_CONTACT } from '../../activity/record.js';
import type { Actor } from '../../db/scope.js';
import { livePageOpened } from '../../telemetry/metrics.js';
import { identityOf } from '../shared/guard.js';

const HEARTBEAT_MS = 25_000;

/** An open page's stream of server-sent events (HTML §9.2). */
export interface EventStream {
  send(event: string, data?: string): void;
  /** Runs once its reader has gone. */
  onClose(callback: () => void): void;
}

/** Answers with the head of a stream, which is all that is asked for by HEAD. */
export function startStream(res: Response): void {
  res.writeHead(200, {
    'Content-Type': 'text/event-stream',
    'Cache-Control': 'no-store, no-transform',
    'X-Accel-Buffering': 'no',
  });
}

/** Ends a stream whose reader may see no more of what they saw: their page asks anew for itself. */
export function endStream(res: Response): void {
  if (!res.writableEnded) res.end('event: ended\ndata:\n\n');
}

/** Keeps a stream open until its reader leaves, signs out or may see no more, or this process ends. */
export function keepStream(res: Response, listener: Listener, actor: Actor): EventStream {
  res.write('retry: 2000\n\n');
  const heartbeat = setInterval(() => res.write(':\n\n'), HEARTBEAT_MS);
  const { session } = identityOf(res.req);
  const [organization_id, person_id] = [String(actor.organization_id), String(actor.person_id)];
  const end = () => endStream(res);
  const closers = [
    ...(session ? [listener.onSignedOut(session.hash, end)] : []),
    ...(actor.side === 'partner' ? [listener.onRemoved(organization_id, EVERY_CONTACT, end)] : []),
    listener.onClose(() => res.end()),
    listener.onRemoved(organization_id, person_id, end),
    () => clearInterval(heartbeat),
    livePageOpened(),
  ];
  res.on('close', () => closers.forEach((close) => close()));
  return {
    send: (event, data = '') => {
      // Ended, it is heard of until its connection is closed.
      if (!res.writableEnded) res.write(`event: ${event}\ndata: ${data}\n\n`);
    },
    onClose: (callback) => void closers.push(callback),
  };
}
