import { generate } from 'otplib';
import { newId } from '../../../src/db/ids.js';
import { systemActor, withActor } from '../../../src/db/scope.js';
import { hashOf } from '../../../src/db/secrets.js';
import type { Scene } from './correspondence.js';
import { Visitor } from './visitor.js';

const EMAIL = 'tom@harbor.example';
const PASSWORD = 'wagons of blue thistle';

/** Tom sets up all ways in, uses them, and removes them again. */
export async function manageSignIn(scene: Scene): Promise<void> {
  const { portal, log, olivia, nobody, place } = scene;
  const visitor = () => new Visitor(portal, log, 'staff');
  const tom = await visitor().signIn(EMAIL);
  const settings = `/${place.slug}/settings`;
  await olivia.post(`${settings}/organization/security`, { code_above: '' });
  await tom.post(`${settings}/sign-in/password`, { password: PASSWORD });
  const codes = await protect(tom, `${settings}/sign-in`);
  const other = visitor();
  await other.get('/sign-in/password');
  await other.post('/sign-in/password', { email: EMAIL, password: 'a wrong set of words' });
  await other.post('/sign-in/password', { email: EMAIL, password: PASSWORD });
  await other.get('/sign-in/second-step');
  await other.post('/sign-in/second-step', { code: codes[0] ?? '' });
  await other.post('/sign-in/passkey/options');
  await managePasskeys(scene, tom, `${settings}/sign-in/passkeys`);
  await tom.post(`${settings}/sign-in/totp/remove`, { code: codes[1] ?? '' });
  await tom.post(`${settings}/sign-in/password/remove`);
  await signOut(scene, tom, `${settings}/devices`);
  nobody.answered.push(...tom.answered, ...other.answered);
}

/** An authenticator app, and its recovery codes. */
async function protect(tom: Visitor, url: string): Promise<string[]> {
  await tom.post(`${url}/totp`);
  const page = await (await tom.get(`${url}/totp`)).text();
  const secret = (/class="key">([A-Z2-7 ]+)</.exec(page)?.[1] ?? '').replaceAll(' ', '');
  await tom.post(`${url}/totp/confirm`, { code: await generate({ secret }) });
  await tom.post(`${url}/recovery-codes`);
  const shown = await (await tom.get(`${url}/recovery-codes`)).text();
  return [...shown.matchAll(/<code>([\w-]+)<\/code>/g)].map(([, code = '']) => code);
}

/** One that is there already: only an authenticator makes them. */
async function managePasskeys({ portal }: Scene, tom: Visitor, url: string) {
  const [id, credential_id] = [newId(), newId()];
  await withActor(portal.knex, systemActor(null), async (db) => {
    const { id: user_id } = await db('users').where({ email: EMAIL }).first('id');
    const key = { credential_id, credential_hash: hashOf(credential_id), public_key: Buffer.from('') };
    await db('passkeys').insert({ id, user_id, name: 'Laptop', ...key });
  });
  await tom.post(`${url}/options`);
  await tom.post(`${url}/${id}`, { name: 'Old laptop' });
  await tom.post(`${url}/${id}/remove`);
}

async function signOut({ portal, log }: Scene, tom: Visitor, url: string) {
  await new Visitor(portal, log, 'staff').signIn(EMAIL);
  const last = await portal.knex('sessions').orderBy('created_at', 'desc').first('id');
  await tom.get(url);
  await tom.post(`${url}/${last.id}/sign-out`);
  await tom.post(`${url}/sign-out-others`);
}
