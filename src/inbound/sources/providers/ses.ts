import { z } from 'zod';
import { Rejection } from '../rejection.js';
import { parseJson, type Provider, type ProviderMessage } from './provider.js';
import { type Fetch, isAmazonUrl, SnsMessage, snsChecker } from './sns.js';

const Received = z.object({
  notificationType: z.literal('Received'),
  mail: z.object({ source: z.string().nullish() }),
  receipt: z.object({ recipients: z.array(z.string()), action: z.object({ encoding: z.string().nullish() }) }),
  content: z.string().min(1),
});

/**
 * Amazon SES through an SNS topic: a receipt rule with the action "SNS", best with Base64 encoding. Messages must be
 * signed by SNS for our topic; its subscription is confirmed automatically. SNS retries after a 5xx for at least an
 * hour.
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
        throw new Rejection('unavailable', 'The certificate could not be had', { cause: error });
      });
      if (!signed || message.data.TopicArn !== topic) throw new Rejection('forged', 'It is not signed for our topic');
      if (message.data.Type === 'Notification') return messageIn(message.data);
      await confirm(message.data, fetch);
      return null;
    },
  };
}

/** Confirms a subscription; a notice of its end needs no action. */
async function confirm({ Type, SubscribeURL = '' }: SnsMessage, fetch: Fetch): Promise<void> {
  if (Type !== 'SubscriptionConfirmation') return;
  if (!isAmazonUrl(SubscribeURL)) throw new Rejection('forged', 'It asks to visit another host');
  await fetch(SubscribeURL).catch((error: unknown) => {
    throw new Rejection('unavailable', 'The subscription could not be confirmed', { cause: error });
  });
}

function messageIn({ Message }: SnsMessage): ProviderMessage | null {
  const received = Received.safeParse(parseJson(Message));
  // SES sends a test notification of another form to a new topic.
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
