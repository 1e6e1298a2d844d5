import { Router } from 'express';
import type { Database } from '../../db/database.js';
import { setsTaxes, staff } from '../shared/guard.js';
import { withContext } from '../shared/request_context.js';
import { savePartnerTaxes } from './save_partner_taxes.js';
import { addTax, askTax, editTax, removeTax, saveTax } from './tax_page.js';
import { saveDefaultTaxes, showTaxes } from './taxes_page.js';

const PAGE = '/:organization/settings/organization/taxes';

/** The taxes that an organization names, and which of them new documents begin with. */
export function taxes(db: Database): Router {
  const router = Router();
  const handle = withContext(db);
  router.get(PAGE, handle(setsTaxes, showTaxes));
  router.post(PAGE, handle(setsTaxes, addTax));
  router.get(`${PAGE}/new`, handle(setsTaxes, askTax));
  router.post(`${PAGE}/default`, handle(setsTaxes, saveDefaultTaxes));
  router.get(`${PAGE}/:tax`, handle(setsTaxes, editTax));
  router.post(`${PAGE}/:tax`, handle(setsTaxes, saveTax));
  router.post(`${PAGE}/:tax/remove`, handle(setsTaxes, removeTax));
  router.post('/:organization/partners/:partner/taxes', handle(staff, savePartnerTaxes));
  return router;
}
