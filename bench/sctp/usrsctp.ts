import { compileUsrsctpProgram } from '../../packages/sctp/test/usrsctp/usrsctp-program.ts';

const compiled = compileUsrsctpProgram();
if (typeof compiled !== 'string') process.on('exit', () => compiled.remove());

/** The compiled program; where usrsctp is not here, a text that says what is missing. */
export const usrsctp: { readonly program: string } | string =
  typeof compiled === 'string' ? compiled : { program: compiled.path };
