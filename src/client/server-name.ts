import { hostname } from 'node:os';

/** A server's address as others can tell it from another one: the same loopback address is another server on each machine. */
export function serverName(address: string): string {
  const isLoopback = /^(localhost|127\.|\[?::1)/.test(address);
  return isLoopback ? `${address.replace(/^localhost(?=:|$)/, '127.0.0.1')} (${hostname()})` : address;
}
