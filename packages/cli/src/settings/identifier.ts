import { parsed, type Setting } from './setting.ts';

const largest = 0xffffffff;

/** An identifier of a registrar or pool element: decimal, or hexadecimal with 0x. */
export function identifier(description: string): Setting<number, undefined> {
  return parsed('<id>', description, (text) => {
    const id = /^(0x[\da-f]{1,8}|\d{1,10})$/i.test(text) ? Number(text) : NaN;
    if (id >= 1 && id <= largest) return id;
    throw new Error(`expected an identifier from 1 to 0xffffffff, got '${text}'`);
  });
}
