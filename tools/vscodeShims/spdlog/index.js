// Stands in for the native @vscode/spdlog, which would have to be compiled: the same interface with plain appends and no
// rotation. VS Code writes its log files and every output channel through it.
const { appendFileSync, mkdirSync } = require('node:fs');
const { dirname } = require('node:path');

const names = ['trace', 'debug', 'info', 'warning', 'error', 'critical', 'off'];

class Logger {
  level = 2;
  plain = false;

  constructor(file) {
    this.file = file;
    mkdirSync(dirname(file), { recursive: true });
    appendFileSync(file, '');
  }

  write(level, message) {
    if (level < this.level) return;
    const local = new Date(Date.now() - new Date().getTimezoneOffset() * 60_000);
    const stamp = local.toISOString().replace('T', ' ').slice(0, 23);
    try {
      appendFileSync(this.file, this.plain ? message : `${stamp} [${names[level]}] ${message}\n`);
    } catch {
      // The folder is removed at the end of a test.
    }
  }

  trace(message) {
    this.write(0, message);
  }
  debug(message) {
    this.write(1, message);
  }
  info(message) {
    this.write(2, message);
  }
  warn(message) {
    this.write(3, message);
  }
  error(message) {
    this.write(4, message);
  }
  critical(message) {
    this.write(5, message);
  }

  getLevel() {
    return this.level;
  }
  setLevel(level) {
    this.level = level;
  }
  setPattern() {}
  clearFormatters() {
    this.plain = true;
  }
  flush() {}
  drop() {}
}

exports.version = 11500;
exports.setLevel = () => undefined;
exports.setFlushOn = () => undefined;
exports.Logger = class extends Logger {
  constructor(_type, _name, file) {
    super(file);
  }
};
exports.createRotatingLogger = async (_name, file) => new Logger(file);
exports.createAsyncRotatingLogger = async (_name, file) => new Logger(file);
