// Messages per second that the codec encodes and decodes, against JSON of the same content as a network peer would need it: to
// and from UTF-8 bytes. Both sides turn about in the same run; the median round of each counts. JSON checks nothing: what its
// parse gives may be anything, while decode gives a message of the RFC or says what is wrong with the bytes.
//   npx tsc -b packages/wire && npx tsx bench/codec/run.ts [--short]
import { deepStrictEqual } from 'node:assert';
import { asapSamples, enrpSamples } from './messages.ts';
import type { Sample } from './messages.ts';

const isShort = process.argv.includes('--short');
const rounds = isShort ? 3 : 9;
const roundMs = isShort ? 20 : 100;
let sink: unknown; // what comes out is used, so that the work is not optimised away

function measure<M>({ name, messages, encode, decode }: Sample<M>): void {
  const encoded = messages.map((message) => Buffer.from(encode(message)));
  const json = messages.map((message) => Buffer.from(JSON.stringify(message)));
  for (const [index, bytes] of encoded.entries()) {
    const result = decode(bytes);
    if (!result.ok) throw new Error(`${name}: ${result.error.text}`);
    deepStrictEqual(result.message, messages[index]);
  }
  const encoding = compare(messages, encode, messages, (message) => Buffer.from(JSON.stringify(message)));
  const decoding = compare(encoded, decode, json, (bytes) => JSON.parse(bytes.toString()));
  const sizes = { messageBytes: encoded[0]?.length, jsonBytes: json[0]?.length };
  report(name, 'encode', sizes, encoding);
  report(name, 'decode', sizes, decoding);
}

interface Rates {
  readonly ours: number;
  readonly json: number;
}

function compare<A, B>(
  ourInputs: readonly A[],
  ours: (input: A) => unknown,
  jsonInputs: readonly B[],
  json: (input: B) => unknown,
): Rates {
  const rates = { ours: [] as number[], json: [] as number[] };
  for (let round = 0; round <= rounds; round += 1) {
    rates.json.push(rate(jsonInputs, json));
    rates.ours.push(rate(ourInputs, ours));
  }
  return { ours: median(rates.ours.slice(1)), json: median(rates.json.slice(1)) }; // the first round warms up
}

function rate<T>(inputs: readonly T[], work: (input: T) => unknown): number {
  const startMs = performance.now();
  let count = 0;
  do {
    for (const input of inputs) sink = work(input);
    count += inputs.length;
  } while (performance.now() - startMs < roundMs);
  return (count * 1_000) / (performance.now() - startMs);
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1] ?? 0;
}

function report(message: string, operation: string, sizes: object, { ours, json }: Rates): void {
  console.log(
    JSON.stringify({
      bench: 'codec',
      message,
      operation,
      ...sizes,
      perSecond: Math.round(ours),
      jsonPerSecond: Math.round(json),
      ratio: Number((ours / json).toFixed(2)),
    }),
  );
}

for (const sample of asapSamples) measure(sample);
for (const sample of enrpSamples) measure(sample);
if (sink === undefined) throw new Error('nothing was measured');
