// Holds an Arrow IPC file or stream to a CSV of the same extract, cell by cell, with the Apache Arrow implementation and with
// nothing of Delivery's: its own base32, its own calendar, its own CSV parser.
// node compare.mjs RESULTS.arrow RESULTS.csv; prints one JSON object of what it compared, or fails at the first difference.
import { readFileSync } from 'node:fs';
import { DataType, RecordBatchReader } from 'apache-arrow';

const [arrowFile, csvFile] = process.argv.slice(2);
const batches = [...RecordBatchReader.from(readFileSync(arrowFile))];
const { fields, metadata } = batches[0].schema;

function fail(message) {
  console.error(message);
  process.exit(1);
}

// RFC 4180, strictly: CRLF, and a quoted empty text is not the same as nothing.
function parseCsv(text) {
  const rows = [];
  let at = 0;
  while (at < text.length) {
    const row = [];
    for (;;) {
      if (text[at] === '"') {
        let value = '';
        for (at++; ; at++) {
          if (text[at] === '"' && text[at + 1] === '"') value += text[at++];
          else if (text[at] === '"') break;
          else value += text[at];
        }
        at++;
        row.push(value);
      } else {
        const end = text.slice(at).search(/[,\r]/);
        row.push(end === 0 ? null : text.slice(at, at + end));
        at += end;
      }
      if (text[at] === ',') at++;
      else break;
    }
    if (text.slice(at, at + 2) !== '\r\n') fail(`row ${rows.length} does not end in CRLF`);
    at += 2;
    rows.push(row);
  }
  return rows;
}

function base32(bytes) {
  let bits = '';
  for (const byte of bytes) bits += byte.toString(2).padStart(8, '0');
  bits = bits.padEnd(Math.ceil(bits.length / 5) * 5, '0');
  return bits.replace(/.{5}/g, (five) => 'abcdefghijklmnopqrstuvwxyz234567'[parseInt(five, 2)]);
}

const clocks = new Map();
function wallClock(milliseconds, timeZone) {
  if (!clocks.has(timeZone)) clocks.set(timeZone, new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' }));
  return clocks.get(timeZone).format(milliseconds).replace(' ', 'T');
}

function same(type, value, cell) {
  if (value === null || cell === null) return value === null && cell === null;
  if (DataType.isFixedSizeBinary(type)) return base32(value) === cell;
  if (DataType.isTimestamp(type)) return wallClock(Number(value), type.timezone) === cell;
  if (DataType.isFloat(type)) return Object.is(Number(cell), value);
  return String(value) === cell;
}

const csv = parseCsv(readFileSync(csvFile, 'utf8'));
const titles = csv.shift();
if (titles.join() !== fields.map((field) => field.name).join()) fail('the columns differ');
const columns = fields.map(({ name, type }) => ({ name, type: DataType.isDictionary(type) ? 'Dictionary' : String(type), values: 0, nulls: 0 }));
let row = 0;
let largest = 0;
for (const batch of batches) {
  largest = Math.max(largest, batch.numRows);
  const vectors = fields.map((_, column) => batch.getChildAt(column));
  for (let within = 0; within < batch.numRows; within++, row++) {
    fields.forEach(({ name, type }, column) => {
      const value = vectors[column].get(within);
      if (!same(type, value, csv[row]?.[column] ?? null)) fail(`row ${row}, column ${name} differs`);
      columns[column][value === null ? 'nulls' : 'values']++;
    });
  }
}
if (row !== csv.length) fail(`${row} rows in Arrow, ${csv.length} in CSV`);
console.log(JSON.stringify({
  rows: row, batches: batches.length, batch_rows_max: largest, columns,
  metadata: Object.fromEntries(metadata), fields: fields.map((field) => Object.fromEntries(field.metadata)),
}));
