import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openPortal, type Portal } from '../../support/portal.js';
import type { ReceivedEmail } from '../../support/post_office.js';
import { type Clinic, fillClinic, openClinic } from './clinic.js';
import { SECRETS } from './secrets.js';
import { aboutProjects, addresses, found, namesIn, walk } from './walk.js';

let portal: Portal;
let clinic: Clinic;
let start: string[];
before(async () => {
  portal = await openPortal();
  clinic = await openClinic(portal);
  await fillClinic(portal, clinic);
  start = aboutProjects(addresses(await namesIn(portal, clinic)));
});
after(() => portal.close());

type Who = 'maya' | 'voltman' | 'petra';

/** The link of somebody's email opens this, and with it these words; nothing else of the project. */
const LINKS: readonly (readonly [Who, name: string, has: string, words: readonly string[]])[] = [
  ['maya', 'a task', 'gave you “Zqmapletask”', ['Zqmapletask', 'Zqmaplenote', 'Zqtasktalk']],
  ['petra', 'a task of hers', 'gave you “Zqpetratask”', ['Zqpetratask', 'Zqpetrasaid']],
  ['maya', 'an event', 'planned Zqwalk', ['Zqwalk', 'Zqwalkplace', 'Zqwalknote', 'Zqwalktalk']],
  ['maya', 'a document', 'Zqchangeorder', ['Zqchangeorder']],
  [
    'voltman',
    'a task of a vendor',
    'gave you “Zqvolttask”',
    ['Zqvolttask', 'Zqvoltnote', 'Zqmovereason', 'Zqvolttalk', 'Zqvoltsaid', 'Zqvoltprivate', 'Zqproposedreason'],
  ],
];
/** Whose link it is, and their company. */
const OWN = ['Maple Street Clinic', 'Maya Chen', 'Zqvolt Ltd', 'Zqviktor'];

for (const [who, name, has, words] of LINKS)
  test(`the link to ${name} of ${who} opens that alone`, async () => {
    const mail = await portal.post.to(clinic[who].email ?? '', ({ text, html }: ReceivedEmail) =>
      `${text}${html || ''}`.includes(has),
    );
    const browser = await portal.open(mail);
    const answers = await walk(browser, [browser.page, ...start], clinic.home.slug);
    const others = Object.keys(SECRETS).filter((word) => !words.includes(word) && !OWN.includes(word));
    assert.deepEqual(found(answers, others), []);
    assert.deepEqual(
      words.filter((word) => found(answers, [word]).length === 0),
      [],
      'what it is about is there',
    );
  });
