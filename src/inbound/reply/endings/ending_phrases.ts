// Phrases with which people, mail clients, mailing lists and gateways start and end a message.

/** A closing formula, alone on its line. */
export const CLOSING = new RegExp(
  '^[\\s*_]*(?:' +
    [
      '(?:(?:many|much|with)\\s)?(?:thanks|thank you|thx|tnx|' +
        'cheers)(?:[ ,]+(?:again|so much|very much|a lot|in advance|and regards|and best regards))*',
      '(?:(?:best|kind|kindest|warm|warmest|with best|with kind|many)\\s)*(?:regards|wishes)',
      '(?:yours|sincerely|best|cordially|respectfully|all the best|take care|talk soon|love|rgds|br|' +
        'kr)(?: (?:sincerely|truly|faithfully|yours))?',
      '(?:(?:mit|viele|beste|schöne|herzliche|liebe|freundliche)[nrm]? )*(?:freundlichen |besten |' +
        'lieben |herzlichen |vielen )?(?:grüße|grüßen|grüsse|grüssen|gruß|gruss|' +
        'dank)(?: (?:und|aus) .{1,20})?',
      'mfg|lg|vg|danke|vielen dank|hochachtungsvoll',
      '(?:bien )?cordialement|(?:bien |très )?(?:amicalement|respectueusement)',
      "merci(?: d’avance| d'avance| beaucoup)?|bonne (?:journée|soirée)|salutations(?: distinguées)?",
      'bien à (?:vous|toi)|cdlt',
      '(?:un )?(?:cordial |atento )?saludos?(?: cordiales)?|atentamente|(?:muchas )?gracias|un abrazo',
      '(?:cordiali |distinti |un )?salut[io]|grazie(?: mille)?|cordialmente',
      'met (?:vriendelijke|hartelijke) groet(?:en)?|(?:vriendelijke |hartelijke )?groet(?:en|jes)?',
      'mvg|bedankt|alvast bedankt',
      '(?:med )?(?:venlig|vänlig|vennlig|vänliga|bästa|beste|bedste|mange) (?:hilsen|hilsner|hälsning|hälsningar)',
      'hilsen|hälsningar|mvh|vh|kh|(?:mange )?takk?|tack',
      '(?:atenciosamente|att|abraços?|obrigad[oa]|cumprimentos|com os melhores cumprimentos)',
      '(?:z poważaniem|pozdrawiam|pozdrowienia|dziękuję)|(?:s pozdravem|s přáním hezkého dne|děkuji)',
      '(?:terveisin|ystävällisin terveisin|kiitos)',
      '(?:trân trọng|thân mến|cảm ơn)|(?:cu stimă|cu respect|mulțumesc|toate cele bune)|με εκτίμηση|ευχαριστώ',
      '(?:s poštovanjem|srdačan pozdrav|lijep pozdrav|lep pozdrav|hvala)|(?:с уважение|поздрави|благодаря)',
      '(?:salam|terima kasih|hormat (?:saya|kami))|ขอแสดงความนับถือ|ขอบคุณ(?:ครับ|ค่ะ)?',
      '(?:בברכה|בכבוד רב|תודה(?: רבה)?)|(?:مع (?:أطيب |خالص )?(?:التحية|التحيات|تحياتي)|تحياتي)',
      '(?:شكرا|شكرًا|با احترام|با تشکر)',
      '(?:с уважением|спасибо|з повагою|дякую)|(?:üdvözlettel|köszönöm)|(?:saygılarımla|teşekkürler)',
      '(?:以上、?)?よろしくお願い(?:いた|致)?(?:します|申し上げます)|敬具|此致|谢谢|謝謝|顺颂商祺|감사합니다',
    ].join('|') +
    ')\\s*[,.!;\\-–—。、]*[\\s*_]*(?:\\p{Extended_Pictographic}\\s*)*$',
  'iu',
);

/** Of these closings, those that begin an answer as often as they end one. */
export const THANKS = new RegExp(
  '^[\\s*_]*(?:(?:many|much|with|vielen|besten|herzlichen|muchas|mange|hartelijk|alvast) )*(?:' +
    'thank|thx|tnx|cheers|dank|merci|gracias|grazie|bedankt|ta[ck]|obrigad|dziękuję|děkuji|kiitos|спасибо|дякую|' +
    'köszönöm|teşekkür|cảm ơn|mulțumesc|ευχαριστώ|hvala|благодаря|terima kasih|ขอบคุณ|תודה|شكر|' +
    'با تشکر|谢谢|謝謝|감사|best[!.]|love)',
  'iu',
);

