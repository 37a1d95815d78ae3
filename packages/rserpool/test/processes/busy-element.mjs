// A pool element that blocks its event loop: options as JSON in the first argument. For every line on standard input it blocks for so many
// milliseconds. Prints a line of JSON when it is registered and after each block.
import { createInterface } from 'node:readline';
import { PoolElement } from 'rserpool';

const element = await PoolElement.register({
  ...JSON.parse(process.argv[2] ?? '{}'),
  serve: async (session) => {
    for await (const message of session) await session.send(message.data);
  },
});
console.log(JSON.stringify({ registered: element.id }));
for await (const line of createInterface({ input: process.stdin })) {
  const end = performance.now() + Number(line);
  while (performance.now() < end);
  console.log(JSON.stringify({ blocked: Number(line) }));
}
