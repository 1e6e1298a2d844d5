/**
 * Messages that look as if they held a header, an attribution, a signature or a banner: every word of them is the
 * sender's.
 */
export const WHOLE = [
  'Pickup:\nFrom: Main Street 5\nTo: Harbor Road 7\nDate: 9 March 2026, 16:00\nContact: gina@oak.example\n\nPlease bring two people.',
  'Date: Monday, 9 March 2026 16:00\nTo: the harbor\nSubject: delivery\nWe will be there.',
  'Please change the line:\n\nFrom: 3 doors\nTo: 4 doors\n\nThanks',
  'Ok.\n\nSent from my iPhone\n\nPS: call me before you come.',
  'We approve the offer.\n\n--\n\nBut please add a second door.',
  'Order:\n\n- 3 doors, green\n- 4 windows, white\n\nDelivery to:\nMaple Street Clinic\n12 Maple Street\nSpringfield\n\nInvoice to accounts@maple.example',
  'Please find our bank details below.\n\nMaple Bank\nIBAN DE02 1203 0000 0000 2020 51\nBIC BYLADEM1001',
  'Dear Olivia,\n\nThe contact on site is:\n\nGina Park\n+1 555 010 2233\n\nShe has the keys.',
  'Please send to:\n\nMaya Chen\nMaple Street Clinic\nmaya@maple.example\n+1 555 010 2233',
  'Please confirm that you sent:\n> 3 doors\n> 4 windows',
  'As agreed on the phone:\n\n> 10 % discount on everything\n\nPlease change the quote.',
  'I wrote to Tom <tom@oak.example> on 9 March 2026 at 16:02:\n\nWe need the stairs in May.\n\nHe agreed.',
  'On Friday, 13 March 2026 at 10:00 our team can be there.\n\nPlease confirm.',
  'Am 13.03.2026 um 10:00 Uhr können wir.\n\nBitte bestätigen.',
  'Le 13 mars 2026 à 10:00 nous serons là.\n\nMerci de confirmer.',
  '=====\nOption A\n=====\nOption B\n=====\nWe take B.',
  '---\nPlease deliver to Tom Baker\ntom@oak.example',
  'CAUTION: external walls must be painted outside of the company hours.\n\nDo not click the tiles.',
  'Write the number above the line on page 2.\n\nThanks',
  'Thanks!\n\nOne more thing: the key is with Gina Park.',
  'Kind regards to Tom!\n\nThe doors are fine.',
  'The subject: doors\nThe date: 9 March\nThe price: 400',
  'From: maya\nI think so',
  '> yes',
  '👍',
  'No.',
];

const WHO = 'Harbor & Pine <reply+7kq2@mail.harbor.example>';

/** Lines that introduce a quote, in languages and forms that no vocabulary holds. */
export const INTRODUCES = [
  `На пн, 9.03.2026 г. в 16:02 ${WHO} написа:`,
  `pon, 9. ožu 2026. u 16:02 ${WHO} napisao je:`,
  `V V pon., 9. mar. 2026 ob 16:02 je oseba ${WHO} napisala:`,
  `пон, 9. мар 2026. у 16:02 ${WHO} је написао/ла:`,
  `2026-03-09, pr, 16:02 ${WHO} rašė:`,
  `pirmd., 2026. g. 9. marts, plkst. 16:02 — lietotājs ${WHO} rakstīja:`,
  `Kuupäev E, 9. märts 2026 kell 16:02 kirjutas kasutaja ${WHO}:`,
  `در تاریخ دوشنبه ۹ مارس ۲۰۲۶،‏ ۱۶:۰۲ ${WHO} نوشت:`,
  `सोम, 9 मार्च 2026 को 4:02 pm बजे को ${WHO} ने लिखा:`,
  `Missatge de ${WHO} del dia dl., 9 de març 2026 a les 16:02:`,
  `Noong Lun, Mar 9, 2026 nang 4:02 PM, sinulat ni ${WHO} na:`,
  `mán., 9. mar. 2026 kl. 16:02 skrifaði ${WHO}:`,
  `${WHO} 於 2026年3月9日週一 下午4:02寫道：`,
  'Dana 9. ožujka 2026. u 16:02 Harbor & Pine je napisao/la:',
  'Quoting Harbor & Pine (2026-03-09 16:02:11)',
  'Harbor & Pine (09.03.2026 16:02):',
  'You wrote on Monday, March 9, 2026, 4:02:11 PM:',
  'Harbor & Pine wrote:',
  'Harbor & Pine\n<reply+7kq2@mail.harbor.example> schrieb am Mo., 9. März 2026, 16:02:',
  '* Harbor & Pine <reply@mail.harbor.example> [2026-03-09 16:02]:',
];
