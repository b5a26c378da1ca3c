// Checks a transfer log exported as c2sp.org/tlog-tiles, with nothing but Node's own library and docs/transfer-log.md.
// It shares no code with the product: where both agree, the page says enough.
//
//   node verify.mjs --tiles DIR --policy FILE [--leaf FILE --proof FILE]
//
// Prints one JSON line. Exit code: 0 everything held, 1 something did not, 2 an input could not be read.
import { createHash, createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

class Refuted extends Error {}
class Unusable extends Error {}

const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();
const leafHash = (bytes) => sha256(Buffer.of(0), bytes);
const nodeHash = (left, right) => sha256(Buffer.of(1), left, right);
const refuteUnless = (holds, why) => { if (!holds) throw new Refuted(why); };
const need = (holds, why) => { if (!holds) throw new Unusable(why); };

function base64(text) {
  const bytes = Buffer.from(text, 'base64');
  need(bytes.toString('base64') === text, 'base64 has one spelling');
  return bytes;
}

function decimal(text) {
  need(/^(0|[1-9][0-9]{0,15})$/.test(text) && Number.isSafeInteger(Number(text)), 'a plain decimal was expected');
  return Number(text);
}

// RFC 6962 section 2.1, straight from its recursive definition, over any list of leaf hashes.
function treeRoot(hashes, from = 0, to = hashes.length) {
  if (to === from) return sha256();
  if (to - from === 1) return hashes[from];
  let split = 1;
  while (split * 2 < to - from) split *= 2;
  return nodeHash(treeRoot(hashes, from, from + split), treeRoot(hashes, from + split, to));
}

// RFC 9162 section 2.1.3.2.
function includes(leaf, index, size, path, root) {
  if (index >= size) return false;
  let fn = index;
  let sn = size - 1;
  let hash = leaf;
  for (const sibling of path) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      hash = nodeHash(sibling, hash);
      while (fn % 2 === 0 && fn !== 0) { fn = Math.floor(fn / 2); sn = Math.floor(sn / 2); }
    } else {
      hash = nodeHash(hash, sibling);
    }
    fn = Math.floor(fn / 2);
    sn = Math.floor(sn / 2);
  }
  return sn === 0 && hash.equals(root);
}

const WITNESS_TYPE = Buffer.concat([Buffer.of(0xff), Buffer.from('ecdsa-p256-cosignature/v1\n')]);

function verifierKey(text) {
  const [, name, id, data] = /^([^+ ]+)\+([0-9a-f]{8})\+(.+)$/.exec(text) ?? [];
  need(data, 'a verifier key is name+keyid+base64');
  const typed = base64(data);
  const isWitness = typed.subarray(0, WITNESS_TYPE.length).equals(WITNESS_TYPE);
  need(isWitness || typed[0] === 2, 'a verifier key of unknown type');
  const spki = typed.subarray(isWitness ? WITNESS_TYPE.length : 1);
  const computed = isWitness ? sha256(Buffer.from(name + '\n'), WITNESS_TYPE, spki) : sha256(spki);
  need(computed.subarray(0, 4).toString('hex') === id, 'a key id that is not its key\'s');
  return { name, id, isWitness, key: createPublicKey({ key: spki, format: 'der', type: 'spki' }) };
}

function readPolicy(file) {
  const lines = readFileSync(file, 'utf8').split('\n');
  need(lines.shift() === 'delivery-log-policy/v1', 'a policy begins with its format\'s name');
  const policy = { keys: [], quorum: 0 };
  for (const line of lines.filter((text) => text.length > 0 && !text.startsWith('#'))) {
    const [word, value] = line.split(' ');
    if (word === 'origin') policy.origin = value;
    else if (word === 'quorum') policy.quorum = decimal(value);
    else if (word === 'log' || word === 'witness') policy.keys.push(verifierKey(value));
    else need(false, 'a policy line of unknown kind');
  }
  need(policy.origin && policy.keys.some((key) => !key.isWitness), 'a policy names an origin and a log key');
  return policy;
}

// c2sp.org/signed-note: text, an empty line, signature lines.
function openCheckpoint(bytes, policy) {
  const note = bytes.toString('utf8');
  const blank = note.lastIndexOf('\n\n');
  need(blank > 0 && note.endsWith('\n'), 'a note is text, an empty line and signatures');
  const text = note.slice(0, blank + 1);
  const [origin, size, root, rest] = text.split('\n');
  need(rest === '' && text.split('\n').length === 4, 'a checkpoint is three lines');
  const head = { origin, size: decimal(size), root: base64(root), witnesses: 0 };
  refuteUnless(origin === policy.origin, 'another log\'s checkpoint');
  const held = new Set();
  for (const line of note.slice(blank + 2, -1).split('\n')) {
    const [, name, data] = /^\u2014 ([^ ]+) ([^ ]+)$/u.exec(line) ?? [];
    need(data, 'a signature line is a dash, a name and base64');
    const raw = base64(data);
    const known = policy.keys.find((key) => key.name === name && key.id === raw.subarray(0, 4).toString('hex'));
    if (!known) continue;
    const signature = raw.subarray(known.isWitness ? 12 : 4);
    const message = known.isWitness ? `cosignature/v1\ntime ${raw.readBigUInt64BE(4)}\n${text}` : text;
    refuteUnless(verify('sha256', Buffer.from(message), { key: known.key, dsaEncoding: 'der' }, signature), 'a known key\'s signature does not hold');
    held.add(known);
  }
  refuteUnless([...held].some((key) => !key.isWitness), 'no key of the log signed');
  head.witnesses = [...held].filter((key) => key.isWitness).length;
  refuteUnless(head.witnesses >= policy.quorum, 'too few witnesses cosigned');
  return head;
}

