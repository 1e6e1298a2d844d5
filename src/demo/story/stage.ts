import { DateTime } from 'luxon';
import type { Knex } from 'knex';
import { type Actor, asPerson, systemActor, type PersonRow, withActor } from '../../db/scope.js';
import { addStaff, setUp } from '../../people/organization.js';
import { addItem } from '../../documents/items/item.js';
import { addTaxRate } from '../../documents/taxes/changing_rates.js';
import { setOrganizationTaxes, setPartnerTaxes } from '../../documents/taxes/partner_taxes.js';
import { allowBankDebit } from '../../payments/methods/online_methods.js';
import { addPartner, newContact } from '../../people/partner.js';
import { addProject } from '../../projects/project.js';
import type { Story } from './story.js';

/** A sample organization, with its people, partners, projects and documents by their keys in the story. */
export interface Stage {
  story: Story;
  organization_id: string;
  people: Map<string, PersonRow>;
  /** Ids. */
  partners: Map<string, string>;
  projects: Map<string, string>;
  documents: Map<string, string>;
  taxes: Map<string, string>;
  /** By the words of their lines. */
  items: Map<string, string>;
  subscriptions: Map<string, string>;
}

/** Sets up a story's organization on its first day: people, partners, projects and the next document numbers. */
export async function setStage(db: Knex, story: Story): Promise<Stage> {
  const { organization, owner, staff, numbers_from } = story;
  const now = momentOf(story, story.begins, '08:30');
  const { organization_id, person_id } = await setUp(db, organization, owner, now);
  const ids = new Map([[owner.key, person_id]]);
  for (const [key, person] of Object.entries(staff)) {
    ids.set(key, await addStaff(db, { ...organization, id: organization_id }, person, person.role, now));
  }
  const stage: Stage = {
    story,
    organization_id,
    partners: new Map(),
    people: await peopleOf(db, organization_id, ids),
    projects: new Map(),
    documents: new Map(),
    taxes: new Map(),
    items: new Map(),
    subscriptions: new Map(),
  };
  await addPartners(db, stage, ids, now);
  await addTaxes(db, stage, now);
  await addItems(db, stage, now);
  await addProjects(db, stage, now);
  stage.people = await peopleOf(db, organization_id, ids);
  const counters = Object.entries(numbers_from).map(([name, value]) => ({ organization_id, name, value: value - 1 }));
  if (counters.length) await withActor(db, systemActor(organization_id), (db) => db('counters').insert(counters));
  return stage;
}

async function addPartners(db: Knex, stage: Stage, ids: Map<string, string>, now: Date): Promise<void> {
  const actor = actorAt(stage, stage.story.owner.key, now);
  for (const [key, partner] of Object.entries(stage.story.partners)) {
    const { kind, contacts, bank_debit, profile: _, taxes: _taxes, ...fields } = partner;
    const id = await addPartner(db, actor, {
      ...fields,
      is_customer: kind !== 'vendor',
      is_vendor: kind !== 'customer',
    });
    stage.partners.set(key, id);
    if (bank_debit) await withActor(db, actor, (db) => allowBankDebit(db, actor, id, true));
    for (const [name, { time_zone, role, invited, ...person }] of Object.entries(contacts)) {
      const person_id = await newContact(db, actor, id, { ...person, ...(time_zone ? { time_zone } : {}) });
      ids.set(name, person_id);
      const since = invited ? {} : { invited_at: now, activated_at: now };
      const { organization_id } = stage;
      await withActor(db, systemActor(organization_id), (db) =>
        db('people')
          .where({ organization_id, id: person_id })
          .update({ role, ...since }),
      );
    }
  }
}

