import type { ElementProcessOptions } from '../pool-world/element-process.ts';
import type { RegistrarProcessOptions } from '../pool-world/registrar-process.ts';
import type { ScriptedProcessOptions } from '../pool-world/scripted-process.ts';
import type { UserProcessOptions, UserSessionOptions } from '../pool-world/user-process.ts';

/** Something that runs on the host of its name. */
export type Component = { readonly name: string } & (
  | { readonly kind: 'registrar'; readonly options: RegistrarProcessOptions }
  | {
      readonly kind: 'element';
      readonly options: ElementProcessOptions & { readonly elementId: number };
      /** Elements that it recommends to its users. */
      readonly card: readonly string[];
    }
  | { readonly kind: 'user'; readonly options: UserProcessOptions; readonly session: UserSessionOptions }
  | { readonly kind: 'peer' | 'client'; readonly options: ScriptedProcessOptions }
);
