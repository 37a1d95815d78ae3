import type { NumberedRequests } from '../pool-world/numbered-requests.ts';
import type { UserProcess } from '../pool-world/user-process.ts';
import type { ConversationWorld } from './conversation-world.ts';

/** Opens a session of a user. @param everyMs between two requests; undefined: none by itself */
export function openSession(
  world: ConversationWorld,
  name: string,
  pool: string,
  everyMs: number | undefined,
): void {
  const user = world.user(name);
  const component = world.conversation.components.get(name);
  if (user === undefined || component?.kind !== 'user') return;
  const application = user.openSession(pool, component.session);
  if (everyMs !== undefined) ask(user, application, Infinity, everyMs);
}

/** Makes the newest session of a user ask. */
export function askForMore(world: ConversationWorld, name: string, count: number, everyMs: number): void {
  const user = world.user(name);
  const application = user?.sessions.at(-1);
  if (user !== undefined && application !== undefined) ask(user, application, count, everyMs);
}

function ask(user: UserProcess, application: NumberedRequests, count: number, everyMs: number): void {
  if (count <= 0 || application.closed) return;
  application.ask();
  user.host.setTimer(everyMs, () => ask(user, application, count - 1, everyMs));
}
