// Phrases of mail clients in many languages. They only support the structural rules (dates, addresses, order).

/** Ends an attribution line: "… wrote:". */
export const WROTE =
  'wrote|writes|sent|schrieb|schrieb am|geschrieben|a écrit|écrit|a ecrit|escribió|escribio|ha scritto|scrisse|scritto|schreef|geschreven|' +
  'skrev|følgende|kirjoitti|escreveu|escrigué|va escriure|napisał|napisała|napisał\\(a\\)|pisze|написал|написала|написал\\(а\\)|написав|пише|пишет|писали|писал|писала|' +
  'írta|đã viết|yazdı|şunu yazdı|napsal|napsala|napsal\\(a\\)|napísal|a scris|έγραψε|je napisao|je napisala|je napisao/la|napisao je|napisala je|napisao|napisala|је написао/ла|написао|написа|נכתב|כתב|כתבה|نوشت|เขียนว่า|ने लिखा|sinulat|rašė|kirjutas|rakstīja|' +
  '写道|寫道|のメール|書きました|のメッセージ|님이 작성|작성|menulis|replied|respondió|skrifaði';

/** Begins an attribution line: "On …", "Le …", "Am …". */
export const ON =
  'on|in a message dated|le|am|el|il|il giorno|op|em|no dia|den|på|w dniu|dnia|dne|dňa|vào|in data|at|la|în|στις|pe|ma|ti|ke|to|su|a|kl|u|вт|пн|ср|чт|пт|сб|вс|a les|em|kuupäeval|from|在';

const MONTH =
  '(?:jan|feb|mar|mär|mrt|apr|may|mai|maj|mag|jun|jul|aug|août|sep|set|oct|okt|ott|out|nov|dec|dez|déc|dic|des|gen|ene|abr|ago|janv|févr|avr|juin|juil)[\\p{L}]*';

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
    'from|author|von|de|da|van|fra|från|od|от|від|kimden|lähettäjä|feladó|expediteur|expéditeur|remitente|mittente|afzender|absender|von meinem|' +
    'gönderen|送信者|差出人|发件人|寄件者|寄件人|보낸사람|보낸 사람|από|de la|nadawca|odesílatel|dari|من|מאת|จาก'
  ).split('|'),
  date: (
    'sent|date|gesendet|datum|envoyé|envoyé le|envoye|date d’envoi|enviado|enviado el|enviado em|fecha|inviato|data|verzonden|sendt|dato|skickat|' +
    'wysłano|odesláno|отправлено|дата|надіслано|lähetetty|päivämäärä|elküldve|dátum|gönderildi|tarih|発信日時|送信日時|日付|发送时间|发送日期|寄件日期|日期|时间|' +
    '보낸 날짜|날짜|εστάλη|trimis|data wysłania|dikirim|message du|تاريخ الإرسال|التاريخ|נשלח|תאריך|ส่งเมื่อ|วันที่'
  ).split('|'),
  to: 'to|an|à|a|para|aan|til|till|do|komu|кому|kime|vastaanottaja|címzett|destinataire|destinatario|dla|宛先|收件人|받는사람|받는 사람|προς|către|kepada|إلى|אל|ถึง'.split(
    '|',
  ),
  cc: 'cc|bcc|kopie|copie|copie à|copia|kopia|kopi|копия|копія|抄送|参照|副本|참조|cc:|dw|másolat|kopio'.split('|'),
  subject:
    'subject|betreff|objet|asunto|oggetto|onderwerp|emne|ämne|temat|předmět|predmet|тема|konu|aihe|otsikko|tárgy|assunto|件名|主题|主題|主旨|제목|θέμα|subiect|perihal|الموضوع|נושא|เรื่อง'.split(
      '|',
    ),
  other:
    'reply-to|importance|attachments|anlagen|pièces jointes|priority|wichtigkeit|importance|resent-from|organization'.split(
      '|',
    ),
};

/** The noun in "-----Original Message-----". */
export const MESSAGE_NOUN =
  /message|nachricht|mensaje|messaggio|bericht|meddelelse|besked|melding|meddelande|viesti|mensagem|сообщение|повідомлення|wiadomo|邮件|郵件|メッセージ|메시지|zpráva|správa|üzenet|mesaj|mesej|μήνυμα|thư/iu;

/** Introduces a forwarded message. */
export const FORWARDED =
  /forward|fwd|weitergeleitet|transf[ée]r|réexpédi|reenviad|encaminhad|inoltrat|doorgestuurd|videres[ea]nd|vidarebefordra|välitet|przekaz[ay]|перес[ыл]|переадрес|перенаправ|转发|轉寄|転送|전달|[iİ]leti[lm]|yönlendir|přepos|továbbított|προωθ|redirecționat|chuyển tiếp|diteruskan|ส่งต่อ|הועבר|محول|توجيه|препрати|proslijeđ/iu;

