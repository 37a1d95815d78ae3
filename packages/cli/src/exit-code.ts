import { ErrorCode, RSerPoolError } from 'rserpool';

/** What the exit status of `rserpool` tells a script. The table in `--help` is made of {@link exitCodeMeanings}. */
export const ExitCode = {
  ok: 0,
  failure: 1,
  usage: 2,
  noRegistrar: 3,
  unknownPool: 4,
  noElement: 5,
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

export const exitCodeMeanings: readonly (readonly [code: ExitCode, meaning: string])[] = [
  [ExitCode.ok, 'done; a service or registrar left in order'],
  [ExitCode.failure, 'failed, or pings were lost'],
  [ExitCode.usage, 'wrong option, argument or configuration file'],
  [ExitCode.noRegistrar, 'no registrar answered'],
  [ExitCode.unknownPool, 'nobody is registered under this pool handle'],
  [ExitCode.noElement, 'no element of the pool could be reached, or all refused'],
  [ExitCode.interrupted, 'interrupted before it was done (SIGINT)'],
  [ExitCode.terminated, 'terminated before it was done (SIGTERM)'],
];

/** A failure that ends the command: its message goes to the user as it is, its code to the shell. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly exitCode: ExitCode;

  constructor(exitCode: ExitCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.exitCode = exitCode;
  }
}

/** The exit code for anything that a command threw. */
export function exitCodeOf(thrown: unknown): ExitCode {
  if (thrown instanceof CommandError) return thrown.exitCode;
  if (!(thrown instanceof RSerPoolError)) return ExitCode.failure;
  switch (thrown.code) {
    case ErrorCode.invalidArgument:
      return ExitCode.usage;
    case ErrorCode.noRegistrar:
      return ExitCode.noRegistrar;
    case ErrorCode.unknownPool:
      return ExitCode.unknownPool;
    case ErrorCode.noElement:
      return ExitCode.noElement;
    default:
      return ExitCode.failure;
  }
}