/** Words that are an answer, not a name. */
export const ANSWER = new RegExp(
  '^\\W*(?:' +
    [
      'yes|no|nope|yep|ok|okay|approved?|accept(?:ed)?|confirm(?:ed)?|agreed?|done|perfect|great|good|noted|received|paid',
      'sent|signed|rejected|declined|denied|cancel(?:led)?|sure|correct|right|fine|understood|deal|go|tomorrow|today|now',
      '(?:mon|tues|wednes|thurs|fri|satur|sun)day|option|red|green|blue|white|black|grey|gray|oak',
      'ja|nein|genehmigt|freigegeben|akzeptiert|angenommen|einverstanden|bestätigt|erledigt|abgelehnt|passt|klar|gut|super',
      'oui|non|accepté|approuvé|validé|confirmé|reçu|parfait|refusé|sí|si|aprobado|aceptado|confirmado|vale|perfecto',
      'recibido|sim|não|aprovado|aceito|confirmado|approvato|accettato|confermato|perfetto|va bene|akkoord|goedgekeurd',
      'nee|prima|godkendt|godkänt|godkjent|nej|nei|zatwierdzam|zgoda|tak|nie|souhlasím|ano|да|нет|согласен|утверждаю',
    ].join('|') +
    ')(?![\\p{L}])',
  'iu',
);

/** A salutation. */
export const GREETING = new RegExp(
  '^(?:' +
    [
      'hi|hello|hey|dear|good (?:morning|afternoon|evening|day)|hallo|guten (?:tag|morgen|abend)|moin',
      'sehr geehrte|liebe|bonjour|bonsoir|salut|cher|chère|hola|buen[oa]s|estimad[oa]|ciao|buongiorno',
      'gentile|beste|geachte|goedemorgen|hej|hei|olá|bom dia|boa tarde|prezad[oa]|cześć|dzień dobry',
      'szanown|здравствуйте|привет|добрый|dobrý den|ahoj|merhaba|sayın|您好|你好|こんにちは|お世話',
      '안녕하세요',
    ].join('|') +
    ')(?![\\p{L}])',
  'iu',
);

/** A line that a phone or an app adds automatically. */
const DEVICE = new RegExp(
  '^[\\s*_[(]*(?:' +
    [
      'sent (?:wirelessly )?(?:from|via|by|using|with) (?:my |a |the )?[^.,;?]{2,60}|sent from my [^.,;?]{2,90}',
      'sent from my [^.,;?]{2,30}, (?:\\S+ ){0,3}\\S*(?:phone|device|tablet|galaxy)|sent a [^.,;?]{2,40}',
      '(?:get|download|try) (?:the )?(?:outlook|gmail|yahoo mail|aol)[^.,;?]{0,30}',
      '[^.,;?!]{2,40}\\boutlook\\b[^.,;?!]{2,30}(?:ios|android|mac)\\b[^.,;?!<]{0,20}(?=\\s?<https?:)',
      '(?:נשלח מ|تم الإرسال من|أرسلت? من|enviat (?:des )?d|στάλθηκε από|trimis de pe|küldve |gửi từ|' +
        'dikirim dari|ส่งจาก|發自我的|发自我的|odoslané z|poslano (?:s|iz|z) |изпратено от|išsiųsta iš|' +
        'nosūtīts no|saadetud minu)[^.,;?!]{2,40}',
      '[^.,;?!]{0,6}(?:iphone|ipad|android|galaxy|huawei|xiaomi)[^.,;?!]{0,20}(?:gönderildi|发送|傳送|から送信|에서 보냄)',
      '(?:\\S+ ){0,3}outlook (?:\\S+ ){0,3}(?:ios|android)(?: \\S+){0,2}',
      'sent (?:via|from) (?:the |my )?[^.;?]{2,30}, an? [^.;?]{2,30}(?:smartphone|phone|device)',
      'via mobile|von unterwegs(?: gesendet)?',
      'gesendet (?:von|mit|über|aus)[^.;?]{2,60}|(?:von|mit) [^.;?]{2,40} gesendet',
      'diese nachricht wurde von meinem [^.;?]{2,60} gesendet',
      '(?:envoyé|envoye) (?:de|depuis|à partir de|avec|sans fil|via|par)[^.;?]{2,80}',
      'télécharger outlook[^.;?]{0,30}|obtenir outlook[^.;?]{0,30}',
      'enviado (?:desde|do|de|através|con|via|a partir)[^.;?]{2,60}|obtener outlook[^.;?]{0,30}',
      'inviato (?:da|dal|con|dall)[^.;?]{2,60}|scarica outlook[^.;?]{0,30}',
      '(?:verzonden|verstuurd) (?:vanaf|met|via|van)[^.;?]{2,60}|outlook voor [^.;?]{2,20} downloaden',
      '(?:sendt|skickat|sendt fra min|skickat från) (?:fra|från|med|via)[^.;?]{2,60}',
      '(?:hent|hämta|skaffa) outlook[^.;?]{0,30}',
      'lähetetty [^.;?]{2,60}|wysłane? z[^.;?]{2,60}|odesláno z[^.;?]{2,60}',
      'отправлено (?:с|из)[^.;?]{2,60}|надіслано з[^.;?]{2,60}',
      '(?:iphone|ipad|android|スマートフォン|私の[^。]{1,20})から送信|发自我的[^。]{1,20}',
      '從我的[^。]{1,20}傳送|나의 [^.]{1,20}에서 보냄|sent from .{2,20}のiphone',
    ].join('|') +
    ')[!.\\])*_\\s]*(?:<[^>]{1,300}>)?[\\s.]*$',
  'iu',
);

