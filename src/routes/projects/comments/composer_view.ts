import type { Actor } from '../../../db/scope.js';
import type { I18n } from '../../../documents/queries/sheet.js';
import type { Choice, Link } from '../../../pages/views/components.js';
import { type Circle, ownSide, type Tellable } from '../../../projects/comments/circle.js';
import { answering } from '../../../projects/comments/readers.js';
import { many } from '../../forms/field_values.js';
import type { Errors, FormState } from '../../shared/form.js';
import type { TaskChoice, Thread, ThreadComment } from './comment_queries.js';

/** Somebody who is told, as a box that can be unticked. */
interface Chip {
  id: string;
  name: string;
  /** What tells them from others of their name. */
  company: string | null;
  ticked: boolean;
}

/** The form of a comment, which begins a thread or answers in one. */
export interface ThreadComposer {
  id: 'composer' | 'reply';
  url: string;
  label: string;
  /** The comment that it answers. */
  answers: string | null;
  chips: Chip[];
  /** To the other reach: only one, or all. */
  other_reach: Link | null;
  sentences: Sentences;
  /** It may be an internal note. */
  internal: boolean;
  tasks: Choice[];
  /** As typed. */
  values: { text: string; title: string; about: string; audience: string };
  errors: Errors;
  button: string;
}

/** Who gets it by email and who can read it, as the form says it; `{{names}}` is filled in. For shared and internal. */
interface Sentences {
  now: string;
  now_internal: string;
  told: string;
  nobody: string;
  told_internal: string;
  nobody_internal: string;
}

/** The form that passes a comment on. */
export interface NotifyForm {
  url: string;
  comment: string;
  chips: Chip[];
  errors: Errors;
}

interface Composing {
  actor: Actor;
  i18n: I18n;
  /** Of the project. */
  url: string;
  circle: Circle;
  partner: string;
  form: FormState | null;
}

const typed = (form: FormState | null, name: string) => (typeof form?.input[name] === 'string' ? form.input[name] : '');

const chipOf = (one: Tellable, ticked: boolean, partner: string): Chip => ({
  ...{ id: one.id, name: one.name, ticked },
  company: one.partner_id ? partner : null,
});

/** Filled in here, and by the page as somebody writes. */
const NAMES = { names: '{{names}}' };

/** What the form says of who is told, in the reader's language. */
function sentencesFor(names: readonly string[], { actor, circle, i18n }: Composing, internal = false): Sentences {
  const { t, format } = i18n;
  const note = {
    told: t('We’ll email {{names}}. Only your side can read it.', NAMES),
    nobody: t('Only people you tag get an email. Only your side can read it.'),
  };
  const usual = actor.side === 'partner' ? answering(circle).map(({ name }) => name) : [];
  const nobody = usual.length
    ? t('We’ll email {{names}}, unless you tag others. Everyone on the project can read it.', {
        names: format.list(usual),
      })
    : t('Only people you tag get an email. Everyone on the project can read it.');
  const told = t('We’ll email {{names}}. Everyone on the project can read it.', NAMES);
  const shown = internal ? note : { told, nobody };
  const now = (of: typeof note) => (names.length ? of.told.replace(NAMES.names, () => format.list(names)) : of.nobody);
  return {
    ...{ ...shown, now: now(shown) },
    ...{ now_internal: now(note), told_internal: note.told, nobody_internal: note.nobody },
  };
}

