// Sums the results of test runs: one argument per .trx file, the runs under another OpenSSL after --hybrid.
// A test that was skipped in an ordinary run and ran under --hybrid counts as what it did there. Prints one line and the
// names of what failed or stayed skipped on stderr; exits with 1 unless everything ran and passed.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

const split = process.argv.indexOf('--hybrid');
const ordinary = process.argv.slice(2, split < 0 ? undefined : split).flatMap(read);
const hybrid = split < 0 ? [] : process.argv.slice(split + 1).flatMap(read);

function read(file) {
  const results = [...readFileSync(file, 'utf8').matchAll(/<UnitTestResult\b[^>]*>/g)].map(([tag]) => ({
    name: attribute(tag, 'testName'),
    outcome: attribute(tag, 'outcome'),
  }));
  if (results.length === 0) throw new Error(`${basename(file)} holds no test results`);
  return results;
}

function attribute(tag, name) {
  return new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1] ?? '';
}

const under = new Map(hybrid.map(({ name, outcome }) => [name, outcome]));
const final = ordinary.map(({ name, outcome }) => ({ name, outcome: outcome === 'NotExecuted' ? under.get(name) ?? outcome : outcome }));
// What passed here and failed there failed.
final.push(...hybrid.filter(({ name, outcome }) => outcome === 'Failed' && !final.some((test) => test.name === name && test.outcome === 'Failed')));

const passed = final.filter(({ outcome }) => outcome === 'Passed');
const skipped = final.filter(({ outcome }) => outcome === 'NotExecuted');
const failed = final.filter(({ outcome }) => outcome !== 'Passed' && outcome !== 'NotExecuted');
for (const { name } of failed) console.error(`failed: ${name}`);
for (const { name } of skipped) console.error(`skipped: ${name}`);
console.log(`${passed.length} passed, ${failed.length} failed, ${skipped.length} skipped`);
process.exitCode = failed.length + skipped.length === 0 && passed.length > 0 ? 0 : 1;
