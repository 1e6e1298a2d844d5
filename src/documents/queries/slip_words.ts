/** The words of a slip are laid down for each language of Switzerland, and for English (guidelines, annex D). */
const WORDS = {
  de: {
    payment_part: 'Zahlteil',
    receipt: 'Empfangsschein',
    account: 'Konto / Zahlbar an',
    reference_label: 'Referenz',
    additional: 'Zusätzliche Informationen',
    payable_by_label: 'Zahlbar durch',
    payable_by_blank: 'Zahlbar durch (Name/Adresse)',
    currency_label: 'Währung',
    amount_label: 'Betrag',
    acceptance_point: 'Annahmestelle',
  },
  fr: {
    payment_part: 'Section paiement',
    receipt: 'Récépissé',
    account: 'Compte / Payable à',
    reference_label: 'Référence',
    additional: 'Informations supplémentaires',
    payable_by_label: 'Payable par',
    payable_by_blank: 'Payable par (nom/adresse)',
    currency_label: 'Monnaie',
    amount_label: 'Montant',
    acceptance_point: 'Point de dépôt',
  },
  en: {
    payment_part: 'Payment part',
    receipt: 'Receipt',
    account: 'Account / Payable to',
    reference_label: 'Reference',
    additional: 'Additional information',
    payable_by_label: 'Payable by',
    payable_by_blank: 'Payable by (name/address)',
    currency_label: 'Currency',
    amount_label: 'Amount',
    acceptance_point: 'Acceptance point',
  },
};

/** The words in a language, or in English where there are none. */
export function slipWords(language: string) {
  const known = language === 'de' || language === 'fr' ? language : 'en';
  return { language: known, ...WORDS[known] };
}
