import type { MailRoomMessage } from '../../inbound/mail_room/messages.js';
import type { Translate } from '../../pages/i18n.js';
import type { Errors } from '../shared/form.js';

/** What a form brought back: which one, what was typed, what is wrong with it. */
export interface ReturnTo {
  action: string;
  values: Readonly<Record<string, string>>;
  errors: Errors;
}

const LOOKS: Record<string, [label: string, tone: string]> = {
  pending: ['Being read', 'quiet'],
  held: ['Waits for you', 'waiting'],
  posted: ['Posted', 'good'],
  ignored: ['Set aside', 'quiet'],
  refused: ['Refused', 'stopped'],
};

/** A message as a line of the mail room. */
export function mailRowView(mail: MailRoomMessage, url: string, t: Translate) {
  const [label = mail.state, tone = 'quiet'] = LOOKS[mail.state] ?? [];
  return {
    id: mail.id,
    href: `${url}/${mail.id}`,
    from: mail.from_name || mail.from_address || t('Nobody we could read'),
    from_address: mail.from_name ? mail.from_address : '',
    subject: mail.subject || t('(no subject)'),
    at: new Date(mail.created_at),
    reason: t(mail.reason),
    text: mail.audience === 'partner' ? t('Internal to the other side: only they may read it.') : excerpt(mail.preview),
    state_label: t(label),
    tone,
  };
}

/** Words with reply addresses, but without their keys, which belong to one person each. */
export const withoutReplyKeys = (words: string) => words.replace(/\b(reply|bounce)\+[0-9a-f]{32,}/gi, '$1+…');

const excerpt = (text: string) => {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 240 ? `${line.slice(0, 240)}…` : line;
};

/** Who speaks, and how sure that is: shown beside a message and beside what was posted of it. */
export function proofView(
  { verified, evidence, from_address }: Pick<MailRoomMessage, 'verified' | 'evidence' | 'from_address'>,
  t: Translate,
) {
  if (!from_address) return { tone: 'stopped', label: t('Unknown'), evidence: t('It does not say who sent it.') };
  return verified
    ? { tone: 'good', label: t('Verified'), evidence }
    : { tone: 'waiting', label: t('Unverified'), evidence: evidence || t('Nothing proves that it came from there.') };
}

type Field = Record<string, unknown>;

/** Draws a message's forms: what came back stands as it was typed, with what is wrong beside it. */
const formsFor = (url: string, t: Translate, back: ReturnTo | null) => ({
  form: (name: string, label: string, explains: string, fields: Field[] = []) => ({
    ...{ name, label: t(label), explains: t(explains), url: `${url}/${name}`, fields },
    open: back?.action === name,
  }),
  field: (form: string, name: string, kind: string, label: string, value: string, more: Field = {}): Field => {
    const came = back?.action === form ? back : null;
    return {
      name,
      kind,
      label: t(label),
      required: true,
      ...more,
      value: came?.values[name] ?? value,
      error: came?.errors[name],
    };
  },
});

type Forms = ReturnType<typeof formsFor>;

/** What can be done with a message, each by a form. */
export function roomActions(mail: MailRoomMessage, url: string, t: Translate, back: ReturnTo | null) {
  if (mail.state === 'posted' || mail.state === 'pending') return [];
  const forms = formsFor(url, t, back);
  const { form, field } = forms;
  const partner = (name: string) =>
    field(name, 'partner', 'text', 'Partner', mail.partner ?? '', {
      autocomplete: 'off',
      hint: t('The name, as it stands in the list.'),
    });
  const stranger = mail.from_address !== '' && mail.known_as === null;
  const name = field('contact', 'name', 'text', 'Name', mail.from_name, { maxlength: 200, autocomplete: 'off' });
  const theirs = mail.audience === 'partner';
  return [
    !theirs && placing(mail, forms, t),
    !theirs &&
      form('assign', 'File it with a partner', 'It is found on their page. Nobody is told.', [partner('assign')]),
    stranger &&
      form(
        'contact',
        'Add the sender as a contact',
        'Then it can be posted as theirs, and they can be sent documents.',
        [name, partner('contact')],
      ),
    ...(mail.state === 'held' ? whileItWaits(mail, forms, t) : []),
    mail.kept && form('replay', 'Judge it anew', 'It is read and decided again, as if it came now.'),
  ].filter((one) => one !== false);
}

function placing({ number, known_as }: MailRoomMessage, { form, field }: Forms, t: Translate) {
  const typed = field('place', 'number', 'text', 'Document number', number ?? '', { autocomplete: 'off' });
  const note = {
    value: 'note',
    label: t('An internal note of yours'),
    hint: t('With its sender named. The other side sees nothing of it.'),
  };
  const hint = t('Marked as placed by you. They get emails about this document from then on.');
  const said = {
    value: 'sender',
    label: t('Said by {{name}}, for both sides to read', { name: known_as ?? '' }),
    hint,
  };
  const as = known_as ? [field('place', 'as', 'radio', 'Post it as', 'note', { choices: [note, said] })] : [];
  return form('place', 'Put it on a document', 'It is posted whole, with its files.', [typed, ...as]);
}

function whileItWaits(
  { code, person, person_partner, verified }: MailRoomMessage,
  { form, field }: Forms,
  t: Translate,
) {
  const told = verified
    ? 'The sender is told why.'
    : 'Nobody is told: whoever is named as its sender may not have written it.';
  const another = t('It is another address of {{name}}', { name: person ?? '' });
  const theirs = 'What is proven to come from it is posted as theirs from now on. This message is judged anew.';
  return [
    code === 'stranger' && person_partner !== null && form('address', another, theirs),
    form('refuse', 'Refuse it', told, [field('refuse', 'reason', 'longtext', 'Reason', '', { maxlength: 1000 })]),
    form('set-aside', 'Set aside', 'It stays among all mail.'),
  ];
}
