import { getSystemErrorName } from 'node:util';
import { constants } from 'node:os';

/** Linux's error numbers, as system calls return them here: negative. */
export const Errno = {
  again: -constants.errno.EAGAIN,
  interrupted: -constants.errno.EINTR,
  invalid: -constants.errno.EINVAL,
  brokenPipe: -constants.errno.EPIPE,
  notConnected: -constants.errno.ENOTCONN,
  inProgress: -constants.errno.EINPROGRESS,
  messageSize: -constants.errno.EMSGSIZE,
  /** ESHUTDOWN, which Node does not name. */
  shutdown: -108,
} as const;

/** An Error as Node's own sockets have them, with `code` and `syscall`. @param errno negative */
export function systemError(syscall: string, errno: number): Error & { readonly code: string } {
  const code = systemErrorName(errno);
  return Object.assign(new Error(`${syscall}: ${code}`), { code, errno, syscall });
}

/** @param errno negative */
export function systemErrorName(errno: number): string {
  if (errno === Errno.shutdown) return 'ESHUTDOWN';
  return getSystemErrorName(errno);
}
