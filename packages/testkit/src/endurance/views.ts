import type { RegistrarView } from './process-messages.ts';

/** Who lives. */
export interface Living {
  readonly registrars: readonly number[];
  readonly elements: readonly number[];
}

/** In what the views differ from each other or from what is, as text; undefined when all agree. */
export function viewProblem(
  views: readonly (RegistrarView | undefined)[],
  { registrars, elements }: Living,
): string | undefined {
  const ids = (numbers: readonly number[]): string =>
    numbers
      .toSorted((one, other) => one - other)
      .map((id) => id.toString(16))
      .join(' ');
  for (const view of views) {
    if (view === undefined) return 'a registrar does not answer';
    const { registrarId, ready, peers, elements: pairs } = view;
    const name = `registrar ${registrarId.toString(16)}`;
    if (!ready) return `${name} does not serve`;
    const expectedPeers = ids(registrars.filter((id) => id !== registrarId));
    if (ids(peers) !== expectedPeers) return `${name}: expected peers ${expectedPeers}, got ${ids(peers)}`;
    const known = ids(pairs.map(([elementId]) => elementId));
    if (known !== ids(elements)) return `${name}: expected elements ${ids(elements)}, got ${known}`;
    const strayHome = pairs.find(([, home]) => !registrars.includes(home));
    if (strayHome !== undefined) return `${name}: element ${ids([strayHome[0]])} has a home that is dead`;
  }
  const texts = views.map((view) => JSON.stringify(view?.elements));
  if (new Set(texts).size > 1) return `the registrars differ in the homes of elements: ${texts.join(' | ')}`;
  return undefined;
}
