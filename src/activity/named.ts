/** Whether the details of an activity name this person: as the one it is about, or among those it was meant for. */
export const isAmong = ({ person_id, people }: Record<string, unknown>, id: string): boolean =>
  person_id === id || (Array.isArray(people) && people.includes(id));
