import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { parse } from 'qs';
import Stripe from 'stripe';
import { freePort } from './ports.js';
import { faultsIn, routeOf } from './stripe_requests.js';

type Fields = Record<string, unknown>;
type Answer = { status?: number; body: Fields };

/** A request that we sent. */
interface Asked {
  route: string;
  /** The id in its path. */
  id: string;
  /** As they were sent: numbers are text. */
  fields: Fields;
  key: string | null;
  secret_key: string;
}

/** How a request is answered. */
type Answering = (asked: Asked) => Answer | 'hang up' | Promise<Answer>;

const refusal = (message: string, code = '', status = 400): Answer => ({
  status,
  body: { error: { type: 'invalid_request_error', message, code } },
});

/** Which route a request is of, with its fields; or what Stripe would refuse it with. */
function understood(line: string, text: string): Pick<Asked, 'route' | 'id' | 'fields'> | Answer {
  const found = routeOf(line);
  if (!found) return refusal(`Unrecognized request URL (${line}).`, '', 404);
  const fields = parse(text, { depth: 10, arrayLimit: 100 }) as Fields;
  const faults = faultsIn(found.route, fields);
  return faults ? refusal(`${found.route}: ${faults} in ${text}`) : { ...found, fields };
}

async function bodyOf(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

/**
 * A stand-in for Stripe. It checks every request against Stripe's description, if that is at hand, and answers as `on`
 * says, or as Stripe would: a request with the same idempotency key is answered with the same.
 */
export async function openStripeStandIn() {
  const port = await freePort();
  const asked: Asked[] = [];
  const faults: string[] = [];
  const answers = new Map<string, Answer>();
  const state = { on: {} as Record<string, Answering>, made: 0 };
  const server = createServer(
    (req, res) =>
      void respond(req).then((answer) => {
        if (answer === 'hang up') return res.destroy();
        res.writeHead(answer.status ?? 200, { 'Content-Type': 'application/json', 'Request-Id': 'req_1' });
        return res.end(JSON.stringify(answer.body));
      }),
  );
  const respond = async (req: IncomingMessage): Promise<Answer | 'hang up'> => {
    const [path = '', query = ''] = (req.url ?? '').split('?');
    const found = understood(`${req.method} ${path}`, req.method === 'POST' ? await bodyOf(req) : query);
    if ('body' in found) {
      faults.push(JSON.stringify(found.body));
      return found;
    }
    const key = req.headers['idempotency-key'] ? String(req.headers['idempotency-key']) : null;
    const secret_key = String(req.headers.authorization).replace('Bearer ', '');
    const one = { ...found, key, secret_key };
    asked.push(one);
    const before = key && answers.get(key);
    if (before) return before;
    const answer = (await state.on[found.route]?.(one)) ?? usual(one, ++state.made);
    if (key && answer !== 'hang up') answers.set(key, answer);
    return answer;
  };
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${port}`,
    /** What was asked, in order. */
    asked,
    /** What Stripe would refuse, by its description or because there is no such address. */
    faults,
    /** Answers of a route that differ from the usual. */
    answer: (route: string, how: Answering) => (state.on[route] = how),
    usual: () => (state.on = {}),
    close: () => new Promise((done) => server.close(done)),
  };
}

export type StripeStandIn = Awaited<ReturnType<typeof openStripeStandIn>>;

/** What Stripe answers, as far as we read it. */
function usual({ route, id, fields }: Asked, n: number): Answer {
  const { metadata = {}, amount, currency } = fields;
  const paid = { amount: Number(amount), currency };
  if (route === 'GET /v1/account') return { body: { id: 'acct_1', object: 'account' } };
  if (route === 'POST /v1/customers') return { body: { id: `cus_${n}`, object: 'customer' } };
  if (route === 'POST /v1/checkout/sessions') {
    const session = `cs_test_${n}`;
    const url = `https://checkout.stripe.com/c/pay/${session}`;
    return { body: { id: session, object: 'checkout.session', mode: fields['mode'], status: 'open', url, metadata } };
  }
  if (route === 'POST /v1/payment_intents')
    return { body: { ...paid, id: `pi_${n}`, object: 'payment_intent', status: 'succeeded', metadata } };
  if (route === 'POST /v1/refunds') return { body: { id: `re_${n}`, object: 'refund', status: 'pending', metadata } };
  if (route.startsWith('GET') && !id) return { body: { object: 'list', data: [], has_more: false } };
  if (route.startsWith('POST')) return { body: { id, object: 'object' } };
  return refusal(`No such object: '${id}'`, 'resource_missing', 404);
}

/** A webhook's body and signature, as Stripe sends them. */
export function signedEvent(
  type: string,
  object: Fields,
  { secret, id = `evt_${Math.random().toString(36).slice(2)}`, age = 0, livemode = false }: Signing,
) {
  const payload = JSON.stringify({ id, object: 'event', type, livemode, data: { object } });
  const timestamp = Math.floor(Date.now() / 1000) - age;
  const { webhooks } = new Stripe('sk_test_none');
  return { payload, signature: webhooks.generateTestHeaderString({ payload, secret, timestamp }) };
}

interface Signing {
  secret: string;
  id?: string;
  age?: number;
  livemode?: boolean;
}
