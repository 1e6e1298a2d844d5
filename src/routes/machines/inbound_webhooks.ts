import { type Request, type RequestHandler, type Response, Router } from 'express';
import type { Config } from '../../config.js';
import type { MailIntake } from '../../inbound/sources/recipients.js';
import { withCrlf } from '../../inbound/sources/envelope.js';
import { readStream } from '../../inbound/sources/read_stream.js';
import { acceptForwarded } from '../../inbound/sources/accept.js';
import { mailgun } from '../../inbound/sources/providers/mailgun.js';
import { toRejection, Rejection } from '../../inbound/sources/rejection.js';
import { postmark } from '../../inbound/sources/providers/postmark.js';
import type { Provider } from '../../inbound/sources/providers/provider.js';
import { type MemoryBudget, memoryBudget } from '../../inbound/sources/memory_budget.js';
import { sendgrid } from '../../inbound/sources/providers/sendgrid.js';
import { ses } from '../../inbound/sources/providers/ses.js';
import type { Fetch } from '../../inbound/sources/providers/sns.js';

/** So many of the largest requests are heard at a time; who brings more comes again later. */
const AT_ONCE = 3;

/**
 * Mail that a provider took in for us and posts on. Without its key a provider is off: 404. "200" is said only once
 * the message is committed.
 * @throws Error that names the setting, if a key is none
 */
export function inboundWebhooks(door: MailIntake, fetch?: Fetch): Router {
  const router = Router();
  const { providers, max_message_bytes } = door.config;
  const room = memoryBudget(AT_ONCE * 4 * max_message_bytes, door.config);
  const on = made(providers, fetch);
  const post = (path: string, provider: Provider | undefined) =>
    router.post(path, provider ? takes(provider, door, room) : isOff);
  post('/inbound/postmark', on.postmark);
  post('/inbound/mailgun', on.mailgun);
  post('/inbound/mailgun/mime', on.mailgun);
  post('/inbound/sendgrid', on.sendgrid);
  post('/inbound/ses', on.ses);
  return router;
}

const made = (keys: Config['providers'], fetch?: Fetch) => ({
  postmark: keys.postmark ? postmark(keys.postmark) : undefined,
  mailgun: keys.mailgun ? mailgun(keys.mailgun) : undefined,
  sendgrid: keys.sendgrid ? sendgrid(keys.sendgrid) : undefined,
  ses: keys.ses ? ses(keys.ses, fetch) : undefined,
});

const isOff: RequestHandler = (_req, res) => void res.sendStatus(404);

const takes =
  (provider: Provider, door: MailIntake, room: MemoryBudget): RequestHandler =>
  async (req, res) => {
    try {
      await take(req, provider, door, room);
      res.sendStatus(200);
    } catch (error) {
      answer(res, provider, toRejection(error), door);
    }
  };

/** @throws Rejection */
async function take(req: Request, provider: Provider, door: MailIntake, room: MemoryBudget): Promise<void> {
  const { searchParams } = new URL(req.originalUrl, 'http://x');
  const asked = {
    header: (name: string) => req.get(name) ?? '',
    query: (name: string) => searchParams.get(name) ?? '',
    now: Date.now(),
  };
  if (provider.isAllowed && !provider.isAllowed(asked)) throw new Rejection('forged', 'The secret is wrong');
  const most = provider.factor * door.config.max_message_bytes + 2 ** 20;
  await readStream(req as AsyncIterable<Buffer>, most, room, async (body) => {
    const brought = await provider.read({ ...asked, body });
    if (brought) await acceptForwarded(door, withCrlf(brought.raw), { ...brought, source: provider.source });
  });
}

/**
 * Who is not whom they say hears 401; "never again" each provider has its own code for; and what passes is 503, after
 * which they come again.
 */
function answer(
  res: Response,
  { source, final }: Provider,
  { why, later, message, cause }: Rejection,
  { log }: MailIntake,
): void {
  const code = why === 'forged' ? 401 : later ? 503 : final;
  log[later ? 'error' : 'info']({ source, why, err: cause }, `mail was not taken in: ${message}`);
  res.status(code).type('text').send(`${message}.\n`);
}
