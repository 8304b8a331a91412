// The wrapper's lines in the log are what is asked of this runtime.
export const handler = async () => ({ lines: [`- ${process.version}: ${process.argv.concat(process.execArgv).join(" ")}`] });
