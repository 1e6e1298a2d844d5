import assert from 'node:assert/strict';
import sharp from 'sharp';
import { act } from '../../src/act.js';
import { newId } from '../../src/db/ids.js';
import { inviteContact } from '../../src/people/invitations/contact_invitations.js';
import { changeContact, newContact } from '../../src/people/partner.js';
import { post, press, seenOn } from './forms.js';
import { harbor, partnerActor, sentDocument, sentInvoice } from './harbor.js';
import type { Portal } from './portal.js';

let made = 0;

/**
 * Xaviera Quäkenbrück, a contact of Maple Street Clinic, does all that somebody can do here: she writes by portal and
 * email, forwards, signs, pays, has a photo and settings; others mention her, and her mail waits in the mail room.
 */
export async function xaviera(portal: Portal) {
  const home = await harbor(portal);
  const { knex } = portal;
  const { organization_id, staff, partner_id, slug } = home;
  const email = `Xaviera.Q${++made}@maple.example`;
  const address = email.toLowerCase();
  const former = `x.vogelsang${made}@maple.example`;
  const name = 'Xaviera Quäkenbrück';
  const id = await newContact(knex, staff, partner_id, { name: 'Xaviera Vogelsang', email: former });
  const fields = { name, email, locale: 'en-US', time_zone: 'UTC' };
  await changeContact(knex, staff, partner_id, id, fields);
  const access = { role: 'member' as const, modules: ['projects', 'quotes', 'orders', 'invoices'] };
  const message = `Dear ${name}, welcome.`;
  await inviteContact(knex, portal.services.secret, staff, partner_id, id, { access, message });
  const recipients = [id, home.maya.id];
  const invoice = await sentInvoice(portal, home, { recipients });
  const terms = { terms: 'Payment within 30 days.', signature_required: true, due_on: '2099-01-01' };
  const estimate = await sentDocument(portal, home, 'estimate', { ...terms, recipients });
  const received = await portal.post.to(address, ({ subject }) => subject?.includes(invoice.number) ?? false);

  const hers = await portal.signInByCode(address);
  await writes();
  await mentioned();
  await sets();
  await portal.idle();
  return { home, id, name, email, address, former, hers, invoice, estimate, received };

  /** By the portal and by email; she forwards, signs and pays. */
  async function writes() {
    const plan = Buffer.from('a plan');
    await hers
      .post(`${invoice.url}/comment`)
      .field('text', `By ${name}, who is at ${email}.`)
      .attach('files', plan, `${name} plan.txt`)
      .expect(303);
    await portal.reply(received, `Thanks!\n\n${name}\n${email}`, { from: `${name} <${email}>` });
    await portal.post.to(home.olivia.email, 'Thanks!');
    const guest = { name: 'Ines Roth', email: `ines.${slug}@maple.example`, message: `From ${name}` };
    await act(knex, partnerActor(home, { id, name, email: address }), invoice.id, 'forward', guest);
    const seen = seenOn(await hers.get(`${estimate.url}?open=accept`).expect(200));
    await press(hers, `${estimate.url}/accept`, { seen, signature: name, agree: 'on' }).expect(303);
    await press(hers, `${invoice.url}/pay`, { part: 'whole', method: 'card' }).expect(303);
  }

  /** By staff, by a colleague, and by mail of a stranger that bears her name. */
  async function mentioned() {
    const text = `I asked ${name.toUpperCase()} (${email}), formerly Xaviera Vogelsang, or Quäkenbrück, Xaviera.`;
    await act(knex, staff, invoice.id, 'comment', { text, audience: 'internal' });
    await act(knex, partnerActor(home, home.maya), invoice.id, 'comment', { text: `Ask ${name.normalize('NFD')}.` });
    const general = `${slug}@${portal.config.mail_domain}`;
    await portal.mailIn({ from: `${name} <x@elsewhere.example>`, to: general, subject: `For ${email}`, text });
    await portal.mailIn({ from: `${name} <${email}>`, to: general, subject: `By ${name}`, text: 'We need desks.' });
    await portal.idle();
    const from = { organization_id, person_id: id, added_by: home.olivia.id };
    await portal.look(organization_id, (db) =>
      db('person_addresses').insert({ ...from, id: newId(), email: `quaek${made}@private.example` }),
    );
  }

  async function sets() {
    const photo = await sharp({ create: { width: 40, height: 40, channels: 3, background: { r: made, g: 9, b: 9 } } })
      .png()
      .toBuffer();
    const settings = `/${slug}/settings`;
    await hers.post(`${settings}/profile/photo`).attach('files', photo, 'me.png').expect(303);
    const profile = {
      first_name: 'Xaviera',
      last_name: 'Quäkenbrück',
      title: 'Head of Quäkenbrück',
      phone: '555 0199',
    };
    await post(hers, `${settings}/profile`, profile);
    await post(hers, `${settings}/saved-views`, { name: 'Mine', path: 'documents?q=quaekenbrueck' });
    const view = { name: `About ${name}`, path: `documents?q=${encodeURIComponent(name)}` };
    await post(await portal.signIn(home.olivia.email), `${settings}/saved-views`, view);
    await post(hers, `${settings}/data/ask`);
    const { user_id } = await portal.look(organization_id, (db) => db('people').where({ id }).first('user_id'));
    assert.ok(user_id);
    await portal.look(organization_id, (db) =>
      db.raw(`select set_config('app.user', ?, true)`, [user_id]).then(() =>
        db('passkeys').insert({
          ...{ id: newId(), user_id, credential_id: `passkey ${address}`, credential_hash: `hash ${address}` },
          ...{ public_key: Buffer.from(name), name: 'Pine laptop' },
        }),
      ),
    );
  }
}
