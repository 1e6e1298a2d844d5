import type pg from 'pg';
import { isId } from '../../db/ids.js';
import { systemActor, pipeline, type Query, read } from '../../db/scope.js';
import { NotFound } from '../../errors.js';

/** A message in an inbox before it is parsed. `mail_to` is the recipient, in lower case. */
export interface Envelope {
  id: string;
  mail_to: string;
  sent_at: Date;
}

/** A sample person with what their mail client needs: signature, language and time zone. */
export interface Person {
  name: string;
  address: string;
  title: string;
  company: string;
  locale: string;
  time_zone: string;
}

const MAX_MESSAGES = 1000;

/** Everyone in all organizations, staff first, in order of joining, without duplicates; then unknown recipients. */
export async function samplePeople(pool: pg.Pool): Promise<(Person & { count: number })[]> {
  const [organizations = [], counted = []] = await pipeline(pool, [
    { name: 'mailbox organizations', text: 'select id, name from organizations order by id' },
    {
      name: 'mailbox counts',
      text: 'select mail_to, count(*) from mailbox_messages group by mail_to order by mail_to',
    },
  ]);
  const members = (
    await Promise.all(organizations.map(({ id, name }) => peopleOf(pool, String(id), String(name))))
  ).flat();
  const counts = new Map(counted.map(({ mail_to, count }) => [String(mail_to), Number(count)]));
  const people = new Map<string, Person>();
  for (const person of [...members, ...[...counts.keys()].map(unknownPerson)])
    if (!people.has(person.address)) people.set(person.address, person);
  return [...people.values()].map((person) => ({ ...person, count: counts.get(person.address) ?? 0 }));
}

const PEOPLE: Query<Omit<Person, 'address' | 'company'> & { email: string; partner: string | null }> = {
  name: 'mailbox people',
  text: `select p.name, p.email, p.title, a.name as partner, p.locale, p.time_zone from people p
    left join partners a on a.organization_id = p.organization_id and a.id = p.partner_id
    where p.organization_id = $1 and p.removed_at is null order by p.partner_id nulls first, p.id`,
};

async function peopleOf(pool: pg.Pool, organization_id: string, organization: string): Promise<Person[]> {
  const [rows] = await read(pool, systemActor(organization_id), { ...PEOPLE, values: [organization_id] });
  return rows.map(({ email, partner, ...person }) => ({ ...person, address: email, company: partner ?? organization }));
}

const unknownPerson = (address: string): Person => ({
  name: address,
  address,
  title: '',
  company: '',
  locale: 'en-US',
  time_zone: 'UTC',
});

/** The person with this address. */
export async function personAt(pool: pg.Pool, address: string): Promise<Person> {
  return (await samplePeople(pool)).find((person) => person.address === address) ?? unknownPerson(address);
}

/** The messages to an address, or to all, newest first, at most a thousand. */
export async function messagesTo(pool: pg.Pool, address: string | null): Promise<Envelope[]> {
  const text = `select id, mail_to, sent_at from mailbox_messages where $1::text is null or mail_to = $1
    order by sent_at desc, id desc limit ${MAX_MESSAGES}`;
  const [rows = []] = await pipeline(pool, [{ name: 'mailbox messages', text, values: [address] }]);
  return rows.map(envelope);
}

/** One message. @throws NotFound */
export async function messageWith(pool: pg.Pool, id: string): Promise<Envelope> {
  if (!isId(id)) throw new NotFound();
  const text = 'select id, mail_to, sent_at from mailbox_messages where id = $1';
  const [rows = []] = await pipeline(pool, [{ name: 'mailbox message', text, values: [id] }]);
  if (!rows[0]) throw new NotFound();
  return envelope(rows[0]);
}

/** The bytes of messages, by id. */
export async function rawOf(pool: pg.Pool, ids: string[]): Promise<Map<string, Buffer>> {
  if (ids.length === 0) return new Map();
  const text = 'select id, raw from mailbox_messages where id = any ($1::uuid[])';
  const [rows = []] = await pipeline(pool, [{ name: 'mailbox bytes', text, values: [ids] }]);
  return new Map(rows.map(({ id, raw }) => [String(id), Buffer.isBuffer(raw) ? raw : Buffer.alloc(0)]));
}

const envelope = ({ id, mail_to, sent_at }: Record<string, unknown>): Envelope => ({
  id: String(id),
  mail_to: String(mail_to),
  sent_at: sent_at instanceof Date ? sent_at : new Date(0),
});
