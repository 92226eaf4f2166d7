import type { IssueRef } from '../issue/issue.ts';
import type { IssueMention } from '../markdown/issueMentions.ts';

/** Other numbers for some issues, and what is to be changed in the texts that speak of them. */
export interface IssueRenumbering {
  /** Each gets a free number above all that are in use, the first the lowest. Name and folder stay. */
  readonly moves: readonly { readonly ref: IssueRef }[];
  /** Texts that speak of the issues that move, which can be texts of theirs. */
  readonly rewrites: readonly MentionRewrite[];
}

/** One text in which mentions of issues get their new number. */
export interface MentionRewrite {
  readonly ref: IssueRef;
  /** The version that the mentions were found in; with any other nothing is written. */
  readonly expectedVersion: string;
  readonly mentions: readonly MovedMention[];
}

export interface MovedMention extends Pick<IssueMention, 'start' | 'digits'> {
  /** Index of the move whose number is to stand there. */
  readonly move: number;
}
