import type { Conversation } from './conversation.ts';
import type { ConversationResult } from './run-conversation.ts';

/** A trace as it is kept beside its conversation. */
export function keptTrace({ title, references }: Conversation, result: ConversationResult): string {
  const head = [`# ${title}`, ...references.map((reference) => `# ${reference}`)];
  return [...head, `# seed ${result.seed}, ${result.fidelity}`, ...result.trace, ''].join('\n');
}
