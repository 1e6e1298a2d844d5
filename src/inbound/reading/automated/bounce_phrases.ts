import type { BounceInput } from './bounce_input.js';
import { valuesOf } from '../headers.js';

// Phrases that non-standard servers use in the subject and text of a report.
const SUBJECTS = new RegExp(
  [
    'undeliver(?:ed|able)|returned (?:mail|message|to sender)',
    'mail delivery (?:failed|failure|problem|system)|delivery (?:has )?(?:failed|failure|status)',
    'failure notice|failed delivery|message delivery|could not (?:be )?deliver',
    'delivery notification|not delivered|mail system error|nondeliverable|delivery error',
    '(?:mail|message) (?:was )?(?:rejected|refused)|non[- ]?delivery',
    'unzustellbar|nicht zugestellt|zustellung (?:fehlgeschlagen|nicht möglich)',
    'unzustellbarkeitsbericht|fehler bei der zustellung',
    'non remis|échec de (?:la )?(?:remise|livraison|distribution)|retour de (?:mail|message)',
    'non[- ]distribu|avis de non[- ]remise',
    'no se (?:puede|ha podido) entregar|no entregado|devuelto|fallo en la entrega|error de entrega',
    'mancato recapito|non recapitabile|consegna fallita|impossibile recapitare|messaggio non consegnato',
    'não (?:foi )?entregue|falha na entrega|devolvid[ao]|não é possível entregar',
    'onbestelbaar|niet (?:bezorgd|afgeleverd)|niet bestelbaar',
    'kunde inte levereras|kunne ikke leveres|ikke leveret|ei voitu toimittaa|olevererbart',
    'nie (?:dostarczono|można dostarczyć)|niedostarczon|nedoruč|kézbesíthetetlen',
    'не (?:доставлено|удалось доставить)|недоставленное|iletilemedi|teslim edilemedi',
    '配信不能|配信できません|配信に失敗|エラーメール|退信|投递失败|無法傳遞|无法投递|반송|전송 ?실패|배달되지 않음',
  ].join('|'),
  'iu',
);
const LATE = new RegExp(
  [
    'delay(?:ed)?|warning: (?:could not send|message)|still (?:being|trying)',
    'will (?:be retried|keep trying|continue trying)|verzögert|retard(?:é|ée)|retras|ritard',
    'vertraagd|atrasad|försenad|opóźnion|задержан|遅延|延迟',
  ].join('|'),
  'iu',
);
const FINAL = new RegExp(
  [
    "giving up|i've given up|permanent(?:ly)?|has been returned",
    'could not be delivered (?:for|after)|will not be retried|endgültig|dauerhaft',
  ].join('|'),
  'iu',
);
const DAEMON = new RegExp(
  '^(?:' +
    ['mailer-?daemon|postmaster|mail-?daemon|mail ?delivery|mdaemon|bounces?|amavisd|noreply-?dmarc', 'listserv'].join(
      '|',
    ) +
    ')(?:[+=.-].*)?@',
  'i',
);
const BOUNCE_TEXT = new RegExp(
  [
    'this (?:is|message was created) (?:the|automatically by) (?:mail|qmail)',
    "mail (?:delivery|system)|could(?: not|n['’]t) be delivered|wasn['’]t able to deliver",
    'undeliverable|unzustellbar|delivery to the following|following (?:address|recipient)',
    'returned (?:message|mail)|delivery (?:failed|failure)',
    '\\b[45]\\d\\d[ -][45]\\.\\d{1,3}\\.\\d{1,3}\\b',
    '\\b5\\d\\d[ -].{0,60}(?:user|mailbox|recipient|address)',
  ].join('|'),
  'i',
);

/** Whether an address belongs to a mail server rather than a person. */
export const isDaemon = (from: string | null) => from !== null && DAEMON.test(from);

/** Detects a report of failed or delayed delivery by its sender, subject and text. Returns null for other mail. */
export function looksBounced({ fields, subject, text, from, mail_from }: BounceInput): 'failed' | 'delayed' | null {
  const nullSender = mail_from === '' || valuesOf(fields, 'return-path')[0]?.trim() === '<>';
  const daemon = isDaemon(from);
  const start = text.slice(0, 5000);
  const bounceSubject = SUBJECTS.test(subject.slice(0, 300)) || LATE.test(subject.slice(0, 300));
  if (!(daemon ? bounceSubject || BOUNCE_TEXT.test(start) : nullSender && bounceSubject && BOUNCE_TEXT.test(start)))
    return null;
  return LATE.test(`${subject}\n${start}`) && !FINAL.test(start) ? 'delayed' : 'failed';
}

