// Module hooks of Node, in a thread of their own: one module of the engines is loaded with another text.
let target = { url: '', source: '' };

export function initialize(data) {
  target = data;
}

export async function load(url, context, nextLoad) {
  if (url !== target.url) return await nextLoad(url, context);
  return { format: 'module', source: target.source, shortCircuit: true };
}
