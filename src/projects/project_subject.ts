import type { Subject } from '../acting/context.js';
import { NO_FACTS } from '../acting/no_facts.js';
import { project } from '../subjects/project/project_lifecycle.js';

export interface ProjectRow {
  organization_id: string;
  id: string;
  key: string;
  state: string;
  partner_id: string;
}

/** A project as what is acted on. */
export const projectSubject = ({ organization_id, id, key, state, partner_id }: ProjectRow): Subject => ({
  ...NO_FACTS,
  ...{ organization_id, id, state, partner_id },
  type: project.name,
  number: key,
});