const APPS =
  'i?phon|' +
  'mobile|mobil|handy|smart|tablet|ipad|ipod|android|galaxy|samsung|huawei|honor|xiaomi|redmi|oneplus|oppo|pixel|' +
  'nokia|xperia|htc|motorola|blackberry|windows|mac(?:book)?|outlook|mail|gmail|yahoo|aol|gmx|web\\.de|t-online|proton|' +
  'tuta|zoho|fastmail|hey|spark|superhuman|newton|front|missive|thunderbird|k-9|nine|boxer|workspace|verse|traveler|' +
  'notes|exchange|owa|app|device|handheld|wireless|verizon|at&t|vodafone|telekom|orange|sprint|o2|nexus|kindle|surface|' +
  'laptop|computer|pc|ios|canary|edison|shortwave|em client|postbox|aqua|libero|virgilio|sfr|laposte|naver|qq|163|yandex|' +
  'rediff|seznam|centrum|onet|telstra|rogers|bell|telus|unterwegs|téléphone|teléfono|telefon[oe]?|móvil|puhelime';
const SENT =
  /^[\s*_[(]*(?:sent|gesendet|envoy|enviad|inviat|verzonden|verstuurd|sendt|skickat|lähetetty|wysłan|odesl)/iu;
const FROM_APP = new RegExp(
  `(?:^|[^\\p{L}])(?:my|mein(?:em|er)?|mon|ma|mi|mio|mia|mijn|meu|minha|min|mitt|mojego|mého)(?![\\p{L}])|(?:${APPS})`,
  'iu',
);
/** What was sent otherwise, or when: a person says so. */
const SAID_SENT = new RegExp(
  '(?:^|[^\\p{L}])(?:' +
    [
      'because|so that|too (?:big|large)',
      'courier|parcel|dhl|ups|fedex|tnt|dpd|gls|usps|truck|freight|cheque|transfer|separately|office|warehouse|factory|bank',
      'colleague|accountant|supplier|account|(?:by|per|via|with|in) (?:the )?(?:post|mail|e-?mail|air|sea|road|train|hand|fax)',
      'this (?:morning|afternoon|week)|today|yesterday|tomorrow|last (?:week|night)|on (?:mon|tues|wednes|thurs|fri)day|already',
      'kurier|spedition|paket|brief|heute|gestern|morgen|post|kollegen?|coursier|courrier|colis|hier|ce matin|aujourd.hui',
      'transporteur|poste|mensajer[íi]a|correo|hoy|ayer|esta mañana|paquete|corriere|oggi|ieri|stamattina|pacco|koerier',
      'vandaag|gisteren|pakket|idag|igår|i går|i dag|bud|dziś|dzisiaj|wczoraj|kurierem|pocztą|correio|hoje|ontem',
    ].join('|') +
    ')(?![\\p{L}])',
  'iu',
);

/** Whether a line was added by a phone or an app, by its product: people say "Sent by courier this morning". */
export const isDeviceLine = (text: string): boolean =>
  DEVICE.test(text) && !(SENT.test(text) && (SAID_SENT.test(text) || !FROM_APP.test(text)));

/** A footer that a scanner for viruses adds. */
export const SCANNER = new RegExp(
  '(?:^|[^\\p{L}])(?:avast|avg|virus-?free|virenfrei(?:e)?|sans virus|libre de virus|senza virus|virusvrij|' +
    'checked (?:by|for) virus|scanned (?:by|for)|auf viren (?:geprüft|überprüft)|mailscanner|sophos|eset (?:nod32|mail)|' +
    'kaspersky|mcafee|bitdefender|norton|barracuda|mimecast|proofpoint|symantec|messagelabs|trend micro|' +
    'forcepoint|hornetsecurity|ironport)(?![\\p{L}])',
  'iu',
);

/** A footer that a mailing list or an issue tracker adds below a signature delimiter. */
export const LIST_FOOTER = new RegExp(
  '^(?:' +
    [
      'you (?:received|are receiving|got) this (?:message|e-?mail|mail|because)',
      'to (?:unsubscribe|view this|post to)|unsubscribe|reply to this e-?mail directly',
      '.{0,60} mailing list$|sie (?:erhalten|bekommen) diese (?:nachricht|e-?mail)',
      'vous recevez ce (?:message|courriel)|ha recibido este mensaje',
    ].join('|') +
    ')',
  'iu',
);

/** Phrases of legal footers; a paragraph with at least three different ones is a footer. */
export const LEGAL = new RegExp(
  'confidential|privileged|intended recipient|intended only|intended solely|addressee|' +
    'authori[sz]ed to receive|unauthori[sz]ed|strictly prohibited|in error|' +
    'vertraulich|bestimmungsgemäß|irrtümlich|unbefugt|nicht gestattet|rechtlich geschützt|' +
    'confidentiel|destinataire|par erreur|strictement interdit|' +
    'confidencial|destinatario|por error|prohibid|riservat|per errore|vertrouwelijk|geadresseerde|' +
    'please consider the environment',
  'giu',
);

const NATURE = 'umwelt|environnement|ambiente|milieu|miljö|miljø';
const PRINTING = 'druck|imprim|stampa|print|udskriv';

/** Asks not to print a message. */
export const DONT_PRINT = new RegExp(
  ['consider the environment', `(?:${NATURE}).{0,60}(?:${PRINTING})`, `(?:${PRINTING}).{0,60}(?:${NATURE})`].join('|'),
  'iu',
);

/** A legal footer speaks of the message that it is in. */
export const THIS_MESSAGE = new RegExp(
  [
    '(?:this|the|these|any) (?:e-?mails?|messages?|mail|communication|transmission|electronic|information contained|' +
      'attachments?|transmittal|correspondence)|contents? of this|attached (?:files?|to it)|received (?:it|this)',
    'diese[rnms]? (?:e-?mail|mail|nachricht|mitteilung)|ce(?:t|tte)? (?:e-?mail|mail|message|courriel|courrier)',
    '(?:est[ea]|el presente) (?:correo|mensaje|e-?mail|mensagem|comunicación)|quest[oa] (?:e-?mail|messaggio|comunicazione)',
    '(?:dit|deze) (?:bericht|e-?mail)|(?:denne|detta|dette) (?:e-?post|e-?mail|meddelande|melding|besked|mail)',
    'wiadomość|zpráv|сообщени|письм|e-?posta|メール|邮件|郵件|이메일|메일|the environment',
  ].join('|'),
  'iu',
);

/** How a gateway's banner about external mail starts, and phrases that it contains. */
export const WARNING = new RegExp(
  '^\\W*(?:' +
    [
      "caution|warning|external|attention|notice|be careful|you don['’]t often|achtung|vorsicht",
      'this (?:message|e-?mail|mail) (?:is|was|came|comes|has been|originate[sd]) (?:sent )?(?:from|outside)',
      'extern|hinweis|avertissement|atención|precaución|attenzione|let op|atenção|cuidado|uwaga',
      'varning|obs|внимание|注意|警告|主意|주의',
    ].join('|') +
    ')',
  'iu',
);
export const FROM_OUTSIDE = new RegExp(
  [
    'outside (?:of )?(?:the|your|our|this)? ?(?:\\S+ )?(?:organi[sz]ation|company|network)',
    "don['’]t often get email|external (?:sender|e-?mail|source)|do not click",
    'außerhalb (?:der|ihrer|unserer) (?:organisation|firma)',
    'externe[nrms]? (?:absender|e-?mail|quelle)',
    "(?:en dehors|à l['’]extérieur) de (?:l['’]|votre |notre )(?:organisation|entreprise)",
    "expéditeur externe|fuera de (?:la|su|nuestra) (?:organización|empresa)|esterno all['’]",
    "all['’]esterno dell['’]|buiten (?:de|uw|onze) organisatie",
    'fora da (?:sua |nossa )?(?:organização|empresa)|spoza (?:organizacji|firmy)|外部',
    'know the (?:content|sender)|links? (?:or|and) attachments?',
    '(?:open|click)(?:ing)?(?: on)? (?:any )?(?:links|attachments)|exercise caution|learn why this|links oder anhänge',
    '(?:keine|nicht auf) links|anhänge|liens|pièces jointes|enlaces|adjuntos|allegati|bijlagen',
    'anexos|附件',
  ].join('|'),
  'giu',
);