/** "Reply above this line", as other systems put it above a message. */
export const REPLY_ABOVE =
  /(?:reply|respond|response|type|antwort|répon|respuesta|respond|rispo|resposta|antwoord|odpowied|svar|ответ|返信|回复|回覆).{0,40}(?:above this line|oberhalb dieser|über dieser|au[- ]dessus de cette|(?:encima|arriba) de esta|sopra (?:questa|la)|acima desta|boven deze|powyżej tej|ovanför denna|over denne|выше этой|この(?:線|行)より上|此(?:行|线)(?:以上|上方))|above this line to reply/iu;

/** A subject of a forwarded message. */
export const FORWARD_SUBJECT =
  /^\s*(?:\[[^\]]{1,60}\]\s*)?(?:fwd?|wg|wtr|tr|rv|enc|rif|i|doorst|vs|vb|vl|pd|fs|fyi|továbbítás|ynt|ilt|i̇lt|προωθ|转发|轉寄|轉發|転送|전달|пересл|hvs|הועבר)\s*[:：]/iu;

/** A closing formula, alone on its line. */
export const CLOSING = new RegExp(
  '^[\\s*_]*(?:' +
    [
      '(?:(?:many|much|with)\\s)?(?:thanks|thank you|thx|tnx|cheers)(?:[ ,]+(?:again|so much|very much|a lot|in advance|and regards|and best regards))*',
      '(?:(?:best|kind|kindest|warm|warmest|with best|with kind|many)\\s)*(?:regards|wishes)',
      '(?:yours|sincerely|best|cordially|respectfully|all the best|take care|talk soon|love|rgds|br|kr)(?: (?:sincerely|truly|faithfully|yours))?',
      '(?:(?:mit|viele|beste|schöne|herzliche|liebe|freundliche)[nrm]? )*(?:freundlichen |besten |lieben |herzlichen |vielen )?(?:grüße|grüßen|grüsse|grüssen|gruß|gruss|dank)(?: (?:und|aus) .{1,20})?',
      'mfg|lg|vg|danke|vielen dank|hochachtungsvoll',
      "(?:bien )?cordialement|(?:bien |très )?(?:amicalement|respectueusement)|merci(?: d’avance| d'avance| beaucoup)?|bonne (?:journée|soirée)|salutations(?: distinguées)?|bien à (?:vous|toi)|cdlt",
      '(?:un )?(?:cordial |atento )?saludos?(?: cordiales)?|atentamente|(?:muchas )?gracias|un abrazo',
      '(?:cordiali |distinti |un )?salut[io]|grazie(?: mille)?|cordialmente',
      'met (?:vriendelijke|hartelijke) groet(?:en)?|(?:vriendelijke |hartelijke )?groet(?:en|jes)?|mvg|bedankt|alvast bedankt',
      '(?:med )?(?:venlig|vänlig|vennlig|vänliga|bästa|beste|bedste|mange) (?:hilsen|hilsner|hälsning|hälsningar)|hilsen|hälsningar|mvh|vh|kh|(?:mange )?takk?|tack',
      '(?:atenciosamente|att|abraços?|obrigad[oa]|cumprimentos|com os melhores cumprimentos)',
      '(?:z poważaniem|pozdrawiam|pozdrowienia|dziękuję)|(?:s pozdravem|s přáním hezkého dne|děkuji)|(?:terveisin|ystävällisin terveisin|kiitos)',
      '(?:с уважением|спасибо|з повагою|дякую)|(?:üdvözlettel|köszönöm)|(?:saygılarımla|teşekkürler)',
      '(?:以上、?)?よろしくお願い(?:いた|致)?(?:します|申し上げます)|敬具|此致|谢谢|謝謝|顺颂商祺|감사합니다',
    ].join('|') +
    ')\\s*[,.!;\\-–—。、]*[\\s*_]*(?:\\p{Extended_Pictographic}\\s*)*$',
  'iu',
);

/** A salutation. */
export const GREETING =
  /^(?:hi|hello|hey|dear|good (?:morning|afternoon|evening|day)|hallo|guten (?:tag|morgen|abend)|moin|sehr geehrte|liebe|bonjour|bonsoir|salut|cher|chère|hola|buen[oa]s|estimad[oa]|ciao|buongiorno|gentile|beste|geachte|goedemorgen|hej|hei|olá|bom dia|boa tarde|prezad[oa]|cześć|dzień dobry|szanown|здравствуйте|привет|добрый|dobrý den|ahoj|merhaba|sayın|您好|你好|こんにちは|お世話|안녕하세요)(?![\p{L}])/iu;

