import assert from 'node:assert/strict';
import type { lookup } from 'node:dns';
import { after, before, test } from 'node:test';
import { readConfig } from '../../src/config.js';
import { isPublicAddress } from '../../src/input/internet/public_address.js';
import { postWebhook } from '../../src/webhooks/post_webhook.js';
import type { Reach } from '../../src/webhooks/reach.js';
import { openReceiver, type Receiver } from '../support/receiver.js';

let receiver: Receiver;
before(async () => {
  receiver = await openReceiver();
});
after(() => receiver.close());

const REACH: Reach = { https_only: false, loopback: false };
const MESSAGE = { headers: {}, body: '{}' };

test('addresses of machines, networks and metadata are none of the Internet, however they are written', () => {
  const inside = [
    ...['0.0.0.0', '10.0.0.1', '100.64.0.1', '127.0.0.1', '169.254.169.254', '172.31.0.1', '192.168.1.1', '224.0.0.1'],
    ...['255.255.255.255', '192.0.2.1', '198.18.0.1', '::', '::1', 'fe80::1', 'fe80::1%eth0', 'fc00::1', 'ff02::1'],
    ...['::ffff:10.0.0.1', '::ffff:a9fe:a9fe', '::10.0.0.1', '64:ff9b::a00:1', '64:ff9b:1::1', '2002:a00:1::1'],
    ...['2001:db8::1', '2001:0:1::1', 'fd00:ec2::254', 'localhost', ''],
  ];
  assert.deepEqual(inside.filter(isPublicAddress), []);
  const outside = ['1.1.1.1', '93.184.215.14', '172.32.0.1', '2606:4700::1111', '2a00:1450:4001:800::200e'];
  assert.deepEqual(
    outside.filter((ip) => !isPublicAddress(ip)),
    [],
  );
});

/** A name server that names these addresses. */
const naming = (...addresses: string[]) =>
  ((_name: string, _options: object, answer: (error: null, found: object[]) => void) =>
    answer(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    )) as unknown as typeof lookup;

test('where a name leads is checked for the connection itself: nothing inside is reached', async () => {
  for (const addresses of [['127.0.0.1'], ['::1'], ['1.1.1.1', '127.0.0.1'], []]) {
    const reach = { ...REACH, lookup: naming(...addresses) };
    const { status, error } = await postWebhook(reach, `http://hooks.example:${receiver.port}/`, MESSAGE);
    assert.deepEqual([status, error], [null, 'The address leads inside a network, so nothing was sent.']);
  }
  const literal = ['127.0.0.1', '2130706433', '0x7f.1', '[::1]', '[::ffff:127.0.0.1]', '0'];
  for (const host of literal) {
    const { error } = await postWebhook(REACH, `http://${host}:${receiver.port}/`, MESSAGE);
    assert.match(error, /inside a network/, host);
  }
  assert.equal(receiver.got.length, 0);
  const own = { ...REACH, loopback: true, lookup: naming('127.0.0.1') };
  assert.equal((await postWebhook(own, `http://hooks.example:${receiver.port}/`, MESSAGE)).status, 204);
});

test('in production webhooks are encrypted and never stay on this machine, whatever is set', () => {
  const secret = 'q8Zr4TnV2mXw7LsKp9YdB3fHcJ6gNaQe';
  const { webhook_reach } = readConfig({
    ...{ NODE_ENV: 'production', SECRET: secret, BASE_URL: 'https://portal.parley.io', WEBHOOK_LOOPBACK: 'on' },
    ...{ SMTP_URL: 'smtps://u:p@mail.parley.io', MAIL_DOMAIN: 'portal.parley.io' },
  });
  assert.deepEqual(webhook_reach, { https_only: true, loopback: false });
});

test('an answer that breaks off counts by its status', async () => {
  const own = { ...REACH, loopback: true };
  receiver.answers(200, 'short', { 'Content-Length': '5000' });
  const { status, answer } = await postWebhook(own, receiver.url, MESSAGE);
  assert.deepEqual([status, answer], [200, 'short']);
});
