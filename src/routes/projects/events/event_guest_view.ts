import { answerOn } from '../../../calendar/series.js';
import type { I18n } from '../../../documents/queries/sheet.js';
import type { Badge, Choice } from '../../../pages/views/components.js';
import { partnerOfEvent } from '../../../projects/events/event.js';
import type { Errors, FormState } from '../../shared/form.js';
import type { Answer, EventPage, Invitable } from './event_queries.js';

/** Who is invited, what they answered, and for staff, who else could be. */
export interface GuestList {
  guests: { name: string; partner: string | null; badge: Badge; remove: string | null }[];
  uninvite_url: string;
  invite: { url: string; people: Choice[]; value: string; errors: Errors } | null;
}

/** Each answer as a badge. */
export const BADGES: Record<Answer, [string, Badge['tone']]> = {
  accepted: ['Coming', 'good'],
  tentative: ['Maybe', 'waiting'],
  declined: ['Not coming', 'stopped'],
};

/** What one person has answered. */
export const answersOf = ({ answers }: Pick<EventPage, 'answers'>, id: string | null) =>
  answers.filter(({ person_id }) => person_id === id);

interface Context {
  url: string;
  form: FormState | null;
  /** The reader may change who is invited. */
  plans: boolean;
  i18n: I18n;
  /** The time of a series that its page is about, by its day there; null: all of it. */
  on: string | null;
}

/** Who takes part in an event; nobody for whom only its row is shown to. */
export function guestList(
  page: EventPage,
  people: readonly Invitable[],
  { url, form, plans, i18n, on }: Context,
): GuestList {
  const { t } = i18n;
  const badge = (id: string): Badge => {
    const answer = answerOn(answersOf(page, id), page.changed, on);
    const [label, tone] = answer ? BADGES[answer] : (['No answer yet', 'quiet'] as const);
    return id === page.organizer_id && !answer ? { label: t('Organizer'), tone: 'quiet' } : { label: t(label), tone };
  };
  const ours = partnerOfEvent(page);
  const taking_part = new Set(page.participants.map(({ id }) => id));
  const free = people.filter(({ id, partner_id }) => !taking_part.has(id) && (!partner_id || partner_id === ours));
  const shown = form?.action === 'invite' ? form : null;
  return {
    guests: (page.shared ? page.participants : []).map(({ id, name, partner }) => ({
      ...{ name, partner, badge: badge(id), remove: plans ? id : null },
    })),
    uninvite_url: `${url}/uninvite`,
    invite: plans
      ? {
          url: `${url}/invite`,
          people: free.map(({ id, name, partner }) => ({ value: id, label: partner ? `${name} · ${partner}` : name })),
          value: typeof shown?.input['person'] === 'string' ? shown.input['person'] : '',
          errors: shown?.errors ?? {},
        }
      : null,
  };
}
