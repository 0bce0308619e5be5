import type { Params } from '../../contracts/scrape.ts';
import type { ParamSpec, ResultVariant } from '../provider.ts';
import type { CoordinateForm } from './coordinate.ts';

/** One row an engine: everything in which DataForSEO's families differ. A new family is a row here and its fixture. */
export interface Family {
  api: Api;
  /** The search engine's part of ready-list addresses: `google` of `serp/google/organic`. */
  engine: string;
  /** Address between `/v3/` and `/task_post`. */
  path: string;
  maxPromptChars: number;
  /** The first is the default. */
  variants: readonly ResultVariant[];
  price: Price;
  times: Times;
  coordinate?: CoordinateForm;
  params: Record<string, ParamSpec>;
  /** Sent with every task and not open to the user. */
  always?: Params;
  /** Which part of a result is the answer: an assistant's, Google's overview, or the list of results alone. */
  reads: 'assistant' | 'ai-overview' | 'ai-mode' | 'page';
  offers: { fanOutQueries: boolean; followUps: boolean; products: boolean };
}

export type Api = 'serp' | 'ai_optimization';

/** Whole micro-dollars. */
export interface Price {
  /** The first page of results, by priority. */
  normal: number;
  high: number;
  /** The same answer on the line, which Gleaner does not buy: what comes after a lost connection is paid and gone. */
  live: number;
  /** How long a live answer takes at most. */
  liveMs: number;
  pages?: {
    /** Results that one charge covers; on mobile devices where that differs. */
    size: number;
    mobileSize?: number;
    defaultDepth: number;
    /** What each further page costs, in hundredths of the first. */
    furtherPercent: number;
    /** Pages crawled are pages billed: a limit is sent along so that the bound holds. */
    limited: boolean;
  };
  /** Text in a keyword that multiplies the charge by five. */
  operators?: readonly string[];
  /** Text in a keyword that the vendor refuses. */
  refusedOperators?: readonly string[];
  /** `calculate_rectangles`: one more first page, or everything twice. */
  rectangles?: 'adds' | 'doubles';
}

/** Milliseconds from purchase to result, by priority. */
export interface Times {
  normal: Quantiles;
  high: Quantiles;
}
interface Quantiles {
  p20Ms: number;
  p50Ms: number;
  p99Ms: number;
}
