import { bounceAddress } from '../../../src/mail/address.js';
import type { Portal } from '../portal.js';
import type { ReceivedEmail } from '../post_office.js';
import type { Place } from './pages.js';
import type { PlanLog } from './plan_log.js';
import { Visitor } from './visitor.js';

/** Who acts, and where. */
export interface Scene {
  portal: Portal;
  log: PlanLog;
  place: Place;
  organization_id: string;
  olivia: Visitor;
  maya: Visitor;
  nobody: Visitor;
}

/** A comment's way out by email and the answers' way in, what staff decide about them; links, and signing in. */
export async function correspond(scene: Scene): Promise<void> {
  const received = await comment(scene);
  await answerByMail(scene, received);
  scene.log.doing = 'a summary';
  await scene.portal.runJobsNow();
  await scene.portal.idle();
  await useLinks(scene, received);
  await signIn(scene);
}

/** Maya gets an email of it. */
async function comment({ olivia, maya, log, place: { slug, numbers }, portal }: Scene): Promise<ReceivedEmail> {
  const url = `/${slug}/documents/${numbers['estimate']}`;
  await maya.post(`${url}/view`);
  await olivia.head(`${url}/live`);
  await olivia.post(`${url}/comment`, { text: `When would it suit ${slug}?` });
  log.doing = 'an email of a comment';
  return portal.post.to('maya@maple.example', `suit ${slug}?`);
}

const BOUNCE = `Content-Type: multipart/report; report-type=delivery-status; boundary=b\r
From: MAILER-DAEMON@mx.maple.example\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n\r
--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.maple.example\r\n\r
Final-Recipient: rfc822; maya@maple.example\r\nAction: failed\r\nStatus: 5.1.1\r\n--b--\r\n`;

async function answerByMail(
  { olivia, log, place: { slug, numbers }, portal, organization_id }: Scene,
  received: ReceivedEmail,
) {
  log.doing = 'mail that comes in';
  await portal.reply(received, 'In the second week');
  await portal.mailIn({
    from: 'ann@rival.example',
    to: `${slug}@${portal.config.mail_domain}`,
    subject: 'Desks',
    text: 'Hello',
  });
  for (let n = 0; n < 7; n++) await portal.reply(received, `Message ${n}`, { from: `eve${n}@rival.example` });
  await portal.idle();
  log.doing = '';
  const held = await portal.look(organization_id, (db) =>
    db('inbound_deliveries').where({ code: 'stranger', state: 'held' }).orderBy('id', 'desc').limit(7).pluck('id'),
  );
  const number = numbers['estimate'] ?? '';
  const forms = {
    place: { number, as: 'note' },
    assign: { partner: 'Maple Street Clinic' },
    contact: { name: `Eve of ${slug}`, partner: 'Maple Street Clinic' },
    address: {},
    replay: {},
    refuse: { reason: 'We do not buy lists.' },
    'set-aside': {},
  };
  for (const [i, [name, form]] of Object.entries(forms).entries())
    await olivia.post(`/${slug}/mail-room/${held[i]}/${name}`, form);
  log.doing = 'mail that bounces';
  const id = received.messageId?.slice(1, 33) ?? '';
  const to = bounceAddress(portal.services.secret, id, portal.config.mail_domain);
  await portal.rawIn({ mail_from: '', to, raw: BOUNCE });
  await portal.idle();
}

async function useLinks({ portal, log, nobody, olivia, place }: Scene, received: ReceivedEmail) {
  const header = received.raw.replace(/\r\n[ \t]+/g, ' ');
  const unsubscribe = new URL(/^List-Unsubscribe:\s*<(.*)>/im.exec(header)?.[1] ?? '').pathname;
  await nobody.get(unsubscribe);
  await nobody.post(unsubscribe, { 'List-Unsubscribe': 'One-Click' });
  await nobody.post(`${unsubscribe}/undo`);
  await nobody.post(`${unsubscribe}/rhythm`, { rhythm: 'now' });
  const token = received.link.split('/').at(-1) ?? '';
  const linked = new Visitor(portal, log);
  await linked.get(received.link);
  await linked.get(`/${place.slug}/documents/${place.numbers['estimate']}`);
  await linked.get('/verify');
  await linked.post('/verify');
  const other = await new Visitor(portal, log).signIn('tom@harbor.example');
  await other.get(received.link);
  await other.post('/switch', { token });
  await nobody.post('/fresh-link', { token });
  await olivia.get('/');
  nobody.answered.push(...linked.answered, ...other.answered);
}

const OF_NO_ORGANIZATION = [
  '/sign-in',
  '/sign-in/code',
  '/check',
  '/styleguide',
  '/healthz',
  '/readyz',
  '/healthz/mail',
];

async function signIn({ portal, log, place: { slug }, nobody }: Scene) {
  for (const page of OF_NO_ORGANIZATION) await nobody.get(page);
  const ways = [new Visitor(portal, log), new Visitor(portal, log)];
  for (const [i, visitor] of ways.entries()) {
    const asked = portal.post.emails.length;
    await visitor.post('/sign-in', { email: 'noah@maple.example', return_to: `/${slug}` });
    const isCode = (one: ReceivedEmail) =>
      portal.post.emails.indexOf(one) >= asked && /^\d{6} /.test(one.subject ?? '');
    const { subject, link } = await portal.post.to('noah@maple.example', isCode);
    if (i === 0) await visitor.post('/sign-in/code', { code: subject?.slice(0, 6) ?? '' });
    else for (const press of [visitor.get, visitor.post]) await press(link);
  }
  await ways[0]?.get(`/${slug}`);
  await ways[0]?.post('/sign-out');
  nobody.answered.push(...ways.flatMap(({ answered }) => answered));
}
