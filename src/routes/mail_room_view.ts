import type { HeldMail } from '../inbound/mail_room.js';
import type { Translate } from '../pages/words.js';

/** What a form brought back: for which message, what was typed, what is wrong with it. */
export interface Back {
  id: string;
  number: string;
  error: string;
}

const LOOKS: Record<string, [label: string, tone: string]> = {
  held: ['Waits for you', 'waiting'],
  posted: ['Placed', 'good'],
  ignored: ['Set aside', 'quiet'],
  refused: ['Refused', 'stopped'],
};

/** A message in the mail room, with what can be done with it while it waits. */
export function heldView(held: HeldMail, url: string, t: Translate, back: Back | null) {
  const [label = held.state, tone = 'quiet'] = LOOKS[held.state] ?? [];
  return {
    id: held.id,
    from_name: held.from_name,
    from_address: held.from_address,
    subject: held.subject,
    at: new Date(held.created_at),
    reason: t(held.reason),
    text: held.preview,
    state_label: t(label),
    tone,
    original_url: `${url}/${held.id}/original`,
    files: [],
    actions: held.state === 'held' ? actions(held, `${url}/${held.id}`, t, back?.id === held.id ? back : null) : [],
  };
}

function actions(held: HeldMail, url: string, t: Translate, back: Back | null) {
  const shared = { style: 'plain', href: null, needs_code: false };
  const value = back?.number ?? held.number ?? '';
  const field = { name: 'number', kind: 'text', label: t('Document number'), value, error: back && t(back.error), required: true };
  const explains = t('It becomes an internal note of yours there, with its sender named. The other side sees nothing of it.');
  return [
    { ...shared, name: 'place', label: t('Put it on a document'), explains, url: `${url}/place`, fields: [field], open: back !== null },
    { ...shared, name: 'set-aside', label: t('Set aside'), explains: null, url: `${url}/set-aside`, fields: [], open: false },
  ];
}
