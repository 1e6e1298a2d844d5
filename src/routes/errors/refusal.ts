import type { Request } from 'express';
import type pg from 'pg';
import type { Asked, NotAllowed } from '../../errors.js';
import { actorOf } from '../../people/identify.js';
import { type PeopleToAsk, peopleToAsk } from '../../subjects/people_to_ask.js';
import { identityOf, slugIn } from '../shared/guard.js';
import { i18nOf } from '../shared/layout.js';

type I18n = ReturnType<typeof i18nOf>;

/** Why somebody may not do what they tried, and whom to ask instead, in their language. */
export async function refusalText(pool: pg.Pool, req: Request, error: NotAllowed): Promise<string | null> {
  const slug = slugIn(req);
  const actor = actorOf(
    identityOf(req),
    identityOf(req).memberships.find((membership) => membership.slug === slug),
  );
  if (!actor || !error.ask) return null;
  const people = await peopleToAsk(pool, actor, error.ask);
  return people && describe(error.ask.whom, people, i18nOf(actor));
}

function describe(whom: Asked, people: PeopleToAsk, { t, format }: I18n): string {
  const names = format.either(people.names);
  return [whyOf(whom, people, t), names ? askOf(whom, people, names, t) : null].filter(Boolean).join(' ');
}

function whyOf(whom: Asked, { side }: PeopleToAsk, t: I18n['t']): string {
  if (whom === 'owner') return t('This is for the owner and the admins.');
  if (whom === 'limit') return t('This is above your limit.');
  if (whom === 'others') return t('You entered or approved this yourself, so someone else has to approve it.');
  if (whom === 'managers') return t('Your role doesn’t include this.');
  if (whom === 'contacts') return t('You can read what is shared with you and write about it, nothing else.');
  return t('Only {{name}} can do this.', { name: side });
}

function askOf(whom: Asked, { forwarded }: PeopleToAsk, names: string, t: I18n['t']): string | null {
  if (whom === 'owner' || whom === 'limit') return t('Ask {{names}}, the owner.', { names });
  if (whom === 'others') return null;
  const by_reader = whom === 'contacts' && forwarded;
  return by_reader ? t('Ask {{names}}, who forwarded this to you.', { names }) : t('Ask {{names}}.', { names });
}
