import type { Actor } from '../../../db/scope.js';
import { NotFound } from '../../../errors.js';
import { shownAddress } from '../../../input/email_address.js';
import type { Choice } from '../../../pages/views/components.js';
import { defineView } from '../../../pages/views/render.js';
import { peopleToAdd, type ProjectPage, projectPage } from '../../../projects/project.js';
import { projectSubject } from '../../../projects/project_subject.js';
import { isOffered } from '../../../subjects/may.js';
import { project as lifecycle } from '../../../subjects/project/project_lifecycle.js';
import { composerView, type ConversationParts, conversationView } from '../../conversation/conversation_view.js';
import { timelineView } from '../../conversation/timeline_view.js';
import type { Composer, TimelineItem } from '../../../pages/views/components.js';
import type { Errors, FormState } from '../../shared/form.js';
import { i18nOf } from '../../shared/layout.js';
import { contextPage, type RequestContext } from '../../shared/request_context.js';
import { keyIn, type ProjectFrame, readPage } from '../project_page.js';

/** A project's conversation, who takes part in it, and what happened. */
interface CommentsInput extends ConversationParts {
  frame: ProjectFrame;
  composer: Composer;
  timeline: TimelineItem[];
  /** `remove`: the form's value that ends their part, for staff. */
  people: { name: string; email: string; partner: string | null; remove: string | null }[];
  remove_url: string;
  /** For staff: the form that adds a person. */
  add: AddPerson | null;
  live_url: string;
  seen_url: string;
  /** The name of the other side. */
  with: string;
}

interface AddPerson {
  url: string;
  label: string;
  explains: string;
  people: Choice[];
  /** As typed. */
  values: { person: string; message: string };
  errors: Errors;
}

export const commentsView = defineView<CommentsInput>('projects/comments/page');

/** The project's conversation. `form`: a submitted form to show again as it was typed. */
export async function showComments(ctx: RequestContext, form: FormState | null = null) {
  const { res, actor, membership } = ctx;
  const key = keyIn(ctx);
  const queries = [projectPage(actor, key), peopleToAdd(actor, key)] as const;
  const { frame, found, i18n, url } = await readPage(ctx, 'comments', ...queries);
  const [[page], people] = found;
  if (!page) throw new NotFound();
  const { slug, organization } = membership;
  const subject = { ...page, type: lifecycle.name, number: page.key };
  const context = { actor, slug, i18n, form };
  const input: CommentsInput = {
    ...conversationView(page, context),
    frame,
    composer: composerView(page, context, url),
    timeline: timelineView(subject, page.partner, actor, i18n),
    people: page.participants.map((person) => participantView(person, actor)),
    remove_url: `${url}/remove_person`,
    add: addPersonView(page, people, ctx, form),
    live_url: `${url}/live?after=${page.activities.at(-1)?.id ?? ''}`,
    seen_url: `${url}/view`,
    with: actor.side === 'staff' ? page.partner : organization,
  };
  res.send(contextPage(ctx, commentsView, page.name, input, { notice: unplaced(form) }));
}

const participantView = ({ id, name, email, partner }: ProjectPage['participants'][number], actor: Actor) => ({
  ...{ name, partner, email: shownAddress(email) },
  remove: isOffered(actor, 'planning') ? id : null,
});

/** What no form of the page can show. */
const unplaced = (form: FormState | null) =>
  form && !['comment', 'add_person'].includes(form.action) ? form.errors['form'] : undefined;

function addPersonView(
  page: ProjectPage,
  people: { id: string; name: string }[],
  { actor, membership }: RequestContext,
  form: FormState | null,
): AddPerson | null {
  const action = lifecycle.actions['add_person'];
  const offered = action && isOffered(actor, { name: 'add_person', action, subject: projectSubject(page), today: '' });
  if (!action || !offered) return null;
  const { t } = i18nOf(actor);
  const shown = form?.action === 'add_person' ? form : null;
  const typed = (name: string) => (typeof shown?.input[name] === 'string' ? shown.input[name] : '');
  return {
    url: `/${membership.slug}/projects/${page.key}/add_person`,
    label: t(action.label ?? ''),
    explains: t(action.explains ?? ''),
    people: people.map(({ id, name }) => ({ value: id, label: name })),
    values: { person: typed('person'), message: typed('message') },
    errors: shown?.errors ?? {},
  };
}
