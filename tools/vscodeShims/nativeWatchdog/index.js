// Stands in for the native @vscode/native-watchdog, which would have to be compiled. The extension host also watches its
// parent in JavaScript, so nothing is needed here.
exports.start = () => undefined;
exports.exit = (code) => process.exit(code);
