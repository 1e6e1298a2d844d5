import assert from 'node:assert/strict';
import { test } from 'node:test';
import { replacerFor } from '../../../src/people/data_rights/erasing/replacer.js';

const ID = '01900000-0000-7000-8000-000000000001';
const replacer = (names: string[], addresses: string[] = [], current_name = names.join(' ')) =>
  replacerFor({
    ...{ people: [ID], current_name, names, addresses },
    ...{ replacement_name: 'Deleted person', replacement_address: 'erased@erased.invalid' },
  });

test('a full name is found as whole words, however it is written', () => {
  const { text } = replacer(['Zoë O’Brien-Müller']);
  const found = [
    'Thanks, Zoë O’Brien-Müller!',
    "thanks, ZOË O'BRIEN-MÜLLER!",
    'Thanks, Zoë\u00a0 \n O’Brien‑Müller!',
    'Thanks, Zoë O’Brien-Müller!'.normalize('NFD'),
    'Thanks, O’Brien-Müller, Zoë!',
    'Thanks, Zo%C3%AB%20O&#39;Brien-M%C3%BCller!',
    'Thanks, Zoë_O’Brien-Müller!',
  ];
  for (const one of found) assert.match(text(one), /^thanks, deleted person!$/i, one);
  for (const other of ['Zoë O’Brien-Müllers', 'AZoë O’Brien-Müller', 'Zoë and O’Brien-Müller', 'Zoë'])
    assert.equal(text(other), other);
  assert.equal(replacer(['A.* (B)']).text('Dear A.* (B), dear Ab B'), 'Dear Deleted person, dear Ab B');
  assert.equal(replacer(['R & D "Q"']).text('R &amp; D &quot;Q&quot; wrote'), 'Deleted person wrote');
});

test('a name of one word only where it is all there is; an address as a whole', () => {
  const { text } = replacer(['Cher', 'Müller'], ['cher@müller.example', 'o.k+x@xn--mller-kva.example']);
  assert.equal(text(' CHER '), 'Deleted person');
  assert.equal(text('Cher wrote'), 'Cher wrote');
  assert.equal(text('<Cher@Müller.example>, o.k+x@müller.example.'), '<erased@erased.invalid>, erased@erased.invalid.');
  assert.equal(text('?q=o.k%2Bx%40xn--mller-kva%2Eexample'), '?q=erased@erased.invalid');
  for (const other of ['a.cher@müller.example', 'cher@müller.example.org', 'xcher@müller.example'])
    assert.equal(text(other), other);
});

test('an earlier name that has nothing of the current one is replaced only where it is all there is', () => {
  const { text } = replacer(['Ana Ruiz', 'Ana Lund', 'Thank You'], [], 'Ana Ruiz');
  assert.equal(text('Thank you, Ana Lund'), 'Thank you, Deleted person');
  assert.equal(text('Thank You'), 'Deleted person');
});

test('in JSON the values change and nothing else; who bears the same name keeps it beside their own id', () => {
  const { json } = replacer(['Max "M" \\ Stein', 'Kim Lee'], ['max@stein.example']);
  const other = '01900000-0000-7000-8000-000000000002';
  const details = {
    ...{
      name: 'Max',
      person_id: ID,
      'Kim Lee': 1,
      amount: 0.1,
      text: 'By Max "M" \\ Stein',
      list: [{ to: 'max@stein.example' }],
    },
    inner: { name: 'Kim Lee', person_id: other, for: 'Someone', for_id: ID, nothing: null, yes: true },
  };
  assert.deepEqual(json(details), {
    ...{ name: 'Deleted person', person_id: ID, 'Kim Lee': 1, amount: 0.1, text: 'By Deleted person' },
    list: [{ to: 'erased@erased.invalid' }],
    inner: { name: 'Kim Lee', person_id: other, for: 'Deleted person', for_id: ID, nothing: null, yes: true },
  });
});
