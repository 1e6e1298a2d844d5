// Phrases of mail clients in many languages. They only support the structural rules (dates, addresses, order).

/** Ends an attribution line: "… wrote:". */
export const WROTE =
  'wrote|writes|sent|schrieb|schrieb am|geschrieben|a écrit|écrit|a ecrit|escribió|escribio|' +
  'ha scritto|scrisse|scritto|schreef|geschreven|' +
  'skrev|følgende|kirjoitti|escreveu|escrigué|va escriure|napisał|napisała|napisał\\(a\\)|pisze|' +
  'написал|написала|написал\\(а\\)|написав|пише|пишет|писали|писал|писала|' +
  'írta|đã viết|yazdı|şunu yazdı|napsal|napsala|napsal\\(a\\)|napísal|a scris|έγραψε|je napisao|' +
  'je napisala|je napisao/la|napisao je|napisala je|napisao|napisala|је написао/ла|написао|написа|' +
  'נכתב|כתב|כתבה|نوشت|เขียนว่า|ने लिखा|sinulat|rašė|kirjutas|rakstīja|' +
  '写道|寫道|のメール|書きました|のメッセージ|님이 작성|작성|menulis|replied|respondió|skrifaði';

/** Begins an attribution line: "On …", "Le …", "Am …". */
export const ON =
  'on|in a message dated|le|am|el|il|il giorno|op|em|no dia|den|på|w dniu|dnia|dne|dňa|vào|' +
  'in data|at|la|în|στις|pe|ma|ti|ke|to|su|a|kl|u|вт|пн|ср|чт|пт|сб|вс|a les|em|kuupäeval|from|在';

const MONTH =
  '(?:jan|feb|mar|mär|mrt|apr|may|mai|maj|mag|jun|jul|aug|août|sep|set|oct|okt|ott|out|nov|dec|' +
  'dez|déc|dic|des|gen|ene|abr|ago|janv|févr|avr|juin|juil)[\\p{L}]*';

const YEAR = '(?:19|20)\\d\\d';

/** A date in digits, or with a month's name in any language next to a year. */
export const DATE = new RegExp(
  [
    `\\b${YEAR}\\s?[-./年]\\s?\\d{1,2}`,
    `\\b\\d{1,2}[-./]\\s?\\d{1,2}[-./]\\s?\\d{2,4}\\b`,
    `\\d{1,2}[\\p{L}.]{0,3}[\\s-]*(?:de |d['’])?[\\p{L}\\p{M}]{2,12}\\.?,?[\\s-]*(?:de |tháng \\d+, )?${YEAR}`,
    `[\\p{L}]{3,12}\\.?[\\s-]*\\d{1,2}(?:st|nd|rd|th)?,?[\\s-]*${YEAR}`,
    `\\b${MONTH}\\.? \\d{1,2}\\b`,
    `\\b\\d{1,2}\\.?[ -]${MONTH}\\b`,
    `tháng \\d+, ${YEAR}`,
    `\\d{1,2}월 \\d{1,2}일`,
    `[-.]${YEAR}\\b`,
  ].join('|'),
  'iu',
);

/** A time of day. */
export const TIME = /\b\d{1,2}[:.h]\d{2}\b/i;

/** An email address, loosely. */
export const ADDRESS = /[^\s<>()[\]",;:@]{1,80}@[^\s<>()[\]",;:@]{1,255}/;

