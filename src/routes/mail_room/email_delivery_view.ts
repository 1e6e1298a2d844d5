import type { QueryRows } from '../../db/scope.js';
import type { Tone } from '../../document_types/index.js';
import type {
  DeliveryProblem,
  HealthQueries,
  MailHealth,
  PausedRecipient,
  TestOutcome,
} from '../../mail/deliverability/delivery_health.js';
import type { KeyRow } from '../../mail/deliverability/dkim_keys.js';
import type { Finding } from '../../mail/deliverability/dns_findings.js';
import { isSuppressed } from '../../mail/suppression/suppression.js';
import type { Translate } from '../../pages/i18n.js';
import type { Stat } from '../../pages/views/components.js';
import { defineView } from '../../pages/views/render.js';
import type { SettingsSide } from '../settings/settings_side.js';
import type { Errors } from '../shared/form.js';

interface EmailDeliveryInput {
  side: SettingsSide;
  domain: string;
  stats: Stat[];
  /** Since when the oldest email in the outbox has waited. */
  oldest: Date | null;
  trouble: Problem | null;
  test: Test | null;
  test_url: string;
  checked_at: Date | null;
  check_url: string;
  /** Makes the next DKIM key; null while there is one. */
  key_url: string | null;
  findings: FindingItem[];
  people: PausedPerson[];
}

/** What last went wrong. */
interface Problem {
  to: string;
  detail: string;
  /** That it is tried again. */
  again: string | null;
  at: Date;
}

interface Test {
  state_label: string;
  tone: Tone;
  detail: string;
  to: string;
  at: Date;
}

/** A DNS record as others see it. */
interface FindingItem {
  title: string;
  state_label: string;
  tone: Tone;
  says: string;
  name: string;
  type: string;
  found: string[];
  /** What to publish instead. */
  publish: string | null;
}

/** Somebody who does not get all email, with the form that lets it go out again. */
interface PausedPerson {
  id: string;
  name: string;
  email: string;
  partner: string | null;
  state: string;
  tone: Tone;
  why: string;
  action: string;
  error: string | null;
  open: boolean;
}

export const emailDeliveryPage = defineView<EmailDeliveryInput>('mail_room/email_delivery');

interface DeliveryPage {
  results: QueryRows<HealthQueries>;
  checked: { findings: Finding[]; checked_at: Date } | undefined;
  keys: KeyRow[];
  form: { person: string; errors: Errors } | null;
  url: string;
  mail_domain: string;
  side: SettingsSide;
  t: Translate;
}

/** From the last DNS check and the results of `healthQueries`. */
export function emailDeliveryView(page: DeliveryPage): EmailDeliveryInput {
  const { results, checked, keys, form, url, mail_domain, side, t } = page;
  const [[health], [problem], paused, [test]] = results;
  const hasKey = (state: KeyRow['state']) => keys.some((key) => key.state === state);
  return {
    side,
    domain: mail_domain,
    stats: outboxStats(health, t),
    oldest: health?.oldest ?? null,
    trouble: problem ? problemView(problem, t) : null,
    test: test ? testView(test, t) : null,
    test_url: `${url}/test`,
    checked_at: checked?.checked_at ?? null,
    check_url: `${url}/check`,
    findings: (checked?.findings ?? []).map((finding) => findingView(finding, t)),
    key_url: hasKey('current') && !hasKey('next') ? `${url}/key` : null,
    people: paused.map((person) =>
      personView(person, `${url}/trust/${person.id}`, form?.person === person.id ? form.errors : null, t),
    ),
  };
}

const outboxStats = (health: MailHealth | undefined, t: Translate): Stat[] => [
  { label: t('Waiting to be sent'), value: String(health?.waiting ?? 0), sub: null },
  {
    label: t('Could not be sent in the last 7 days'),
    value: String(health?.failed ?? 0),
    sub: null,
    ...(health?.failed ? { tone: 'late' as const } : {}),
  },
];

const STATES: Record<Finding['state'], [label: string, tone: Tone]> = {
  found: ['Found', 'good'],
  missing: ['Missing', 'late'],
  wrong: ['Not right', 'late'],
  unknown: ['No answer', 'quiet'],
};

const KINDS: Record<Finding['kind'], string> = {
  mx: 'Mail comes in (MX)',
  spf: 'Who may send (SPF)',
  dkim: 'Signature (DKIM)',
  next_dkim: 'Next signature (DKIM)',
  dmarc: 'What counts as forged (DMARC)',
  ptr: 'Name of the mail server (PTR)',
};

function findingView({ kind, state, name, type, found, publish, says }: Finding, t: Translate): FindingItem {
  const [label, tone] = STATES[state];
  const toFix = state === 'missing' || state === 'wrong';
  return {
    title: t(KINDS[kind]),
    state_label: t(label),
    tone,
    says: t(says),
    name,
    type,
    found: found.map((text) => text.slice(0, 500)),
    publish: toFix && publish ? publish : null,
  };
}

const OUTCOMES: Record<string, [label: string, tone: Tone]> = {
  queued: ['On its way', 'waiting'],
  accepted: ['Taken by the mail server', 'good'],
  delivered: ['Delivered', 'good'],
  bounced: ['Came back', 'late'],
  failed: ['Could not be sent', 'late'],
  skipped: ['Not sent', 'quiet'],
};

function testView({ state, detail, to_address, created_at }: TestOutcome, t: Translate): Test {
  const [label, tone] = OUTCOMES[state] ?? [state, 'quiet'];
  return { state_label: t(label), tone, detail, to: to_address, at: new Date(created_at) };
}

function problemView({ to_address, detail, state, created_at }: DeliveryProblem, t: Translate): Problem {
  const again = state === 'queued' ? t('It is tried again for five days.') : null;
  return { to: to_address, detail, again, at: new Date(created_at) };
}

function personView(person: PausedRecipient, action: string, errors: Errors | null, t: Translate): PausedPerson {
  const { id, name, email, partner, complained_at } = person;
  return {
    ...{ id, name, email, partner, action },
    state: pauseLabel(person, t),
    tone: isSuppressed(person) ? 'late' : 'waiting',
    why: complained_at ? t('Reported as spam') : t('Mail came back'),
    error: errors?.['reason'] ?? null,
    open: errors !== null,
  };
}

function pauseLabel(person: PausedRecipient, t: Translate): string {
  if (isSuppressed(person)) return t('Only codes are sent');
  return person.complained_at || person.bounced_at ? t('Only what matters is sent') : t('Some came back');
}
