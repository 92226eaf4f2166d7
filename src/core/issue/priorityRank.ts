/** What words for priorities mean, the most urgent first. Those in one line are as urgent as each other. */
const WORDS = [
  'p0 0 blocker critical urgent highest',
  'p1 1 high important major',
  'p2 2 medium normal moderate default',
  'p3 3 low minor',
  'p4 4 lowest trivial',
  'deferred someday backlog none',
];

const RANKS = new Map(WORDS.flatMap((line, rank) => line.split(' ').map((word) => [word, rank] as const)));

/** How urgent a priority is, from 0 on. Words that are not known come behind all others, because they tell nothing. */
export function priorityRank(priority: string): number {
  return RANKS.get(priority.trim().toLowerCase()) ?? WORDS.length;
}
