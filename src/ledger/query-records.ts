import { StoreError } from '../store/store-error.ts';
import type { Query } from './spend-query.ts';

/**
 * Answers a query over the table `records`: all records of a store in a folder, read by DuckDB from their files. DuckDB is
 * loaded here and nowhere else, so that nobody pays for it who does not ask. A store without records has no rows. Throws
 * `StoreError` if a record cannot be read.
 */
export async function queryRecords(
  location: string,
  columns: Readonly<Record<string, string>>,
  { sql, values }: Query,
): Promise<Array<Record<string, unknown>>> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const database = await DuckDBInstance.create(':memory:');
  const connection = await database.connect();
  try {
    const answer = await connection.runAndReadAll(`${withRecords(location, columns)} ${sql}`, values);
    return answer.getRowObjectsJS();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (message.includes('No files found that match')) return [];
    throw new StoreError(
      'damaged',
      'records',
      `The records in ${location} cannot be read: ${message}`,
      error,
    );
  } finally {
    connection.closeSync();
    database.closeSync();
  }
}

/** Columns by name and type; a record that lacks one has NULL there. */
function withRecords(location: string, columns: Readonly<Record<string, string>>): string {
  const types = Object.entries(columns).map(([name, type]) => `${name}: ${quote(type)}`);
  const files = quote(`${withoutPattern(location)}/records/*/*.json`);
  return (
    `WITH records AS (SELECT * FROM read_json(${files}, format = 'newline_delimited', ` +
    `columns = {${types.join(', ')}}))`
  );
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A folder's name is no pattern, whatever is in it. */
function withoutPattern(path: string): string {
  return path.replaceAll(/[*?[]/g, (special) => `[${special}]`);
}
