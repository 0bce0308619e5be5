import type { VendorScraper } from './vendor-scrapers.ts';

/** The made-up market that every simulated answer is about: makers of home-office lighting and desks. */
export const BRANDS = [
  {
    name: 'Lumora',
    domain: 'lumora.example',
    products: ['Halo task light', 'Arc standing desk', 'Glow monitor bar'],
    strength: 'even, flicker-free light and a desk frame that stays quiet',
  },
  {
    name: 'Brightwell',
    domain: 'brightwell.example',
    products: ['Daybar 2', 'Plank desk', 'Window lamp'],
    strength: 'a long warranty and parts that can be ordered one by one',
  },
  {
    name: 'Kestrel Labs',
    domain: 'kestrellabs.example',
    products: ['K2 lamp', 'Perch desk', 'Roost clamp light'],
    strength: 'the lowest price for a motorised frame and a good app',
  },
] as const;
export type Brand = (typeof BRANDS)[number];

/** What a source is; engines prefer some kinds over others. */
export type SourceKind = 'review' | 'shop' | 'forum' | 'news' | 'maker' | 'reference';

/** Where answers cite from. `.example` is reserved (RFC 2606), so nothing here can ever be somebody's site. */
export const SOURCES: readonly { domain: string; name: string; kind: SourceKind }[] = [
  { domain: 'lumora.example', name: 'Lumora', kind: 'maker' },
  { domain: 'brightwell.example', name: 'Brightwell', kind: 'maker' },
  { domain: 'kestrellabs.example', name: 'Kestrel Labs', kind: 'maker' },
  { domain: 'deskreview.example', name: 'Desk Review', kind: 'review' },
  { domain: 'thelampguide.example', name: 'The Lamp Guide', kind: 'review' },
  { domain: 'workspacelab.example', name: 'Workspace Lab', kind: 'review' },
  { domain: 'testedathome.example', name: 'Tested at Home', kind: 'review' },
  { domain: 'ergonomicweekly.example', name: 'Ergonomic Weekly', kind: 'review' },
  { domain: 'buyersbench.example', name: "Buyer's Bench", kind: 'review' },
  { domain: 'officewarehouse.example', name: 'Office Warehouse', kind: 'shop' },
  { domain: 'lightmarket.example', name: 'Light Market', kind: 'shop' },
  { domain: 'desksdirect.example', name: 'Desks Direct', kind: 'shop' },
  { domain: 'homestore.example', name: 'Home Store', kind: 'shop' },
  { domain: 'standingdeskforum.example', name: 'Standing Desk Forum', kind: 'forum' },
  { domain: 'askremote.example', name: 'Ask Remote', kind: 'forum' },
  { domain: 'lightingtalk.example', name: 'Lighting Talk', kind: 'forum' },
  { domain: 'homeofficeclub.example', name: 'Home Office Club', kind: 'forum' },
  { domain: 'dailyledger.example', name: 'The Daily Ledger', kind: 'news' },
  { domain: 'techcourier.example', name: 'Tech Courier', kind: 'news' },
  { domain: 'morningpost.example', name: 'Morning Post', kind: 'news' },
  { domain: 'designnotes.example', name: 'Design Notes', kind: 'news' },
  { domain: 'openlexicon.example', name: 'Open Lexicon', kind: 'reference' },
  { domain: 'lightscience.example', name: 'Light Science Institute', kind: 'reference' },
  { domain: 'ergohealth.example', name: 'Ergo Health', kind: 'reference' },
  { domain: 'standardsdesk.example', name: 'Standards Desk', kind: 'reference' },
];

interface Taste {
  /** Added to the chance that a brand is named; the prompt sets the rest. */
  brands: Record<Brand['name'], number>;
  /** How much likelier a kind of source is cited; 1 where nothing is said. */
  kinds: Partial<Record<SourceKind, number>>;
  citations: { min: number; max: number };
  model?: string;
}

/** What tells the engines apart. Invented: only that they differ is realistic. */
export const TASTES: Record<VendorScraper, Taste> = {
  chatgpt: {
    brands: { Lumora: 0.1, Brightwell: 0.15, 'Kestrel Labs': -0.15 },
    kinds: { review: 3, news: 1.5 },
    citations: { min: 3, max: 6 },
    model: 'gpt-5',
  },
  perplexity: {
    brands: { Lumora: 0.2, Brightwell: 0, 'Kestrel Labs': 0.05 },
    kinds: { review: 2, forum: 2, reference: 2 },
    citations: { min: 5, max: 9 },
  },
  grok: {
    brands: { Lumora: -0.15, Brightwell: -0.05, 'Kestrel Labs': 0.25 },
    kinds: { forum: 3, news: 2 },
    citations: { min: 3, max: 7 },
  },
  copilot: {
    brands: { Lumora: -0.05, Brightwell: 0.2, 'Kestrel Labs': -0.05 },
    kinds: { shop: 2, news: 2 },
    citations: { min: 2, max: 5 },
  },
  gemini: {
    brands: { Lumora: 0.05, Brightwell: 0.05, 'Kestrel Labs': 0 },
    kinds: { reference: 2, review: 2, maker: 1.5 },
    citations: { min: 3, max: 7 },
    model: 'gemini-2.5-flash',
  },
  google_ai_mode: {
    brands: { Lumora: 0.15, Brightwell: -0.05, 'Kestrel Labs': 0 },
    kinds: { review: 2, shop: 2, maker: 2 },
    citations: { min: 4, max: 8 },
  },
  amazon_rufus: {
    brands: { Lumora: 0, Brightwell: 0.1, 'Kestrel Labs': 0.2 },
    kinds: { shop: 4 },
    citations: { min: 0, max: 0 },
  },
};
