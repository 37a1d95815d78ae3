import { format, resolveConfig } from 'prettier';

/** A generated page as `npm run format` would leave it. */
export async function formatPage(path: string, text: string): Promise<string> {
  return await format(text, { ...(await resolveConfig(path)), filepath: path });
}
