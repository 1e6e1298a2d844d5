import type { SubjectAction } from '../../document_types/index.js';
import type { Evidence, Input } from '../../acting/context.js';
import type { Storage } from '../../files/storage.js';
import { parseDrawing } from '../../signing/signature.js';
import { type Fields, one } from '../forms/field_values.js';
import { readForm } from '../forms/read_form.js';
import { formInput } from '../shared/form.js';
import { isJson } from '../errors/problem.js';
import type { RequestContext } from '../shared/request_context.js';
import { storedFiles } from '../shared/uploads.js';
import { sentForm } from './once.js';

/**
 * The typed input of a form, or of JSON as it is, and what the act is founded on. Files come only by a form: JSON can't
 * name what others have stored.
 */
export async function readAct(
  ctx: RequestContext,
  { asks }: SubjectAction,
  currency: string,
  storage: Storage,
): Promise<{ input: Input; evidence: Evidence }> {
  const { req, actor } = ctx;
  const fields = formInput(ctx);
  const files = await storedFiles(ctx, storage);
  const typist = { locale: actor.locale, currency };
  const input = isJson(req) ? fields : readForm(asks, fields, typist, files);
  return { input: { ...input, files }, evidence: await readEvidence(ctx, fields, storage) };
}

async function readEvidence(ctx: RequestContext, fields: Fields, storage: Storage) {
  const { req } = ctx;
  const drawing = parseDrawing(fields);
  const [name, open] = [one(fields, 'signature'), one(fields, 'open')];
  const evidence: Evidence = {
    seen: one(fields, 'seen'),
    form: sentForm(ctx),
    ...(/^\d{1,15}$/.test(open) ? { open: Number(open) } : {}),
    browser: { remote_ip: plainAddress(req.ip ?? ''), user_agent: (req.get('User-Agent') ?? '').slice(0, 500) },
    ...(name ? { signature: { name, agreed: one(fields, 'agree') === 'on' } } : {}),
    ...(drawing ? { drawing: await storage.put(drawing, 'signature.png', 'image/png') } : {}),
  };
  return evidence;
}

/** An IPv4 address as such, where the server listens on IPv6, too: '::ffff:192.0.2.1'. */
const plainAddress = (ip: string) => ip.replace(/^::ffff:(?=\d+\.)/i, '');
