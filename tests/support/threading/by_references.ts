import { type Conversations, idsIn, type Mail } from './mail.js';
import { type Base, baseSubject, strippedSubject } from './subject.js';

/** A message's place in a tree; without a message where only its id is known. */
interface Node {
  mail: Mail | null;
  parent: Node | null;
  children: Node[];
}

/** THREAD=REFERENCES of RFC 5256 §3, as IMAP servers do: by references, then by base subject. */
export const rfc5256 = (mails: readonly Mail[]) => threaded(mails, baseSubject);

/**
 * Jamie Zawinski's algorithm, as Netscape, Evolution, Thunderbird and many since: the same steps with a simpler
 * subject.
 */
export const jwz = (mails: readonly Mail[]) => threaded(mails, strippedSubject);

/** The same by references alone, as programs that don't look at subjects. */
export const byReferences = (mails: readonly Mail[]) => threaded(mails, null);

function threaded(mails: readonly Mail[], base: ((subject: string) => Base) | null): Conversations {
  const roots = pruned(linked(mails));
  const threads = base ? merged(roots.toSorted(byDate), base) : roots;
  return threads.toSorted(byDate).map(inOrder);
}

/** Steps 1 and 2: the trees that References (or, without them, In-Reply-To) tell of. */
function linked(mails: readonly Mail[]): Node[] {
  const nodes = new Map<string, Node>();
  const nodeOf = (id: string): Node => {
    const node = nodes.get(id) ?? { mail: null, parent: null, children: [] };
    nodes.set(id, node);
    return node;
  };
  for (const mail of mails) {
    // Another message with the same id is a message of its own.
    const node = nodes.get(mail.message_id)?.mail
      ? nodeOf(`${mail.message_id} ${nodes.size}`)
      : nodeOf(mail.message_id);
    node.mail = mail;
    const named = mail.references.length ? mail.references : idsIn(mail.in_reply_to).slice(0, 1);
    const chain = named.map(nodeOf);
    chain.forEach((child, i) => i > 0 && !child.parent && link(chain[i - 1] ?? child, child));
    // What a message says of itself counts for more than what others' shortened headers said.
    unlink(node);
    const last = chain.at(-1);
    if (last) link(last, node);
  }
  return [...nodes.values()].filter(({ parent }) => !parent);
}

function link(parent: Node, child: Node): void {
  for (let above: Node | null = parent; above; above = above.parent) if (above === child) return;
  child.parent = parent;
  parent.children.push(child);
}

function unlink(node: Node): void {
  if (node.parent) node.parent.children = node.parent.children.filter((child) => child !== node);
  node.parent = null;
}

/** Step 3: places without a message go; their children move up, but several don't become roots. */
function pruned(roots: readonly Node[]): Node[] {
  const clean = (node: Node): Node[] => {
    node.children = node.children.flatMap(clean);
    return node.mail ? [node] : node.children;
  };
  return roots.flatMap((root) => {
    const kept = clean(root);
    return root.mail || kept.length < 2 ? kept : [root];
  });
}

/** Step 5: threads of the same subject become one. */
function merged(roots: readonly Node[], base: (subject: string) => Base): Node[] {
  const of = (node: Node) => base(firstOf(node).subject);
  const table = new Map<string, Node>();
  for (const node of roots) {
    const known = table.get(of(node).base);
    const better =
      !known || (known.mail && !node.mail) || (known.mail && node.mail && of(known).is_reply && !of(node).is_reply);
    if (of(node).base && better) table.set(of(node).base, node);
  }
  const all = new Set(roots);
  for (const node of roots) {
    const [key, kept] = [of(node).base, table.get(of(node).base)];
    if (!kept || kept === node) continue;
    all.delete(node);
    const one = together(kept, node, of);
    if (one !== kept) all.delete(kept);
    all.add(one);
    table.set(key, one);
  }
  return [...all];
}

/** Two threads of one subject as one; returns its root. */
function together(kept: Node, node: Node, of: (node: Node) => Base): Node {
  if (!kept.mail) {
    kept.children.push(...(node.mail ? [node] : node.children));
    return kept;
  }
  if (of(node).is_reply && !of(kept).is_reply) {
    kept.children.push(node);
    return kept;
  }
  return { mail: null, parent: null, children: [kept, node] };
}

function firstOf(node: Node): Mail {
  const mail = node.mail ?? node.children.toSorted(byDate)[0]?.mail;
  if (!mail) throw new Error('A thread without a message.');
  return mail;
}

const byDate = (a: Node, b: Node): number => Number(firstOf(a).date) - Number(firstOf(b).date);

/** A message, then what answers it, the oldest first. */
const inOrder = (node: Node): Mail[] => [
  ...(node.mail ? [node.mail] : []),
  ...node.children.toSorted(byDate).flatMap(inOrder),
];
