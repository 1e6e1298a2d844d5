import type { Response } from 'express';
import type { Listener } from '../../activity/listen.js';
import type { Actor } from '../../db/scope.js';
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

/** Keeps a stream open until its reader leaves, signs out or is removed, or this process ends. */
export function keepStream(res: Response, listener: Listener, { organization_id, person_id }: Actor): EventStream {
  res.write('retry: 2000\n\n');
  const heartbeat = setInterval(() => res.write(':\n\n'), HEARTBEAT_MS);
  const { session } = identityOf(res.req);
  const closers = [
    ...(session ? [listener.onSignedOut(session.hash, () => res.end())] : []),
    listener.onClose(() => res.end()),
    listener.onRemoved(String(organization_id), String(person_id), () => res.end()),
    () => clearInterval(heartbeat),
  ];
  res.on('close', () => closers.forEach((close) => close()));
  return {
    send: (event, data = '') => void res.write(`event: ${event}\ndata: ${data}\n\n`),
    onClose: (callback) => void closers.push(callback),
  };
}
