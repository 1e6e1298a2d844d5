import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { emailedInvoice } from '../support/harbor.js';
import { inbox } from '../support/inbox.js';
import { openPortal, type Portal } from '../support/portal.js';
import { mailIn } from '../support/post_office.js';
import { noPostfix, openPostfix } from '../support/postfix.js';
import { pipeCommandFor } from '../support/reachable.js';
import { until } from '../support/until.js';

let portal: Portal;
before(async () => (portal = await openPortal()));
after(() => portal.close());

const { bodies } = inbox(() => portal);

test('SMTP: a Postfix relays to our port', { skip: noPostfix }, async () => {
  const { home, received } = await emailedInvoice(portal);
  const postfix = await openPostfix(portal.config.mail_domain, { smtp: portal.mail_port });
  try {
    await mailIn(postfix.port, {
      from: home.maya.email,
      to: received.reply_to,
      subject: 'Re',
      text: 'Through a relay',
    });
    // Postfix answers first, and gives it on a moment later.
    await until('the comment', async () => (await bodies(home)).length > 0);
    assert.deepEqual(await bodies(home), ['Through a relay']);
  } finally {
    await postfix.close();
  }
});

test('pipe: a Postfix queues what could not be stored, and delivers it once', { skip: noPostfix }, async () => {
  const { home, received } = await emailedInvoice(portal);
  const { uid } = await stat(process.env['TEST_DATABASE_HOST'] ?? '');
  const user = (await promisify(execFile)('id', ['-un', String(uid)])).stdout.trim();
  const env = [
    `DATABASE_URL=${portal.database_url}`,
    `MAIL_DOMAIN=${portal.config.mail_domain}`,
    `SECRET=${portal.services.secret}`,
  ];
  const command = ['/usr/bin/env', ...env, ...(await pipeCommandFor(uid))].join(' ');
  const postfix = await openPostfix(portal.config.mail_domain, { pipe: { user, command } });
  try {
    await portal.knex.raw('alter table inbound_messages rename to gone');
    await mailIn(postfix.port, { from: home.maya.email, to: received.reply_to, subject: 'Re', text: 'In the queue' });
    await until('the deferral', async () => (await postfix.queue()).includes('Try again later')).finally(() =>
      portal.knex.raw('alter table gone rename to inbound_messages'),
    );
    await postfix.flush();
    await until('an empty queue', async () => (await postfix.queue()).includes('queue is empty'));
    await portal.idle();
    assert.deepEqual(await bodies(home), ['In the queue']);
  } finally {
    await postfix.close();
  }
});
