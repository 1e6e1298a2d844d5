import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asksForOtherAccount, ibansIn } from '../../src/input/bank_change.js';

test('a message that asks to be paid elsewhere is noticed, in four languages', () => {
  const asking = [
    'Please note our new bank account from December on.',
    'Our bank details have changed.',
    'Kindly find our updated wire\ninstructions attached.',
    'We have changed banks, so please use the details below.',
    'From today all payments to Maple Street Clinic go to a new\naccount.',
    'Please remit to the following account: 0001 7788 42',
    'Bitte beachten Sie unsere neue Bankverbindung.',
    'Unsere IBAN hat sich geändert.',
    'Wir haben die Bank gewechselt.',
    'Bitte überweisen Sie künftig auf folgendes Konto.',
    'Veuillez noter nos nouvelles coordonnées bancaires.',
    'Notre RIB a changé, merci de le mettre à jour.',
    'Nous avons changé de banque.',
    'Les rogamos que tomen nota de nuestra nueva cuenta bancaria.',
    'Nuestros datos bancarios han cambiado.',
    'Hemos cambiado de banco.',
  ];
  assert.deepEqual(
    asking.filter((text) => !asksForOtherAccount(text)),
    [],
  );
});

test('who speaks of banks, accounts and changes otherwise is left alone', () => {
  const harmless = [
    'I sign it on Monday and pay from the new account.',
    'Has your bank account changed?',
    'Please send me your new bank details.',
    'Do you bank on oak?',
    'We changed the order on account of the weather.',
    'Our new account manager is Ida. She is back after the bank holiday.',
    'The new bench stands along the river bank.',
    'Please find our bank details below.',
    'Haben sich Ihre Bankdaten geändert? Bitte senden Sie uns Ihre neue IBAN.',
    'Die Bank am Fenster, so wie wir sie abgeklebt haben.',
    'Ich habe ein neues Konto im Portal.',
    'Voici le nouveau compte rendu de la visite.',
    'Quelles sont vos nouvelles coordonnées bancaires ?',
    'Tengan en cuenta la nueva medida del banco de roble.',
    '¿Ha cambiado su cuenta bancaria?',
    'The total changed because of the different delivery.',
  ];
  assert.deepEqual(harmless.filter(asksForOtherAccount), []);
});

test('IBANs are found as people write them, and only if their check digits are right', () => {
  assert.deepEqual(ibansIn('IBAN: DE89 3704 0044 0532 0130 00 BITTE BIS FREITAG'), ['DE89370400440532013000']);
  assert.deepEqual(ibansIn('GB82WEST12345698765432, or FR14 2004 1010 0505 0001 3M02 606.'), [
    'GB82WEST12345698765432',
    'FR1420041010050500013M02606',
  ]);
  assert.deepEqual(ibansIn('DE88 3704 0044 0532 0130 00, PO15 and RFP0 1234 5678 9012'), []);
});

test('a long text is read in no time', () => {
  const started = process.cpuUsage();
  for (const word of ['our new ', 'pay to ', 'bank account ', 'AB12 ', 'neue ', 'DE89 3704 '])
    assert.ok(!(asksForOtherAccount(word.repeat(20_000)) && ibansIn(word.repeat(20_000)).length));
  const { user } = process.cpuUsage(started);
  assert.ok(user < 2_000_000, `${user / 1000} ms`);
});
