import { Router } from 'express';
import { z } from 'zod';
import type { Config } from '../../config.js';
import { NotFound } from '../../errors.js';
import { readForm } from '../../people/form_values.js';
import { readCredentials, setActingCookie } from '../shared/cookies.js';
import { identityOf, members } from '../shared/guard.js';

const Choice = z.object({ person: z.string().default('') });

/** Where somebody who is a contact of several partners chooses for whom they act from now on, in this browser. */
export function actAs(config: Config): Router {
  const router = Router();
  router.post(
    '/:organization/act-as',
    members((req, res, _actor, { slug }) => {
      const { person } = readForm(Choice, req.body);
      const own = identityOf(req).memberships.some((one) => one.slug === slug && one.person_id === person);
      if (!own) throw new NotFound();
      const { acting } = readCredentials(req, config);
      setActingCookie(res, config, [person, ...acting.filter((other) => other !== person)]);
      res.redirect(303, `/${slug}`);
    }),
  );
  return router;
}
