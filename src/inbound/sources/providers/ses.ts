import { z } from 'zod';
import { Rejection } from '../rejection.js';
import { parseJson } from './postmark.js';
import type { ProviderMessage, Provider } from './provider.js';
import { type Fetch, isAmazonUrl, SnsMessage, snsChecker } from './sns.js';

const Received = z.object({
  notificationType: z.literal('Received'),
  mail: z.object({ source: z.string().nullish() }),
  receipt: z.object({ recipients: z.array(z.string()), action: z.object({ encoding: z.string().nullish() }) }),
  content: z.string().min(1),
});

/**
 * Amazon SES through an SNS topic: the receipt rule's action "SNS", best with Base64 as its encoding. Only what SNS
 * signed for our own topic counts; its subscription is confirmed by itself. SNS comes again after a 5xx, for an hour
 * or longer.
 */
export function ses(topic: string, fetch: Fetch = overHttps): Provider {
  const isSigned = snsChecker(fetch);
  return {
    source: 'ses',
    final: 406,
    factor: 3,
    read: async ({ body }) => {
      const message = SnsMessage.safeParse(parseJson(body));
      if (!message.success) throw new Rejection('forged', 'This is nothing that SNS sends');
      const signed = await isSigned(message.data).catch((error: unknown) => {
        throw new Rejection('away', 'The certificate could not be had', { cause: error });
      });
      if (!signed || message.data.TopicArn !== topic) throw new Rejection('forged', 'It is not signed for our topic');
      if (message.data.Type === 'Notification') return broughtBy(message.data);
      await confirm(message.data, fetch);
      return null;
    },
  };
}

/** What is subscribed is confirmed; that it was unsubscribed needs nothing. */
async function confirm({ Type, SubscribeURL = '' }: SnsMessage, fetch: Fetch): Promise<void> {
  if (Type !== 'SubscriptionConfirmation') return;
  if (!isAmazonUrl(SubscribeURL)) throw new Rejection('forged', 'It asks to visit another host');
  await fetch(SubscribeURL).catch((error: unknown) => {
    throw new Rejection('away', 'The subscription could not be confirmed', { cause: error });
  });
}

function broughtBy({ Message }: SnsMessage): ProviderMessage | null {
  const received = Received.safeParse(parseJson(Message));
  // SES says hello once to a new topic, in words of its own.
  if (!received.success && !Message.includes('"Received"')) return null;
  if (!received.success)
    throw new Rejection('unreadable', 'There is no content: use the action SNS of the receipt rule');
  const { mail, receipt, content } = received.data;
  const raw = Buffer.from(content, receipt.action.encoding?.toUpperCase() === 'BASE64' ? 'base64' : 'utf8');
  return { raw, mail_from: mail.source ?? null, recipients: receipt.recipients, remote_ip: '' };
}

async function overHttps(url: string): Promise<string> {
  const answer = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(10_000) });
  if (!answer.ok) throw new Error(`${new URL(url).hostname} answered ${answer.status}`);
  return answer.text();
}
