import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findServer } from '../../src/client/find-server.ts';
import { readConfig } from '../../src/config/read-config.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'gleaner-find-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const RECORD = { address: '127.0.0.1:7300', uiUrl: 'http://127.0.0.1:8300', pid: 1 };
const KEY = { SCRAPELLM_API_KEY: 'key' };
const find = (env: Record<string, string> = {}): ReturnType<typeof findServer> =>
  findServer(readConfig({ GLEANER_HOME: home, TEMPORAL_CONFIG_FILE: join(home, 'none.toml'), ...env }, home));

function record(folder: string, text = JSON.stringify(RECORD)): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'server.json'), text);
}

describe('the server to use', () => {
  it('is the one of the environment, before the one of this home', async () => {
    record(join(home, 'simulator'));
    expect(await find({ TEMPORAL_ADDRESS: 'there:7233', TEMPORAL_NAMESPACE: 'mine' })).toMatchObject({
      address: 'there:7233',
      namespace: 'mine',
      source: 'TEMPORAL_ADDRESS',
    });
  });

  it('is the one that up started for this home and this kind of run', async () => {
    record(join(home, 'simulator'));
    expect(await find()).toMatchObject({
      address: '127.0.0.1:7300',
      namespace: 'default',
      uiUrl: 'http://127.0.0.1:8300',
      source: 'gleaner up',
    });
    await expect(find(KEY)).rejects.toThrow('One runs there SIMULATED');
  });

  it('is none where a key is set in the other terminal only, and says so', async () => {
    record(home);
    expect(await find(KEY)).toMatchObject({ address: '127.0.0.1:7300' });
    await expect(find()).rejects.toThrow('One runs there with a provider key, but none is set here');
  });

  it.each(['', '{', '{"address":1}'])('is none where the record is %j', async (text) => {
    record(join(home, 'simulator'), text);
    await expect(find()).rejects.toThrow(`none was started for ${home}. Run "gleaner up"`);
  });
});
