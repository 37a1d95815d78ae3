export * from './port/association.ts';
export * from './port/channel.ts';
export * from './port/host.ts';
