// Reads what `delivery demo --json` answered from standard input and holds it to what it promises.
import { existsSync } from 'node:fs';

let text = '';
for await (const chunk of process.stdin) text += chunk;
const report = JSON.parse(text);

const above = (value) => typeof value === 'number' && value > 0;
const promises = {
  rows_imported: above,
  rows_delivered: (value) => above(value) && value <= report.rows_imported,
  sealed_bytes: (value) => above(value) && value > report.rows_delivered,
  import_seconds: above,
  pull_seconds: above,
  log_size: (value) => Number.isInteger(value) && value > 5,
  proof_verified: (value) => value === true,
  refused_after_close: (value) => value === true,
  log_export: (value) => typeof value === 'string' && existsSync(`${value}/checkpoint`),
  output_file: (value) => typeof value === 'string' && existsSync(value),
};
const broken = Object.entries(promises).filter(([name, holds]) => !holds(report[name])).map(([name]) => `${name} is ${JSON.stringify(report[name])}`);
if (broken.length > 0) {
  console.error(`demo: ${broken.join('; ')}`);
  process.exit(1);
}

console.log(`demo: ${report.rows_imported} rows imported in ${report.import_seconds} s, ${report.rows_delivered} delivered in ${report.pull_seconds} s`);
