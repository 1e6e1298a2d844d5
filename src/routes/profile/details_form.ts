import type { ProfileChange } from '../../activity/profile_changes.js';
import { submittedText } from '../../people/form_values.js';
import { saveDetails } from '../../people/partner_profile/change_profile.js';
import { ProfileChanged } from '../../people/partner_profile/profile_changed.js';
import { detailsValues, parseDetails } from '../../people/partner_profile/profile_form.js';
import { submitOnce } from '../acts/once.js';
import { contextPage, type RequestContext } from '../shared/request_context.js';
import { detailsForm, detailsFormView, type FormValues } from './details_view.js';
import { editablePlace, type Profile, readProfile } from './profile_request.js';

/** Asks for a partner's business data, addresses and tax ids. */
export async function editDetails(ctx: RequestContext) {
  editablePlace(ctx, 'details');
  const profile = await readProfile(ctx);
  ctx.res.send(formPage(ctx, profile, { values: detailsValues(profile.details), errors: {}, changes: null }));
}

export async function submitDetails(ctx: RequestContext) {
  const { req, actor } = ctx;
  const { partner_id, url } = editablePlace(ctx, 'details');
  const values = submittedText(req.body);
  let changes: ProfileChange[] | null = null;
  const work = async ({ db }: RequestContext) => {
    await saveDetails(db.knex, actor, partner_id, parseDetails(req.body), values['seen'] ?? '').catch(
      (error: unknown) => {
        if (error instanceof ProfileChanged) ({ changes } = error);
        throw error;
      },
    );
    return `${url}?done=saved`;
  };
  return submitOnce(ctx, work, async (errors) => {
    const form = { values, errors, changes };
    return formPage(ctx, await readProfile(ctx), form);
  });
}

function formPage(ctx: RequestContext, profile: Profile, form: FormValues): string {
  const input = detailsFormView(ctx, profile, form);
  return contextPage(ctx, detailsForm, input.title, input);
}