/** Whether a code gives no reason beyond success or failure, such as 5.0.0. */
export const isGeneric = (status: string | null) => status === null || /^[245]\.0\.0$/.test(status);

// Most specific first: the first match wins.
const MEANINGS: readonly (readonly [RegExp, string])[] = [
  [
    new RegExp(
      [
        '(?:mailbox|inbox|quota|postfach|boîte|buzón|casella|caixa).{0,40}(?:full|exceed|over|voll|' +
          'überschritten|pleine|lleno|piena|cheia)',
        'over ?quota|quota exceeded|insufficient (?:system )?storage',
        'メールボックス.{0,10}(?:満杯|いっぱい)',
      ].join('|'),
      'iu',
    ),
    '5.2.2',
  ],
  [
    new RegExp(
      [
        'message (?:size|too (?:large|big|long))|size (?:limit )?exceed|exceeds? .{0,30}(?:size|limit)',
        'zu groß|trop volumineux|demasiado grande',
      ].join('|'),
      'iu',
    ),
    '5.3.4',
  ],
  [
    new RegExp(
      '(?:mailbox|account|user|recipient).{0,30}(?:disabled|suspended|inactive|not active|deactivated|' +
        'locked|gesperrt|désactivé)',
      'iu',
    ),
    '5.2.1',
  ],
  [
    new RegExp(
      [
        'spam|blocked|black ?list|denied|policy|not (?:permitted|authorized|allowed)|reputation',
        'rejected (?:due to|because of) content|abgelehnt wegen',
      ].join('|'),
      'iu',
    ),
    '5.7.1',
  ],
  [
    new RegExp(
      [
        "(?:host|domain|dns|server).{0,40}(?:not found|unknown|does not exist|no such|couldn['’]t find|" +
          'could not be found|unbekannt|introuvable)',
        '(?:no such|unrouteable|unknown) (?:host|domain)|name or service not known|nxdomain|no mx',
      ].join('|'),
      'iu',
    ),
    '5.1.2',
  ],
  [
    new RegExp(
      [
        '(?:user|mailbox|recipient|address|account|addressee).{0,60}(?:unknown|' +
          "not (?:found|exist|known|valid|listed)|no such|does(?: not|n['’]t) exist|invalid|rejected|" +
          'unavailable)',
        '(?:unknown|no such|invalid|bad|nonexistent|unrouteable) (?:user|mailbox|recipient|address|' +
          'local ?part|destination)',
        'no mailbox here|no longer (?:with|works|employed|valid|available)',
        '(?:empfänger|adresse|postfach|benutzer).{0,40}(?:unbekannt|existiert nicht|nicht gefunden)',
        "(?:destinataire|adresse|utilisateur).{0,30}(?:inconnu|n['’]existe pas|introuvable)",
        '(?:usuario|dirección|destinatario).{0,30}(?:desconocid|no existe)|utente sconosciuto',
        '宛先.{0,10}(?:不明|存在しません)|用户不存在|收件人不存在|存在しない',
      ].join('|'),
      'iu',
    ),
    '5.1.1',
  ],
  [
    new RegExp(
      [
        'timed? ?out|connection (?:refused|reset)|unreachable|no route to host',
        'retry time(?:out)? (?:not reached|exceeded)|too long in the queue',
      ].join('|'),
      'iu',
    ),
    '5.4.1',
  ],
  [/relay(?:ing)? (?:access )?(?:denied|not permitted)/iu, '5.7.1'],
];

/** Returns the enhanced status code stated in a report, or inferred from its wording; null if there is no reason. */
export function inferStatus(text: string): string | null {
  const start = text.slice(0, 20_000);
  const enhanced = [...start.matchAll(/(?<![\d.])([45]\.\d{1,3}\.\d{1,3})(?![\d.])/g)]
    .map(([, code = '']) => code)
    .find((code) => !isGeneric(code));
  if (enhanced) return enhanced;
  const inferred = MEANINGS.find(([words]) => words.test(start))?.[1];
  if (inferred) return inferred;
  const reply = /(?<![\d.])([45])\d\d[ -]/.exec(start)?.[1];
  return reply ? `${reply}.0.0` : null;
}
