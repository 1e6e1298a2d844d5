import type { QueryRows } from '../../db/scope.js';
import type { KeyRow } from '../../mail/deliverability/dkim_keys.js';
import type { Finding } from '../../mail/deliverability/dns_findings.js';
import type {
  HealthQueries,
  TestOutcome,
  DeliveryProblem,
  PausedRecipient,
} from '../../mail/deliverability/delivery_health.js';
import { isSuppressed } from '../../mail/suppression/suppression.js';
import type { Translate } from '../../pages/i18n.js';
import type { Errors } from '../shared/form.js';

interface Seen {
  results: QueryRows<HealthQueries>;
  checked: { findings: Finding[]; checked_at: Date } | undefined;
  keys: KeyRow[];
  /** A reason that was missing: for whom. */
  back: { person: string; errors: Errors } | null;
  url: string;
  mail_domain: string;
  t: Translate;
}

/** Everything that views/mail_room/email_delivery.ejs needs. */
export function emailDeliveryView({ results, checked, keys, back, url, mail_domain, t }: Seen) {
  const [[health], [trouble], troubled, [test]] = results;
  return {
    domain: mail_domain,
    stats: [
      { label: t('Waiting to be sent'), value: String(health?.waiting ?? 0), sub: null },
      {
        label: t('Could not be sent in the last 7 days'),
        value: String(health?.failed ?? 0),
        sub: null,
        ...(health?.failed ? { tone: 'late' } : {}),
      },
    ],
    oldest: health?.oldest ?? null,
    trouble: trouble ? troubleView(trouble, t) : null,
    test: test ? testView(test, t) : null,
    test_url: `${url}/test`,
    checked_at: checked?.checked_at ?? null,
    check_url: `${url}/check`,
    findings: (checked?.findings ?? []).map((finding) => findingView(finding, t)),
    key_url:
      keys.some(({ state }) => state === 'current') && !keys.some(({ state }) => state === 'next')
        ? `${url}/key`
        : null,
    people: troubled.map((person) =>
      personView(person, `${url}/trust/${person.id}`, back?.person === person.id ? back.errors : null, t),
    ),
  };
}

const STATES: Record<Finding['state'], [label: string, tone: string]> = {
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

function findingView({ kind, state, name, type, found, publish, says }: Finding, t: Translate) {
  const [label, tone] = STATES[state];
  const open = state === 'missing' || state === 'wrong';
  return {
    title: t(KINDS[kind]),
    state_label: t(label),
    tone,
    says: t(says),
    name,
    type,
    found: found.map((text) => text.slice(0, 500)),
    publish: open && publish ? publish : null,
  };
}

const OUTCOMES: Record<string, [label: string, tone: string]> = {
  queued: ['On its way', 'waiting'],
  accepted: ['Taken by the mail server', 'good'],
  delivered: ['Delivered', 'good'],
  bounced: ['Came back', 'late'],
  failed: ['Could not be sent', 'late'],
  skipped: ['Not sent', 'quiet'],
};

function testView({ state, detail, to_address, created_at }: TestOutcome, t: Translate) {
  const [label = state, tone = 'quiet'] = OUTCOMES[state] ?? [];
  return { state_label: t(label), tone, detail, to: to_address, at: new Date(created_at) };
}

function troubleView({ to_address, detail, state, created_at }: DeliveryProblem, t: Translate) {
  const again = state === 'queued' ? t('It is tried again for five days.') : null;
  return { to: to_address, detail, again, at: new Date(created_at) };
}

/** Somebody to whom not all mail goes, why, and the form that lets it go again. */
function personView(person: PausedRecipient, action: string, errors: Errors | null, t: Translate) {
  const { id, name, email, partner, complained_at, bounced_at } = person;
  const all = isSuppressed(person);
  const state = all
    ? t('Only codes are sent')
    : complained_at || bounced_at
      ? t('Only what matters is sent')
      : t('Some came back');
  const why = complained_at ? t('Reported as spam') : t('Mail came back');
  return {
    id,
    name,
    email,
    partner,
    state,
    tone: all ? 'late' : 'waiting',
    why,
    action,
    error: errors?.['reason'] ?? null,
    open: errors !== null,
  };
}
