import { read, withActor } from '../../db/scope.js';
import { addItem, archiveItem, changeItem, itemSeen, setItemPicture } from '../../documents/items/item.js';
import type { I18n } from '../../documents/queries/sheet.js';
import { type TaxRate, taxRates } from '../../documents/taxes/tax_rates.js';
import { Invalid, NotFound } from '../../errors.js';
import type { Storage } from '../../files/storage.js';
import { today } from '../../pages/days.js';
import type { Choice, Field, Link } from '../../pages/views/components.js';
import { defineView } from '../../pages/views/render.js';
import { submittedText } from '../../people/form_values.js';
import { once, submitOnce } from '../acts/once.js';
import { storeSentPhoto } from '../settings/photos.js';
import { type Errors, formInput, submit } from '../shared/form.js';
import { i18nOf } from '../shared/layout.js';
import { pathId, textParam } from '../shared/params.js';
import { contextPage, type RequestContext, translatorOf } from '../shared/request_context.js';
import { currencyChoices } from '../shared/select_options.js';
import { sendWebp } from '../shared_files/pictures.js';
import { taxFields, type TaxFieldsInput } from '../taxes/tax_fields.js';
import { itemValues, parseItem, type TypedItem, typedItem } from './catalog_form.js';
import { itemPage, itemsLink } from './item_page.js';
import { itemById, type ItemRow, itemVendorChoices } from './item_queries.js';

interface ItemFormInput {
  title: string;
  back: Link;
  action: string;
  cancel: string;
  seen: string;
  error: string | undefined;
  fields: Field[][];
  prices: { currency: string; price: string; error: string | undefined }[];
  vendors: { partner: string; code: string; price: string; currency: string; error: string | undefined }[];
  currencies: Choice[];
  vendor_choices: Choice[];
  taxes: (TaxFieldsInput & { error: string | null }) | null;
}

export const itemFormView = defineView<ItemFormInput>('items/form');

export const newItem = async (ctx: RequestContext) => ctx.res.send(await formPage(ctx, null, typedItem({}), {}));

export async function editItem(ctx: RequestContext) {
  const { db, actor, req, res } = ctx;
  const [[item], rates] = await read(db.pool, actor, itemById(actor, pathId(req, 'item')), taxRates(actor));
  if (!item) throw new NotFound();
  res.send(await formPage(ctx, item, itemValues(item, rates, actor.locale, today(actor)), {}));
}

export function createItem(ctx: RequestContext) {
  const work = async ({ db, actor }: RequestContext) => {
    const fields = parseItem(formInput(ctx), await readRates(ctx), actor.locale);
    const id = await withActor(db.knex, actor, (db) => addItem(db, actor, fields));
    return `/${ctx.membership.slug}/items/${id}?done=saved`;
  };
  return submitOnce(ctx, work, (errors) => formPage(ctx, null, typedItem(formInput(ctx)), errors));
}

export async function saveItem(ctx: RequestContext) {
  const { db, actor, req } = ctx;
  const id = pathId(req, 'item');
  const [[item], rates] = await read(db.pool, actor, itemById(actor, id), taxRates(actor));
  if (!item) throw new NotFound();
  const work = async ({ db, actor }: RequestContext) => {
    const fields = parseItem(formInput(ctx), rates, actor.locale);
    const seen = submittedText(req.body)['seen'] ?? '';
    await withActor(db.knex, actor, (db) => changeItem(db, actor, id, fields, seen));
    return `/${ctx.membership.slug}/items/${id}?done=saved`;
  };
  return submitOnce(ctx, work, (errors) => formPage(ctx, item, typedItem(formInput(ctx)), errors));
}

/** Archives an item, or restores it. */
export async function changeArchived(ctx: RequestContext) {
  const id = pathId(ctx.req, 'item');
  const archive = submittedText(ctx.req.body)['archive'] === 'yes';
  const url = await once(ctx, async ({ db, actor }) => {
    await withActor(db.knex, actor, (db) => archiveItem(db, actor, id, archive));
    return `/${ctx.membership.slug}/items/${id}?done=saved`;
  });
  ctx.res.redirect(303, url);
}

/** Larger than it is shown, since screens have more pixels. */
const PICTURE = { width: 960, height: 960, fit: 'inside', withoutEnlargement: true } as const;

export function savePicture(ctx: RequestContext, storage: Storage) {
  const work = async () => {
    const sha256 = await storeSentPhoto(ctx, storage, PICTURE);
    if (!sha256) throw new Invalid({ photo: 'Choose a photo.' });
    return setPicture(ctx, sha256);
  };
  return submit(ctx.res, translatorOf(ctx), work, (errors) => itemPage(ctx, errors));
}

