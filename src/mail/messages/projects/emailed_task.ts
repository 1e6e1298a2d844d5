/** A task: where it belongs, when it is due, and whether its reader is to do it. */
export interface EmailedTask {
  project: string;
  starts_on: string | null;
  due_on: string | null;
  /** They may mark it as done. */
  theirs: boolean;
  /** Their date awaits an answer. */
  confirmed: boolean;
  /** Staff are asked for another date. */
  other_date: string | null;
  /** It is no more theirs. */
  lost: boolean;
}

/** SQL: an `EmailedTask` of a subject `s`, for a reader `r`; null if it is none. $1: the organization. */
export const TASK_FACTS = `case when s.kind = 'task' then (
    select json_build_object('project', j.name, 'starts_on', k.starts_on, 'due_on', k.due_on,
      'theirs', k.kind <> 'phase' and k.state in ('open', 'started')
        and (k.assignee_id = r.id or (k.assignee_id is null and k.vendor_id = r.partner_id)),
      'confirmed', k.confirmed_due_on is not distinct from k.due_on,
      'other_date', case when r.partner_id is null then k.proposed_due_on end,
      'lost', r.partner_id is not null and r.partner_id is distinct from s.partner_id)
    from tasks k join projects j on j.organization_id = k.organization_id and j.id = k.project_id
    where k.organization_id = $1 and k.id = s.id) end`;
