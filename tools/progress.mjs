/** What the tools say, and how they run others. */
import { spawn } from 'node:child_process';

const inColour = process.stdout.isTTY && !process.env.NO_COLOR;
const paint = (code, text) => (inColour ? `\u001b[${code}m${text}\u001b[0m` : text);

export const dim = (text) => paint('2', text);
export const bold = (text) => paint('1', text);
export const red = (text) => paint('31', text);
const green = (text) => paint('32', text);

const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`;

/**
 * Does one step and prints how it went and how long it took; what it throws is passed on.
 *
 * @template T
 * @param {string} title what is done, e.g. `Build`.
 * @param {() => Promise<T>} work
 * @param {{ announce?: string }} [options] `announce`: printed before, for what takes long enough to make one wonder.
 * @returns {Promise<T>}
 */
export async function step(title, work, { announce } = {}) {
  const start = performance.now();
  if (announce) console.log(`• ${announce} …`);
  try {
    const result = await work();
    console.log(`${green('✓')} ${title} ${dim(seconds(start))}`);
    return result;
  } catch (error) {
    console.log(`${red('✗')} ${title} ${dim(seconds(start))}`);
    throw error;
  }
}

/** A command that did not end well. Its message is what the command itself said. */
export class CommandError extends Error {
  constructor(command, how, output) {
    super(`${output.trim()}\n(${command} ${how})`.trim());
  }
}

/**
 * Runs a command quietly and gives what it printed.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 * @returns {Promise<string>}
 * @throws {CommandError} if it cannot be started or ends with anything but 0.
 */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout?.on('data', (data) => {
      output += data;
    });
    child.stderr?.on('data', (data) => {
      output += data;
    });
    child.once('error', (error) => reject(new CommandError(command, 'could not be started', String(error))));
    child.once('close', (code, signal) => {
      if (code === 0) resolve(output);
      else reject(new CommandError([command, ...args].join(' '), signal ? `was ended by ${signal}` : `ended with ${code}`, output));
    });
  });
}