export const removePicture = async (ctx: RequestContext) => ctx.res.redirect(303, await setPicture(ctx, null));

const setPicture = (ctx: RequestContext, sha256: string | null) =>
  once(ctx, async ({ db, actor }) => {
    const id = pathId(ctx.req, 'item');
    await withActor(db.knex, actor, (db) => setItemPicture(db, actor, id, sha256));
    return `/${ctx.membership.slug}/items/${id}?done=saved`;
  });

export async function sendPicture({ db, req, res, actor }: RequestContext, storage: Storage) {
  const [[item]] = await read(db.pool, actor, itemById(actor, pathId(req, 'item')));
  if (!item?.picture_sha256) throw new NotFound();
  await sendWebp(res, storage, item.picture_sha256, textParam.parse(req.query['v']));
}

async function readRates({ db, actor }: RequestContext): Promise<TaxRate[]> {
  const [rates] = await read(db.pool, actor, taxRates(actor));
  return rates;
}

/** With room for more prices and vendors: whoever needs more rows saves, and comes back. */
const BLANK_ROWS = 2;

/** `item`: null for a new one. */
async function formPage(ctx: RequestContext, item: ItemRow | null, typed: TypedItem, errors: Errors): Promise<string> {
  const { db, actor, membership, req } = ctx;
  const [rates, found] = await read(db.pool, actor, taxRates(actor), itemVendorChoices(actor));
  const i18n = i18nOf(actor);
  const { t } = i18n;
  const list = itemsLink(membership.slug, i18n);
  const url = item ? `${list.href}/${item.id}` : list.href;
  const title = item ? t('Change {{name}}', { name: item.name }) : t('New item');
  const currency = membership.organization_currency;
  const blank = Array.from({ length: BLANK_ROWS });
  const others = (item?.vendors ?? []).filter(({ partner_id }) => !found.some(({ id }) => id === partner_id));
  return contextPage(ctx, itemFormView, title, {
    ...{ title, action: url, cancel: url, error: errors['form'] },
    back: item ? { href: url, label: `← ${item.name}` } : list,
    seen: submittedText(req.body)['seen'] ?? (item ? itemSeen(item) : ''),
    fields: fieldsOf(typed, errors, currency, i18n),
    prices: [...typed.prices, ...blank.map(() => ({ currency, price: '' }))].map((row, n) => ({
      ...{ ...row, error: errors[`price.${n}`] },
    })),
    vendors: [...typed.vendors, ...blank.map(() => ({ partner: '', code: '', price: '', currency }))].map((row, n) => ({
      ...{ ...row, error: errors[`vendor.${n}`] },
    })),
    currencies: currencyChoices(actor.locale),
    vendor_choices: [
      { value: '', label: t('None') },
      ...found.map(({ id, name }) => ({ value: id, label: name })),
      ...others.map(({ partner_id, name }) => ({ value: partner_id, label: name })),
    ],
    taxes: taxesOf(rates, typed.taxes, errors, { day: today(actor), i18n }),
  });
}

function taxesOf(
  rates: readonly TaxRate[],
  chosen: readonly string[],
  errors: Errors,
  { day, i18n }: { day: string; i18n: I18n },
): ItemFormInput['taxes'] {
  if (!rates.length) return null;
  const { selects } = taxFields(rates, chosen, day, i18n);
  const usual = { value: '', label: i18n.t('As the customer pays') };
  const shown = selects.map((one, n) => (n ? one : { ...one, choices: [usual, ...one.choices.slice(1)] }));
  return { selects: shown, error: errors['taxes'] ?? null };
}

function fieldsOf({ values }: TypedItem, errors: Errors, currency: string, { t }: I18n): Field[][] {
  const field = (name: keyof TypedItem['values'], kind: Field['kind'], label: string, more: Partial<Field> = {}) => ({
    ...{ name, kind, label, value: values[name], error: errors[name], ...more },
  });
  return [
    [
      field('name', 'text', t('Name'), {
        required: true,
        maxlength: 200,
        hint: t('As it should appear on documents.'),
      }),
      field('code', 'text', t('Code'), { maxlength: 60 }),
    ],
    [field('description', 'longtext', t('More words on documents'), { maxlength: 1500 })],
    [
      field('unit', 'text', t('Unit'), { maxlength: 40 }),
      field('group_name', 'text', t('Group'), { maxlength: 80 }),
      field('cost', 'money', t('Cost (your team only)'), { currency }),
    ],
  ];
}
