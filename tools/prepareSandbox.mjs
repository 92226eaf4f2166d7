/** Makes the folders that the launch configuration “Integration Tests” opens, in `.vscode-test/debug`, afresh. */
import { cpSync, rmSync } from 'node:fs';
import { inRoot } from './paths.mjs';
import { makeIntegrationSandbox } from './sandbox.mjs';

const box = makeIntegrationSandbox();
rmSync(inRoot('.vscode-test/debug'), { recursive: true, force: true });
cpSync(box.workspace, inRoot('.vscode-test/debug'), { recursive: true });
box.remove();
