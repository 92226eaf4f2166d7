import { AGENT_KANBAN_FORMAT } from './agentKanban.ts';
import { BACKLOG_FORMAT } from './backlog.ts';
import { BEANS_FORMAT } from './beans.ts';
import { FRONT_MATTER_FORMAT } from './frontMatterFolder.ts';
import { KANBAN_MARKDOWN_FORMAT } from './kanbanMarkdown.ts';
import { KANBAN_MD_FORMAT } from './kanbanMd.ts';
import { KIRO_FORMAT } from './kiro.ts';
import { NUMBERED_FORMAT } from './numbered.ts';
import { OPEN_SPEC_FORMAT } from './openSpec.ts';
import { SCRATCH_FORMAT } from './scratch.ts';
import { SPEC_KIT_FORMAT } from './specKit.ts';
import type { StoreFormat } from './storeFormat.ts';
import { TICKET_FORMAT } from './ticket.ts';

/** Every format, in the order in which their stores are listed. */
export const ALL_FORMATS: readonly StoreFormat[] = [
  NUMBERED_FORMAT,
  BACKLOG_FORMAT,
  BEANS_FORMAT,
  SCRATCH_FORMAT,
  TICKET_FORMAT,
  KANBAN_MD_FORMAT,
  AGENT_KANBAN_FORMAT,
  KANBAN_MARKDOWN_FORMAT,
  FRONT_MATTER_FORMAT,
  SPEC_KIT_FORMAT,
  OPEN_SPEC_FORMAT,
  KIRO_FORMAT,
];
