import { valuesOf } from '../headers.js';
import type { HeaderField } from '../headers.js';

const LISTS = ['list-id', 'list-unsubscribe', 'list-post'];
const RESPONDERS = [
  'x-autoreply',
  'x-autorespond',
  'x-autoresponder',
  'x-auto-reply',
  'x-mail-autoreply',
  'auto-reply',
  'x-ms-exchange-inbox-rules-loop',
  'feedback-id',
];
const DAEMONS = /^(?:mailer-daemon|postmaster|daemon|no-?reply|do-?not-?reply|bounces?|root|nobody)(?:[+-].*)?@/i;

// Matches the whole subject, or its start followed by a colon or the original subject: a person may write "out of
// office" within a sentence.
const AWAY = new RegExp(
  '^\\s*(?:\\[[^\\]]{0,40}\\]\\s*)?(?:' +
    [
      'out of (?:the )?office(?: (?:auto[- ]?)?(?:reply|response|message|notification|autoreply))?',
      'auto(?:matic|mated)?[- ]?(?:reply|response|answer)|auto(?=:)|autoreply|on vacation(?: notice)?',
      'vacation (?:reply|notice|response)|away from (?:my )?(?:the )?(?:office|desk|mail)',
      'abwesen(?:d|heit)s?(?:notiz|nachricht|meldung|assistent|benachrichtigung)?',
      'automatische antwort|automatische abwesenheit(?:snotiz|smeldung)?|nicht im büro',
      "réponse automatique|absence du bureau|absent(?:e)? du bureau|message d['’]absence",
      'respuesta automática|respuesta automatica|fuera de (?:la )?oficina|ausente de la oficina',
      "risposta automatica|fuori (?:sede|ufficio)|assenza dall['’]ufficio",
      'resposta automática|fora do escritório|ausência temporária',
      'automatisch antwoord|afwezigheids?(?:bericht|melding|assistent)|niet aanwezig|out-of-office',
      'automatisk svar|autosvar|frånvaro(?:meddelande)?|fraværs?(?:besked|melding|assistent)?',
      'ikke til stede|automaattinen vastaus|poissa(?: toimistosta)?',
      'odpowiedź automatyczna|automatyczna odpowiedź|poza biurem|automatická odpověď|mimo kancelář',
      'automatická odpoveď|automatikus válasz|házon kívül',
      'автоматический ответ|автоответ|вне офиса|автоматична відповідь|otomatik (?:yanıt|cevap)',
      'ofis dışında|răspuns automat|αυτόματη απάντηση',
      'תשובה אוטומטית|מענה אוטומטי|הודעה אוטומטית|מחוץ למשרד|رد تلقائي|الرد التلقائي|رد آلي|خارج المكتب|پاسخ خودکار',
      '(?:การ)?ตอบกลับอัตโนมัติ|ตอบอัตโนมัติ|ไม่อยู่ที่สำนักงาน|trả lời tự động|thư trả lời tự động|vắng mặt|balasan otomatis',
      'स्वचालित (?:जवाब|उत्तर)|automatski odgovor|аутоматски одговор|samodejni odgovor|автоматичен отговор',
      'automatinis atsakymas|automātisk(?:ā|a) atbilde|automaat(?:ne )?vastus|resposta automàtica|sjálfvirkt svar',
      '自動応答|自動返信|不在(?:通知|の連絡)|自动(?:回复|答复)|自動回覆|外出|자동 ?(?:응답|회신)|부재중',
    ].join('|') +
    ')\\s*(?:[:：!.\\-–—(]|(?:re|aw|sv|antw|rif|odp)\\s*:|$)',
  'iu',
);

