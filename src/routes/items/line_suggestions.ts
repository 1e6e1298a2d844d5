import { z } from 'zod';
import { read } from '../../db/scope.js';
import { type DocumentType, types } from '../../document_types/index.js';
import { formatDecimalInput } from '../../documents/content/decimals.js';
import { searchWords } from '../../documents/queries/list.js';
import type { I18n } from '../../documents/queries/sheet.js';
import { namesTaxes } from '../../documents/taxes/line_taxes.js';
import { ratesOn, type TaxRate, taxRates } from '../../documents/taxes/tax_rates.js';
import { NotFound } from '../../errors.js';
import { isDay } from '../../input/valid_input.js';
import { today } from '../../pages/days.js';
import { i18nOf } from '../shared/layout.js';
import { idParam, textParam } from '../shared/params.js';
import type { RequestContext } from '../shared/request_context.js';
import { type EarlierLine, earlierLines, type SuggestedItem, suggestedItems } from './suggestion_queries.js';

const Params = z.object({
  q: textParam,
  type: textParam,
  partner: idParam,
  currency: textParam,
  day: textParam,
  costs: textParam,
});

/** What a line may be filled with. */
interface Suggestion {
  /** The item's id; '' for words of an earlier line. */
  item: string;
  description: string;
  unit: string;
  /** As it is typed in the reader's locale; '' for none. */
  price: string;
  /** What it costs the organization, as it is typed; only in a budget, and in its currency. */
  cost: string;
  /** Ids of taxes; empty: as they are. */
  taxes: string[];
  /** The price as it is read; '' for none. */
  shown_price: string;
  /** Where it comes from. */
  about: string;
}

/** Answers with what completes a line's description, as JSON: items, what this partner paid for them, earlier lines. */
export async function suggestLines({ db, req, res, actor, membership }: RequestContext) {
  const { q, type: name, partner: partner_id, currency, day, costs } = Params.parse(req.query);
  const type = types.find((one) => one.name === name);
  if (!type) throw new NotFound();
  const words = searchWords(q);
  if (!words) return res.json([]);
  const asked = { words, type, partner_id, currency };
  const queries = [suggestedItems(actor, asked), earlierLines(actor, asked), taxRates(actor)] as const;
  const [items, lines, rates] = await read(db.pool, actor, ...queries);
  const costed = costs !== '' && currency === membership.organization_currency;
  const reader = { locale: actor.locale, currency, costed, i18n: i18nOf(actor) };
  const on = isDay(day) ? day : today(actor);
  const named = items.flatMap((item) => itemSuggestions(item, type, taxesOf(item, type, rates, on), reader));
  return res.json([...named, ...lineSuggestions(lines, reader)]);
}

interface Reader {
  locale: string;
  currency: string;
  costed: boolean;
  i18n: I18n;
}

/** On what vendors write, and where percentages are typed, a line keeps the taxes that it has. */
const taxesOf = ({ tax_series }: SuggestedItem, type: DocumentType, rates: readonly TaxRate[], day: string) =>
  type.partner === 'customer' && namesTaxes(type) ? ratesOn(rates, tax_series ?? [], day).map(({ id }) => id) : [];

/** An item at its price; and, where this partner last had it at another, at that. */
function itemSuggestions(item: SuggestedItem, type: DocumentType, taxes: string[], reader: Reader): Suggestion[] {
  const { id, name, code, description, unit, group_name, price, vendor, last } = item;
  const { t } = reader.i18n;
  const buys = type.partner === 'vendor';
  const listed = buys ? (vendor?.price ?? null) : price;
  const theirs = buys && vendor?.code ? `${name} (${vendor.code})` : name;
  const words = [theirs, description].filter(Boolean).join('\n');
  const option = (value: string | null, about: string): Suggestion => ({
    ...{ item: id, description: words, unit, taxes, about },
    cost: reader.costed && item.cost !== null ? formatDecimalInput(item.cost, reader.locale) : '',
    ...pricesOf(value, reader),
  });
  const again = last && option(last.unit_price, lastUsed(last, buys, reader));
  const differs = last && (listed === null || Number(last.unit_price) !== Number(listed));
  if (listed === null && again) return [again];
  const from = [code, group_name].filter(Boolean).join(' · ');
  const main = option(listed, from || t('From your items'));
  return differs && again ? [main, again] : [main];
}

const lineSuggestions = (lines: EarlierLine[], reader: Reader): Suggestion[] =>
  lines
    .filter(({ description }, n) => lines.findIndex((one) => one.description === description) === n)
    .map((line) => ({
      ...{ item: '', description: line.description, unit: line.unit, cost: '', taxes: [] },
      ...pricesOf(line.unit_price, reader),
      about: reader.i18n.t('On {{document}}, {{date}}', {
        document: line.number,
        date: reader.i18n.format.shortDate(line.issued_on),
      }),
    }));

function lastUsed({ number, issued_on }: { number: string; issued_on: string }, buys: boolean, { i18n }: Reader) {
  const sentence = buys ? 'Their last price: {{document}}, {{date}}' : 'Last price for them: {{document}}, {{date}}';
  return i18n.t(sentence, { document: number, date: i18n.format.shortDate(issued_on) });
}

const pricesOf = (price: string | null, { locale, currency, i18n }: Reader) => ({
  price: price === null ? '' : formatDecimalInput(price, locale),
  shown_price: price === null ? '' : i18n.format.price(price, currency),
});
