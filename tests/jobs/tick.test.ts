import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Knex } from 'knex';
import { newId } from '../../src/db/ids.js';
import { addJob } from '../../src/db/jobs.js';
import { systemActor, withActor } from '../../src/db/scope.js';
import { settleChecks, takeChecks } from '../../src/jobs/document_checks.js';
import { tick, tickOnce } from '../../src/jobs/tick.js';
import { partnerActor, harbor, type Harbor } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;
let home: Harbor;
before(async () => {
  portal = await openPortal();
  home = await harbor(portal);
});
after(() => portal.close());

const NOON = Date.parse('2031-03-02T12:00:00Z');
const noon = (days: number) => new Date(NOON + days * 86_400_000);

/** Estimates that were sent, in an organization; the last day of each. */
async function estimates({ organization_id, partner_id }: Owner, count: number, due_on: string): Promise<string[]> {
  const ids = Array.from({ length: count }, newId);
  await portal.look(organization_id, (db) =>
    db('documents').insert(
      ids.map((id) => ({
        organization_id,
        id,
        partner_id,
        type: 'estimate',
        number: `EST-${id}`,
        state: 'sent',
        started_by: 'staff',
        currency: 'USD',
        issued_on: '2031-01-01',
        due_on,
        version: 1,
        sha256: '',
      })),
    ),
  );
  return ids;
}

type Owner = Pick<Harbor, 'organization_id' | 'partner_id'>;

/** Organizations with nothing but a partner. */
async function organizations(count: number): Promise<Owner[]> {
  const owners = Array.from({ length: count }, () => ({ organization_id: newId(), partner_id: newId() }));
  for (const { organization_id, partner_id } of owners) {
    const organization = {
      id: organization_id,
      slug: `o${organization_id}`.slice(0, 39),
      name: 'One of many',
      email: '',
    };
    await portal.look(organization_id, async (db) => {
      await db('organizations').insert(organization);
      await db('partners').insert({ organization_id, id: partner_id, name: 'P', currency: 'USD', locale: 'en-US' });
    });
  }
  return owners;
}

const statesOf = ({ organization_id }: Owner, ids: string[]): Promise<string[]> =>
  portal.look(organization_id, (db) => db('documents').whereIn('id', ids).orderBy('id').pluck('state'));

async function statements(work: (db: Knex) => Promise<unknown>): Promise<string[]> {
  const sent: string[] = [];
  const note = ({ sql }: { sql: string }) => void sent.push(sql);
  portal.knex.on('query', note);
  await work(portal.knex).finally(() => portal.knex.off('query', note));
  return sent;
}

/** Organizations with a partner and an estimate that is not due, and one more, which is returned. */
async function addMany(count: number): Promise<Owner> {
  await withActor(portal.knex, systemActor(null), (db) =>
    db.raw(`do $$
      declare o uuid; p uuid := gen_random_uuid();
      begin
        for i in 1..${count} loop
          o := gen_random_uuid();
          perform set_config('app.organization', o::text, true);
          insert into organizations (id, slug, name, email) values (o, left('m' || o, 39), 'One of many', '');
          insert into partners (organization_id, id, name, currency, locale) values (o, p, 'P', 'USD', 'en-US');
          insert into documents (organization_id, id, partner_id, type, number, state, started_by, currency, issued_on,
              due_on, version, sha256)
            values (o, gen_random_uuid(), p, 'estimate', 'EST-1', 'sent', 'staff', 'USD', '2031-01-01', '2032-01-01', 1, '');
        end loop;
      end $$`),
  );
  const [owner] = (await organizations(1)) as [Owner];
  return owner;
}

test('what a tick asks does not grow with the organizations, only with what is due', async () => {
  const costs: number[][] = [];
  for (const [round, count] of [10, 1000].entries()) {
    const owner = await addMany(count);
    const late = await estimates(owner, 1, '2031-02-01');
    const start = new Date(noon(round).getTime() - 3_600_000);
    const others = (await takeChecks(portal.knex, start, 10_000)).filter(({ document_id }) => document_id !== late[0]);
    assert.ok(others.length >= count);
    const next = others.map((check) => ({ ...check, at: new Date('2031-12-30') }));
    await settleChecks(portal.knex, start, next);
    const one = await statements((db) => tick(db, noon(round)));
    assert.deepEqual(await statesOf(owner, late), ['expired']);
    await tick(portal.knex, noon(round));
    const idle = await statements((db) => tick(db, new Date(noon(round).getTime() + 3_600_000)));
    costs.push([idle.length, one.length]);
  }
  assert.deepEqual(costs[1], costs[0]);
  assert.ok((costs[0]?.[0] ?? 0) <= 3, `${costs[0]?.[0]} statements when nothing is due`);
});

