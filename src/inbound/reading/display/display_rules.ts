/** The allow-list of tags, attributes and styles for showing a message. Everything else is removed. */
export const TAGS = (
  'a abbr acronym address article aside b bdi bdo big blockquote br caption center cite code col colgroup dd del dfn ' +
  'div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark nav ol p pre q ' +
  'rp rt ruby s samp section small span strike strong sub sup table tbody td tfoot th thead time tr tt u ul var wbr'
).split(' ');

const CELL = ['align', 'valign', 'bgcolor', 'width', 'height', 'colspan', 'rowspan', 'nowrap'];

export const ATTRIBUTES: Record<string, string[]> = {
  '*': ['dir', 'lang', 'title', 'style'],
  a: ['href', 'target', 'rel'],
  img: ['src', 'alt', 'width', 'height'],
  font: ['color', 'size'],
  table: ['align', 'bgcolor', 'border', 'cellpadding', 'cellspacing', 'width'],
  td: CELL,
  th: CELL,
  tr: ['align', 'valign', 'bgcolor'],
  col: ['width', 'span'],
  ol: ['start', 'type'],
  ul: ['type'],
  li: ['value'],
  div: ['align'],
  p: ['align'],
  h1: ['align'],
  h2: ['align'],
  h3: ['align'],
};

const COLOR = [/^#[0-9a-f]{3,8}$/i, /^[a-z]{3,24}$/i, /^rgba?\([\d\s.,%/]{1,40}\)$/i];
const LENGTH = [/^(?:auto|0|\d{1,4}(?:\.\d{1,4})?(?:px|pt|em|rem|%))$/i];
const SPACE = [/^(?:\d{1,2}(?:\.\d{1,4})?(?:px|pt|em|rem)?\s*){1,4}$/i];

/** No url(), no positioning, overlays or animation, no negative lengths. */
export const STYLES: Record<string, RegExp[]> = {
  color: COLOR,
  'background-color': COLOR,
  background: COLOR,
  'text-align': [/^(?:left|right|center|justify|start|end)$/i],
  'vertical-align': [/^(?:top|middle|bottom|baseline|sub|super)$/i],
  'font-weight': [/^(?:normal|bold|bolder|lighter|[1-9]00)$/i],
  'font-style': [/^(?:normal|italic|oblique)$/i],
  'font-size': [
    new RegExp(
      '^(?:' +
        [
          '[1-9]\\d?(?:\\.\\d{1,4})?(?:px|pt)|[1-3]?\\d{2}%|[0-3](?:\\.\\d{1,4})?r?em',
          'x{0,2}-?(?:small|large)|medium|smaller|larger',
        ].join('|') +
        ')$',
      'i',
    ),
  ],
  'text-decoration': [/^(?:none|underline|line-through)$/i],
  'text-transform': [/^(?:none|uppercase|lowercase|capitalize)$/i],
  'white-space': [/^(?:normal|pre|pre-wrap|pre-line|nowrap)$/i],
  direction: [/^(?:ltr|rtl)$/i],
  display: [/^(?:none|block|inline|inline-block|table|table-row|table-cell|list-item)$/i],
  width: LENGTH,
  'max-width': LENGTH,
  height: LENGTH,
  padding: SPACE,
  'padding-left': SPACE,
  'padding-right': SPACE,
  'padding-top': SPACE,
  'padding-bottom': SPACE,
  border: [/^(?:none|0|\d{1,2}px\s+(?:solid|dashed|dotted)(?:\s+#?[0-9a-z]{3,24})?)$/i],
  'border-left': [/^(?:none|0|\d{1,2}px\s+(?:solid|dashed|dotted)(?:\s+#?[0-9a-z]{3,24})?)$/i],
  'border-collapse': [/^(?:collapse|separate)$/i],
};
