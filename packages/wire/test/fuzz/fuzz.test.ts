import { expect, test } from 'vitest';
import { decodeAsap, decodeEnrp, encodeAsap, encodeEnrp } from '../../src/index.ts';
import type { AsapMessage, DecodeResult, EnrpMessage, Profile } from '../../src/index.ts';
import { hex, hexText } from '../hex.ts';
import { sampleMessages } from '../sample-messages.ts';
import { rfcAsapVectors } from '../vectors/rfc-asap.ts';
import { rfcEnrpVectors } from '../vectors/rfc-enrp.ts';
import { rsplibDerivedVectors } from '../vectors/rsplib-derived.ts';
import { capturedMessages } from '../vectors/rsplib-mixed.ts';
import { rsplibVectors } from '../vectors/rsplib-reference.ts';
import { mutate } from './mutate.ts';
import { seededRandom } from './random.ts';
import { weight } from './weight.ts';

const inputs = 200_000;
/** FUZZ_SEED=… tries others. */
const seed = Number(process.env['FUZZ_SEED'] ?? 1);

/** What decoding may make of a message of so many bytes. The smallest parameter, an error cause of 4 bytes, becomes a dozen. */
const mostWeight = (sizeBytes: number): number => 512 + 6 * sizeBytes;

const corpus: readonly { protocol: 'asap' | 'enrp'; bytes: Uint8Array }[] = [
  ...[...rsplibVectors, ...rfcAsapVectors, ...rfcEnrpVectors, ...rsplibDerivedVectors].map(
    ({ protocol, bytes }) => ({
      protocol,
      bytes: hex(bytes),
    }),
  ),
  ...capturedMessages('asap'),
  ...capturedMessages('enrp'),
  ...sampleMessages(5),
];

test(`${inputs} damaged messages do no harm (seed ${seed})`, { timeout: 120_000 }, () => {
  const random = seededRandom(seed);
  const outcomes = { accepted: 0, rejected: 0 };
  for (let index = 0; index < inputs; index++) {
    const original = corpus[random(corpus.length)];
    const other = corpus[random(corpus.length)];
    if (original === undefined || other === undefined) throw new Error('the corpus is empty');
    const bytes = mutate(original.bytes, random, other.bytes);
    const profile = random(2) === 0 ? 'rfc' : 'rsplib';
    try {
      const accepted = original.protocol === 'asap' ? checkAsap(bytes, profile) : checkEnrp(bytes, profile);
      outcomes[accepted ? 'accepted' : 'rejected']++;
    } catch (cause) {
      const input = `${original.protocol} under ${profile}: ${hexText(bytes)}`;
      throw new Error(`seed ${seed}, input ${index}, ${input}`, { cause });
    }
  }
  // Both ways must be walked, or the mutations are too weak or too strong to show anything.
  expect(outcomes.accepted).toBeGreaterThan(inputs / 20);
  expect(outcomes.rejected).toBeGreaterThan(inputs / 4);
});

function checkAsap(bytes: Uint8Array, profile: Profile): boolean {
  const result = decodeAsap(bytes, { profile });
  checkResult(result, bytes);
  if (result.ok) checkStable<AsapMessage>(result.message, profile, encodeAsap, decodeAsap);
  return result.ok;
}

function checkEnrp(bytes: Uint8Array, profile: Profile): boolean {
  const result = decodeEnrp(bytes, { profile });
  checkResult(result, bytes);
  if (result.ok) checkStable<EnrpMessage>(result.message, profile, encodeEnrp, decodeEnrp);
  return result.ok;
}

function checkResult(result: DecodeResult<unknown>, bytes: Uint8Array): void {
  const heaviest = mostWeight(bytes.length);
  if (weight(result) > heaviest)
    throw new Error(`decoded weight ${weight(result)}, at most ${heaviest} expected`);
  if (result.ok) return;
  const { cause, offset, text } = result.error;
  if (offset > bytes.length || text === '' || cause.code === 0) throw new Error(`useless error: ${text}`);
}

/** What was accepted can be sent, and means the same to the next receiver. */
function checkStable<M>(
  message: M,
  profile: Profile,
  encode: (message: M, profile: Profile) => Uint8Array,
  decode: (data: Uint8Array, options: { profile: Profile }) => DecodeResult<M>,
): void {
  const sent = encode(message, profile);
  const received = decode(sent, { profile });
  if (!received.ok) throw new Error(`what we send is malformed: ${received.error.text}`);
  const forwarded = encode(received.message, profile);
  if (hexText(forwarded) !== hexText(sent))
    throw new Error(`sent ${hexText(sent)}, forwarded ${hexText(forwarded)}`);
}
