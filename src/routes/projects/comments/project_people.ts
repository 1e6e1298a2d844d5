import type { Actor } from '../../../db/scope.js';
import { shownAddress } from '../../../input/email_address.js';
import type { Choice } from '../../../pages/views/components.js';
import type { ProjectPage } from '../../../projects/project.js';
import { projectSubject } from '../../../projects/project_subject.js';
import { isOffered } from '../../../subjects/may.js';
import { project as lifecycle } from '../../../subjects/project/project_lifecycle.js';
import type { Errors, FormState } from '../../shared/form.js';
import { i18nOf } from '../../shared/layout.js';

/** Who takes part in a project, and the form that adds somebody. */
export interface ProjectPeople {
  /** `remove`: the form's value that ends their part, for staff. */
  people: { name: string; email: string; partner: string | null; remove: string | null }[];
  remove_url: string;
  /** For staff. */
  add: AddPerson | null;
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

/** `url`: of the project; `others`: who could be added. */
export const peopleView = (
  page: ProjectPage,
  others: readonly { id: string; name: string }[],
  { actor, url, form }: { actor: Actor; url: string; form: FormState | null },
): ProjectPeople => ({
  people: page.participants.map(({ id, name, email, partner }) => ({
    ...{ name, partner, email: shownAddress(email) },
    remove: isOffered(actor, 'planning') ? id : null,
  })),
  remove_url: `${url}/remove_person`,
  add: addPersonView(page, others, actor, url, form),
});

function addPersonView(
  page: ProjectPage,
  others: readonly { id: string; name: string }[],
  actor: Actor,
  url: string,
  form: FormState | null,
): AddPerson | null {
  const action = lifecycle.actions['add_person'];
  const offered = action && isOffered(actor, { name: 'add_person', action, subject: projectSubject(page), today: '' });
  if (!action || !offered) return null;
  const { t } = i18nOf(actor);
  const shown = form?.action === 'add_person' ? form : null;
  const typed = (name: string) => (typeof shown?.input[name] === 'string' ? shown.input[name] : '');
  return {
    url: `${url}/add_person`,
    label: t(action.label ?? ''),
    explains: t(action.explains ?? ''),
    people: others.map(({ id, name }) => ({ value: id, label: name })),
    values: { person: typed('person'), message: typed('message') },
    errors: shown?.errors ?? {},
  };
}
