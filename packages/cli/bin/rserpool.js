#!/usr/bin/env node
// A small launcher: the command itself is compiled from ../src.
import { existsSync } from 'node:fs';

const built = new URL('../dist/index.js', import.meta.url);
if (existsSync(built)) {
  const { main } = await import(built.href);
  process.exitCode = await main(process.argv.slice(2));
  // What is still open then (a registrar that does not answer a deregistration) is given up.
  setTimeout(() => process.exit(), 500).unref();
} else {
  console.error('rserpool: not built yet: run "npm install" or "npm run build" in the repository');
  process.exitCode = 1;
}
