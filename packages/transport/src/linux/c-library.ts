import { arch, endianness, platform } from 'node:os';
import { TransportError } from '../transport-error.ts';
import { importKoffi } from './koffi.ts';
import type { CFunction, Koffi, PollEvents } from './koffi.ts';
import { Readiness } from './readiness.ts';

/** Architectures whose structures `struct-layout.ts` can lay out: 64 bit, natural alignment, little-endian. */
const architectures = ['x64', 'arm64'];

let opened: Promise<CLibrary> | undefined;

/**
 * System calls of Linux for sockets that Node does not have. Each returns what the kernel does: a number from 0, or a negative
 * `errno`. All of them are synchronous and must not block.
 */
export class CLibrary {
  readonly #koffi: Koffi;
  readonly #functions: Readonly<Record<FunctionName, CFunction>>;

  private constructor(koffi: Koffi) {
    this.#koffi = koffi;
    const library = koffi.load(null); // the process itself, which has its C library
    const entries = Object.entries(prototypes).map(([name, prototype]) => [name, library.func(prototype)]);
    this.#functions = Object.fromEntries(entries) as Record<FunctionName, CFunction>;
  }

  /** Loaded once. @throws TransportError unavailable, with what is missing and what to do */
  static open(): Promise<CLibrary> {
    return (opened ??= CLibrary.#load());
  }

  static async #load(): Promise<CLibrary> {
    const here = `${platform()} on ${arch()}`;
    if (platform() !== 'linux' || !architectures.includes(arch()) || endianness() !== 'LE')
      throw new TransportError(
        'unavailable',
        `system calls: expected Linux on x64 or arm64, this is ${here}`,
      );
    try {
      return new CLibrary(await importKoffi());
    } catch (cause) {
      const text = cause instanceof Error ? cause.message : String(cause);
      throw new TransportError(
        'unavailable',
        `koffi, an optional package, is needed for system calls and could not be loaded (npm install koffi@3): ${text}`,
        { cause },
      );
    }
  }

  socket(domain: number, type: number, protocol: number): number {
    return this.#call('socket', domain, type, protocol);
  }

  bind(fd: number, address: Uint8Array): number {
    return this.#call('bind', fd, address, address.length);
  }

  listen(fd: number, backlog: number): number {
    return this.#call('listen', fd, backlog);
  }

  setOption(fd: number, level: number, option: number, value: Uint8Array): number {
    return this.#call('setsockopt', fd, level, option, value, value.length);
  }

  /** @param value what the option asks for, overwritten with the answer. @returns 0 or negative */
  getOption(fd: number, level: number, option: number, value: Uint8Array): number {
    const length = new Uint8Array(4);
    new DataView(length.buffer).setUint32(0, value.length, true);
    return this.#call('getsockopt', fd, level, option, value, length);
  }

  /** @param header the address of a struct msghdr */
  sendMessage(fd: number, header: bigint, flags: number): number {
    return this.#call('sendmsg', fd, header, flags);
  }

  /** @param header the address of a struct msghdr */
  receiveMessage(fd: number, header: bigint, flags: number): number {
    return this.#call('recvmsg', fd, header, flags);
  }

  /** How long a tick of the kernel's timer is, in milliseconds: CONFIG_HZ, which it tells nowhere else. */
  kernelTickMs(): number {
    const clockMonotonicCoarse = 6;
    const resolution = new BigInt64Array(2);
    this.#call('clock_getres', clockMonotonicCoarse, new Uint8Array(resolution.buffer));
    return Number(resolution[1]) / 1e6;
  }

  close(fd: number): void {
    this.#call('close', fd);
  }

  address(memory: ArrayBuffer): bigint {
    return this.#koffi.address(memory);
  }

  /** Tells when the descriptor can be read or written. @param onReady never inside a call of Readiness */
  watch(fd: number, onReady: (ready: PollEvents) => void): Readiness {
    return new Readiness(this.#koffi, fd, onReady);
  }

  #call(name: FunctionName, ...parameters: readonly (number | bigint | Uint8Array)[]): number {
    const result = this.#functions[name](...parameters);
    return result < 0 ? -this.#koffi.errno() : result;
  }
}

type FunctionName = keyof typeof prototypes;

const prototypes = {
  socket: 'int socket(int domain, int type, int protocol)',
  bind: 'int bind(int fd, void *address, uint32_t length)',
  listen: 'int listen(int fd, int backlog)',
  setsockopt: 'int setsockopt(int fd, int level, int option, void *value, uint32_t length)',
  getsockopt: 'int getsockopt(int fd, int level, int option, void *value, void *length)',
  sendmsg: 'int64_t sendmsg(int fd, void *header, int flags)',
  recvmsg: 'int64_t recvmsg(int fd, void *header, int flags)',
  clock_getres: 'int clock_getres(int clock, void *resolution)',
  close: 'int close(int fd)',
};
