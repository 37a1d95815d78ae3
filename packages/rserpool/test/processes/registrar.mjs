// A registrar in a process of its own: options as JSON in the first argument; prints its addresses as a line of JSON.
import { Registrar } from 'rserpool';

const registrar = await Registrar.start({
  asap: '127.0.0.1:0',
  enrp: '127.0.0.1:0',
  ...JSON.parse(process.argv[2] ?? '{}'),
});
console.log(JSON.stringify({ asapAddress: registrar.asapAddress, enrpAddress: registrar.enrpAddress }));
