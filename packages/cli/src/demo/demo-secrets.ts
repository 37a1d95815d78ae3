import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Keys for one run of the demo, in files that only this user can read, until it is over. */
export class DemoSecrets {
  readonly #folder = mkdtempSync(join(tmpdir(), 'rserpool-demo-'));
  readonly #tlsKeys = this.#write('tls-keys.txt', 'demo');
  readonly #cookieKeys = this.#write('cookie-keys.txt', '1');

  /** Of every process. */
  get tlsOptions(): readonly string[] {
    return ['--tls-psk-file', this.#tlsKeys];
  }

  /** Of the elements. */
  get cookieOptions(): readonly string[] {
    return ['--cookie-keys', this.#cookieKeys, '--cookie-encrypt'];
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true });
  }

  #write(name: string, keyName: string): string {
    const path = join(this.#folder, name);
    writeFileSync(path, `${keyName}:${randomBytes(32).toString('hex')}\n`, { mode: 0o600 });
    return path;
  }
}
