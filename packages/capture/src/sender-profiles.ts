import { type Profile, decodeAsap, decodeEnrp } from '@rserpool/wire';
import { type CaptureOptions, readMessages } from './read-messages.ts';

/**
 * Finds out how the senders in a capture speak, from all that they sent: a registration does not show it and is read before
 * what does.
 * @returns the profile of a sender, by its `source`; the profile of most others where it revealed none
 */
export function senderProfiles(file: Uint8Array, options: CaptureOptions): (source: string) => Profile {
  const revealed = new Map<string, Profile>();
  const votes = { rfc: 0, rsplib: 0 };
  for (const { source, protocol, data } of readMessages(file, { ...options, onNote: () => undefined })) {
    if (protocol !== 'asap' && protocol !== 'enrp') continue;
    const result = protocol === 'asap' ? decodeAsap(data) : decodeEnrp(data);
    if (!result.ok || result.profile === undefined) continue;
    revealed.set(source, result.profile);
    votes[result.profile]++;
  }
  const usual = votes.rsplib > votes.rfc ? 'rsplib' : 'rfc';
  return (source) => revealed.get(source) ?? usual;
}