/** What its lines are taxed with, and who pays, or charges, what. */
async function addTaxes(db: Knex, stage: Stage, now: Date): Promise<void> {
  const { story, taxes } = stage;
  const actor = actorAt(stage, story.owner.key, now);
  const ids = (keys: readonly string[]) => keys.map((key) => entry(taxes, key));
  await withActor(db, actor, async (db) => {
    for (const [key, { percent, ...fields }] of Object.entries(story.taxes)) {
      const tax = { ...fields, percent: Number(percent).toFixed(4), valid_from: null, valid_until: null };
      taxes.set(key, await addTaxRate(db, actor, tax));
    }
    if (story.default_taxes.length) await setOrganizationTaxes(db, actor, ids(story.default_taxes));
    for (const [key, { taxes, kind }] of Object.entries(story.partners)) {
      const side = kind === 'vendor' ? 'vendor' : 'customer';
      if (taxes) await setPartnerTaxes(db, actor, entry(stage.partners, key), ids(taxes), side);
    }
  });
}

async function addItems(db: Knex, stage: Stage, now: Date): Promise<void> {
  const { story, partners, items } = stage;
  const actor = actorAt(stage, story.owner.key, now);
  await withActor(db, actor, async (db) => {
    for (const { what, code, group, unit, cost = null, sold, bought } of story.items) {
      const prices = Object.entries(sold).map(([currency, price]) => ({ currency, price }));
      const vendors = Object.entries(bought).map(([vendor, offer]) => ({
        ...{ ...offer, partner_id: entry(partners, vendor), currency: entry(currencies(story), vendor) },
      }));
      const fields = { code, name: what, description: '', unit, group_name: group, cost, tax_series: null };
      items.set(what, await addItem(db, actor, { ...fields, prices, vendors }));
    }
  });
}

const currencies = ({ partners }: Story) =>
  new Map(Object.entries(partners).map(([partner, { currency }]) => [partner, currency]));

async function addProjects(db: Knex, stage: Stage, now: Date): Promise<void> {
  const actor = actorAt(stage, stage.story.owner.key, now);
  const { story, partners, people, projects } = stage;
  for (const [key, { name, partner, manager, starts, ends, description }] of Object.entries(story.projects)) {
    const input = {
      ...{ key, name, description, partner: entry(partners, partner) },
      ...(manager ? { manager: entry(people, manager).id } : {}),
      ...(starts === undefined ? {} : { starts_on: workdayOf(story, starts) }),
      ...(ends === undefined ? {} : { ends_on: workdayOf(story, ends) }),
    };
    projects.set(key, await addProject(db, actor, input));
  }
}

async function peopleOf(db: Knex, organization_id: string, ids: Map<string, string>): Promise<Map<string, PersonRow>> {
  const rows: PersonRow[] = await withActor(db, systemActor(organization_id), (db) =>
    db('people').where({ organization_id }),
  );
  return new Map(
    [...ids].flatMap(([key, id]) => rows.filter((row) => row.id === id).map((row) => [key, row] as const)),
  );
}

/** A person of the story as the actor at a given time. */
export function actorAt({ people }: Stage, key: string, now: Date): Actor {
  return { ...asPerson(entry(people, key), null), now };
}

/** The entry with a key of the story. @throws Error if there is none */
export function entry<T>(entries: Map<string, T> | Record<string, T>, key: string): T {
  const found = entries instanceof Map ? entries.get(key) : Object.hasOwn(entries, key) ? entries[key] : undefined;
  if (found === undefined) throw new Error(`The story has no "${key}".`);
  return found;
}

/** A time of day in the organization's time zone, `day` days from today. */
export function momentOf(story: Story, day: number, at: string): Date {
  const [hour = 0, minute = 0] = at.split(':').map(Number);
  return DateTime.now()
    .setZone(story.organization.time_zone)
    .plus({ days: day })
    .set({ hour, minute, second: 0, millisecond: 0 })
    .toJSDate();
}

/** The date `day` days from today, in ISO 8601. */
export const dayOf = (story: Story, day: number): string =>
  DateTime.now().setZone(story.organization.time_zone).plus({ days: day }).toFormat('yyyy-MM-dd');

/** The same, or if that is on a weekend the workday beside it that is farther from today. */
export function workdayOf(story: Story, day: number): string {
  const weekend = ['Sat', 'Sun'].indexOf(DateTime.fromISO(dayOf(story, day)).toFormat('ccc', { locale: 'en' }));
  if (weekend < 0) return dayOf(story, day);
  return dayOf(story, day < 0 ? day - 1 - weekend : day + 2 - weekend);
}
