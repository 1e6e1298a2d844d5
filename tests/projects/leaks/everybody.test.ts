import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Clinic, feedOf, fillClinic, openClinic } from './clinic.js';
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

/** Own names are nobody's secret. */
const OWN: Partial<Record<Name, readonly string[]>> = { erik: ['Zqoldtalk'] };

for (const [name, reader] of [
  ['maya', 'maya'],
  ['voltman', 'volt'],
  ['erik', 'erik'],
  ['ida', null],
  ['otto', null],
  ['nora', null],
  ['petra', 'petra'],
] as const satisfies readonly (readonly [Name, Reader | null])[])
  test(`nothing that ${name} gets has a word that is not for them`, async () => {
    const answers = await everything(name);
    const hidden = hiddenFrom(reader).filter((word) => !OWN[name]?.includes(word));
    assert.deepEqual(found(answers, hidden), []);
    if (reader === 'maya' || reader === 'volt') {
      const missed = openTo(reader).filter((word) => found(answers, [word]).length === 0);
      assert.deepEqual(missed, [], 'what is theirs to read is found, too');
    }
  });