// Subjects of automatic acknowledgements from help desks.
const RECEIVED = new RegExp(
  '^\\s*(?:\\[[^\\]]{0,40}\\]\\s*)?(?:' +
    [
      "we(?:['’]ve| have) received your",
      'your (?:request|ticket|case|message|email|enquiry|inquiry)(?: \\S{1,40})? (?:has been|was|' +
        'is) (?:received|created|opened|logged|registered)',
      '(?:new )?(?:support )?(?:ticket|request|case)(?: \\[?#?[\\w-]{1,30}\\]?)? (?:received|created|' +
        'opened|logged)',
      'thank you for contacting',
      'wir haben ihre (?:anfrage|nachricht|e-?mail) erhalten',
      'ihre (?:anfrage|nachricht)(?: \\S{1,40})? (?:ist|wurde) (?:bei uns )?(?:eingegangen|erfasst|registriert)',
      'eingangsbestätigung',
      'nous avons (?:bien )?reçu votre',
      'votre (?:demande|message) a (?:bien )?été (?:reçue?|enregistrée?)|accusé de réception',
      'hemos recibido su|su (?:solicitud|mensaje) ha sido (?:recibid|registrad)[ao]',
      'abbiamo ricevuto la (?:sua|tua)|recebemos (?:a )?su[ao]|wij hebben uw .{1,30} ontvangen',
      'vi har (?:mottatt|mottagit|modtaget) (?:din|ditt)',
    ].join('|') +
    ')',
  'iu',
);

const MAX_HOPS = 100;

/** `subject` is decoded; `mail_from` is the envelope sender, '' for the null path of a bounce. */
interface AutomaticInput {
  readonly fields: readonly HeaderField[];
  readonly subject: string;
  readonly mail_from: string | null;
  readonly from: string | null;
}

/**
 * Returns the reason to treat a message as automatic, as shown to staff, or null if a person wrote it (RFC 3834,
 * RFC 3464, RFC 8098). Exchange adds X-Auto-Response-Suppress to personal mail too, so it is ignored.
 */
export function automaticReason({ fields, subject, mail_from, from }: AutomaticInput): string | null {
  const of = (name: string) => valuesOf(fields, name).map((value) => plain(value));
  const type = of('content-type')[0] ?? '';
  if (of('received').length > MAX_HOPS) return 'It went round so many servers that it must be in a loop.';
  if (/^multipart\/report/.test(type))
    return /report-type="?disposition-notification/.test(type)
      ? 'It is a read receipt.'
      : 'It is a report of a mail server.';
  if (/^message\/(?:delivery-status|disposition-notification|feedback-report)/.test(type))
    return 'It is a report of a mail server.';
  if (of('auto-submitted').some((value) => firstWord(value) !== 'no'))
    return 'Its Auto-Submitted header says that a machine sent it.';
  if (of('precedence').some((value) => /^(?:junk|auto_reply)\b/.test(value)))
    return 'Its Precedence header marks it as bulk or automatic.';
  if (RESPONDERS.slice(0, -1).some((name) => of(name).some((value) => !/^(?:no|false|)$/.test(value))))
    return 'It is marked as an automatic reply.';
  if (of('x-failed-recipients').length > 0) return 'It is a report of a failed delivery.';
  if (mail_from === '' || of('return-path')[0] === '<>') return 'It has no return path, as only reports have.';
  if ((from !== null && DAEMONS.test(from)) || /^(?:mailer-daemon|postmaster)@/i.test(mail_from ?? ''))
    return 'It comes from an address that nobody reads.';
  const bare = subject.slice(0, 300).replace(/^\s*(?:(?:re|aw|sv|antw|rif|odp|vs)\s*:\s*)+/i, '');
  if (AWAY.test(bare)) return 'Its subject is that of an out-of-office reply.';
  return RECEIVED.test(bare) ? 'It only says that something has arrived.' : null;
}

/**
 * Returns the reason to treat a message as bulk mail unless it answers us, or null. Relays, gateways and lists put these
 * headers on what a person wrote, too.
 */
export function bulkReason(fields: readonly HeaderField[]): string | null {
  const of = (name: string) => valuesOf(fields, name).map((value) => plain(value));
  if (of('precedence').some((value) => /^(?:bulk|list)\b/.test(value)))
    return 'Its Precedence header marks it as bulk or automatic.';
  return LISTS.some((name) => of(name).length > 0) ? 'It came through a mailing list.' : null;
}

// A structured header may contain comments (in parentheses) anywhere.
function plain(value: string): string {
  return value
    .replace(/\([^()]*\)/g, ' ')
    .trim()
    .toLowerCase();
}

function firstWord(value: string): string {
  return value.split(/[\s;,]/, 1)[0] ?? '';
}
