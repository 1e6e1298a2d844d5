import type { ProfileChange } from '../../activity/profile_changes.js';
import { Invalid } from '../../errors.js';

/** 409: somebody else changed it while the form was open. `changes`: what. */
export class ProfileChanged extends Invalid {
  override readonly status = 409;

  constructor(readonly changes: ProfileChange[]) {
    super({ form: 'This was changed while you had it open. Review the changes, then save again.' });
  }
}
