import { env, l10n } from 'vscode';
import type { IssueFields } from '../core/index.ts';
import { shortened } from './findingTexts.ts';
import { clipped } from './inertText.ts';

const DAY_MS = 86_400_000;
/** How many words of a list are named. */
const MOST_WORDS = 12;
/** Most characters of one of them. */
const WORD_LENGTH = 80;

/** Fields, some of which may be missing. */
export type FieldValues = { readonly [Name in keyof IssueFields]: IssueFields[Name] | undefined };

/** The fields that an issue has, in words: what each is called, and what it says. */
export function fieldTexts(fields: FieldValues): [name: string, text: string][] {
  const { optional } = fields;
  const texts: [string, string | undefined][] = [
    [l10n.t('Status'), word(fields.status)],
    [l10n.t('Priority'), fields.priority && priorityText(fields.priority)],
    [l10n.t('Labels'), words(fields.labels)],
    [l10n.t('Assignees'), words(fields.assignees)],
    [l10n.t('Type'), word(fields.type)],
    [l10n.t('Parent'), word(fields.parent)],
    [l10n.t('Depends on'), words(fields.dependencies)],
    [l10n.t('Blocks'), words(fields.blocks)],
    [l10n.t('Related to'), words(fields.links)],
    [l10n.t('Milestone'), word(fields.milestone)],
    [l10n.t('Optional tasks'), optional && l10n.t('{0} of {1} done', optional.done, optional.total)],
    [l10n.t('Due'), fields.due && dueText(fields.due)],
    [l10n.t('Created'), fields.created === undefined ? undefined : timeText(fields.created)],
    [l10n.t('Updated'), fields.updated === undefined ? undefined : timeText(fields.updated)],
  ];
  return texts.flatMap(([name, text]) => (text === undefined || text === '' ? [] : [[name, text]]));
}

/** Tools that count priorities write `0` and say P0; a bare number would say nothing in a row. */
export function priorityText(priority: string): string {
  return /^\d+$/.test(priority) ? `P${priority}` : clipped(priority, WORD_LENGTH);
}

/** A moment as it is written in the language of the window. A day without a time is the same day everywhere. */
export function timeText(time: number): string {
  const isDay = time % DAY_MS === 0;
  const form: Intl.DateTimeFormatOptions = isDay ? { dateStyle: 'medium', timeZone: 'UTC' } : { dateStyle: 'medium', timeStyle: 'short' };
  return new Date(time).toLocaleString(env.language, form);
}

function dueText(due: string): string {
  const day = /^\d{4}-\d\d-\d\d$/.test(due) ? Date.parse(due) : Number.NaN;
  return Number.isNaN(day) ? clipped(due, WORD_LENGTH) : timeText(day);
}

function word(text: string | undefined): string | undefined {
  return text && clipped(text, WORD_LENGTH);
}

function words(texts: readonly string[] = []): string {
  return shortened(
    texts.map((text) => clipped(text, WORD_LENGTH)),
    MOST_WORDS,
  );
}
