import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { harbor, type Harbor, sentInvoice } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';
import { mailIn } from '../support/post_office.js';
import { noPostfix, openPostfix } from '../support/postfix.js';
import { SETTINGS } from '../support/providers.js';
import { until } from '../support/until.js';

let portal: Portal;

before(async () => (portal = await openPortal({ ...SETTINGS, MAX_MESSAGE_MB: '1' })));

after(() => portal.close());

const commentsOf = (home: Harbor) =>
  portal.look(home.organization_id, (db) =>
    db('comments').where({ organization_id: home.organization_id }).orderBy('id').pluck<string[]>('body'),
  );

async function mayasLetter() {
  const home = await harbor(portal);
  await sentInvoice(portal, home);
  const received = await portal.post.to(home.maya.email);
  return { home, received };
}

test('a Postfix that relays to our port', { skip: noPostfix }, async () => {
  const { home, received } = await mayasLetter();
  const postfix = await openPostfix(portal.config.mail_domain, { smtp: portal.mail_port });
  try {
    await mailIn(postfix.port, {
      from: home.maya.email,
      to: received.reply_to,
      subject: 'Re',
      text: 'Through a relay',
    });
    // Postfix answers first, and gives it on a moment later.
    await until('the comment', async () => (await commentsOf(home)).length > 0);
    assert.deepEqual(await commentsOf(home), ['Through a relay']);
  } finally {
    await postfix.close();
  }
});