test('a flood in one organization leaves its turn to the others; the job goes on until it is done', async () => {
  const [flooded, other] = (await organizations(2)) as [Owner, Owner];
  const many = await estimates(flooded, 60, '2020-02-01');
  const one = await estimates(other, 1, '2020-02-01');
  assert.equal(await tickOnce(portal.knex, []), true);
  assert.deepEqual(await statesOf(other, one), ['expired']);
  assert.equal((await statesOf(flooded, many)).filter((state) => state === 'expired').length, 50);
  const more = await estimates(flooded, 60, '2020-02-01');
  await addJob(portal.knex, 'tick', {});
  await portal.idle();
  assert.deepEqual(new Set(await statesOf(flooded, [...many, ...more])), new Set(['expired']));
});

test('one that fails is reported, keeps no other from it, and is tried again an hour later', async () => {
  const [broken = '', ...sound] = await estimates(home, 3, '2031-02-01');
  await portal.knex.raw(`create function refuse() returns trigger language plpgsql as $$
    begin if new.subject_id = '${broken}' then raise exception 'This one is broken'; end if; return new; end $$;
    create trigger refused before insert on activities for each row execute function refuse()`);
  await assert.rejects(tick(portal.knex, noon(4)), /1 documents could not/);
  assert.deepEqual(await statesOf(home, sound), ['expired', 'expired']);
  assert.deepEqual(await statesOf(home, [broken]), ['sent']);
  await portal.knex.raw('drop trigger refused on activities; drop function refuse');
  await tick(portal.knex, noon(4));
  assert.deepEqual(await statesOf(home, [broken]), ['sent']);
  await tick(portal.knex, new Date(noon(4).getTime() + 3_600_000));
  assert.deepEqual(await statesOf(home, [broken]), ['expired']);
});

test('two ticks take different documents; one that changes meanwhile is looked at again', async () => {
  const ids = await estimates(home, 4, '2032-01-01');
  const taken = await Promise.all([takeChecks(portal.knex, noon(5), 2), takeChecks(portal.knex, noon(5), 100)]);
  const found = taken.flat().map(({ document_id }) => document_id);
  assert.equal(new Set(found).size, found.length);
  assert.ok(ids.every((id) => found.includes(id)));
  assert.deepEqual(await takeChecks(portal.knex, noon(5), 100), []);

  const [changed = '', ...same] = ids;
  await portal.look(home.organization_id, (db) =>
    db('documents').where({ id: changed }).update({ due_on: '2031-01-01' }),
  );
  await settleChecks(
    portal.knex,
    noon(5),
    taken.flat().map((check) => ({ ...check, at: null })),
  );
  assert.deepEqual(
    (await takeChecks(portal.knex, noon(5), 100)).map(({ document_id }) => document_id),
    [changed],
  );
  // A killed tick leaves what it took: it comes again after the lease.
  const after_lease = await takeChecks(portal.knex, new Date(noon(5).getTime() + 901_000), 100);
  assert.deepEqual(
    after_lease.map(({ document_id }) => document_id),
    [changed],
  );
  assert.equal(same.length, 3);
});

test('only the system that acts in no organization sees the checks of several', async () => {
  const [other] = (await organizations(1)) as [Owner];
  await estimates(other, 1, '2032-01-01');
  await estimates(home, 1, '2032-01-01');
  const seen = (actor: Parameters<typeof withActor>[1]) =>
    withActor(portal.knex, actor, (db) => db('document_checks').distinct('organization_id').pluck('organization_id'));
  assert.deepEqual(await seen(systemActor(home.organization_id)), [home.organization_id]);
  assert.deepEqual(await seen(home.staff), [home.organization_id]);
  assert.deepEqual(await seen(partnerActor(home, home.maya)), []);
  assert.deepEqual(await seen({ ...partnerActor(home, home.maya), organization_id: null }), []);
  assert.ok((await seen(systemActor(null))).length > 2);
  assert.deepEqual(await portal.knex('document_checks').select(), []);
});
