import { type Request, type RequestHandler, type Response, Router } from 'express';
import type { Config } from '../../config.js';
import { acceptForwarded } from '../../inbound/sources/accept.js';
import { withCrlf } from '../../inbound/sources/envelope.js';
import { type MemoryBudget, memoryBudget } from '../../inbound/sources/memory_budget.js';
import { mailgun } from '../../inbound/sources/providers/mailgun.js';
import { postmark } from '../../inbound/sources/providers/postmark.js';
import type { Provider } from '../../inbound/sources/providers/provider.js';
import { sendgrid } from '../../inbound/sources/providers/sendgrid.js';
import { ses } from '../../inbound/sources/providers/ses.js';
import type { Fetch } from '../../inbound/sources/providers/sns.js';
import { readStream } from '../../inbound/sources/read_stream.js';
import type { MailIntake } from '../../inbound/sources/recipients.js';
import { Rejection, toRejection } from '../../inbound/sources/rejection.js';

/** How many requests of the largest size are read at the same time; further ones are asked to come again. */
const AT_ONCE = 3;

/**
 * Mail that an email provider received for us and posts to us. A provider without a key is off: 404. It gets its 200
 * only once the message is committed. @throws Error that names the setting, if a key is malformed
 */
export function inboundWebhooks(intake: MailIntake, fetch?: Fetch): Router {
  const router = Router();
  const { providers, max_message_bytes } = intake.config;
  const budget = memoryBudget(AT_ONCE * 4 * max_message_bytes, intake.config);
  const enabled = enabledProviders(providers, fetch);
  const post = (path: string, provider: Provider | undefined) =>
    router.post(path, provider ? receives(provider, intake, budget) : isOff);
  post('/inbound/postmark', enabled.postmark);
  post('/inbound/mailgun', enabled.mailgun);
  post('/inbound/mailgun/mime', enabled.mailgun);
  post('/inbound/sendgrid', enabled.sendgrid);
  post('/inbound/ses', enabled.ses);
  return router;
}

const enabledProviders = (keys: Config['providers'], fetch?: Fetch) => ({
  postmark: keys.postmark ? postmark(keys.postmark) : undefined,
  mailgun: keys.mailgun ? mailgun(keys.mailgun) : undefined,
  sendgrid: keys.sendgrid ? sendgrid(keys.sendgrid) : undefined,
  ses: keys.ses ? ses(keys.ses, fetch) : undefined,
});

const isOff: RequestHandler = (_req, res) => void res.sendStatus(404);

const receives =
  (provider: Provider, intake: MailIntake, budget: MemoryBudget): RequestHandler =>
  async (req, res) => {
    try {
      await receive(req, provider, intake, budget);
      res.sendStatus(200);
    } catch (error) {
      reject(res, provider, toRejection(error), intake);
    }
  };

/** @throws Rejection */
async function receive(req: Request, provider: Provider, intake: MailIntake, budget: MemoryBudget): Promise<void> {
  const { searchParams } = new URL(req.originalUrl, 'http://x');
  const request = {
    header: (name: string) => req.get(name) ?? '',
    query: (name: string) => searchParams.get(name) ?? '',
    now: Date.now(),
  };
  // Before the body is read, which costs memory.
  if (provider.isAllowed && !provider.isAllowed(request)) throw new Rejection('forged', 'The secret is wrong');
  const maxBytes = provider.factor * intake.config.max_message_bytes + 2 ** 20;
  await readStream(req as AsyncIterable<Buffer>, maxBytes, budget, async (body) => {
    const forwarded = await provider.read({ ...request, body });
    if (forwarded) await acceptForwarded(intake, withCrlf(forwarded.raw), { ...forwarded, source: provider.source });
  });
}

/** 401 for a forged request; 503 makes the provider try again; each has its own code for "never again". */
function reject(
  res: Response,
  { source, final }: Provider,
  { why, later, message, cause }: Rejection,
  { log }: MailIntake,
): void {
  const status = why === 'forged' ? 401 : later ? 503 : final;
  log[later ? 'error' : 'info']({ source, why, err: cause }, `mail was not taken in: ${message}`);
  res.status(status).type('text').send(`${message}.\n`);
}