/** Names of the fields in a quoted header block, by kind. */
export const FIELDS: Readonly<Record<string, readonly string[]>> = {
  from: (
    'from|author|von|de|da|van|fra|från|od|от|від|kimden|lähettäjä|feladó|expediteur|expéditeur|' +
    'remitente|mittente|afzender|absender|von meinem|' +
    'gönderen|送信者|差出人|发件人|寄件者|寄件人|보낸사람|보낸 사람|από|de la|nadawca|odesílatel|dari|từ|šalje|من|מאת|จาก'
  ).split('|'),
  date: (
    'sent|date|gesendet|datum|envoyé|envoyé le|envoye|date d’envoi|enviado|enviado el|enviado em|' +
    'fecha|inviato|data|verzonden|sendt|dato|skickat|' +
    'wysłano|odesláno|отправлено|дата|надіслано|lähetetty|đã gửi|ngày|' +
    'изпратено|изпратено на|poslano|išsiųsta|päivämäärä|elküldve|dátum|gönderildi|' +
    'tarih|発信日時|送信日時|日付|发送时间|发送日期|寄件日期|日期|时间|' +
    '보낸 날짜|날짜|εστάλη|trimis|data wysłania|dikirim|message du|تاريخ الإرسال|التاريخ|נשלח|תאריך|ส่งเมื่อ|วันที่'
  ).split('|'),
  to: (
    'to|an|à|a|para|aan|til|till|do|komu|кому|kime|vastaanottaja|címzett|destinataire|destinatario|' +
    'dla|宛先|收件人|받는사람|받는 사람|προς|către|kepada|tới|đến|до|prima|إلى|אל|ถึง'
  ).split('|'),
  cc: 'cc|bcc|kopie|copie|copie à|copia|kopia|kopi|копия|копія|抄送|参照|副本|참조|cc:|dw|másolat|kopio'.split('|'),
  subject: (
    'subject|betreff|objet|asunto|oggetto|onderwerp|emne|ämne|temat|předmět|predmet|тема|konu|aihe|' +
    'otsikko|tárgy|assunto|件名|主题|主題|主旨|제목|θέμα|subiect|perihal|chủ đề|относно|الموضوع|נושא|เรื่อง'
  ).split('|'),
  other: (
    'reply-to|importance|attachments|anlagen|pièces jointes|priority|wichtigkeit|importance|' +
    'resent-from|organization'
  ).split('|'),
};

/** The noun in "-----Original Message-----". */
export const MESSAGE_NOUN = new RegExp(
  [
    'e-?mail|message|nachricht|mensaje|messaggio|bericht|meddelelse|besked|melding|meddelande|viesti',
    'mensagem|сообщение|повідомлення|wiadomo|邮件|郵件|メッセージ|메시지|zpráva|správa|üzenet|mesaj',
    'mesej|μήνυμα|thư',
  ].join('|'),
  'iu',
);

/** Introduces a forwarded message. */
export const FORWARDED = new RegExp(
  [
    'forward|fwd|weitergeleitet|transf[ée]r|réexpédi|reenviad|encaminhad|inoltrat|doorgestuurd',
    'videres[ea]nd|vidarebefordra|välitet|przekaz[ay]|перес[ыл]|переадрес|перенаправ|转发|轉寄|転送',
    '전달|[iİ]leti[lm]|yönlendir|přepos|továbbított|προωθ|redirecționat|chuyển tiếp|diteruskan',
    'ส่งต่อ|הועבר|محول|توجيه|препрати|proslijeđ',
  ].join('|'),
  'iu',
);

/** "Reply above this line", as other systems put it above a message. */
export const REPLY_ABOVE = new RegExp(
  [
    '(?:reply|respond|response|type|antwort|répon|respuesta|respond|rispo|resposta|antwoord|' +
      'odpowied|svar|ответ|返信|回复|回覆).{0,40}(?:above this line|oberhalb dieser|über dieser|' +
      'au[- ]dessus de cette|(?:encima|arriba) de esta|sopra (?:questa|la)|acima desta|boven deze|' +
      'powyżej tej|ovanför denna|over denne|выше этой|この(?:線|行)より上|此(?:行|线)(?:以上|上方))',
    'above this line to reply',
  ].join('|'),
  'iu',
);

/** A subject of a forwarded message. */
export const FORWARD_SUBJECT = new RegExp(
  '^\\s*(?:\\[[^\\]]{1,60}\\]\\s*)?(?:' +
    [
      'fwd?|wg|wtr|tr|rv|enc|i|doorst|vs|vb|vl|pd|fs|fyi|továbbítás|ilt|i̇lt|προωθ|转发|轉寄',
      '轉發|転送|전달|пересл|hvs|הועבר',
    ].join('|') +
    ')\\s*[:：]',
  'iu',
);

/** A subject of an answer: "Re:" in many languages. */
export const REPLY_SUBJECT = new RegExp(
  '^\\s*(?:\\[[^\\]]{1,60}\\]\\s*)?(?:' +
    [
      're|r|aw|antw|antwort|sv|vs|odp|ref|rif|res|rép|rep|ré|ynt|yan|atb|ats|vá|hv|hl|bls|tb|trả lời|απ|σχετ|отв|ответ',
      'відп|на|回复|回覆|答复|答覆|返信|回信|답장|회신|רה|תשובה|השב|رد|الرد|پاسخ|ตอบ|ตอบกลับ|odg|odpověď|razg|balas',
    ].join('|') +
    ')(?:\\[\\d{1,3}\\]|\\(\\d{1,3}\\)|\\^\\d{1,3})?\\s*[:：]',
  'iu',
);
