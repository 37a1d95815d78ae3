/** Something in a capture that could not be read, or was left out. Reading goes on where it can. */
export interface CaptureNote {
  /** Number of the packet in the file from 1, as Wireshark counts; undefined where the note is about the file. */
  readonly frame: number | undefined;
  readonly text: string;
}

/** Takes a note about the file or about one packet of it. */
export type Note = (text: string) => void;
