import type { Knex } from 'knex';
import { subjectLabel } from '../../activity/sentence.js';
import { addJob } from '../../db/jobs.js';
import { isSigned } from '../../document_types/index.js';
import { Invalid } from '../../errors.js';
import { translatorFor } from '../../pages/i18n.js';
import { validSignature, signingIntent, storeSignature } from '../../signing/signature.js';
import { type Document, requirePartner } from '../content/document.js';
import { seenOf } from '../content/seen.js';
import type { ActContext } from './document_act.js';

/**
 * Stores the signature, if the action is signed. Its evidence must name the content that the signer saw (`before`); the
 * version that is signed also has their options and PO number. Returns details for the activity.
 * @throws Invalid if the name, the agreement or what they saw is missing.
 */
export async function recordSignature(
  db: Knex.Transaction,
  act: ActContext,
  document: Document,
): Promise<{ signature?: object }> {
  const { action, actor, document: before, evidence: given, activity_id } = act;
  if (!isSigned(action, before)) return {};
  const name = validSignature(given.signature);
  if (given.seen !== seenOf(before)) throw new Invalid({ signature: 'Open the document again before you sign it.' });
  const { organization_id, id, type, title, version, sha256, partner_id } = requirePartner(document);
  const number = document.number ?? '';
  const t = translatorFor(actor.locale);
  const partner = await db('partners').where({ organization_id, id: partner_id }).first('name');
  const key = { organization_id, document_id: id, activity_id };
  const signed_version = { ...key, type, number, title, version, content_sha256: sha256 };
  const evidence = {
    intent: signingIntent(t, subjectLabel(t, type, number), partner.name),
    drawing_sha256: given.drawing?.sha256 ?? null,
    remote_ip: given.browser?.remote_ip ?? '',
    user_agent: given.browser?.user_agent ?? '',
  };
  await storeSignature(db, actor, name, signed_version, evidence);
  await addJob(db, 'seal_pdf', { organization_id, document_id: id, version }, { urgency: 'soon' });
  return { signature: { name, version, sha256 } };
}
