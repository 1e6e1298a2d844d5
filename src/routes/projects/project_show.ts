import { type Actor, read } from '../../db/scope.js';
import { NotFound } from '../../errors.js';
import { shownAddress } from '../../input/email_address.js';
import { today } from '../../pages/days.js';
import type { Choice } from '../../pages/views/components.js';
import { defineView } from '../../pages/views/render.js';
import { peopleToAdd, type ProjectPage, projectPage } from '../../projects/project.js';
import { projectSubject } from '../../projects/project_subject.js';
import { isOffered, requireMay } from '../../subjects/may.js';
import { project as lifecycle } from '../../subjects/project_lifecycle.js';
import { composerView, type ConversationParts, conversationView } from '../conversation/conversation_view.js';
import { timelineView } from '../conversation/timeline_view.js';
import type { Composer, TimelineItem } from '../../pages/views/components.js';
import type { Errors, FormState } from '../shared/form.js';
import { i18nOf } from '../shared/layout.js';
import { contextPage, type RequestContext } from '../shared/request_context.js';
import { projectDocuments } from './project_queries.js';
import { type ProjectFinances, projectView } from './project_view.js';

/** A project: its documents, its conversation and who takes part. */
interface ProjectInput extends ProjectFinances, ConversationParts {
  /** Null for whom only its name is shared with. */
  composer: Composer | null;
  timeline: TimelineItem[];
  /** `remove`: the form's value that ends their part, for staff. */
  people: { name: string; email: string; partner: string | null; remove: string | null }[];
  remove_url: string;
  /** For staff: the form that adds a person. */
  add: AddPerson | null;
  /** Its documents take a sign-in to see. */
  sign_in_url: string | null;
  live_url: string | null;
  seen_url: string | null;
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

export const projectShow = defineView<ProjectInput>('projects/show');

/** The key in the address of a project. */
export const keyIn = ({ req }: RequestContext) => String(req.params['key']).toUpperCase();

/** The project of the address, as its reader may see it. @throws NotFound */
export async function findProject({ db, actor, ...ctx }: RequestContext): Promise<ProjectPage> {
  const [[found]] = await read(db.pool, actor, projectPage(actor, keyIn({ db, actor, ...ctx })));
  if (!found) throw new NotFound();
  return found;
}

/** The project's page. `form`: a submitted form to show again as it was typed. */
export async function showProject(ctx: RequestContext, form: FormState | null = null) {
  const { db, res, actor, membership } = ctx;
  const key = keyIn(ctx);
  const queries = [projectPage(actor, key), projectDocuments(actor, key), peopleToAdd(actor, key)] as const;
  const [[page], documents, people] = await read(db.pool, actor, ...queries);
  // A link to something else shows no more than that; with a code, they may see it.
  if (!page?.shared) requireMay(actor, 'everything');
  if (!page) throw new NotFound();
  const i18n = i18nOf(actor);
  const { slug, organization } = membership;
  const url = `/${slug}/projects/${page.key}`;
  const side = actor.side === 'staff' ? 'staff' : 'partner';
  const subject = { ...page, type: lifecycle.name, number: page.key };
  const context = { actor, slug, i18n, form };
  const input: ProjectInput = {
    ...projectView(page, documents, { slug, actor, side, day: today(actor), i18n }),
    ...conversationView(page, context),
    composer: page.shared ? composerView(page, context, url) : null,
    timeline: timelineView(subject, page.partner, actor, i18n),
    people: page.participants.map((person) => participantView(person, actor)),
    remove_url: `${url}/remove_person`,
    add: addPersonView(page, people, ctx, form),
    sign_in_url: isOffered(actor, 'everything') && actor.assurance === 'link' ? verifyUrl(url) : null,
    live_url: page.shared ? `${url}/live?after=${page.activities.at(-1)?.id ?? ''}` : null,
    seen_url: page.shared ? `${url}/view` : null,
    with: side === 'staff' ? page.partner : organization,
  };
  res.send(contextPage(ctx, projectShow, page.name, input, { notice: unplaced(form) }));
}

const participantView = ({ id, name, email, partner }: ProjectPage['participants'][number], actor: Actor) => ({
  ...{ name, partner, email: shownAddress(email) },
  remove: isOffered(actor, 'planning') ? id : null,
});

const verifyUrl = (url: string) => `/verify?return_to=${encodeURIComponent(url)}`;

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
