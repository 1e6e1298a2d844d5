import type { MailRoomMessage } from '../../inbound/mail_room/messages.js';
import type { Translate } from '../../pages/i18n.js';
import type { Field } from '../../pages/views/components.js';
import type { Errors } from '../shared/form.js';

/** Something that can be done with a message, by a form. */
export interface MailAction {
  name: string;
  label: string;
  explains: string;
  url: string;
  fields: Field[];
  open: boolean;
}

/** The form of an action that could not be done: what was typed and what is wrong with it. */
export interface MailFormState {
  action: string;
  values: Readonly<Record<string, string>>;
  errors: Errors;
}

/** What can be done with a message that is not posted yet. */
export function mailActions(
  mail: MailRoomMessage,
  url: string,
  t: Translate,
  form: MailFormState | null,
): MailAction[] {
  if (mail.state === 'posted' || mail.state === 'pending') return [];
  const forms = formsFor(url, t, form);
  // Staff can't read what the other side keeps internal, so they can't place it either.
  const readable = mail.audience !== 'partner';
  return [
    readable && placeAction(mail, forms, t),
    readable &&
      forms.action('assign', 'File it with a partner', 'It is found on their page. Nobody is told.', [
        partnerField('assign', mail, forms, t),
      ]),
    mail.from_address !== '' && mail.known_as === null && contactAction(mail, forms, t),
    ...(mail.state === 'held' ? heldActions(mail, forms, t) : []),
    mail.kept && forms.action('replay', 'Judge it anew', 'It is read and decided again, as if it came now.'),
  ].filter((action) => action !== false);
}

/** Makes the forms of one message. Labels and explanations are translated. */
const formsFor = (url: string, t: Translate, form: MailFormState | null) => ({
  action: (name: string, label: string, explains: string, fields: Field[] = []): MailAction => ({
    ...{ name, label: t(label), explains: t(explains), url: `${url}/${name}`, fields },
    open: form?.action === name,
  }),
  /** A required field, filled as it was typed, or else with `value`. */
  field: (action: string, field: Field & { value: string }): Field => {
    const typed = form?.action === action ? form : null;
    return {
      required: true,
      ...field,
      label: t(field.label),
      value: typed?.values[field.name] ?? field.value,
      error: typed?.errors[field.name],
    };
  },
});

type Forms = ReturnType<typeof formsFor>;

const partnerField = (action: string, { partner }: MailRoomMessage, { field }: Forms, t: Translate) =>
  field(action, {
    name: 'partner',
    kind: 'text',
    label: 'Partner',
    value: partner ?? '',
    autocomplete: 'off',
    hint: t('The name, as it stands in the list.'),
  });

function contactAction(mail: MailRoomMessage, forms: Forms, t: Translate): MailAction {
  const name = forms.field('contact', {
    ...{ name: 'name', kind: 'text', label: 'Name', value: mail.from_name },
    maxlength: 200,
    autocomplete: 'off',
  });
  return forms.action(
    'contact',
    'Add the sender as a contact',
    'Then it can be posted as theirs, and they can be sent documents.',
    [name, partnerField('contact', mail, forms, t)],
  );
}

function placeAction({ number, known_as }: MailRoomMessage, { action, field }: Forms, t: Translate): MailAction {
  const typed = field('place', {
    ...{ name: 'number', kind: 'text', label: 'Number of the document or project', value: number ?? '' },
    autocomplete: 'off',
  });
  const note = {
    value: 'note',
    label: t('An internal note of yours'),
    hint: t('With its sender named. The other side sees nothing of it.'),
  };
  const sender = {
    value: 'sender',
    label: t('Said by {{name}}, for both sides to read', { name: known_as ?? '' }),
    hint: t('Marked as placed by you. They get emails about it from then on.'),
  };
  const as = field('place', {
    ...{ name: 'as', kind: 'radio', label: 'Post it as', value: 'note' },
    choices: [note, sender],
  });
  // Only somebody we know can be named as the author.
  const fields = known_as ? [typed, as] : [typed];
  return action('place', 'Put it on a document or project', 'It is posted whole, with its files.', fields);
}

function heldActions(mail: MailRoomMessage, { action, field }: Forms, t: Translate): (MailAction | false)[] {
  const { code, person, person_partner, verified } = mail;
  const explains = verified
    ? 'The sender is told why.'
    : 'Nobody is told: whoever is named as its sender may not have written it.';
  const reason = field('refuse', {
    ...{ name: 'reason', kind: 'longtext', label: 'Reason', value: '' },
    maxlength: 1000,
  });
  return [
    code === 'stranger' &&
      person_partner !== null &&
      action(
        'address',
        t('It is another address of {{name}}', { name: person ?? '' }),
        'What is proven to come from it is posted as theirs from now on. This message is judged anew.',
      ),
    action('refuse', 'Refuse it', explains, [reason]),
    action('set-aside', 'Set aside', 'It stays among all mail.'),
  ];
}