/** The form that begins a thread. `about`: the task of the address. */
export function newComposer(composing: Composing, tasks: readonly TaskChoice[], about: string): ThreadComposer {
  const { i18n, url, circle, actor } = composing;
  const { t } = i18n;
  const form = composing.form?.action === 'comment' && !typed(composing.form, 'answers') ? composing.form : null;
  const ticked = new Set(form ? many(form.input, 'readers') : []);
  // A name that several have: then each is offered.
  const offered = circle.people.filter(({ id }) => ticked.has(id) || (form?.errors['readers'] && shares(id, circle)));
  const chips = offered.map((one) => chipOf(one, ticked.has(one.id), composing.partner));
  return {
    ...{ id: 'composer', url: `${url}/comment`, label: t('New comment'), answers: null, other_reach: null, chips },
    sentences: sentencesFor(
      chips.filter((chip) => chip.ticked).map(({ name }) => name),
      composing,
    ),
    internal: !actor.guest && actor.assurance !== 'link',
    tasks: tasks.map(({ id, number, title }) => ({ value: id, label: `${number} · ${title}` })),
    values: {
      ...{ text: typed(form, 'text'), title: typed(form, 'title'), audience: typed(form, 'audience') || 'shared' },
      about: typed(form, 'about') || about,
    },
    errors: form?.errors ?? {},
    button: t('Post comment'),
  };
}

const firstName = (name: string) => name.split(' ')[0] ?? name;

function shares(id: string, { people }: Circle): boolean {
  const own = people.find((one) => one.id === id);
  return people.some((one) => one.id !== id && own !== undefined && firstName(one.name) === firstName(own.name));
}

/** The form that answers a comment of a thread; `all`: all who were told of it. */
export function replyComposer(
  thread: Thread,
  comment: ThreadComment,
  all: boolean,
  composing: Composing,
): ThreadComposer {
  const { i18n, url, circle, actor } = composing;
  const { t } = i18n;
  const internal = thread.audience !== 'shared';
  const { people } = internal ? ownSide(circle, actor.side) : circle;
  const form = composing.form && typed(composing.form, 'answers') ? composing.form : null;
  const own = comment.person_id === actor.person_id;
  const reached = people.filter(({ id }) => (all || own ? thread.people.includes(id) : id === comment.person_id));
  const ticked = new Set(form ? many(form.input, 'readers') : reached.map(({ id }) => id));
  const unclear = form?.errors['readers'] ? people.filter(({ id }) => shares(id, circle)) : [];
  const offered = new Set([...people.filter(({ id }) => ticked.has(id)), ...reached, ...unclear]);
  const chips = [...offered].map((one) => chipOf(one, ticked.has(one.id), composing.partner));
  const names = chips.filter((chip) => chip.ticked).map(({ name }) => name);
  return {
    ...{ id: 'reply', url: `${url}/comment`, answers: comment.id, chips, internal: false, tasks: [] },
    label: all ? t('Reply to all') : t('Reply to {{name}}', { name: firstName(comment.author) }),
    other_reach: own ? null : otherReach(thread, comment, all, composing, people.length > 1),
    sentences: sentencesFor(names, composing, internal),
    values: { text: typed(form, 'text'), title: '', about: '', audience: '' },
    errors: form?.errors ?? {},
    button: t('Send reply'),
  };
}

function otherReach(
  { people }: Thread,
  { id, author, person_id }: ThreadComment,
  all: boolean,
  { i18n: { t }, url, actor }: Composing,
  several: boolean,
): Link | null {
  const others = people.filter((one) => one !== person_id && one !== actor.person_id);
  if (!others.length || !several) return null;
  const query = all ? 'reply' : 'reply_all';
  const label = all ? t('Only {{name}}', { name: firstName(author) }) : t('Reply all');
  return { href: `${url}/comments?${query}=${id}#reply`, label };
}

/** The form that passes a comment on: all who can read it and weren't told of it. */
export function notifyForm(comment: ThreadComment, composing: Composing): NotifyForm {
  const { circle, actor, url, partner } = composing;
  const form = composing.form?.action === 'notify' ? composing.form : null;
  const { people } = comment.audience === 'shared' ? circle : ownSide(circle, actor.side);
  const known = new Set([comment.person_id, ...comment.tags.map(({ id }) => id)]);
  const ticked = new Set(form ? many(form.input, 'readers') : []);
  return {
    ...{ url: `${url}/notify`, comment: comment.id, errors: form?.errors ?? {} },
    chips: people.filter(({ id }) => !known.has(id)).map((one) => chipOf(one, ticked.has(one.id), partner)),
  };
}
