import { logLine } from '../telemetry/cause.js';
import { mailDecided } from '../telemetry/metrics.js';
import type { Decision } from './deciding/decision.js';
import type { Delivery } from './read_delivery.js';
import type { ReadMail } from './reading/message.js';

/** What was decided about a delivery. */
export interface Decided extends Pick<Decision, 'state' | 'code'> {
  organization_id: string | null;
  /** When it was accepted; null if another process has decided meanwhile. */
  came_at: Date | null;
}

/** Logs what became of a message that came in. Whom it came to is a key, and who wrote it an address: neither is said. */
export function logReceived(delivery: Delivery, mail: ReadMail | null, { came_at, ...decided }: Decided): void {
  if (!came_at) return;
  const { id, source, mail_from, tries } = delivery;
  mailDecided(source, decided.state);
  logLine('mail in', {
    ...{ delivery_id: id, source, ...decided, tries, from_domain: domainOf(mail?.from?.address ?? mail_from) },
    message_id: localPart(mail?.message_id ?? ''),
    seconds: Math.round((Date.now() - came_at.getTime()) / 1000),
  });
}

const domainOf = (address: string) => address.slice(address.lastIndexOf('@') + 1).slice(0, 253);

/** Without what makes it look like an address, which would be masked. */
const localPart = (message_id: string) => message_id.replace(/^<|@.*$/g, '').slice(0, 200);