/** A line that a phone or an app adds automatically. */
export const DEVICE = new RegExp(
  '^[\\s*_[(]*(?:' +
    [
      'sent (?:wirelessly )?(?:from|via|by|using|with) (?:my |a |the )?[^.,;?]{2,60}',
      'sent a [^.,;?]{2,40}',
      '(?:get|download|try) (?:the )?(?:outlook|gmail|yahoo mail|aol)[^.,;?]{0,30}',
      '[^.,;?!]{2,40}\\boutlook\\b[^.,;?!]{2,30}(?:ios|android|mac)\\b[^.,;?!<]{0,20}(?=\\s?<https?:)',
      '(?:נשלח מ|تم الإرسال من|أرسلت? من|enviat (?:des )?d|στάλθηκε από|trimis de pe|küldve |gửi từ|dikirim dari|ส่งจาก|發自我的|发自我的|odoslané z|poslano (?:s|iz|z) |изпратено от|išsiųsta iš|nosūtīts no|saadetud minu)[^.,;?!]{2,40}',
      '[^.,;?!]{0,6}(?:iphone|ipad|android|galaxy|huawei|xiaomi)[^.,;?!]{0,20}(?:gönderildi|发送|傳送|から送信|에서 보냄)',
      '(?:\\S+ ){0,3}outlook (?:\\S+ ){0,3}(?:ios|android)(?: \\S+){0,2}',
      'sent (?:via|from) (?:the |my )?[^.;?]{2,30}, an? [^.;?]{2,30}(?:smartphone|phone|device)',
      'via mobile|von unterwegs(?: gesendet)?',
      'gesendet (?:von|mit|über|aus)[^.;?]{2,60}|(?:von|mit) [^.;?]{2,40} gesendet|diese nachricht wurde von meinem [^.;?]{2,60} gesendet',
      '(?:envoyé|envoye) (?:de|depuis|à partir de|avec|sans fil|via|par)[^.;?]{2,80}|télécharger outlook[^.;?]{0,30}|obtenir outlook[^.;?]{0,30}',
      'enviado (?:desde|do|de|através|con|via|a partir)[^.;?]{2,60}|obtener outlook[^.;?]{0,30}',
      'inviato (?:da|dal|con|dall)[^.;?]{2,60}|scarica outlook[^.;?]{0,30}',
      '(?:verzonden|verstuurd) (?:vanaf|met|via|van)[^.;?]{2,60}|outlook voor [^.;?]{2,20} downloaden',
      '(?:sendt|skickat|sendt fra min|skickat från) (?:fra|från|med|via)[^.;?]{2,60}|(?:hent|hämta|skaffa) outlook[^.;?]{0,30}',
      'lähetetty [^.;?]{2,60}|wysłane? z[^.;?]{2,60}|odesláno z[^.;?]{2,60}|отправлено (?:с|из)[^.;?]{2,60}|надіслано з[^.;?]{2,60}',
      '(?:iphone|ipad|android|スマートフォン|私の[^。]{1,20})から送信|发自我的[^。]{1,20}|從我的[^。]{1,20}傳送|나의 [^.]{1,20}에서 보냄|sent from .{2,20}のiphone',
    ].join('|') +
    ')[!.\\])*_\\s]*(?:<[^>]{1,300}>)?[\\s.]*$',
  'iu',
);

/** A footer that a mailing list or an issue tracker adds below a signature delimiter. */
export const LIST_FOOTER =
  /^(?:you (?:received|are receiving|got) this (?:message|e-?mail|mail|because)|to (?:unsubscribe|view this|post to)|unsubscribe|reply to this e-?mail directly|.{0,60} mailing list$|sie (?:erhalten|bekommen) diese (?:nachricht|e-?mail)|vous recevez ce (?:message|courriel)|ha recibido este mensaje)/iu;

/** Phrases of legal footers; a paragraph with at least three different ones is a footer. */
export const LEGAL = new RegExp(
  'confidential|privileged|intended recipient|intended only|intended solely|addressee|unauthori[sz]ed|strictly prohibited|in error|' +
    'vertraulich|bestimmungsgemäß|irrtümlich|unbefugt|nicht gestattet|rechtlich geschützt|confidentiel|destinataire|par erreur|strictement interdit|' +
    'confidencial|destinatario|por error|prohibid|riservat|per errore|vertrouwelijk|geadresseerde|please consider the environment',
  'giu',
);

/** How a gateway's banner about external mail starts, and phrases that it contains. */
export const WARNING =
  /^\W*(?:caution|warning|external|attention|notice|be careful|you don['’]t often|achtung|vorsicht|extern|hinweis|avertissement|atención|precaución|attenzione|let op|atenção|cuidado|uwaga|varning|obs|внимание|注意|警告|主意|주의)/iu;
export const FROM_OUTSIDE =
  /outside (?:of )?(?:the|your|our|this)? ?(?:\S+ )?(?:organi[sz]ation|company|network)|don['’]t often get email|external (?:sender|e-?mail|source)|do not click|außerhalb (?:der|ihrer|unserer) (?:organisation|firma)|externe[nrms]? (?:absender|e-?mail|quelle)|(?:en dehors|à l['’]extérieur) de (?:l['’]|votre |notre )(?:organisation|entreprise)|expéditeur externe|fuera de (?:la|su|nuestra) (?:organización|empresa)|esterno all['’]|all['’]esterno dell['’]|buiten (?:de|uw|onze) organisatie|fora da (?:sua |nossa )?(?:organização|empresa)|spoza (?:organizacji|firmy)|外部|know the (?:content|sender)|links? (?:or|and) attachments?|(?:open|click) (?:any )?(?:links|attachments)|learn why this|links oder anhänge|(?:keine|nicht auf) links|anhänge|liens|pièces jointes|enlaces|adjuntos|allegati|bijlagen|anexos|附件/giu;