const indexPath = (index) => {
  const groups = [];
  for (let rest = index; groups.length === 0 || rest > 0; rest = Math.floor(rest / 1000)) groups.unshift(String(rest % 1000).padStart(3, '0'));
  return groups.map((group, at) => (at < groups.length - 1 ? 'x' + group : group)).join('/');
};

// Every tile of a level, as one list of 32-byte hashes or of leaves.
function readLevel(folder, name, count, cut) {
  const items = [];
  for (let index = 0; index * 256 < count; index++) {
    const width = Math.min(256, count - index * 256);
    const file = join(folder, 'tile', name, indexPath(index) + (width < 256 ? `.p/${width}` : ''));
    const found = cut(readFileSync(file));
    refuteUnless(found.length === width, `${file} holds ${found.length} of ${width}`);
    items.push(...found);
  }
  return items;
}

const cutHashes = (bytes) => Array.from({ length: Math.ceil(bytes.length / 32) }, (_, at) => bytes.subarray(at * 32, at * 32 + 32));

function cutEntries(bytes) {
  const entries = [];
  for (let at = 0; at < bytes.length;) {
    refuteUnless(at + 2 <= bytes.length, 'a bundle is cut off');
    const end = at + 2 + bytes.readUInt16BE(at);
    refuteUnless(end <= bytes.length, 'a bundle is cut off');
    entries.push(bytes.subarray(at + 2, end));
    at = end;
  }
  return entries;
}

function checkTiles(folder, head) {
  const leaves = readLevel(folder, 'entries', head.size, cutEntries);
  let hashes = leaves.map(leafHash);
  refuteUnless(treeRoot(hashes).equals(head.root), 'the leaves do not make the checkpoint\'s root');
  leaves.forEach((bytes, index) => {
    const leaf = JSON.parse(bytes.toString('ascii'));
    refuteUnless(leaf.index === index && leaf.origin === head.origin, `leaf ${index} says another place`);
  });
  for (let level = 0; hashes.length > 0; level++) {
    const stored = readLevel(folder, String(level), hashes.length, cutHashes);
    refuteUnless(stored.every((hash, at) => hash.equals(hashes[at])), `tiles of level ${level} are not those of the leaves`);
    const full = Math.floor(hashes.length / 256);
    hashes = Array.from({ length: full }, (_, at) => treeRoot(hashes, at * 256, at * 256 + 256));
  }
  return leaves.length;
}

function checkProof(leafFile, proofFile, policy) {
  const leaf = readFileSync(leafFile);
  const proof = readFileSync(proofFile);
  const blank = proof.indexOf('\n\n');
  need(blank > 0, 'a proof is head lines, an empty line and a checkpoint');
  const lines = proof.subarray(0, blank).toString('utf8').split('\n');
  need(lines.shift() === 'c2sp.org/tlog-proof@v1', 'a proof begins with its format\'s name');
  if (lines[0]?.startsWith('extra ')) base64(lines.shift().slice(6));
  need(lines[0]?.startsWith('index '), 'a proof names an index');
  const index = decimal(lines.shift().slice(6));
  const path = lines.map(base64);
  need(path.every((hash) => hash.length === 32), 'a proof\'s hashes are 32 bytes');
  const head = openCheckpoint(proof.subarray(blank + 2), policy);
  refuteUnless(includes(leafHash(leaf), index, head.size, path, head.root), 'the leaf is not in the log');
  return index;
}

function run(args) {
  const options = {};
  for (let at = 0; at < args.length; at += 2) options[args[at]] = args[at + 1];
  need(options['--tiles'] && options['--policy'] && !options['--leaf'] === !options['--proof'], 'usage: --tiles DIR --policy FILE [--leaf FILE --proof FILE]');
  const policy = readPolicy(options['--policy']);
  const head = openCheckpoint(readFileSync(join(options['--tiles'], 'checkpoint')), policy);
  const answer = { verdict: 'proven', origin: head.origin, size: head.size, root: head.root.toString('hex'), witnesses: head.witnesses };
  answer.leaves = checkTiles(options['--tiles'], head);
  if (options['--leaf']) answer.proven_index = checkProof(options['--leaf'], options['--proof'], policy);
  return answer;
}

try {
  console.log(JSON.stringify(run(process.argv.slice(2))));
} catch (error) {
  const verdict = error instanceof Refuted || (error.code === 'ENOENT' && /[\\/]tile[\\/]/.test(error.path ?? '')) ? 'refuted' : 'unusable';
  console.log(JSON.stringify({ verdict, reason: error.message }));
  process.exitCode = verdict === 'refuted' ? 1 : 2;
}
