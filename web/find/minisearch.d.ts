/** What the search page asks of MiniSearch, whose module stands beside it once the site is built. */
export type Query = string | { queries: Query[]; combineWith: "AND" | "OR" };

export interface Result {
  id: number;
  score: number;
  /** The words of the book that fit, each with the fields in which it stands. */
  match: Record<string, string[]>;
}

export interface SearchOptions {
  bm25?: { k: number; b: number; d: number };
  boost?: Record<string, number>;
  boostDocument?: (id: number) => number;
  combineWith?: "AND" | "OR";
  fuzzy?: (word: string) => number | false;
  prefix?: (word: string) => boolean;
  weights?: { fuzzy: number; prefix: number };
  tokenize?: (text: string) => string[];
}

export default class MiniSearch<T> {
  constructor(options: {
    fields: string[];
    tokenize: (text: string) => string[];
    processTerm: (word: string) => string;
    searchOptions: SearchOptions;
  });
  addAll(documents: T[]): void;
  search(query: Query, options?: SearchOptions): Result[];
}
