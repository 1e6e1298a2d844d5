import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Clinic, feedOf, fillClinic, openClinic } from './clinic.js';
import { press } from '../../support/forms.js';
import { unzipped } from '../../support/unzipped.js';
import { openPortal, type Portal } from '../../support/portal.js';
import { hiddenFrom, openTo, type Reader } from './secrets.js';
import { addresses, type Answer, found, mailOf, namesIn, walk } from './walk.js';

let portal: Portal;
let clinic: Clinic;
let start: string[];
before(async () => {
  portal = await openPortal();
  clinic = await openClinic(portal);
  await fillClinic(portal, clinic);
  start = addresses(await namesIn(portal, clinic));
});
after(() => portal.close());

type Name = 'maya' | 'voltman' | 'erik' | 'ida' | 'otto' | 'nora' | 'petra';

/** Everything that somebody gets: pages, files, lists, searches, exports, their calendar, their emails. */
async function everything(name: Name): Promise<Answer[]> {
  const actor = clinic[name];
  const email = actor.email ?? '';
  const pages = await walk(await portal.signIn(email), start, clinic.home.slug);
  return [...pages, { from: 'calendar', text: await feedOf(portal, actor) }, ...mailOf(portal.post.emails, email)];
}

for (const [name, reader] of [
  ['maya', 'maya'],
  ['voltman', 'volt'],
  ['erik', 'erik'],
  ['ida', null],
  ['otto', null],
  ['nora', 'nora'],
  ['petra', 'petra'],
] as const satisfies readonly (readonly [Name, Reader | null])[])
  test(`nothing that ${name} gets has a word that is not for them`, async () => {
    const answers = await everything(name);
    assert.deepEqual(found(answers, hiddenFrom(reader)), []);
    if (reader) {
      const missed = openTo(reader).filter((word) => found(answers, [word]).length === 0);
      assert.deepEqual(missed, [], 'what is theirs to read is found, too');
    }
  });

test('the archive of who had a task doesn’t say what it is called now', async () => {
  const { erik, home } = clinic;
  const eriks = await portal.signInByCode(erik.email ?? '');
  const page = `/${home.slug}/settings/data`;
  await press(eriks, `${page}/download`).expect(303);
  const { body } = await eriks.get(`${page}/archive`).responseType('blob').expect(200);
  const files = [...unzipped(body as Buffer)].map(([from, bytes]) => ({ from, text: bytes.toString() }));
  assert.deepEqual(found(files, hiddenFrom('erik')), []);
  assert.notDeepEqual(found(files, ['Zqoldtalk']), []);
});
