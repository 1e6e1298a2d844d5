import { randomUUID } from 'node:crypto';
import { type Actor, withActor } from '../../src/db/scope.js';
import { createApiToken } from '../../src/people/api_tokens/api_tokens.js';
import { SCOPES } from '../../src/people/api_tokens/scopes.js';
import { asPerson, type PersonRow } from '../../src/db/scope.js';
import type { Harbor } from './harbor.js';
import type { Portal } from './portal.js';

const BROWSER = { remote_ip: '', user_agent: '' };

/** Somebody of an organization as they act themselves. */
export async function actorOfPerson(portal: Portal, home: Harbor, id: string): Promise<Actor> {
  const row = await portal.look(home.organization_id, (db) => db('people').where({ id }).first());
  return asPerson(row as PersonRow, null);
}

/** A token of a person; with all scopes, unless it says which. */
export async function tokenFor(portal: Portal, home: Harbor, person_id: string, scopes = SCOPES): Promise<string> {
  const actor = await actorOfPerson(portal, home, person_id);
  const wanted = { name: 'Script', scopes: [...scopes], days: 30 };
  return withActor(portal.knex, actor, async (db) => (await createApiToken(db, actor, wanted, BROWSER)).token);
}

interface Sent {
  method?: string;
  headers?: Record<string, string>;
  body?: unknown;
}

/** What an answer of the API says. */
export interface ApiAnswer {
  status: number;
  headers: Headers;
  // oxlint-disable-next-line typescript/no-explicit-any -- whatever a test looks for
  body: any;
}

/** A program with a token, or without one. */
export const program =
  ({ base_url }: Portal, token: string | null) =>
  async (path: string, { method, headers = {}, body }: Sent = {}): Promise<ApiAnswer> => {
    const form = body instanceof FormData;
    const sent = body === undefined || form ? body : JSON.stringify(body);
    const answer = await fetch(new URL(path.startsWith('/') ? path : `/api/v1/${path}`, base_url), {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      headers: {
        ...(token ? { Authorization: `Bearer ${token}` } : {}),
        ...(body === undefined || form ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(sent === undefined ? {} : { body: sent }),
    });
    const text = await answer.text();
    const json = /json/.test(answer.headers.get('Content-Type') ?? '');
    return { status: answer.status, headers: answer.headers, body: json ? JSON.parse(text) : text };
  };

export const newKey = () => randomUUID();
