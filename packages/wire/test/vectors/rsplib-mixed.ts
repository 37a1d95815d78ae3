import { readFileSync } from 'node:fs';
import { hex } from '../hex.ts';

/** A message that RSPLIB 3.4.4 sent; see `rsplib-mixed/README.md`. */
export interface CapturedMessage {
  readonly protocol: 'asap' | 'enrp';
  /** Number of its packet in the capture. */
  readonly frame: number;
  readonly bytes: Uint8Array;
}

export function capturedMessages(protocol: CapturedMessage['protocol']): CapturedMessage[] {
  const lines = readFileSync(new URL(`rsplib-mixed/${protocol}.jsonl`, import.meta.url), 'utf8')
    .trim()
    .split('\n');
  return lines.map((line) => {
    const { frame, hex: digits } = JSON.parse(line) as { frame: number; hex: string };
    return { protocol, frame, bytes: hex(digits) };
  });
}
