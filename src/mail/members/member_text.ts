import type { Format } from '../../pages/format.js';
import type { Translate } from '../../pages/i18n.js';
import { roleLabel } from '../../subjects/staff_roles.js';

/** A change to a member; `own`: the reader is who it is about. */
interface MemberChange {
  action: string;
  details: Readonly<Record<string, unknown>>;
  own: boolean;
  author: string | null;
  organization: string;
}

interface Text {
  headline: string;
  subtitle: string;
}

/** What the email about a change to a member says. */
export function memberText(change: MemberChange, t: Translate, format: Format): Text {
  const { action, own } = change;
  if (action === 'change_role') return roleText(change, t);
  if (action === 'change_limits') return limitsText(change, t, format);
  if (action === 'remove_member') return removalText(change, t);
  if (action === 'end_absence') return returnText(change, t, format);
  return own ? absentText(change, t, format) : deputyText(change, t, format);
}

function roleText({ details, own, author, organization }: MemberChange, t: Translate): Text {
  const values = { name: text(details['name']), role: t(roleLabel(text(details['role']))), organization };
  return own
    ? {
        headline: t('Your role at {{organization}} is now {{role}}', values),
        subtitle: t('Changed by {{name}}.', { name: author ?? '' }),
      }
    : {
        headline: t('{{name}} is now an owner of {{organization}}', values),
        subtitle: t('You made them one. Owners can change everything, your own role included.'),
      };
}

function limitsText({ details, author, organization }: MemberChange, t: Translate, format: Format): Text {
  const { send_limit, approve_limit, currency } = details;
  const amount = (limit: unknown) =>
    typeof limit === 'number' ? format.money(limit, text(currency)) : t('any amount');
  return {
    headline: t('Your limits at {{organization}} changed', { organization }),
    subtitle: t('Send documents up to {{send}}, approve up to {{approve}}. Changed by {{name}}.', {
      send: amount(send_limit),
      approve: amount(approve_limit),
      name: author ?? '',
    }),
  };
}

const removalText = ({ author, organization }: MemberChange, t: Translate): Text => ({
  headline: t('Your access to {{organization}} has ended', { organization }),
  subtitle: t('Changed by {{name}}.', { name: author ?? '' }),
});

const returnText = ({ details, organization }: MemberChange, t: Translate, format: Format): Text => ({
  headline: t('Welcome back to {{organization}}', { organization }),
  subtitle: t('{{deputy}} stood in for you until {{until_on}}.', daysOf(details, format)),
});

const absentText = ({ action, details }: MemberChange, t: Translate, format: Format): Text => ({
  headline:
    action === 'set_absence'
      ? t('{{deputy}} stands in for you', daysOf(details, format))
      : t('Your absence is cancelled'),
  subtitle:
    action === 'set_absence'
      ? t('From {{from_on}} to {{until_on}}. You get your mail all the same.', daysOf(details, format))
      : '',
});

const deputyText = ({ action, details }: MemberChange, t: Translate, format: Format): Text =>
  action === 'set_absence'
    ? {
        headline: t('You stand in for {{name}}', daysOf(details, format)),
        subtitle: t(
          'From {{from_on}} to {{until_on}}. You get their mail, too, and act for them.',
          daysOf(details, format),
        ),
      }
    : {
        headline: t('You no longer stand in for {{name}}', daysOf(details, format)),
        subtitle: t('What you did for them stays in the activity.'),
      };

const daysOf = ({ name, deputy, from_on, until_on }: MemberChange['details'], format: Format) => ({
  name: text(name),
  deputy: text(deputy),
  from_on: typeof from_on === 'string' ? format.date(from_on) : '',
  until_on: typeof until_on === 'string' ? format.date(until_on) : '',
});

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
