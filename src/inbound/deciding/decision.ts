/** Where a delivery ends: exactly one of these, with the reason in words. */
export interface Decision {
  state: 'posted' | 'held' | 'refused' | 'ignored';
  /** What kind of reason it is: what is done about it, and what its sender is told, goes by this. */
  code: Code;
  reason: string;
  organization_id?: string | null;
  document_id?: string;
  person_id?: string;
  comment_id?: string;
}

export type Code =
  | ('posted' | 'automatic' | 'bounce' | 'own' | 'twice' | 'nobody')
  | (
      | 'new'
      | 'unreadable'
      | 'malformed'
      | 'removed'
      | 'stranger'
      | 'colleague'
      | 'unproven'
      | 'forged'
      | 'empty'
      | 'loop'
      | 'closed'
      | 'refused'
    );

/** Why a message waits for staff; why it is left alone. */
export const held = (code: Code, reason: string): Decision => ({ state: 'held', code, reason });
export const ignored = (code: Code, reason: string): Decision => ({ state: 'ignored', code, reason });
