/** Whether the details of an activity name this person: as the one it is about, or among those for whom it was meant. */
export const isAmong = ({ person_id, readers }: Record<string, unknown>, id: string): boolean =>
  person_id === id || (Array.isArray(readers) && readers.includes(id));
