import type { Config } from '../config.js';
import { webhookSignature } from '../db/secrets.js';

/**
 * Posts one of the sandbox gateway's events to our own door, signed. @throws when it wasn't taken: the job tries
 * again, as gateways do.
 */
export async function deliverWebhook(config: Config, secret: string, body: string): Promise<void> {
  const time = Math.floor(Date.now() / 1000);
  const signature = `t=${time},v1=${webhookSignature(secret, `${time}.${body}`)}`;
  const url = `http://127.0.0.1:${config.port}/webhooks/sandbox`;
  const answer = await fetch(url, {
    method: 'POST',
    body,
    headers: { 'Content-Type': 'application/json', 'Sandbox-Signature': signature },
  });
  if (!answer.ok) throw new Error(`The webhook was answered with ${answer.status}.`);
}
