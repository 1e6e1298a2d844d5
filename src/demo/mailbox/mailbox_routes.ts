import { type Request, type Response, Router } from 'express';
import type pg from 'pg';
import type { Config } from '../../config.js';
import type { Database } from '../../db/database.js';
import { NotFound } from '../../errors.js';
import { downloadHeaders } from '../../files/file.js';
import { safeName } from '../../files/storage.js';
import { escapeHtml } from '../../pages/views/template.js';
import { uploads } from '../../routes/shared/uploads.js';
import { messagesTo, messageWith, personAt, rawOf } from './inboxes.js';
import { type MailboxMessage, messagesOf, parseMail } from './mailbox_message.js';
import { indexPage, messagePage } from './mailbox_pages.js';
import { type Program, programs } from './mail_clients.js';
import { composeReply, sendReply } from './compose_reply.js';

/**
 * The sample people's inboxes, to read and reply. Open to anyone who reaches the site, so never mounted in production;
 * empty if mail is sent through a server.
 */
export function demoRoutes({ pool }: Database, config: Config): Router {
  const router = Router();
  if (config.production || !config.mailbox) return router;

  router.get('/mailbox', async (req, res) => {
    res.send(await indexPage(pool, addressIn(req)));
  });

  router.get('/mailbox/messages.json', async (req, res) => {
    res.json(await messagesOf(pool, await messagesTo(pool, addressIn(req))));
  });

  router.get('/mailbox/messages/:id.eml', async (req, res) => {
    const { id } = await messageWith(pool, req.params.id);
    res.set(downloadHeaders({ name: `${id}.eml`, content_type: 'message/rfc822' })).type('message/rfc822');
    res.send((await rawOf(pool, [id])).get(id));
  });

  router.get('/mailbox/messages/:id', async (req, res) => {
    const replied = typeof req.query['replied'] === 'string' ? req.query['replied'].slice(0, 300) : null;
    res.send(await messagePage(pool, await messageWith(pool, req.params.id), { replied }));
  });

  router.get('/mailbox/messages/:id/body', async (req, res) => {
    const [message] = await messagesOf(pool, [await messageWith(pool, req.params.id)]);
    if (!message) throw new NotFound();
    sendBody(res, message);
  });

  router.get('/mailbox/messages/:id/files/:at', async (req, res) => {
    const file = (await mailOf(pool, req.params.id)).attachments?.[
      /^\d{1,4}$/.test(req.params.at) ? Number(req.params.at) : -1
    ];
    if (!file) throw new NotFound();
    res
      .set(downloadHeaders({ name: safeName(file.filename ?? 'file'), content_type: file.contentType }))
      .send(file.content);
  });

  router.post('/mailbox/messages/:id/reply', uploads(config), (req, res) => reply(pool, config.inbound_port, req, res));

  return router;
}

async function mailOf(pool: pg.Pool, id: string) {
  await messageWith(pool, id);
  return parseMail((await rawOf(pool, [id])).get(id) ?? Buffer.alloc(0));
}

async function reply(pool: pg.Pool, port: number, req: Request, res: Response): Promise<void> {
  const id = String(req.params['id']);
  const envelope = await messageWith(pool, id);
  const { text, program } = fieldsOf(req);
  const files = Array.isArray(req.files) ? req.files : [];
  const showError = async (status: number, error: string) => {
    res.status(status).send(await messagePage(pool, envelope, { error, value: text, program }));
  };
  if (!text.trim() && files.length === 0) return showError(422, 'Write something, or attach a file.');
  const person = await personAt(pool, envelope.mail_to);
  try {
    const message = composeReply(await mailOf(pool, id), person, program, text, files);
    const response = await sendReply(message, person, port);
    res.redirect(303, `/mailbox/messages/${id}?replied=${encodeURIComponent(response)}`);
  } catch (error) {
    await showError(502, `The reply did not leave: ${error instanceof Error ? error.message : String(error)}`);
  }
}

const addressIn = (req: Request) =>
  typeof req.query['to'] === 'string' ? req.query['to'].trim().toLowerCase().slice(0, 254) || null : null;

/** The form's fields; the default mail client is Gmail. */
function fieldsOf(req: Request): { text: string; program: Program } {
  const body: Record<string, unknown> = { ...req.body };
  const { text, program } = body;
  return { text: typeof text === 'string' ? text : '', program: isProgram(program) ? program : 'gmail' };
}

const isProgram = (name: unknown): name is Program => typeof name === 'string' && Object.hasOwn(programs, name);

/**
 * A message's HTML is untrusted: it runs, loads and sends nothing, and has no origin. Links open outside the frame, and
 * outside the sandbox, so that forms on those pages work.
 */
const BODY_POLICY = [
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'",
  "frame-ancestors 'self'",
  'sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation',
].join('; ');

const BASE = '<base target="_blank">';
const PRE = '<pre style="white-space:pre-wrap;font:1rem/1.5 system-ui,sans-serif">';

/** Sends a message's HTML, or its text, for the frame that shows it. */
function sendBody(res: Response, { html, text }: MailboxMessage): void {
  const page = html ?? `<!doctype html><head></head>${PRE}${escapeHtml(text)}</pre>`;
  const headers = { 'X-Frame-Options': 'SAMEORIGIN', 'X-Content-Type-Options': 'nosniff' };
  res.set({ 'Content-Security-Policy': BODY_POLICY, ...headers });
  res.type('html').send(/<head[^>]*>/i.test(page) ? page.replace(/<head[^>]*>/i, `$&${BASE}`) : BASE + page);
}
