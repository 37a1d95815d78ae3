/** What the processes of the endurance run are started with: JSON in their first argument. */

export interface RegistrarProcessOptions {
  readonly registrarId: number;
  /** Where it listens. */
  readonly asap: string;
  readonly enrp: string;
  /** What its peers are told: its proxy. */
  readonly advertisedEnrp: string;
  /** The proxies of all registrars. */
  readonly peers: readonly string[];
}

export interface ElementProcessOptions {
  readonly elementId: number;
  /** Where it listens. */
  readonly users: string;
  readonly asap: string;
  /** What is registered: its proxies. */
  readonly advertisedUsers: string;
  readonly advertisedAsap: string;
  readonly registrars: readonly string[];
  /** Hexadecimal, the same at all elements: signs the state cookies. */
  readonly cookieKey: string;
}

export interface UserProcessOptions {
  readonly name: string;
  readonly seed: number;
  readonly registrars: readonly string[];
  /** Sessions at a time: the first half of them stay, the others are closed and opened again now and then. */
  readonly sessions: number;
  readonly intervalMs: number;
  /** Of the sessions that do not stay. */
  readonly sessionLifeMs: number;
}
