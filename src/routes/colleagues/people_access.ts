import { Router } from 'express';
import { activation, type ActivationServices } from '../activation/activation.js';
import { colleagues } from './colleagues.js';
import { contactAccessPages } from './contact_access.js';
import { moduleRequests } from './module_requests.js';
import { portalSettingsPages } from './portal_settings.js';

/** How people come to use the portal, and what they may use there. */
export function peopleAccess(services: ActivationServices): Router {
  const { db, secret } = services;
  return Router().use(
    activation(services),
    contactAccessPages(db, secret),
    colleagues(db, secret),
    moduleRequests(db),
    portalSettingsPages(db),
  );
}
