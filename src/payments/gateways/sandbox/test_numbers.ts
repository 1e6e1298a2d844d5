/** A card or an account that the sandbox knows. */
export interface TestNumber {
  method: 'card' | 'bank_debit';
  number: string;
  /** A sentence for whoever tries it. */
  does: string;
  /** What paying with it causes, see OUTCOMES; `confirm`: once the payer has confirmed it with their bank. */
  outcome: string;
  confirm?: boolean;
  /** What charging it later causes, once it is stored; null: it can't be stored. */
  stored: string | null;
}

const card = (number: string, does: string, outcome: string, more: Partial<TestNumber> = {}): TestNumber => ({
  ...{ method: 'card', number, does, outcome, stored: outcome },
  ...more,
});

const account = (number: string, does: string, outcome: string): TestNumber => ({
  ...{ method: 'bank_debit', number, does, outcome, stored: outcome },
});

/** All that it knows. Anybody's own number is refused. */
export const TEST_NUMBERS: readonly TestNumber[] = [
  card('4242424242424242', 'Succeeds.', 'card_ok'),
  card('5555555555554444', 'Succeeds.', 'card_ok'),
  card('378282246310005', 'Succeeds.', 'card_ok'),
  card('4000002760003184', 'Asks you to confirm with your bank.', 'card_ok', {
    confirm: true,
    stored: 'card_to_confirm',
  }),
  card('4000000000000002', 'Is declined.', 'card_declined', { stored: null }),
  card('4000000000000341', 'Can be saved, but is declined when it is charged.', 'card_declined'),
  card('4000000000000259', 'Succeeds. The bank takes the money back 20 seconds later.', 'card_taken_back'),
  account('000123456789', 'Arrives after 20 seconds.', 'bank_ok'),
  account('000111111116', 'Fails after 20 seconds: not enough funds.', 'bank_returned'),
];

/** A routing number that goes with all of them. */
export const TEST_ROUTING = '110000000';
