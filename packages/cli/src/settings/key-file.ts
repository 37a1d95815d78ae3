import { readOptionFile, wrongOption } from './option-file.ts';

/** For `--help`. */
export const keyFileForm = 'one key a line, name:hex; lines that begin with # are skipped';

/**
 * Reads a file of secret keys: on each line a name, a colon, and the key in hexadecimal, as OpenSSL and GnuTLS write their files of
 * pre-shared keys. No message repeats a key.
 * @returns by name, in the order of the file; at least one
 * @throws CommandError usage
 */
export function readKeyFile(option: string, path: string): ReadonlyMap<string, Uint8Array> {
  const keys = new Map<string, Uint8Array>();
  for (const [index, line] of readOptionFile(option, path).split(/\r?\n/).entries()) {
    if (/^\s*(#|$)/.test(line)) continue;
    const match = /^\s*([^:]+?)\s*:\s*((?:[\da-f]{2})+)\s*$/i.exec(line);
    const [, name = '', hex = ''] = match ?? [];
    if (name === '') throw wrongOption(option, `${path} line ${index + 1}: expected name:hex, as in 1:00ff`);
    if (keys.has(name)) throw wrongOption(option, `${path} line ${index + 1}: a second key named '${name}'`);
    keys.set(name, Buffer.from(hex, 'hex'));
  }
  if (keys.size === 0) throw wrongOption(option, `${path}: expected ${keyFileForm}; got none`);
  return keys;
}
