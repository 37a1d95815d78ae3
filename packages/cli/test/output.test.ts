import { describe, expect, test } from 'vitest';
import { poolHandleFromBytes } from '@rserpool/wire';
import { jsonText } from '../src/output/json-text.ts';
import { streamOutput } from '../src/output/output.ts';

describe('JSON', () => {
  test.each([
    [{ a: 1, b: 'x', c: null, d: [true] }, '{"a":1,"b":"x","c":null,"d":[true]}'],
    [new Uint8Array([0, 1, 0xff]), '"0001ff"'],
    [Buffer.from('ab'), '"6162"'],
    [{ messageNumber: 0xffff_ffff_ffff_ffffn }, '{"messageNumber":"18446744073709551615"}'],
    [{ life: Infinity, less: -Infinity, no: NaN }, '{"life":"infinity","less":"-infinity","no":"nan"}'],
    [{ poolHandle: poolHandleFromBytes(new Uint8Array([0x47, 0xc3, 0xbc])) }, '{"poolHandle":"Gü"}'],
    [{ poolHandle: poolHandleFromBytes(new Uint8Array([0xff, 0x00])) }, '{"poolHandle":"0xff00"}'],
    [{ inner: { deep: [new Uint8Array([1])] }, absent: undefined }, '{"inner":{"deep":["01"]}}'],
    [new Map([['k', 1n]]), '[["k","1"]]'],
  ])('%o', (value, text) => {
    expect(jsonText(value)).toBe(text);
  });
});

class FakeStream {
  text = '';
  #onError: ((error: NodeJS.ErrnoException) => void) | undefined;

  write(text: string): boolean {
    this.text += text;
    return true;
  }

  on(_event: 'error', listener: (error: NodeJS.ErrnoException) => void): void {
    this.#onError = listener;
  }

  fail(code: string): void {
    this.#onError?.(Object.assign(new Error(code), { code }));
  }
}

describe('output', () => {
  test('lines, JSON and tables go to one stream', () => {
    const stream = new FakeStream();
    const output = streamOutput(stream);
    output.line('hello');
    output.json({ n: 1n });
    output.table(
      ['pool', 'n'],
      [
        ['EchoPool', '3'],
        ['P', '12'],
      ],
    );
    expect(stream.text).toBe(
      ['hello', '{"n":"1"}', 'pool      n', 'EchoPool  3', 'P         12', ''].join('\n'),
    );
  });

  test('a reader that went away ends the output quietly', () => {
    const stream = new FakeStream();
    const output = streamOutput(stream);
    stream.fail('EPIPE');
    output.line('nobody reads this');
    expect(stream.text).toBe('');
    expect(output.closed.aborted).toBe(true);
  });

  test('any other error is not swallowed', () => {
    const stream = new FakeStream();
    streamOutput(stream);
    expect(() => stream.fail('ENOSPC')).toThrow('ENOSPC');
  });
});
