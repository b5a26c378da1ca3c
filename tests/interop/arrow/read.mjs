// Reads an Arrow IPC stream or file from standard input with the Apache Arrow implementation.
// Prints one JSON line for the schema and one per row; with --stream or --file, writes what it read in that format instead.
import { DataType, RecordBatchFileWriter, RecordBatchReader, RecordBatchStreamWriter, Table, TimeUnit } from 'apache-arrow';

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const batches = [...RecordBatchReader.from(Buffer.concat(chunks))];

function typeName(type) {
  if (DataType.isDictionary(type)) return `Dictionary(${typeName(type.indices)},${typeName(type.dictionary)},${type.id})`;
  if (DataType.isTimestamp(type)) return `Timestamp(${TimeUnit[type.unit]},${type.timezone ?? ''})`;
  if (DataType.isFixedSizeBinary(type)) return `FixedSizeBinary(${type.byteWidth})`;
  return String(type);
}

function text(type, value, raw) {
  if (value === null) return null;
  // The accessor turns timestamps into milliseconds; the stored number is what was written.
  if (DataType.isTimestamp(type)) return String(raw());
  if (DataType.isFixedSizeBinary(type)) return Buffer.from(value).toString('hex');
  if (DataType.isFloat(type)) {
    const view = new DataView(new ArrayBuffer(8));
    view.setFloat64(0, value);
    return view.getBigUint64(0).toString(16).padStart(16, '0');
  }
  return String(value);
}

if (process.argv.includes('--stream')) {
  process.stdout.write(RecordBatchStreamWriter.writeAll(new Table(batches)).toUint8Array(true));
} else if (process.argv.includes('--file')) {
  process.stdout.write(RecordBatchFileWriter.writeAll(new Table(batches)).toUint8Array(true));
} else {
  const { fields, metadata } = batches[0].schema;
  const lines = [JSON.stringify([[...metadata], ...fields.map((field) => [field.name, typeName(field.type), field.nullable, [...field.metadata]])])];
  for (const batch of batches) {
    for (let row = 0; row < batch.numRows; row++) {
      lines.push(JSON.stringify(fields.map(({ type }, column) => {
        const vector = batch.getChildAt(column);
        return text(type, vector.get(row), () => vector.data[0].values[row]);
      })));
    }
  }
  process.stdout.write(lines.join('\n') + '\n');
}
