import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Undefined where openssl can make certificates, else why not. */
export const noOpenssl = ((): string | undefined => {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return undefined;
  } catch (error) {
    return `openssl cannot be run: ${error instanceof Error ? error.message : String(error)}`;
  }
})();

export interface CertificateFiles {
  readonly certificate: string;
  readonly key: string;
}

/** An authority, and what it certifies, made by openssl in a folder of its own. */
export class TestAuthority {
  readonly #folder = mkdtempSync(join(tmpdir(), 'rserpool-ca-'));
  readonly #own: CertificateFiles;

  constructor(name: string) {
    this.#own = this.#files(name);
    this.#run('req', '-x509', ...this.#newKey(this.#own, name), '-out', this.#own.certificate);
  }

  /** PEM file with its certificate. */
  get certificate(): string {
    return this.#own.certificate;
  }

  /** @param alternativeName as openssl takes it: `IP:127.0.0.1`, `DNS:registrar.example` */
  certify(name: string, alternativeName: string): CertificateFiles {
    const files = this.#files(name);
    const request = this.path(`${name}.csr`);
    const extensions = this.path(`${name}.ext`);
    writeFileSync(extensions, `subjectAltName=${alternativeName}\n`);
    this.#run('req', ...this.#newKey(files, name), '-out', request);
    this.#run(
      ...['x509', '-req', '-in', request, '-days', '2', '-extfile', extensions, '-out', files.certificate],
      ...['-CA', this.#own.certificate, '-CAkey', this.#own.key, '-CAcreateserial'],
    );
    return files;
  }

  /** A file in its folder, which `remove` removes. */
  path(name: string): string {
    return join(this.#folder, name);
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true });
  }

  #files(name: string): CertificateFiles {
    return { certificate: this.path(`${name}.pem`), key: this.path(`${name}.key`) };
  }

  #newKey({ key }: CertificateFiles, name: string): string[] {
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
    return [...curve, '-nodes', '-keyout', key, '-subj', `/CN=${name}`];
  }

  #run(...args: string[]): void {
    execFileSync('openssl', args, { stdio: 'pipe' });
  }
}
