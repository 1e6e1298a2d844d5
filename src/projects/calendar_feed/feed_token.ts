import type { Knex } from 'knex';
import type pg from 'pg';
import { record } from '../../activity/record.js';
import { type Actor, actingAs, pipeline, type Query, systemActor, withActor } from '../../db/scope.js';
import { hashOf, randomToken } from '../../db/secrets.js';
import { actorOf, type Membership, membershipsIn, NOBODY } from '../../people/identify.js';

/** A person's feed, as its settings show it. */
export interface OwnFeed {
  only_own: boolean;
  created_at: Date;
}

export const ownFeed = ({ organization_id, person_id }: Actor): Query<OwnFeed> => ({
  name: 'own_feed',
  text: `select only_own, created_at from calendar_feeds where organization_id = $1 and person_id = $2`,
  values: [organization_id, person_id],
});

/**
 * Makes a person's calendar address, in the place of the one they had, which then leads nowhere. Returns its token, which
 * is shown once and not kept. `only_own`: only events that they are invited to.
 */
export async function makeFeed(db: Knex, actor: Actor, only_own: boolean): Promise<string> {
  const token = randomToken();
  const { organization_id, person_id, user_id } = actor;
  await changeFeed(db, actor, 'make_feed', async (db) => {
    const feed = { user_id, token_hash: hashOf(token), only_own, created_at: db.raw('app_now()') };
    await db('calendar_feeds')
      .insert({ organization_id, person_id, ...feed })
      .onConflict(['organization_id', 'person_id'])
      .merge(feed);
  });
  return token;
}

/** Ends a person's calendar address. */
export const endFeed = (db: Knex, actor: Actor): Promise<void> =>
  changeFeed(db, actor, 'end_feed', async (db) => {
    const { organization_id, person_id } = actor;
    await db('calendar_feeds').where({ organization_id, person_id }).delete();
  });

/** Partners only read: what is theirs is written by the system actor. Recorded. */
const changeFeed = (
  db: Knex,
  actor: Actor,
  action: string,
  change: (db: Knex.Transaction) => Promise<void>,
): Promise<void> => {
  const { organization_id, person_id, partner_id, now } = actor;
  return withActor(db, actor, (db) =>
    actingAs(db, systemActor(organization_id, person_id, now), async () => {
      await change(db);
      const visible_to = partner_id ? 'both' : 'staff';
      await record(db, actor, { action, partner_id, details: { name: actor.name }, visible_to });
    }),
  );
};

const OWNER = `select f.organization_id, f.person_id, f.only_own, set_config('app.user', f.user_id::text, true)
  from calendar_feeds f where f.token_hash = $1`;

/** Whose a feed is, who sees in it what they see. */
export interface FeedOwner {
  actor: Actor;
  membership: Membership;
  only_own: boolean;
}

/** The person whose calendar address has this token; null if there is none, or if they have no access any more. */
export async function feedOwner(pool: pg.Pool, token: string): Promise<FeedOwner | null> {
  const hash = hashOf(token);
  const [, found, memberships] = (await pipeline(pool, [
    { name: 'secrets', text: `select set_config('app.secrets', $1, true)`, values: [`{${hash}}`] },
    { name: 'feed_owner', text: OWNER, values: [hash] },
    membershipsIn(null),
  ])) as [unknown, { organization_id: string; person_id: string; only_own: boolean }[], Membership[]];
  const [feed] = found;
  const membership = memberships.find(({ person_id }) => person_id === feed?.person_id);
  const actor = membership && actorOf({ ...NOBODY, assurance: 'verified', memberships: [membership] }, membership);
  return feed && membership && actor ? { actor, membership, only_own: feed.only_own } : null;
}
