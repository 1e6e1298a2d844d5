import { z } from 'zod';
import { Invalid } from '../errors.js';
import { required, readForm, submittedText } from '../people/form_values.js';
import { EVENTS } from './webhook_events.js';
import { type Reach, webhookUrl } from './reach.js';
import type { WebhookFields } from './webhook.js';

const Typed = z.object({ url: required(1000) });

/** The name of the box of an event. */
export const boxOf = (event: string): string => `event_${event}`;

/** The form as it was typed. @throws Invalid by field */
export function parseWebhook(reach: Reach, body: unknown): WebhookFields {
  const typed = submittedText(body);
  const url = webhookUrl(reach, readForm(Typed, body).url);
  const events = EVENTS.map(([name]) => name).filter((name) => typed[boxOf(name)] === 'on');
  if (!events.length) throw new Invalid({ form: 'Choose at least one event.' });
  return { url, events: [...events] };
}
