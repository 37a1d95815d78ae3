/** By section: what is deliberately different or missing, as the comments in the sources say it. Markdown for a cell of a table. */
export const notes: Readonly<Record<string, string>> = {};
